import { untilAborted } from '../../abort.ts';
import { messageOf } from '../../faults.ts';
import { isTransient } from '../../google/api-error.ts';
import { orMissing } from '../../google/rest.ts';
import { type Backoff, retry } from '../../retry.ts';
import { hasEnded, type Job } from '../../vertex/jobs.ts';
import { type Claim, claimOf, keyFilter, tracesOf } from './claim.ts';
import { decide, type Verdict } from './decide.ts';
import { askToEnd } from './end.ts';
import type { SubmitOptions } from './options.ts';
import { type Places, placesOf } from './places.ts';

/** What one call of submission knows, and how it asks. Every call throws ApiError, and the signal's reason at once. */
export interface Desk {
  readonly options: SubmitOptions;
  readonly claim: Claim;
  readonly places: Places;
  /** Remembers a job as last seen, whether or not lists show it yet. */
  know(job: Job): void;
  /** From here on the job counts as if it were not there. */
  forget(name: string): void;
  /** Tells of a job that is this step's, once. */
  tell(job: Job): void;
  /** What the jobs that carry the step's key mean for it; a job is taken by its own word, not by a list's. */
  judge(): Promise<Verdict>;
  /** The job as it is now; undefined where it was deleted. */
  see(name: string): Promise<Job | undefined>;
  /** Asks for the job's end. */
  end(name: string): Promise<void>;
}

interface DeskWishes {
  /** How long a call that fails for the time being is repeated. */
  readonly patience: Backoff;
  /** The job that is followed already. */
  readonly followed?: Job;
}

/** A desk that knows of no job but the one that is followed. Throws Error where the plan's labels name no identity. */
export function openDesk(options: SubmitOptions, { patience, followed }: DeskWishes): Desk {
  const { api, request, elsewhere = [], onRerun, onJob, onStanding } = options;
  const traces = tracesOf(request);
  const givenUp = new Set(options.givenUp);
  const claim: Claim = { ...claimOf(traces, { onRerun, givenUp }), adopted: followed?.name };
  const known = new Map<string, Job>();
  const told = new Set<string>();
  const patiently = callerOf(options, patience);
  const places = placesOf({ ...traces, api }, elsewhere, patiently);
  if (followed !== undefined) known.set(followed.name, followed);

  const tell = (job: Job) => {
    if (told.has(job.name)) return;
    told.add(job.name);
    onJob(job);
  };
  const see = (name: string): Promise<Job | undefined> => orMissing(patiently(() => places.apiOf(name).get(name)));
  const look = async (): Promise<Map<string, Job>> => {
    const listed = await places.list(() => keyFilter(claim));
    const found = new Map(known);
    // Lists may be behind, and an end is never taken back.
    for (const job of listed) if (!isEnded(found.get(job.name))) found.set(job.name, job);
    return found;
  };
  const judge = async (): Promise<Verdict> => {
    const found = await look();
    for (const seen = new Set<string>(); ; ) {
      const verdict = decide([...found.values()], claim);
      if (verdict.kind !== 'take' || seen.has(verdict.job.name)) return verdict;
      const { name } = verdict.job;
      tell(verdict.job);
      onStanding?.(verdict.job);
      seen.add(name);
      const now = await see(name);
      if (now === undefined) found.delete(name);
      else found.set(name, now);
    }
  };
  return {
    options,
    claim,
    places,
    know: (job) => known.set(job.name, job),
    forget: (name) => givenUp.add(name),
    tell,
    judge,
    see,
    end: (name) => patiently(() => askToEnd(places.apiOf(name), name)),
  };
}

const isEnded = (job: Job | undefined) => job !== undefined && hasEnded(job);

type Caller = <T>(call: () => Promise<T>) => Promise<T>;

/** Repeats a call while it fails for the time being, and gives it up as soon as the signal aborts. */
function callerOf(
  { clock, signal, random, log }: Pick<SubmitOptions, 'clock' | 'signal' | 'random' | 'log'>,
  backoff: Backoff,
): Caller {
  return (call) =>
    retry(() => untilAborted(call(), signal), {
      clock,
      signal,
      random,
      backoff,
      transient: isTransient,
      onRetry: (error, waitMs) => log.debug(`${messageOf(error)}; asked again in ${waitMs} ms`),
    });
}
