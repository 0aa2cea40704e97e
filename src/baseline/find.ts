import { untilAborted } from '../abort.ts';
import { messageOf, UserError } from '../faults.ts';
import { GithubError } from '../github/error.ts';
import type { GithubRuns } from '../github/runs.ts';
import { ApiError, isTransient } from '../google/api-error.ts';
import { orMissing } from '../google/rest.ts';
import type { RunContext } from '../inputs/run-context.ts';
import { runOf } from '../job/origin.ts';
import type { Place } from '../job/submit/options.ts';
import { type Places, placesOf } from '../job/submit/places.ts';
import type { Log } from '../log.ts';
import { identityOf } from '../plan/identity.ts';
import { SERIES_LABEL, STEP_LABEL } from '../plan/labels.ts';
import type { Baseline, Metrics } from '../results/types.ts';
import { type Backoff, type Clock, retry } from '../retry.ts';
import type { Collection, Job } from '../vertex/jobs.ts';
import { type Candidate, candidatesOf, refusalOf } from './candidates.ts';
import { seriesOn, stepOf } from './series.ts';

export interface BaselineOptions {
  readonly context: RunContext;
  readonly matrix: string;
  readonly jobKey: string;
  /** The job that this step follows, which another step has made: that step's series counts then. */
  readonly followed?: Pick<Job, 'name' | 'labels'> | undefined;
  /** Name of the default branch; asked for first, and may throw GithubError. */
  readonly defaultBranch: () => Promise<string>;
  /** Where this step's job is to be. */
  readonly own: Place & { readonly collection: Collection };
  /** The other regions that it may use. */
  readonly elsewhere: readonly Place[];
  readonly runs: GithubRuns;
  /** The page of a workflow run, by its id. */
  readonly runUrl: (runId: string) => string;
  /** What a job measured, given with its trials; undefined where that is not to be had for good. Throws what may pass. */
  readonly metricsOf: (job: Job) => Promise<Metrics | undefined>;
  readonly clock: Clock;
  readonly random?: (() => number) | undefined;
  readonly signal: AbortSignal;
  readonly log: Pick<Log, 'debug'>;
}

/** What there is to compare with. */
export type BaselineOutcome =
  | { readonly kind: 'found'; readonly baseline: Baseline; readonly notes: readonly string[] }
  /** There is none, and the notes say why: gates on the baseline pass. */
  | { readonly kind: 'none'; readonly notes: readonly string[] }
  /** It could not be looked up, and no gate may pass for that: a GithubError, ApiError or UserError with its mend. */
  | { readonly kind: 'unknown'; readonly error: Error };

/**
 * The most workflow runs that GitHub is asked about, each by a request of its own. Where none of them ended well, no gate may
 * pass for want of a baseline: a gate that failed for so long would let the worst model through.
 */
export const MOST_RUNS = 50;
/** A series grows with every run: jobs older than this are listed only where the younger ones have no baseline. */
const RECENT_MS = 30 * 24 * 3_600_000;
const BACKOFF: Backoff = { firstMs: 500, capMs: 8_000, attempts: 5 };

/**
 * The baseline: the newest succeeded job of this step's series on the default branch, in any of its regions, whose workflow run
 * concluded in success and is not this one. Once it is found it stays the baseline: where its metrics are not to be had, it has
 * none, and no older one takes its place. Throws the signal's reason; an Error for a fault of this program.
 */
export async function findBaseline(options: BaselineOptions): Promise<BaselineOutcome> {
  const { signal } = options;
  try {
    return await found(options, await untilAborted(options.defaultBranch(), signal));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof GithubError || error instanceof ApiError || error instanceof UserError)
      return { kind: 'unknown', error };
    throw error;
  }
}

async function found(options: BaselineOptions, branch: string): Promise<BaselineOutcome> {
  const { context, own, elsewhere, followed, clock, log } = options;
  const places = placesOf(own, elsewhere, (call) => patiently(call, options));
  const series = await seriesOf(branch, places, options);
  if (series === undefined) return { kind: 'none', notes: [noneText(branch, 0)] };
  const since = new Date(clock.now() - RECENT_MS).toISOString();
  const asked = new Set<string>();
  // A job that is followed from another run is not compared with itself.
  const ownRunId = (followed && runOf(followed)) ?? context.runId;
  let seen = 0;
  for (const times of [`create_time>="${since}"`, `create_time<"${since}"`]) {
    const jobs = await places.list(() => `labels.${SERIES_LABEL}="${series}" AND ${times}`);
    const { candidates, passedOver } = candidatesOf(jobs, { series, ownRunId });
    for (const { job, why } of passedOver) log.debug(`${job.name} is no baseline: ${why}.`);
    seen += candidates.length + passedOver.length;
    for (const candidate of candidates) {
      if (!asked.has(candidate.runId) && asked.size >= MOST_RUNS) throw new UserError(tooManyText(branch));
      asked.add(candidate.runId);
      const chosen = await chosenOf(candidate, places, options);
      if (chosen !== undefined) return await baselineOf(chosen, options);
    }
  }
  return { kind: 'none', notes: [noneText(branch, seen)] };
}

/** The step's series on the branch; undefined where it has none there. */
async function seriesOf(branch: string, places: Places, options: BaselineOptions): Promise<string | undefined> {
  const { context, matrix, jobKey, followed, runs, signal } = options;
  if (followed === undefined) return identityOf({ ...context, ref: `refs/heads/${branch}` }, matrix, jobKey).series;
  const step = stepOf(followed);
  const jobs = await places.list(() => `labels.${STEP_LABEL}="${step}"`);
  const own = jobs.filter(({ labels }) => labels[STEP_LABEL] === step);
  return await seriesOn(own, { branch, runs, signal });
}

/** The candidate with its trials; undefined where it is no baseline. */
async function chosenOf(
  { job, runId }: Candidate,
  places: Places,
  options: BaselineOptions,
): Promise<Candidate | undefined> {
  const { runs, log, signal } = options;
  const why = refusalOf(await untilAborted(runs.get(runId), signal));
  if (why !== undefined) {
    log.debug(`${job.name} is no baseline: ${why}.`);
    return undefined;
  }
  // Lists tell of no trials.
  const whole = await orMissing(patiently(() => places.apiOf(job.name).get(job.name), options));
  if (whole === undefined) log.debug(`${job.name} is no baseline: it has been deleted meanwhile.`);
  return whole && { job: whole, runId };
}

async function baselineOf({ job, runId }: Candidate, options: BaselineOptions): Promise<BaselineOutcome> {
  const metrics = await untilAborted(options.metricsOf(job), options.signal);
  const runUrl = options.runUrl(runId);
  const commit = job.labels['commit'];
  const baseline: Baseline = {
    job: job.name,
    runId,
    runUrl,
    commit: commit !== undefined && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(commit) ? commit : undefined,
    metrics: metrics ?? {},
  };
  const without = `The baseline, ${job.name} of ${runUrl}, has no metrics that can be read.`;
  return { kind: 'found', baseline, notes: metrics === undefined ? [without] : [] };
}

/** A request to Vertex AI, repeated where that may help. */
const patiently = <T>(call: () => Promise<T>, { clock, random, signal, log }: BaselineOptions): Promise<T> =>
  retry(() => untilAborted(call(), signal), {
    clock,
    random,
    signal,
    backoff: BACKOFF,
    transient: isTransient,
    onRetry: (error, waitMs) => log.debug(`${messageOf(error)}; asked again in ${waitMs} ms`),
  });

const noneText = (branch: string, seen: number) =>
  seen === 0
    ? `There is no baseline: no other run on ${branch} has made a job of this step. Gates on the baseline pass.`
    : `There is no baseline: no job of this step on ${branch} has succeeded in a workflow run that did. Gates on the baseline pass.`;

const tooManyText = (branch: string) =>
  `Of the last ${MOST_RUNS} workflow runs on ${branch} in which a job of this step has succeeded, none has ended well: no baseline is looked for further back. Let one run succeed with numbers instead of baseline in the gate.`;
