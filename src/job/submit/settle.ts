import type { Job } from '../../vertex/jobs.ts';
import type { SubmitOptions, Submitted } from './submit.ts';

export interface SettleOptions extends SubmitOptions {
  /** The job that is followed. */
  readonly job: Job;
}

export interface Settled {
  /** The job that lives, or whose end counts: another than the one followed where an older one has turned up. */
  readonly job: Job;
  /** The doubles that were asked to end. */
  readonly cancelled: readonly Job[];
}

/**
 * One more look for doubles: of several jobs the one that counts lives on, the others are cancelled. Throws ApiError where
 * no look was to be had; a double that cannot be cancelled is warned of, and tried again at the next look.
 */
export function settleDoubles(_options: SettleOptions): Promise<Settled> {
  throw new Error('not yet');
}

/**
 * Follows whichever job lives: runs `follow` and, beside it, the looks that `submitted.lookAgain` asks for. Where an older
 * job turns up, the signal given to `follow` aborts (which cancels the double) and `follow` starts anew with the other.
 */
export function followSurvivor<T extends { readonly job: Job }>(
  _submitted: Submitted,
  _options: SubmitOptions,
  _follow: (job: Job, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  throw new Error('not yet');
}
