import type { Job } from '../../vertex/jobs.ts';

/** A job as it was just seen. */
export interface Look {
  readonly job: Job;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether the service answered just now; else the job is as it was the last time that it did. */
  readonly fresh: boolean;
}

/** What ends the watching before the job ends; `T` says why. */
export interface Until<T> {
  /** Why the watching ends with this look; undefined while it goes on. Asked after each look at a job that has not ended. */
  due(look: Look): T | undefined;
  /** When to look for its sake at the latest, as milliseconds since the epoch. */
  at(job: Job): number | undefined;
}

/** The first of several that is due. */
export function anyOf<T>(...all: readonly Until<T>[]): Until<T> {
  return {
    due: (look) => {
      for (const each of all) {
        const reason = each.due(look);
        if (reason !== undefined) return reason;
      }
      return undefined;
    },
    at: (job) => {
      const moments = all.flatMap((each) => each.at(job) ?? []);
      return moments.length === 0 ? undefined : Math.min(...moments);
    },
  };
}

/** At a fixed moment, whether the service answers then or not. */
export function atMoment<T>(at: number | undefined, reason: T): Until<T> {
  return {
    due: ({ now }) => (at !== undefined && now >= at ? reason : undefined),
    at: () => at,
  };
}

/** The same, but only once `mayBe` holds. */
export function onceAllowed<T>(mayBe: () => boolean, until: Until<T>): Until<T> {
  return { ...until, due: (look) => (mayBe() ? until.due(look) : undefined) };
}
