import type { VertexApi } from '../../google/vertex.ts';
import type { Log } from '../../log.ts';
import type { JobPlan } from '../../plan/job.ts';
import type { Clock } from '../../retry.ts';
import type { Job } from '../../vertex/jobs.ts';
import type { Lag } from './lag.ts';
import type { Place } from './submit.ts';

/** Where and by which labels a step's jobs are found; what main saves for post before it asks for one. */
export interface Traces {
  readonly parent: string;
  readonly collection: JobPlan['collection'];
  readonly labels: Readonly<Record<string, string>>;
}

/** The live jobs of a step, of this attempt and the earlier ones, as lists show them now. Throws ApiError. */
export function findOurs(_api: VertexApi, _traces: Traces, _elsewhere?: readonly Place[]): Promise<readonly Job[]> {
  throw new Error('not yet');
}

export interface EndOursOptions {
  readonly api: VertexApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly random?: () => number;
  readonly traces: Traces;
  readonly elsewhere?: readonly Place[];
  /** Names that main heard of through `onJob`. */
  readonly names: readonly string[];
  /** Whether main may have asked for a job so lately that lists do not show it yet. */
  readonly mayTurnUp: boolean;
  readonly lag?: Lag;
  /** How long the end of what was cancelled is waited for, in milliseconds. */
  readonly waitMs: number;
}

/** Post's part: cancels every live job of the step and waits for their ends while time lasts; gives them as last seen. */
export function endOurs(_options: EndOursOptions): Promise<readonly Job[]> {
  throw new Error('not yet');
}
