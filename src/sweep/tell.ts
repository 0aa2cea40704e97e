import { faultText, InputError, messageOf, UserError } from '../faults.ts';
import { consoleUrl } from '../report/links.ts';
import { escaped, fenced } from '../report/markdown.ts';
import { idOf } from '../vertex/jobs.ts';
import type { Leftover, Sorted } from './leftovers.ts';

/** What the texts speak of besides the jobs. */
export interface Scope {
  readonly projectId: string;
  readonly cancel: boolean;
  /** Address of a workflow run, by its id. */
  readonly runUrl: (runId: string) => string;
}

/** The outputs `leftovers` and `count`. */
export function leftoverOutputs(
  leftovers: readonly Leftover[],
  { runUrl }: Pick<Scope, 'runUrl'>,
): Readonly<Record<'leftovers' | 'count', string>> {
  const told = leftovers.map(({ job, runId, run, verdict }) => ({
    job: job.name,
    state: job.state,
    run_id: runId,
    run_url: runUrl(runId),
    conclusion: typeof run === 'object' ? (run.conclusion ?? null) : null,
    created: job.createTime ?? null,
    course: verdict.course,
    why: verdict.why,
  }));
  return { leftovers: JSON.stringify(told), count: String(leftovers.length) };
}

const many = (count: number, one: string, more: string) => (count === 1 ? `One ${one}` : `${count} ${more}`);

/** The state of affairs as lines of the log. */
export function leftoverLines({ leftovers, watched, unjudged }: Sorted, { runUrl }: Pick<Scope, 'runUrl'>): string[] {
  const head =
    leftovers.length === 0
      ? 'No job of this repository is left over from a workflow run that is over.'
      : `${many(leftovers.length, 'job lives though its workflow run is', 'jobs live though their workflow runs are')} over:`;
  const rest = [
    ...(watched === 0 ? [] : [`Jobs whose run goes on, or that are ending: ${watched}.`]),
    ...(unjudged === 0 ? [] : [`Jobs left alone, as their run could not be looked up: ${unjudged}.`]),
  ];
  return [head, ...leftovers.map((each) => `- ${leftoverLine(each, runUrl)}`), ...rest];
}

function leftoverLine({ job, runId, verdict }: Leftover, runUrl: Scope['runUrl']): string {
  const created = job.createTime === undefined ? '' : `, created ${job.createTime}`;
  return `${job.name} (${job.state}${created}): ${verdict.why}. ${runUrl(runId)}`;
}

/** What became of the leftovers. */
interface Outcome {
  readonly cancelled: readonly string[];
  readonly faults: readonly string[];
}

/** A step summary of more than 1 MiB is dropped whole: so many bytes are left to the rows, and so many characters to a cell. */
const ROWS_BYTES = 600_000;
const LONG_CELL = 200;

/** The job summary. */
export function summaryOf(leftovers: readonly Leftover[], outcome: Outcome, scope: Scope): string {
  const { cancelled, faults } = outcome;
  const mark = faults.length > 0 ? '❌' : leftovers.length > 0 ? '⏳' : '✅';
  const ended = cancelled.length === 0 ? '' : `, ${cancelled.length} asked to end`;
  const title = `### ${mark} ${leftovers.length === 0 ? 'No leftovers' : many(leftovers.length, 'leftover', 'leftovers')}${ended}`;
  const rows = rowsWithin(
    leftovers.map((each) => row(each, outcome, scope)),
    ROWS_BYTES,
  );
  const more = leftovers.length - rows.length;
  const sections = [
    title,
    ...(rows.length === 0 ? [] : [[...HEADER, ...rows].join('\n')]),
    ...(more > 0 ? [`${more} more are in the output leftovers.`] : []),
    ...(faults.length === 0 ? [] : ['What could not be done:', fenced(faults)]),
  ];
  return `${sections.join('\n\n')}\n`;
}

const HEADER = ['| Job | State | Created | Workflow run | What becomes of it |', '| --- | --- | --- | --- | --- |'];

/** What Vertex AI names its jobs; no other name goes into an address. */
const PLAIN_NAME = /^projects\/[^/]+\/locations\/[a-z0-9-]+\/[A-Za-z]+\/\d+$/;

function row(leftover: Leftover, { cancelled }: Outcome, scope: Scope): string {
  const { job, place, runId, verdict } = leftover;
  const page = place.region !== 'local' && PLAIN_NAME.test(job.name) ? consoleUrl(job.name, scope.projectId) : '';
  const cells = [
    linked(idOf(job.name), page),
    cell(job.state),
    cell(job.createTime ?? ''),
    linked(runId, scope.runUrl(runId)),
    cell(`${fateOf(leftover, cancelled, scope.cancel)}: ${verdict.why}`),
  ];
  return `| ${cells.join(' | ')} |`;
}

const cell = (text: string) => escaped(text.length > LONG_CELL ? `${text.slice(0, LONG_CELL)}…` : text);

/** As many rows from the start as fit. */
function rowsWithin(rows: readonly string[], bytes: number): readonly string[] {
  let used = 0;
  const end = rows.findIndex((each) => {
    used += Buffer.byteLength(each) + 1;
    return used > bytes;
  });
  return end === -1 ? rows : rows.slice(0, end);
}

/** The address is made here, of parts that were checked or encoded. */
const linked = (text: string, url: string) => (url === '' ? cell(text) : `[${cell(text)}](${url})`);

function fateOf({ job, verdict }: Leftover, cancelled: readonly string[], cancel: boolean): string {
  if (verdict.course === 'leave') return 'left alone';
  if (!cancel) return 'ends with cancel: true';
  return cancelled.includes(job.name) ? 'asked to end' : 'could not be ended';
}

/** What the step could not do of what it was asked, all together. */
export class SweepError extends UserError {
  constructor(faults: readonly string[]) {
    super(
      [`${many(faults.length, 'thing', 'things')} could not be done:`, ...faults.map((each) => `- ${each}`)].join('\n'),
    );
  }
}

/** The text of a failure, whatever it is. */
export function failureText(error: unknown): string {
  if (!(error instanceof InputError)) return messageOf(error);
  const { faults } = error;
  return [
    `${many(faults.length, 'fault', 'faults')} in what this step was given; nothing was asked of the network:`,
    ...faults.map((fault) => `- ${faultText(fault)}`),
  ].join('\n');
}
