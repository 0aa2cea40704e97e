import { untilAborted, within } from '../abort.ts';
import { ApiError } from '../google/api-error.ts';
import type { UploadOperation } from '../google/models.ts';
import { failureOf } from '../job/submit/answer.ts';
import { CLOUD_LAG } from '../job/submit/lag.ts';
import type { RegisterOptions } from './options.ts';
import { uploadRequest } from './version.ts';

/** How far the asking for an upload has come. Times are milliseconds since the epoch. */
export interface Asking {
  readonly startedAt: number;
  /** Requests that were sent. */
  sent: number;
  /** Whether one was sent of which it is not known what it made. */
  open: boolean;
  /** Until when a version may turn up that was asked for. */
  lookUntil: number;
  /** The operation under way that this call began. */
  operation: string | undefined;
  /** Operations of this call that failed. */
  failed: number;
  /** Why no version was made so far, and whether it may be asked for again. */
  setback: Setback | undefined;
  /** Waits so far: each is longer than the one before. */
  waits: number;
}

/** Why an upload that was asked for made no version. */
export interface Setback {
  readonly error: unknown;
  readonly again: boolean;
}

/** Nothing was asked for yet. */
export const newAsking = (now: number): Asking => ({
  startedAt: now,
  sent: 0,
  open: false,
  lookUntil: Number.NEGATIVE_INFINITY,
  operation: undefined,
  failed: 0,
  setback: undefined,
  waits: 0,
});

/** No version came of it: it is looked for until `lookUntil`, and asked for again after that where that may help. */
export function setBack(asking: Asking, setback: Setback, lookUntil: number): undefined {
  asking.operation = undefined;
  asking.setback = setback;
  asking.lookUntil = Math.max(asking.lookUntil, lookUntil);
  return undefined;
}

/** A cancelled step has some seconds: so long an answer that is on its way is waited for, in milliseconds. */
const LAST_ANSWER_MS = 3_000;

/**
 * Asks for the upload once; undefined after a setback. A cancelled step knows of the operation where its answer comes within
 * moments. Throws the signal's reason.
 */
export async function askOnce(
  options: RegisterOptions,
  asking: Asking,
  exists: boolean,
): Promise<UploadOperation | undefined> {
  const { api, upload, clock, signal } = options;
  signal.throwIfAborted();
  const sentAt = clock.now();
  asking.sent += 1;
  asking.open = true;
  const begun = (operation: UploadOperation) => {
    asking.open = false;
    asking.operation = operation.name;
    return operation;
  };
  const failed = (error: unknown) => afterFailure(options, asking, error, sentAt);
  const answer = api.upload(upload.parent, uploadRequest(options, exists)).then(begun, failed);
  try {
    return await untilAborted(answer, signal);
  } catch (error) {
    await within(LAST_ANSWER_MS, answer, clock);
    throw error;
  }
}

/**
 * A model that was not there when it was looked for and is now (409) may be what an earlier request of this step made: that
 * becomes clear as after any other unclear answer.
 */
function afterFailure(
  { clock, lag = CLOUD_LAG }: RegisterOptions,
  asking: Asking,
  error: unknown,
  sentAt: number,
): undefined {
  const now = clock.now();
  const isConflict = error instanceof ApiError && error.httpStatus === 409;
  const failure = failureOf(error, { sentAt, now, lag });
  asking.open = isConflict || failure.kind === 'unclear';
  if (failure.kind === 'unclear') return setBack(asking, { error, again: failure.again }, failure.until);
  return setBack(asking, { error, again: isConflict || failure.kind === 'later' }, isConflict ? now + lag.listMs : now);
}
