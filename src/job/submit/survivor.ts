import { messageOf, UserError } from '../../faults.ts';
import { isTransient } from '../../google/api-error.ts';
import { hasEnded, type Job } from '../../vertex/jobs.ts';
import type { SubmitOptions, Submitted } from './options.ts';
import { noLookText, otherStandsText } from './say.ts';
import { type Settled, type SettleOptions, settleDoubles } from './settle.ts';

/** When a look failed, or a double could not be cancelled for the time being, the next look, in milliseconds. */
const AGAIN_MS = 10_000;
/** How long a look is tried for, in milliseconds. */
const PATIENCE_MS = 20 * 60_000;

/** Another job than the one that is followed stands for the step. */
export class OtherJobError extends Error {
  override readonly name = 'OtherJobError';
}

/**
 * Makes the looks that `submitted.lookAgain` asks for until no other job can turn up, each at its time; gives the job that
 * stands for the step then. Throws UserError as settleDoubles does, ApiError where a look was not to be had for long, the
 * signal's reason.
 */
export async function settleFully({ job, lookAgain, quietAt }: Submitted, options: SubmitOptions): Promise<Job> {
  let now = job;
  for (const time of lookAgain.filter((each) => each <= quietAt))
    now = (await settleAt(time, { ...options, job: now })).job;
  return now;
}

/** What became of the job that was followed. */
interface Outcome {
  readonly job: Job;
  /** Why it is followed no more though it has not ended. */
  readonly stopped?: unknown;
}

/**
 * Follows a job to its end, or until it is stopped; cancels it once the signal aborts, and may then throw or not. `isSettled`
 * tells whether every look is made by which no other job can turn up any more.
 */
export type Follow<T> = (job: Job, signal: AbortSignal, isSettled: () => boolean) => Promise<T>;

/**
 * Follows whichever job stands for the step: beside `follow` it makes the looks that `submitted.lookAgain` asks for. Where
 * another job turns out to stand for it, the signal of `follow` aborts, and the other one is followed. An end that is no
 * success is taken only after a last look, as the job may have been a double. Throws what `follow` throws, UserError as
 * settleDoubles does.
 */
export async function followSurvivor<T extends Outcome>(
  submitted: Submitted,
  options: SubmitOptions,
  follow: Follow<T>,
): Promise<T> {
  const looks: Looks = { times: [...submitted.lookAgain], quietAt: submitted.quietAt };
  for (let { job } = submitted; ; ) {
    const { followed, other } = await followOne(job, looks, options, follow);
    if (other === undefined) return followed;
    if (other.name !== job.name) options.log.notice(otherStandsText(job, other));
    job = other;
  }
}

/** The looks that are still to be made. */
interface Looks {
  /** When, in milliseconds since the epoch, each taken out as it is made. */
  readonly times: number[];
  readonly quietAt: number;
}

type Round<T> =
  | { readonly followed: T; readonly other: undefined }
  | { readonly followed: T | undefined; readonly other: Job };

async function followOne<T extends Outcome>(
  job: Job,
  looks: Looks,
  options: SubmitOptions,
  follow: Follow<T>,
): Promise<Round<T>> {
  const { signal } = options;
  const turn = new AbortController();
  const over = new AbortController();
  const beside = lookBeside(job, looks.times, { ...options, signal: AbortSignal.any([signal, over.signal]) });
  beside.then(
    (other) => other !== undefined && turn.abort(new OtherJobError(otherStandsText(job, other))),
    (error: unknown) => turn.abort(error),
  );
  try {
    const isSettled = () => looks.times.every((time) => time > looks.quietAt);
    const following = follow(job, AbortSignal.any([signal, turn.signal]), isSettled);
    const followed = await unlessTurned(following, turn.signal, signal);
    const turned = turn.signal.aborted;
    if (followed !== undefined && (signal.aborted || (isThrough(followed) && !turned)))
      return { followed, other: undefined };
    const other = turned ? await beside : undefined;
    over.abort();
    return await afterEnd(followed, other, looks, options);
  } finally {
    over.abort();
  }
}

/** A job that was left is looked after by whoever left it. */
const isThrough = ({ job, stopped }: Outcome) => job.state === 'SUCCEEDED' || stopped !== undefined;

/** What was followed; undefined where it ended with an error because another job stands for the step. */
async function unlessTurned<T>(followed: Promise<T>, turn: AbortSignal, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await followed;
  } catch (error) {
    if (signal.aborted || !turn.aborted) throw error;
    return undefined;
  }
}

/**
 * Which job stands for the step now that the one that was followed has ended, or was left for `other`; one that was left
 * may turn out to stand after all, and is followed on to its end then.
 */
async function afterEnd<T extends Outcome>(
  followed: T | undefined,
  other: Job | undefined,
  looks: Looks,
  options: SubmitOptions,
): Promise<Round<T>> {
  if (followed === undefined) {
    if (other === undefined) throw new Error('the job was left for no other');
    return { followed, other };
  }
  try {
    const standing =
      other === undefined
        ? await lastLooks(followed.job, looks, options)
        : await settleQuietly(0, followed.job, options, [other]);
    const through = standing === undefined || standing.name === followed.job.name;
    if (!through || !hasEnded(followed.job)) return { followed, other: standing ?? followed.job };
    // It was cancelled for the other one, whose end is the step's now, whatever it is.
    return { followed, other: followed.job.state === 'SUCCEEDED' ? undefined : other };
  } catch (error) {
    if (!options.signal.aborted) throw error;
    return { followed, other: undefined };
  }
}

/** The looks that are left until no other job can turn up, at least one; gives the job that stands for the step. */
async function lastLooks(job: Job, { times, quietAt }: Looks, options: SubmitOptions): Promise<Job | undefined> {
  let standing: Job | undefined;
  do {
    const [time = 0] = times;
    const due = time <= quietAt ? time : 0;
    if (due > 0) times.shift();
    standing = await settleQuietly(due, job, options);
  } while (standing?.name === job.name && (times[0] ?? Number.POSITIVE_INFINITY) <= quietAt);
  return standing;
}

/** Makes the looks that are due, and takes each that was made off the list; gives the first other job that stands for the step. */
async function lookBeside(job: Job, times: number[], options: SubmitOptions): Promise<Job | undefined> {
  for (let [time] = times; time !== undefined; [time] = times) {
    const standing = await settleQuietly(time, job, options);
    times.shift();
    if (standing !== undefined && standing.name !== job.name) return standing;
  }
  return undefined;
}

/** A look that fails for good is warned of: the job goes on. */
async function settleQuietly(
  time: number,
  job: Job,
  options: SubmitOptions,
  known: readonly Job[] = [],
): Promise<Job | undefined> {
  try {
    return (await settleAt(time, { ...options, job, known })).job;
  } catch (error) {
    if (options.signal.aborted || error instanceof UserError) throw error;
    options.log.warning(noLookText(messageOf(error)));
    return undefined;
  }
}

async function settleAt(time: number, options: SettleOptions): Promise<Settled> {
  const { clock, signal, log } = options;
  if (time > clock.now()) await clock.sleep(time - clock.now(), signal);
  for (const until = clock.now() + PATIENCE_MS; ; ) {
    try {
      const settled = await settleDoubles(options);
      if (settled.done || clock.now() >= until) return settled;
    } catch (error) {
      if (signal.aborted || !isTransient(error) || clock.now() >= until) throw error;
      log.debug(`The look for doubles failed: ${messageOf(error)}`);
    }
    await clock.sleep(AGAIN_MS, signal);
  }
}
