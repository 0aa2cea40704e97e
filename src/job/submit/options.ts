import type { VertexApi } from '../../google/vertex.ts';
import type { Log } from '../../log.ts';
import type { JobPlan } from '../../plan/job.ts';
import type { Clock } from '../../retry.ts';
import type { Job } from '../../vertex/jobs.ts';
import type { Traces } from './claim.ts';
import type { Lag } from './lag.ts';

/** One region of the service, where jobs of this step may be. */
export interface Place {
  readonly api: VertexApi;
  /** `projects/P/locations/L`. */
  readonly parent: string;
}

/** What job a step wants, and how it is asked for. */
export interface SubmitOptions {
  readonly api: VertexApi;
  readonly clock: Clock;
  readonly log: Log;
  /** Once it aborts, its reason is thrown; by then every job that is known was told through `onJob`. */
  readonly signal: AbortSignal;
  readonly random?: () => number;
  /** Its labels carry series, key, attempt and request hash (src/plan/labels.ts). */
  readonly request: JobPlan;
  /** What becomes of the job of an earlier attempt that lives or has succeeded. */
  readonly onRerun: 'attach' | 'new';
  /** Whether live jobs of the same series with a lower run number are cancelled. */
  readonly supersede: boolean;
  readonly runNumber: number;
  /**
   * Hears of each job that is known to be this step's, doubles included, as soon as it is, and perhaps again: post may have
   * to cancel it.
   */
  readonly onJob: (job: Job) => void;
  /** Hears which of them stands for the step, each time that this is found, as it was seen or listed then. */
  readonly onStanding?: (job: Job) => void;
  /**
   * Where no job was had: hears when none can turn up any more that was asked for, in milliseconds since the epoch. At once
   * where every request of a first attempt was clearly refused; a later attempt looks for what the one before had asked for.
   */
  readonly onQuiet?: (at: number) => void;
  /** The other regions that this step may use or may have used: its jobs are looked for there too. */
  readonly elsewhere?: readonly Place[];
  /** Names of jobs of this attempt that fail-over has given up: they count as if they were not there. */
  readonly givenUp?: readonly string[];
  /** CLOUD_LAG where it is not given. */
  readonly lag?: Lag;
}

/** The step's job, and when to look again for others. */
export interface Submitted {
  /** As the service last told of it, with its trials. */
  readonly job: Job;
  /**
   * `created`: by this call. `found`: made by this attempt, but by a call whose answer was lost, or by another leg of the
   * same key. `attached`, `already-succeeded`: made by an earlier attempt.
   */
  readonly how: 'created' | 'found' | 'attached' | 'already-succeeded';
  /** The attempt that made the job, where it was an earlier one. */
  readonly earlierAttempt: number | undefined;
  /** When `settleDoubles` is to be called again: milliseconds since the epoch by `clock`, ascending. */
  readonly lookAgain: readonly number[];
  /** When no other job of the step can turn up any more, by the same clock. */
  readonly quietAt: number;
}

/** What post knows of a step's jobs. */
export interface EndOursOptions {
  readonly api: VertexApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly random?: () => number;
  readonly traces: Traces;
  readonly elsewhere?: readonly Place[];
  /** Names that main heard of through `onJob`. */
  readonly names: readonly string[];
  /** As main was told; `attach` where it is not given. */
  readonly onRerun?: SubmitOptions['onRerun'] | undefined;
  /** `Submitted.quietAt`, by the same clock; where main did not come so far, it is counted from now. */
  readonly quietAt?: number | undefined;
  /** CLOUD_LAG where it is not given. */
  readonly lag?: Lag;
  /** How long the ends of what was cancelled are waited for, in milliseconds. */
  readonly waitMs: number;
  /** Names of jobs that fail-over has given up: none of them stands for the step. */
  readonly givenUp?: readonly string[] | undefined;
}
