import { messageOf } from '../../faults.ts';
import { ApiError, isTransient } from '../../google/api-error.ts';
import { isRateLimit, kindOfText } from '../failover/texts.ts';
import { type Lag, lastSight } from './lag.ts';

/** What a failed request to create means. */
export type Failure =
  /** No job was made, and asking again makes none. */
  | { readonly kind: 'refused' }
  /** No job was made; asking again later may make one. */
  | { readonly kind: 'later' }
  /** Whether a job was made is open until lists show what there is, at `until`; `again`: then it may be asked for again. */
  | { readonly kind: 'unclear'; readonly until: number; readonly again: boolean };

/** Whether a 429 tells of machines that are not to be had, in stock or by quota: to ask again soon is vain. */
function isOfMachines(text: string): boolean {
  const kind = kindOfText(text);
  return (kind === 'quota' || kind === 'capacity') && !isRateLimit(text);
}

/** Statuses that come from a client, a proxy or a service that stopped waiting: the work may go on behind it. */
const GAVE_UP_WAITING = new Set([408, 499, 502, 504]);

/**
 * Reads the error of a request that was sent at `sentAt` and failed at `now`. Whatever is no refusal is unclear: no answer,
 * an answer of 5xx, and one that cannot be read.
 */
export function failureOf(error: unknown, { sentAt, now, lag }: { sentAt: number; now: number; lag: Lag }): Failure {
  const status = error instanceof ApiError ? error.httpStatus : undefined;
  if (status === 429) return { kind: isOfMachines(messageOf(error)) ? 'refused' : 'later' };
  const atWork = status === undefined || GAVE_UP_WAITING.has(status);
  if (!atWork && status < 500) return { kind: 'refused' };
  const until = atWork ? Math.max(lastSight(sentAt, lag), now + lag.listMs) : now + lag.listMs;
  return { kind: 'unclear', until, again: isTransient(error) };
}
