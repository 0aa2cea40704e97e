/** Why a job was refused, failed or did not start; `other` is everything that no other machine or region mends. */
export type FailureKind = 'capacity' | 'quota' | 'bad-request' | 'permission' | 'image' | 'preempted' | 'other';

/** What to do about it: the next hardware or region in order, another region before other hardware, or nothing. */
export type NextStep = 'next-choice' | 'next-region' | 'stop';

/** What a failure was, and what follows from it. */
export interface Verdict {
  readonly kind: FailureKind;
  readonly course: NextStep;
  /** What happened, in the service's words, and the mend. */
  readonly message: string;
}

/** What is known of the request that failed. */
export interface Setting {
  readonly projectId: string;
  readonly region: string;
  /** The hardware in words, as in `n1-standard-8 with 1 NVIDIA_TESLA_T4`. */
  readonly hardware: string;
  /** Who signs in, as IAM writes it; undefined where only the token says. */
  readonly principal: string | undefined;
  /** The job's own identity; undefined where it is the service's agent. */
  readonly serviceAccount: string | undefined;
  /** Scheduling.strategy, and whether it forbids the service to try again. */
  readonly strategy: string | undefined;
  readonly disableRetries: boolean;
  /** The limit of a quota metric in a region, where something knows it. */
  readonly limitOf?: ((metric: string, region: string) => number | undefined) | undefined;
}

/** Jobs of other machines than Google's own hands can be taken away. */
export const isSpot = ({ strategy }: Pick<Setting, 'strategy'>) => strategy === 'SPOT' || strategy === 'LOW_COST';
