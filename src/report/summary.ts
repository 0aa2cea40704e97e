import { bestTrial, byId, finalValue, parametersOf } from '../job/best-trial.ts';
import type { Cause } from '../job/cause.ts';
import { kindOf, machineLines } from '../plan/explain.ts';
import type { Plan } from '../plan/plan.ts';
import { hasEnded, type Job } from '../vertex/jobs.ts';
import type { MetricSpec, Trial } from '../vertex/types.ts';
import { escaped, fenced, table } from './markdown.ts';

export interface SummaryParts {
  readonly plan: Plan;
  readonly job: Job;
  /** What runs: a digest reference or an image id. */
  readonly image: string;
  readonly consoleUrl: string;
  /** Present where the job did not succeed. */
  readonly cause: Cause | undefined;
}

/** GitHub drops a step summary of more than 1 MiB whole; the table stays far below it. */
const MOST_ROWS = 1_000;

/** The job summary: verdict first, then the cause or the best trial, then every trial. */
export function summaryOf(parts: SummaryParts): string {
  const { job, cause } = parts;
  const metrics = metricsOf(parts.plan);
  const sections = [
    verdict(parts),
    cause && causeSection(cause),
    bestSection(job, metrics),
    facts(parts),
    trialsSection(job, metrics),
  ];
  return `${sections.filter((section) => section !== undefined && section !== '').join('\n\n')}\n`;
}

/** The metrics of a tuning job; none for a custom job. */
export function metricsOf({ draft }: Pick<Plan, 'draft'>): readonly MetricSpec[] {
  return draft.study?.studySpec.metrics ?? [];
}

function verdict({ job, plan, consoleUrl }: SummaryParts): string {
  const mark = job.state === 'SUCCEEDED' ? '✅' : hasEnded(job) ? '❌' : '⏳';
  const name = escaped(plan.job.resource.displayName);
  return `### ${mark} ${kindOf(plan.job)} ${escaped(job.state)}: ${consoleUrl === '' ? name : `[${name}](${consoleUrl})`}`;
}

function causeSection({ message, source, lines }: Cause): string {
  const said = source === undefined ? [] : [`Last lines of ${escaped(source)}:`, fenced(lines)];
  return [escaped(message), ...said].join('\n\n');
}

function bestSection(job: Job, metrics: readonly MetricSpec[]): string | undefined {
  const best = bestTrial(job.trials, metrics);
  if (best === undefined) return undefined;
  const measured = Object.entries(best.metrics).map(
    ([name, value]) => `${escaped(name)} = **${escaped(shortNumber(value))}**`,
  );
  const rows = Object.entries(best.parameters).map(([name, value]) => [name, String(value)]);
  return `Best trial: **${escaped(best.id)}**, ${measured.join(', ')}\n\n${table(['Parameter', 'Value'], rows)}`;
}

function facts({ plan, image, job }: SummaryParts): string {
  const times = job.createTime === undefined ? [] : [['Created', job.createTime]];
  if (job.endTime !== undefined) times.push(['Ended', job.endTime]);
  return table(
    ['', ''],
    [
      ['Job', job.name],
      ['Image', image],
      ...(plan.image === undefined ? [] : [['Base image', `${plan.image.base.image} (${plan.image.base.why})`]]),
      ...machineLines(plan).map((line) => {
        const [name = '', ...why] = line.split(': ');
        return [name, why.join(': ')];
      }),
      ...times,
    ],
  );
}

function trialsSection(job: Job, metrics: readonly MetricSpec[]): string | undefined {
  if (job.trials.length === 0) return undefined;
  const trials = [...job.trials].sort(byId);
  const names = [...new Set(trials.flatMap((trial) => Object.keys(parametersOf(trial))))];
  const header = ['Trial', 'State', ...metrics.map(({ metricId }) => metricId), ...names];
  const rows = trials.slice(0, MOST_ROWS).map((trial) => trialRow(trial, metrics, names));
  const rest = trials.length > MOST_ROWS ? `\n\n${trials.length - MOST_ROWS} more are in trials_file.` : '';
  return `<details><summary>All ${trials.length} trials</summary>\n\n${table(header, rows)}${rest}\n\n</details>`;
}

function trialRow(trial: Trial, metrics: readonly MetricSpec[], names: readonly string[]): string[] {
  const parameters = parametersOf(trial);
  const values = metrics.map(({ metricId }) => finalValue(trial, metricId));
  return [
    trial.id,
    trial.state,
    ...values.map((value) => (value === undefined ? '' : shortNumber(value))),
    ...names.map((name) => {
      const value = parameters[name];
      return typeof value === 'number' ? shortNumber(value) : (value ?? '').slice(0, 200);
    }),
  ];
}

/** Six significant digits are enough for a reader; the outputs hold them all. */
function shortNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : String(value);
}
