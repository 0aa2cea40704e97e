import { untilAborted } from '../abort.ts';
import { messageOf, UserError } from '../faults.ts';
import { ApiError, isTransient } from '../google/api-error.ts';
import type { UploadOperation } from '../google/models.ts';
import { CLOUD_PACE, failureWaitMs, type Pace } from '../job/watch/interval.ts';
import { modelName } from '../plan/model/upload.ts';
import type { RegisterOptions } from './options.ts';

/** How long an upload is waited for, in minutes: the service copies the files, of which there may be many gigabytes. */
const WAIT_MIN = 60;

/**
 * The operation at its end. Throws UserError where that does not come in time, ApiError where the service does not let it be
 * looked at, the signal's reason.
 */
export async function followUpload(name: string, options: RegisterOptions): Promise<UploadOperation> {
  const { clock, signal, pace = CLOUD_PACE } = options;
  const startedAt = clock.now();
  let failures = 0;
  for (;;) {
    const look = await lookAt(name, options);
    if (look.operation?.done === true) return look.operation;
    const elapsed = clock.now() - startedAt;
    if (elapsed >= WAIT_MIN * 60_000) throw tooLate(name, options);
    failures = look.operation === undefined ? failures + 1 : 0;
    await clock.sleep(
      waitMs({ ...look, failures, elapsed, random: options.random?.() ?? Math.random() }, pace),
      signal,
    );
  }
}

interface Look {
  /** Undefined where the service had no answer for the moment. */
  readonly operation: UploadOperation | undefined;
  /** The wait that it asked for then, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

async function lookAt(name: string, { api, signal, log }: RegisterOptions): Promise<Look> {
  try {
    return { operation: await untilAborted(api.operation(name), signal) };
  } catch (error) {
    if (signal.aborted || !isTransient(error)) throw error;
    log.debug(`The upload could not be looked at: ${messageOf(error)}`);
    return { operation: undefined, retryAfterMs: error instanceof ApiError ? error.retryAfterMs : undefined };
  }
}

interface Moment extends Pick<Look, 'retryAfterMs'> {
  /** Looks that failed one after the other. */
  readonly failures: number;
  /** Since the first look, in milliseconds. */
  readonly elapsed: number;
  readonly random: number;
}

/** Rarer the longer it takes. */
function waitMs({ failures, retryAfterMs, elapsed, random }: Moment, { minMs, capMs, growth }: Pace): number {
  if (failures > 0) return failureWaitMs({ count: failures, retryAfterMs }, minMs, random);
  return Math.round(Math.max(minMs, Math.min(capMs, elapsed * growth)));
}

const tooLate = (operation: string, { upload }: RegisterOptions) =>
  new UserError(
    `An upload to ${modelName(upload)} is still under way after ${WAIT_MIN} minutes: ${operation}. It goes on; run the ` +
      'step again once it is done: the version that it makes of this job is taken.',
  );
