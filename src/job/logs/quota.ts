import { ApiError } from '../../google/api-error.ts';
import type { Clock } from '../../retry.ts';
import { firstAllowance, type ReadPace, type Recent, readBudget, saved, spent, waitForRead } from './budget.ts';

/** The reads that one job allows itself, as it goes. */
interface Quota {
  /** How long until a read may be made, in milliseconds. */
  readonly waitMs: number;
  /** Entries to ask for in one answer. */
  readonly pageSize: number;
  /** Since when every read failed, and how the last one did. */
  readonly failing: Failing | undefined;
  succeeded(meanChars: number | undefined): void;
  failed(error: unknown): void;
  /** The wait after a pass, in milliseconds. */
  restMs(after: Pick<Recent, 'pages' | 'passMs' | 'ageMs' | 'idleMs'>): number;
}

/** Reads that have failed ever since a moment, in milliseconds since the epoch, and the error of the last one. */
export interface Failing {
  readonly sinceMs: number;
  readonly error: unknown;
}

const TOO_MANY = 429;
const NO_PASS = { pages: 0, passMs: 0, ageMs: 0, idleMs: 0 };

/** The quota of a job whose log was not read yet; `random` gives numbers in [0, 1). */
export function readQuota(clock: Clock, pace: ReadPace, random: () => number): Quota {
  let allowance = firstAllowance(pace, clock.now());
  let notBefore = 0;
  let throttled = 0;
  let failed = 0;
  let failing: Failing | undefined;
  let entryChars = 200;

  const budget = (after: Pick<Recent, 'pages' | 'passMs' | 'ageMs' | 'idleMs'>) =>
    readBudget({ ...after, share: allowance.share, throttled, failed, entryChars }, pace, random());

  return {
    get waitMs() {
      allowance = saved(allowance, clock.now());
      return Math.max(0, notBefore - clock.now(), waitForRead(allowance));
    },
    get pageSize() {
      return budget(NO_PASS).pageSize;
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
      notBefore = clock.now() + budget(NO_PASS).waitMs;
    },
    restMs: (after) => budget(after).waitMs,
  };
}
