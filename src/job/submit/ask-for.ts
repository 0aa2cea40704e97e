import { messageOf } from '../../faults.ts';
import { type Backoff, backoffMs } from '../../retry.ts';
import type { Job } from '../../vertex/jobs.ts';
import type { Failure } from './answer.ts';
import { createOnce } from './create.ts';
import type { Desk } from './desk.ts';
import { CLOUD_LAG } from './lag.ts';
import { laterText, spentText, unclearText } from './say.ts';

/** Between two looks for a job that may have been made. */
const LOOK_AGAIN: Backoff = { firstMs: 1_000, capMs: 10_000, attempts: Number.POSITIVE_INFINITY };
/** Between two requests of which the first was put off. */
const ASK_AGAIN: Backoff = { firstMs: 5_000, capMs: 60_000, attempts: Number.POSITIVE_INFINITY };
/** How long creation is tried for while the service puts it off or gives no clear answer. */
const PATIENCE_MS = 20 * 60_000;

/** How far the asking has come. */
export interface Asking {
  readonly startedAt: number;
  /** Whether a request was sent. */
  sent: boolean;
  /** Whether one was sent of which it is not known what it made. */
  open: boolean;
  /** When lists show what it made. */
  openUntil: number;
  /** Why no job was made so far, and whether another request may make one. */
  failure: { readonly error: unknown; readonly again: boolean } | undefined;
  /** Waits so far: each is longer than the one before. */
  waits: number;
}

/** Nothing was asked for yet; `now` in milliseconds since the epoch. */
export const newAsking = (now: number): Asking => ({
  startedAt: now,
  sent: false,
  open: false,
  openUntil: Number.NEGATIVE_INFINITY,
  failure: undefined,
  waits: 0,
});

/**
 * One step towards a job that a look at `lookedAt` did not find: a request, or a wait until the next look, after which it
 * gives nothing. A second request is sent only after lists had the time to show what the first one made. Throws the last
 * request's error once that is final or patience is used up; the signal's reason.
 */
export async function askFor(
  desk: Desk,
  asking: Asking,
  lookedAt: number,
  spent: readonly Job[],
): Promise<Job | undefined> {
  const { clock, log, lag = CLOUD_LAG } = desk.options;
  if (lookedAt < asking.openUntil) return await wait(desk, asking, LOOK_AGAIN);
  asking.open = false;
  const late = clock.now() - asking.startedAt >= PATIENCE_MS;
  if (asking.failure !== undefined && (late || !asking.failure.again)) throw asking.failure.error;
  const last = spent.at(-1);
  if (last !== undefined && !asking.sent) log.info(spentText(last));
  asking.sent = true;
  asking.open = true;
  const created = await createOnce(desk, lag);
  if (created.kind === 'failed') return await afterFailure(desk, asking, created.failure, created.error);
  asking.open = false;
  return created.job;
}

async function afterFailure(desk: Desk, asking: Asking, failure: Failure, error: unknown): Promise<undefined> {
  const { log } = desk.options;
  asking.open = failure.kind === 'unclear';
  if (failure.kind === 'refused') throw error;
  asking.failure = { error, again: failure.kind === 'later' || failure.again };
  if (failure.kind === 'later') {
    log.info(laterText(messageOf(error)));
    return await wait(desk, asking, ASK_AGAIN);
  }
  log.info(unclearText(messageOf(error)));
  asking.openUntil = failure.until;
  return await wait(desk, asking, LOOK_AGAIN);
}

async function wait({ options }: Desk, asking: Asking, backoff: Backoff): Promise<undefined> {
  const { clock, signal, random = Math.random } = options;
  asking.waits += 1;
  await clock.sleep(backoffMs(backoff, asking.waits, random()), signal);
  return undefined;
}
