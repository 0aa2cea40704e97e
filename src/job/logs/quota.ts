import { ApiError } from '../../google/api-error.ts';
import type { Clock } from '../../retry.ts';
import { firstAllowance, type Pace, readBudget, saved, spent, waitForRead } from './budget.ts';

/** The reads that one job allows itself, as it goes. */
export interface Quota {
  /** How long until a read may be made, in milliseconds. */
  readonly waitMs: number;
  /** Entries to ask for in one answer. */
  readonly pageSize: number;
  /** Since when every read failed, and how the last one did. */
  readonly failing: Failing | undefined;
  succeeded(meanChars: number | undefined): void;
  failed(error: unknown): void;
  /** The wait after a pass of so many pages, in milliseconds; `idleMs` since an entry was last new. */
  restMs(pages: number, ageMs: number, idleMs: number): number;
}

export interface Failing {
  readonly sinceMs: number;
  readonly error: unknown;
}

const TOO_MANY = 429;

export function readQuota(clock: Clock, pace: Pace, random: () => number): Quota {
  let allowance = firstAllowance(pace, clock.now());
  let notBefore = 0;
  let throttled = 0;
  let failed = 0;
  let failing: Failing | undefined;
  let entryChars = 200;

  const budget = (pages: number, ageMs: number, idleMs: number) =>
    readBudget({ ageMs, idleMs, pages, share: allowance.share, throttled, failed, entryChars }, pace, random());

  return {
    get waitMs() {
      allowance = saved(allowance, clock.now());
      return Math.max(0, notBefore - clock.now(), waitForRead(allowance));
    },
    get pageSize() {
      return budget(0, 0, 0).pageSize;
    },
    get failing() {
      return failing;
    },
    succeeded: (meanChars) => {
      allowance = spent(allowance, 'read', pace);
      throttled = 0;
      failed = 0;
      failing = undefined;
      if (meanChars !== undefined) entryChars = (entryChars + meanChars) / 2;
    },
    failed: (error) => {
      const isThrottled = error instanceof ApiError && error.httpStatus === TOO_MANY;
      allowance = spent(allowance, isThrottled ? 'throttled' : 'failed', pace);
      if (isThrottled) throttled += 1;
      else failed += 1;
      failing = { sinceMs: failing?.sinceMs ?? clock.now(), error };
      notBefore = clock.now() + budget(0, 0, 0).waitMs;
    },
    restMs: (pages, ageMs, idleMs) => budget(pages, ageMs, idleMs).waitMs,
  };
}
