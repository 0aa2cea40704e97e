import { importanceText } from '../../../results/importance.ts';
import type { Importance } from '../../../results/types.ts';
import type { MetricSpec } from '../../../vertex/types.ts';
import { code, cut, escaped, nameText, tableOf } from '../../markdown.ts';
import type { Section } from '../fit.ts';

const WIDTH = 20;
const MOST_ROWS = 15;
const NAME_LENGTH = 100;

/**
 * How much each parameter explains of the order of the trials by the metric, as bars that show in mail too; nothing to say of a
 * single parameter. `trials` is the number of trials that have the metric.
 */
export function importanceSection(
  importance: readonly Importance[] | undefined,
  { metricId }: MetricSpec,
  trials: number,
): Section | undefined {
  const shares = (importance ?? []).filter(({ share }) => Number.isFinite(share));
  if (shares.length < 2) return undefined;
  const head = `#### What explains ${nameText(metricId)}`;
  const caption = `*${escaped(importanceText(cut(metricId, 100), trials))}*`;
  const body = shares.some(({ share }) => share > 0)
    ? [sharesTable(shares)]
    : ['No parameter explains more than chance would.'];
  return { name: 'importance of the parameters', forms: [[head, ...body, caption].join('\n\n')], worth: 7 };
}

function sharesTable(shares: readonly Importance[]): string {
  const sorted = [...shares].sort((a, b) => b.share - a.share);
  const rows = sorted.slice(0, MOST_ROWS).map(({ parameter, share }) => {
    const part = Math.min(1, Math.max(0, share));
    const full = Math.round(part * WIDTH);
    const bar = `<code>${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}</code>`;
    return [code(cut(parameter, NAME_LENGTH)), `${bar} ${Math.round(part * 100)} %`];
  });
  const left = sorted.length - rows.length;
  const table = tableOf(['Parameter', 'Explains'], rows);
  return left > 0 ? `${table}\n\n${left} more explain less.` : table;
}
