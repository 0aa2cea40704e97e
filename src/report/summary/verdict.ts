import { kindOf } from '../../plan/explain.ts';
import { spanText } from '../../span.ts';
import { collectionOf, hasEnded, idOf, type Job } from '../../vertex/jobs.ts';
import { cut, escaped, link, nameText, strong } from '../markdown.ts';
import { againstBaseline, goalOf, moneyText, shortNumber } from './numbers.ts';
import { own } from './own.ts';
import type { SummaryParts } from './parts.ts';

type Told = Pick<SummaryParts, 'job' | 'results' | 'metrics' | 'failures'>;

const NAME_LENGTH = 100;
/** So many metrics are named in the verdict. */
const MOST_METRICS = 2;

/**
 * The one line that says it all: what fails the step where the job itself does not, what ran, how it ended and after how long, the
 * best value and its delta, the gate, for how much.
 */
export function verdict(told: Told): string {
  const { job, results } = told;
  const { usage, gate } = results;
  const figures = [
    ...bestFigures(told),
    ...(gate.length > 0 && gate.every(({ passed }) => passed) ? ['gate passed'] : []),
    ...(usage.cost === undefined ? [] : [`cost ${moneyText(usage.cost)}`]),
  ];
  const kind = kindOf({ collection: collectionOf(job.name) });
  const end = `${escaped(cut(job.state, NAME_LENGTH))}${spanOf(told)}`;
  const against = againstIt(told);
  if (against !== undefined) {
    const what = `${kind.charAt(0).toLowerCase()}${kind.slice(1)}`;
    return `### ❌ ${against}: ${[`${what} ${end}`, ...figures].join(', ')}`;
  }
  const line = `### ${mark(job)} ${kind} ${end}`;
  return figures.length === 0 ? line : `${line}: ${figures.join(', ')}`;
}

/** What fails the step although the job succeeded; undefined where nothing does. */
function againstIt({ results: { gate }, failures }: Told): string | undefined {
  const failed = gate.filter(({ passed }) => !passed).length;
  if (failed > 0) return gate.length === 1 ? 'Gate failed' : `Gate failed (${failed} of ${gate.length} rules)`;
  return failures.length > 0 ? 'Step failed' : undefined;
}

function spanOf({ job, results }: Pick<Told, 'job' | 'results'>): string {
  if (job.createTime === undefined) return '';
  const span = spanText(results.usage.elapsedMs);
  return hasEnded(job) ? ` after ${span}` : ` ${span} after its creation`;
}

const mark = (job: Job): string => (job.state === 'SUCCEEDED' ? '✅' : hasEnded(job) ? '❌' : '⏳');

function bestFigures({ results, metrics }: Told): string[] {
  const { best, baseline, gate } = results;
  const studied = metrics.map(({ metricId }) => metricId);
  const judged = gate.map(({ rule }) => rule.metric);
  const [names = []] = [studied, judged, Object.keys(best.metrics)].filter((some) => some.length > 0);
  return [...new Set(names)].slice(0, MOST_METRICS).flatMap((name) => {
    const value = own(best.metrics, name);
    if (value === undefined) return [];
    const before = baseline && own(baseline.metrics, name);
    const delta = before === undefined ? '' : ` (${againstBaseline(value, before, goalOf(name, metrics, gate))})`;
    return [`${nameText(name)} ${shortNumber(value)}${delta}`];
  });
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
