import { spanText } from '../../job/watch/span.ts';
import { kindOf } from '../../plan/explain.ts';
import { collectionOf, hasEnded, idOf, type Job } from '../../vertex/jobs.ts';
import { cut, escaped, link, nameText, strong } from '../markdown.ts';
import { deltaText, goalOf, moneyText, shortNumber } from './numbers.ts';
import { own } from './own.ts';
import type { SummaryParts } from './parts.ts';

type Told = Pick<SummaryParts, 'job' | 'results' | 'metrics'>;

const NAME_LENGTH = 100;
/** So many metrics are named in the verdict. */
const MOST_METRICS = 2;

/** The one line that says it all: what, how it ended, the best value and its delta, the gate, how long, for how much. */
export function verdict(told: Told): string {
  const { job, results } = told;
  const { usage } = results;
  const figures = [
    ...bestFigures(told),
    ...gateFigure(told),
    ...(usage.cost === undefined ? [] : [`cost ${moneyText(usage.cost)}`]),
  ];
  const end = `### ${mark(told)} ${kindOf({ collection: collectionOf(job.name) })} ${escaped(cut(job.state, NAME_LENGTH))}${spanOf(told)}`;
  return figures.length === 0 ? end : `${end}: ${figures.join(', ')}`;
}

function spanOf({ job, results }: Told): string {
  if (job.createTime === undefined) return '';
  const span = spanText(results.usage.elapsedMs);
  return hasEnded(job) ? ` after ${span}` : ` ${span} after its creation`;
}

function mark({ job, results }: Told): string {
  if (results.gate.some(({ passed }) => !passed)) return '❌';
  return job.state === 'SUCCEEDED' ? '✅' : hasEnded(job) ? '❌' : '⏳';
}

function bestFigures({ results, metrics }: Told): string[] {
  const { best, baseline, gate } = results;
  const studied = metrics.map(({ metricId }) => metricId);
  const judged = gate.map(({ rule }) => rule.metric);
  const [names = []] = [studied, judged, Object.keys(best.metrics)].filter((some) => some.length > 0);
  return [...new Set(names)].slice(0, MOST_METRICS).flatMap((name) => {
    const value = own(best.metrics, name);
    if (value === undefined) return [];
    const before = baseline && own(baseline.metrics, name);
    const delta = before === undefined ? '' : ` (${deltaText(value, before, goalOf(name, metrics, gate))})`;
    return [`${nameText(name)} ${shortNumber(value)}${delta}`];
  });
}

function gateFigure({ results: { gate } }: Told): string[] {
  if (gate.length === 0) return [];
  const failed = gate.filter(({ passed }) => !passed).length;
  if (failed === 0) return ['gate passed'];
  return [gate.length === 1 ? 'gate failed' : `gate failed (${failed} of ${gate.length} rules)`];
}

/** Which job it is, and where more is to be seen. */
export function whereLine({ job, links, results }: Pick<SummaryParts, 'job' | 'links' | 'results'>): string {
  const places = [
    link('Console', links.console),
    link('Logs', links.logs),
    link('TensorBoard', links.tensorboard),
    link(results.model === undefined ? 'Output' : 'Model and output', links.output),
    link('Baseline', results.baseline?.runUrl),
  ];
  return [nameOf(job), ...places.filter((place) => place !== undefined)].join(' · ');
}

const nameOf = ({ displayName, name }: Job) => strong(cut(displayName ?? '', NAME_LENGTH)) || strong(idOf(name));
