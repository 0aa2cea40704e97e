import type { MetricSpec } from '../../../vertex/types.ts';
import { differ } from '../../charts/scale.ts';
import { code, cut, folded, nameText } from '../../markdown.ts';
import type { Section } from '../fit.ts';
import { own } from '../own.ts';
import type { SummaryParts } from '../parts.ts';
import { numberChart } from './by-number.ts';
import { valuesChart } from './by-value.ts';
import { hasValue, type Measured, parameterNames, type WithValue } from './measured.ts';

const NAME_LENGTH = 100;
/** So many parameters are drawn at once, the most important first; the others are folded away. */
const OPEN = 3;
const MOST_DRAWN = 12;
/** Numbers with no more different values are drawn as categories. */
const MOST_STEPS = 8;

/** Each parameter against the first metric. */
export function parameterSections(
  trials: readonly Measured[],
  metric: MetricSpec,
  importance: SummaryParts['importance'],
): Section[] {
  const known = trials.filter(hasValue);
  if (!differ(known.map(({ value }) => value))) return [];
  const charts = byImportance(parameterNames(trials), importance).flatMap(
    (name) => parameterChart(name, known, metric) ?? [],
  );
  if (charts.length === 0) return [];
  const head = `#### ${nameText(metric.metricId)} by parameter`;
  const sections: Section[] = [
    { name: 'charts by parameter', forms: [[head, ...charts.slice(0, OPEN)].join('\n\n')], worth: 4 },
  ];
  const more = charts.slice(OPEN, MOST_DRAWN);
  if (more.length > 0) {
    const left = charts.length - MOST_DRAWN;
    const rest = left > 0 ? [`${left} more are in the table of the trials.`] : [];
    const title = `${more.length} more parameter${more.length === 1 ? '' : 's'}`;
    const text = folded(title, [...more, ...rest].join('\n\n'));
    sections.push({ name: 'charts of less important parameters', forms: [text], worth: 2 });
  }
  return sections;
}

function byImportance(names: readonly string[], importance: SummaryParts['importance']): string[] {
  const share = new Map(importance?.map((each) => [each.parameter, each.share]));
  return [...names].sort((a, b) => (share.get(b) ?? 0) - (share.get(a) ?? 0));
}

/** A parameter's chart with what has to be said of it; undefined where it tells nothing. */
function parameterChart(name: string, trials: readonly WithValue[], metric: MetricSpec): string | undefined {
  const having = trials.filter(({ parameters }) => own(parameters, name) !== undefined);
  const values = new Set(having.map(({ parameters }) => parameters[name]));
  if (having.length < 3 || values.size < 2 || !differ(having.map(({ value }) => value))) return undefined;
  const told = { name, having, all: trials.length, metric };
  const numbers = [...values].every((value) => Number.isFinite(value));
  const drawn =
    numbers && (values.size > MOST_STEPS || values.size * 2 > having.length) ? numberChart(told) : valuesChart(told);
  return drawn && [`**${code(cut(name, NAME_LENGTH))}**`, ...drawn].join('\n\n');
}
