import type { Importance } from '../../results/types.ts';
import type { MetricSpec } from '../../vertex/types.ts';
import { code, cut, nameText, tableOf } from '../markdown.ts';
import type { Section } from './fit.ts';

const WIDTH = 20;
const MOST_ROWS = 15;
const NAME_LENGTH = 100;

/** How much each parameter explains of the metric, as bars that show in mail too; nothing to say of a single parameter. */
export function importanceSection(
  importance: readonly Importance[] | undefined,
  metric: MetricSpec,
): Section | undefined {
  const shares = (importance ?? []).filter(({ share }) => Number.isFinite(share));
  if (shares.length < 2 || shares.every(({ share }) => share <= 0)) return undefined;
  const sorted = [...shares].sort((a, b) => b.share - a.share);
  const rows = sorted.slice(0, MOST_ROWS).map(({ parameter, share }) => {
    const part = Math.min(1, Math.max(0, share));
    const full = Math.round(part * WIDTH);
    return [
      code(cut(parameter, NAME_LENGTH)),
      `<code>${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}</code> ${Math.round(part * 100)} %`,
    ];
  });
  const name = nameText(metric.metricId);
  const left = sorted.length - rows.length;
  const rest = left > 0 ? [`${left} more explain less.`] : [];
  return {
    name: 'importance of the parameters',
    forms: [
      [`#### What explains ${name}`, tableOf(['Parameter', 'Share of the variance'], rows), ...rest].join('\n\n'),
    ],
    worth: 7,
  };
}
