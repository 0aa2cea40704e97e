import { asSentence, messageOf } from '../../faults.ts';
import { ApiError, isTransient } from '../../google/api-error.ts';
import type { VertexApi } from '../../google/vertex.ts';
import type { Log } from '../../log.ts';
import { backoffMs, type Clock } from '../../retry.ts';
import { hasEnded, type Job } from '../../vertex/jobs.ts';
import { ask, retryAfterOf } from './ask.ts';
import { resumeLines } from './detach.ts';

interface CancelOptions {
  readonly api: Pick<VertexApi, 'cancel' | 'get'>;
  readonly clock: Clock;
  /** How long all of it may take, in milliseconds. */
  readonly withinMs: number;
  /** From [0, 1). */
  readonly random?: (() => number) | undefined;
}

interface Cancelled {
  /** Whether the service took the request, or the job had ended already. */
  readonly accepted: boolean;
  /** The job as last seen; undefined where it was not. */
  readonly job: Job | undefined;
  /** Why the request was not taken; undefined where it was, or where time ran out without a word. */
  readonly error: unknown;
}

/** A request without an answer for so long is sent a second time: a cancel may arrive twice, but must arrive once. */
const UNANSWERED_MS = 2_000;
const BACKOFF = { firstMs: 300, capMs: 2_000, attempts: 0 };
/** Between two looks whether the job has ended. */
const LOOK_MS = 500;
/** HTTP statuses with which a cancel of a job that has ended may be refused: what the service answers is nowhere stated. */
const MAY_HAVE_ENDED = new Set([400, 409]);

type Outcome =
  | { readonly kind: 'taken' }
  | { readonly kind: 'late' }
  | { readonly kind: 'failed'; readonly error: unknown };

/**
 * Asks for the job's end: the first request leaves at once, is repeated where that may help, and its end is waited for while
 * time lasts. A job that has ended already is no error. Never throws.
 */
export async function cancelJob(name: string, options: CancelOptions): Promise<Cancelled> {
  const until = options.clock.now() + options.withinMs;
  const error = await request(name, options, until);
  if (error === TAKEN) return { accepted: true, job: await awaitEnd(name, options, until), error: undefined };
  const job = mayHaveEnded(error)
    ? await lookAt(name, options, Math.max(LOOK_MS, until - options.clock.now()))
    : undefined;
  const ended = job !== undefined && hasEnded(job);
  return { accepted: ended, job, error: ended ? undefined : error };
}

const TAKEN = Symbol('taken');
const mayHaveEnded = (error: unknown) =>
  error instanceof ApiError && error.httpStatus !== undefined && MAY_HAVE_ENDED.has(error.httpStatus);

/** TAKEN, or why it was not; undefined where time ran out. */
async function request(name: string, options: CancelOptions, until: number): Promise<unknown> {
  const { api, clock, random = Math.random } = options;
  const pending: Promise<Outcome>[] = [];
  let last: unknown;
  for (let attempt = 1; ; attempt += 1) {
    pending.push(attemptOf(() => api.cancel(name)));
    const outcome = await firstOf(pending, clock, Math.min(UNANSWERED_MS, until - clock.now()));
    if (outcome.kind === 'taken') return TAKEN;
    if (outcome.kind === 'failed') {
      last = outcome.error;
      if (!isTransient(last)) return last;
    }
    const left = until - clock.now();
    const waitMs =
      outcome.kind === 'late' ? 0 : Math.max(backoffMs(BACKOFF, attempt, random()), retryAfterOf(last) ?? 0);
    if (left <= waitMs) return last;
    await clock.sleep(waitMs);
  }
}

function attemptOf(send: () => Promise<void>): Promise<Outcome> {
  return send().then(
    () => ({ kind: 'taken' }),
    (error: unknown) => ({ kind: 'failed', error }),
  );
}

/** The first outcome of the attempts under way; those that failed are dropped. */
async function firstOf(pending: Promise<Outcome>[], clock: Clock, ms: number): Promise<Outcome> {
  const over = new AbortController();
  const late = clock.sleep(Math.max(0, ms), over.signal).then(
    (): Outcome => ({ kind: 'late' }),
    () => new Promise<never>(() => {}),
  );
  const settled = pending.map(async (each) => ({ each, outcome: await each }));
  const winner = await Promise.race([late, ...settled]);
  over.abort();
  if ('kind' in winner) return winner;
  pending.splice(pending.indexOf(winner.each), 1);
  return winner.outcome;
}

/** The request was taken: what goes wrong with looking after it is no failure. */
async function awaitEnd(name: string, options: CancelOptions, until: number): Promise<Job | undefined> {
  const { clock } = options;
  let seen: Job | undefined;
  for (let left = until - clock.now(); left > 0; left = until - clock.now()) {
    seen = (await lookAt(name, options, left)) ?? seen;
    if (seen !== undefined && hasEnded(seen)) return seen;
    await clock.sleep(Math.min(LOOK_MS, Math.max(0, until - clock.now())));
  }
  return seen;
}

async function lookAt(name: string, { api, clock }: CancelOptions, withinMs: number): Promise<Job | undefined> {
  const { signal } = new AbortController();
  return ask(`get ${name}`, () => api.get(name), { clock, signal, withinMs }).catch(() => undefined);
}

/** The input on_cancel: whether a job outlives the step that was cancelled. */
export type OnCancel = 'cancel' | 'detach';

/** The runner kills a cancelled step after 10 s and asks a second time after 7.5 s; this much of it is for waiting. */
export const STEP_CANCEL_MS = 5_500;

/** What a cancelled step does with its job, and says of it; the job as last seen. */
export async function leaveJob(
  job: Job,
  onCancel: OnCancel,
  options: CancelOptions & { readonly log: Log },
): Promise<Job> {
  const { log } = options;
  if (onCancel === 'detach') {
    log.warning([`The job is ${job.state} and runs on, as on_cancel is detach.`, ...resumeLines(job.name)].join('\n'));
    return job;
  }
  log.info(`The job is cancelled: ${job.name}`);
  const { accepted, job: seen = job, error } = await cancelJob(job.name, options);
  if (hasEnded(seen)) log.info(`Job is ${seen.state}.`);
  else if (accepted) log.info('The request to cancel was taken; the post step makes sure of it.');
  else
    log.warning(
      `The request to cancel was not taken${error === undefined ? ' in time.' : `: ${asSentence(messageOf(error))}`} The post step asks again.`,
    );
  return seen;
}
