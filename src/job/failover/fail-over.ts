import { messageOf, UserError } from '../../faults.ts';
import { isRecord } from '../../json.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../retry.ts';
import { spanText } from '../../span.ts';
import { hasEnded, type Job } from '../../vertex/jobs.ts';
import type { Until } from '../watch/until.ts';
import type { Watched } from '../watch/watch.ts';
import { type Choice, choiceText, nextChoice, type Tried, triedText } from './choices.ts';
import { classifyEnd, classifyRefusal, classifyWait, mayMoveOn } from './classify.ts';
import type { Setting, Verdict } from './verdict.ts';
import { type WaitedTooLong, waitedTooLong } from './wait.ts';

interface FailOverOptions<H, S> {
  readonly choices: readonly Choice<H>[];
  /** How long a job may wait for its machines while there is another choice, in milliseconds; undefined for as long as it takes. */
  readonly failoverAfterMs: number | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** What is known of a choice, to judge by why its job was refused or ended; `words` are the service's. */
  readonly settingOf: (choice: Choice<H>, words: string) => Promise<Setting>;
  /** Makes the choice's job; `givenUp` are those of earlier choices, all of them ended. Throws ApiError where it is refused. */
  readonly submit: (choice: Choice<H>, givenUp: readonly string[]) => Promise<Job>;
  /** Follows the job to its end, or until something is due. */
  readonly follow: (
    job: Job,
    choice: Choice<H>,
    until: Until<WaitedTooLong> | undefined,
  ) => Promise<Watched<S | WaitedTooLong>>;
  /** Asks for the job's end and waits for it; the job as last seen. */
  readonly end: (job: Job, choice: Choice<H>) => Promise<Job>;
}

interface FailOver<H, S> {
  readonly job: Job;
  readonly choice: Choice<H>;
  /** Why the watching ended though the job had not. */
  readonly stopped: S | undefined;
  /** Why the job failed; undefined where it did not. */
  readonly verdict: Verdict | undefined;
  /** The choices before this one. */
  readonly tried: readonly Tried<H>[];
}

/**
 * Runs the job on the first choice that can be had. The next is tried only once the job of the one before is known to have
 * ended, or was refused for sure: two never live at once. Throws the refusal where nothing else may mend it, and UserError
 * where every choice was refused or the end of a job that was given up did not come.
 */
export async function failOver<H, S>(options: FailOverOptions<H, S>): Promise<FailOver<H, S>> {
  const { choices, log } = options;
  const tried: Tried<H>[] = [];
  let choice = nextChoice(choices, tried);
  while (choice !== undefined) {
    const outcome = await tryChoice(choice, tried, options);
    if ('job' in outcome) return outcome;
    tried.push(outcome.tried);
    const next = nextChoice(choices, tried);
    if (next === undefined) throw outcome.failure;
    log.warning(`${outcome.tried.verdict.message}\nNext is ${choiceText(next)}.`);
    choice = next;
  }
  throw new UserError('There is no region or no hardware to run the job on.');
}

type Outcome<H, S> = FailOver<H, S> | { readonly tried: Tried<H>; readonly failure: unknown };

/** Makes the choice's job and follows it. Throws the refusal that no other choice may mend. */
async function tryChoice<H, S>(
  choice: Choice<H>,
  tried: readonly Tried<H>[],
  options: FailOverOptions<H, S>,
): Promise<Outcome<H, S>> {
  const { submit, follow, settingOf } = options;
  const givenUp = tried.flatMap(({ job }) => job ?? []);
  let made: Job;
  try {
    made = await submit(choice, givenUp);
  } catch (error) {
    const verdict = classifyRefusal(error, await settingOf(choice, messageOf(error)));
    if (verdict.course === 'stop') throw error;
    return cameToNothing(choice, verdict, undefined, tried, error);
  }
  const { job, stopped } = await follow(made, choice, untilOf(choice, tried, options));
  if (isWait(stopped)) return givenUpOn(job, stopped, choice, tried, options);
  return concluded(job, stopped, choice, tried, options);
}

/** What ends the wait for the choice's machines, where there is another choice to make way for. */
function untilOf<H, S>(
  choice: Choice<H>,
  tried: readonly Tried<H>[],
  { choices, failoverAfterMs, clock }: FailOverOptions<H, S>,
): Until<WaitedTooLong> | undefined {
  if (failoverAfterMs === undefined) return undefined;
  const waiting: Tried<H> = {
    choice,
    verdict: { kind: 'capacity', course: 'next-choice', message: '' },
    job: undefined,
  };
  // The last choice has nothing to make way for.
  const isLast = nextChoice(choices, [...tried, waiting]) === undefined;
  return isLast ? undefined : waitedTooLong(clock.now(), failoverAfterMs);
}

const isWait = (stopped: unknown): stopped is WaitedTooLong =>
  isRecord(stopped) && stopped['kind'] === 'waited-too-long';

/** What a choice that was tried in vain leaves: why, and the error where nothing else is left to try. */
function cameToNothing<H>(
  choice: Choice<H>,
  verdict: Verdict,
  job: string | undefined,
  before: readonly Tried<H>[],
  cause: unknown,
) {
  const tried = { choice, verdict, job };
  return { tried, failure: new UserError(triedText([...before, tried]), { cause }) };
}

/** A job that waited too long makes way, once it is known to have ended. */
async function givenUpOn<H, S>(
  job: Job,
  { waitedMs }: WaitedTooLong,
  choice: Choice<H>,
  tried: readonly Tried<H>[],
  options: FailOverOptions<H, S>,
): Promise<Outcome<H, S>> {
  const verdict = classifyWait(job, waitedMs, await options.settingOf(choice, ''));
  options.log.info(
    `The job waited for ${spanText(waitedMs)} and is cancelled to make way for another choice: ${job.name}`,
  );
  const ended = await options.end(job, choice);
  if (!hasEnded(ended)) {
    throw new UserError(
      `${verdict.message} It was asked to end but is still ${ended.state}, so that no other job is started beside it: ${job.name}`,
    );
  }
  // It may have come to another end before the request was taken.
  if (ended.state !== 'CANCELLED') return concluded(ended, undefined, choice, tried, options);
  return cameToNothing(choice, verdict, job.name, tried, undefined);
}

/** What comes of a choice whose job was followed: its end is the step's, unless another choice may mend it. */
async function concluded<H, S>(
  job: Job,
  stopped: S | undefined,
  choice: Choice<H>,
  tried: readonly Tried<H>[],
  { settingOf, choices }: FailOverOptions<H, S>,
): Promise<Outcome<H, S>> {
  const verdict = mayMoveOn(job) ? classifyEnd(job, await settingOf(choice, wordsOf(job))) : undefined;
  const done = { job, choice, stopped, verdict, tried };
  if (verdict === undefined || stopped !== undefined || verdict.course === 'stop') return done;
  const attempt = { choice, verdict, job: job.name };
  // A job that failed last is reported as any that fails, with its cause.
  if (nextChoice(choices, [...tried, attempt]) === undefined) return done;
  return cameToNothing(choice, verdict, job.name, tried, undefined);
}

/** All that the service says of the job's end. */
const wordsOf = ({ error, trials }: Job) =>
  [error?.message ?? '', ...trials.flatMap(({ infeasibleReason }) => infeasibleReason ?? [])].join('\n');
