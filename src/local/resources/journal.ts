import type { Operation } from './operations.ts';
import type { JobRecord } from './store.ts';
import type { Decision, ModelRecord } from './types.ts';

/** Hears of every change to what the service keeps, so that a later process of it can take it up. */
export interface Journal {
  added(record: JobRecord): void;
  /** `change` holds the fields that were replaced. */
  changed(record: JobRecord, change: object): void;
  /** Told before the job's containers are removed. */
  decided(record: JobRecord, decision: Decision): void;
  deleted(record: JobRecord): void;
  modelChanged(record: ModelRecord): void;
  modelDeleted(name: string): void;
  operationDone(operation: Operation): void;
  /** `name` is the operation's as it stands right below its place. */
  operationDeleted(name: string): void;
}

/** What an earlier process of the service left. */
export interface Kept {
  /** In the order of their making. */
  readonly records: readonly JobRecord[];
  /** In the order of their making. */
  readonly models: readonly ModelRecord[];
  readonly operations: readonly Operation[];
}
