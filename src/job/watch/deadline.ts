import { durationText } from '../../plan/duration.ts';
import type { JobPlan } from '../../plan/job.ts';
import { momentText } from '../../span.ts';
import type { Job } from '../../vertex/jobs.ts';
import { epochOf } from '../../vertex/times.ts';
import type { CustomJobSpec, Trial } from '../../vertex/types.ts';

/** The service's own time limit: it ends the job, or each trial, that ran for so long, whoever still watches. */
export interface TimeLimit {
  readonly timeoutMs: number;
  /** The trials that the limit holds for one by one; undefined where it holds for the job. */
  readonly trials: { readonly count: number; readonly parallel: number } | undefined;
}

/** Where the request names no timeout (custom_job.proto, Scheduling.timeout). */
const DEFAULT_MS = 7 * 86_400_000;

/** The limit of a job as it will be sent. */
export function timeLimitOf(job: Pick<JobPlan, 'collection' | 'resource'>): TimeLimit {
  const { resource } = job;
  if ('jobSpec' in resource) return { timeoutMs: timeoutOf(resource.jobSpec), trials: undefined };
  const tuning = 'trialJobSpec' in resource ? resource : resource.trainingTaskInputs;
  if (!('trialJobSpec' in tuning)) return { timeoutMs: timeoutOf(tuning), trials: undefined };
  const { maxTrialCount: count, parallelTrialCount: parallel, trialJobSpec } = tuning;
  return { timeoutMs: timeoutOf(trialJobSpec), trials: { count, parallel: Math.max(1, Math.min(count, parallel)) } };
}

function timeoutOf({ scheduling }: CustomJobSpec): number {
  const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(scheduling?.timeout ?? '') ?? [];
  const ms = Number(seconds ?? 0) * 1_000;
  return ms > 0 ? ms : DEFAULT_MS;
}

/** The longest that the trials can run one after the other, or the job, in milliseconds; waiting for machines is not in it. */
export function longestRunMs({ timeoutMs, trials }: TimeLimit): number {
  return trials === undefined ? timeoutMs : Math.ceil(trials.count / trials.parallel) * timeoutMs;
}

/** When the limit strikes next, as milliseconds since the epoch; undefined while nothing runs that it could strike. */
export function strikesAt(
  { timeoutMs, trials }: TimeLimit,
  job: Pick<Job, 'startTime' | 'trials'>,
): number | undefined {
  const starts = trials === undefined ? [epochOf(job.startTime)] : job.trials.map(startOfActive);
  const known = starts.filter((start) => start !== undefined);
  return known.length === 0 ? undefined : Math.min(...known) + timeoutMs;
}

const startOfActive = ({ state, startTime }: Trial) => (state === 'ACTIVE' ? epochOf(startTime) : undefined);

const length = (ms: number) => durationText(Math.round(ms / 1_000));

/** The limit in words, for the notice that the job was started; `now` in milliseconds since the epoch. */
export function limitText(limit: TimeLimit, now: number): string {
  const { timeoutMs, trials } = limit;
  const whoever = 'whatever becomes of this runner';
  if (trials === undefined) {
    return `Vertex AI ends the job once it has run for ${length(timeoutMs)}, ${whoever}: not before ${momentText(now + timeoutMs)}.`;
  }
  const { count, parallel } = trials;
  const longest = longestRunMs(limit);
  return `Vertex AI ends each trial once it has run for ${length(timeoutMs)}, ${whoever}: ${count} trial${count === 1 ? '' : 's'}, ${parallel} at a time, can run for ${length(longest)}, until ${momentText(now + longest)} if none has to wait.`;
}
