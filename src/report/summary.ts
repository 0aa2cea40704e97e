import type { MadeImage } from '../image/image.ts';
import type { Cause } from '../job/cause/cause.ts';
import { spanText } from '../job/watch/span.ts';
import { timesOf } from '../job/watch/times.ts';
import { kindOf } from '../plan/explain.ts';
import { baseLine } from '../plan/image/base/choose.ts';
import type { Plan } from '../plan/plan.ts';
import { bestTrial } from '../results/best.ts';
import { byId, finalValue, parametersOf } from '../results/trials.ts';
import { collectionOf, hasEnded, idOf, type Job } from '../vertex/jobs.ts';
import type { MetricSpec, Trial } from '../vertex/types.ts';
import { escaped, fenced, table } from './markdown.ts';

export interface SummaryParts {
  readonly job: Job;
  /** None for a custom job. */
  readonly metrics: readonly MetricSpec[];
  /** `NAME: why`, a line for each kind of machine. */
  readonly machines: readonly string[];
  /** What runs; undefined where every worker pool brings its own. */
  readonly image: MadeImage | undefined;
  readonly consoleUrl: string;
  /** Present where the job did not succeed. */
  readonly cause: Cause | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** GitHub drops a step summary of more than 1 MiB whole: so many bytes are left to the table of trials. */
const TABLE_BYTES = 600_000;
/** Texts from outside are cut to so many characters in the summary; outputs and trials_file hold them whole. */
const LONG_TEXT = 4_000;
const LONG_LINE = 1_000;
const LONG_CELL = 200;

const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length)}…` : text);

/** The job summary: verdict first, then the cause or the best trial, then every trial. */
export function summaryOf(parts: SummaryParts): string {
  const { job, cause, metrics } = parts;
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

function verdict({ job, consoleUrl }: SummaryParts): string {
  const mark = job.state === 'SUCCEEDED' ? '✅' : hasEnded(job) ? '❌' : '⏳';
  const name = escaped(job.displayName ?? idOf(job.name));
  return `### ${mark} ${kindOf({ collection: collectionOf(job.name) })} ${escaped(job.state)}: ${consoleUrl === '' ? name : `[${name}](${consoleUrl})`}`;
}

function causeSection({ message, source, lines, exitCode, meaning }: Cause): string {
  const shownLines = lines.map((line) => cut(line, LONG_LINE));
  const code = exitCode === undefined ? '' : ` (exit code ${exitCode})`;
  const said = source === undefined ? [] : [`Last lines of ${escaped(source)}${code}:`, fenced(shownLines)];
  const means = meaning === undefined ? [] : [`**${escaped(cut(meaning.text, LONG_TEXT))}**`];
  return [escaped(cut(message, LONG_TEXT)), ...means, ...said].join('\n\n');
}

function bestSection(job: Job, metrics: readonly MetricSpec[]): string | undefined {
  const best = bestTrial(job.trials, metrics);
  if (best === undefined) return undefined;
  const measured = Object.entries(best.metrics).map(
    ([name, value]) => `${escaped(name)} = **${escaped(shortNumber(value))}**`,
  );
  const rows = Object.entries(best.parameters).map(([name, value]) => [name, cut(String(value), LONG_TEXT)]);
  return `Best trial: **${escaped(best.id)}**, ${measured.join(', ')}\n\n${table(['Parameter', 'Value'], rows)}`;
}

function facts({ machines, image, job, now }: SummaryParts): string {
  const times = job.createTime === undefined ? [] : [['Created', job.createTime], ...spans(job, now)];
  if (job.endTime !== undefined) times.push(['Ended', job.endTime]);
  return table(
    ['', ''],
    [
      ['Job', job.name],
      ...imageFacts(image),
      ...machines.map((line) => {
        const [name = '', ...why] = line.split(': ');
        return [name, why.join(': ')];
      }),
      ...times,
    ],
  );
}

function spans(job: Job, now: number): string[][] {
  const { queuedMs, runningMs } = timesOf(job, now);
  const waited = [['Waited in the queue', spanText(queuedMs)]];
  return runningMs === undefined ? waited : [...waited, ['Ran for', spanText(runningMs)]];
}

function imageFacts(image: MadeImage | undefined): string[][] {
  if (image === undefined) return [];
  const how = image.reused ? ' (not built: nothing that the build reads has changed)' : '';
  return [
    ['Image', `${image.reference}${how}`],
    ['Base image', baseLine(image.base)],
  ];
}

/** The summary of a step that submits no job. */
export function imageSummary({ job }: Plan, image: MadeImage): string {
  return `### ✅ Image of ${escaped(job.resource.displayName)}\n\n${table(['', ''], imageFacts(image))}\n`;
}

function trialsSection(job: Job, metrics: readonly MetricSpec[]): string | undefined {
  if (job.trials.length === 0) return undefined;
  const trials = [...job.trials].sort(byId);
  const names = [...new Set(trials.flatMap((trial) => Object.keys(parametersOf(trial))))];
  const header = ['Trial', 'State', ...metrics.map(({ metricId }) => metricId), ...names];
  const rows = rowsWithin(
    trials.map((trial) => trialRow(trial, metrics, names)),
    TABLE_BYTES,
  );
  const left = trials.length - rows.length;
  const rest = left > 0 ? `\n\n${left} more are in trials_file.` : '';
  return `<details><summary>All ${trials.length} trials</summary>\n\n${table(header, rows)}${rest}\n\n</details>`;
}

/** As many rows from the start as fit, once escaped. */
function rowsWithin(rows: readonly (readonly string[])[], bytes: number): readonly (readonly string[])[] {
  let used = 0;
  const end = rows.findIndex((row) => {
    used += Buffer.byteLength(row.map(escaped).join(' | ')) + 5;
    return used > bytes;
  });
  return end === -1 ? rows : rows.slice(0, end);
}

function trialRow(trial: Trial, metrics: readonly MetricSpec[], names: readonly string[]): string[] {
  const parameters = parametersOf(trial);
  const values = metrics.map((metric) => finalValue(trial, metric));
  return [
    trial.id,
    trial.state,
    ...values.map((value) => (value === undefined ? '' : shortNumber(value))),
    ...names.map((name) => {
      const value = parameters[name];
      return typeof value === 'number' ? shortNumber(value) : cut(value ?? '', LONG_CELL);
    }),
  ];
}

/** Six significant digits are enough for a reader; the outputs hold them all. */
function shortNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : String(value);
}
