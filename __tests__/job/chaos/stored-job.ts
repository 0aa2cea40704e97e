import type { Collection } from '../../../src/vertex/jobs.ts';
import type { Status } from '../../../src/vertex/types.ts';

/** What a job does from its creation on: each state, and how long it stays, in milliseconds; the last one is its end. */
export type Course = readonly (readonly [state: string, ms: number])[];

/** A job as the service has it. */
export interface StoredJob {
  readonly name: string;
  readonly collection: Collection;
  readonly labels: Readonly<Record<string, string>>;
  readonly createTime: string;
  readonly createdAt: number;
  /** Whose request it was. */
  readonly by: string;
  readonly place: string;
  /** Requests to cancel it. */
  readonly cancels: { readonly at: number; readonly by: string }[];
  /** Lines that it has written. */
  readonly lines: string[];
  /** All states with their beginnings. */
  readonly states: { readonly at: number; readonly state: string }[];
  /** Why it fails, where it is not its program's doing. */
  error: Status | undefined;
}

/** As it is now. */
export const stateOf = ({ states }: StoredJob) => states.at(-1)?.state ?? 'UNSPECIFIED';

/** The state at a moment; undefined where the job was not there yet. */
export function stateAt({ states }: StoredJob, at: number): string | undefined {
  return states.findLast((entry) => entry.at <= at)?.state;
}
