import type { JobRecord } from './store.ts';
import type { Model } from './types.ts';

/** Hears of every change to the jobs and models, so that a later process of the service can take them up. */
export interface Journal {
  added(record: JobRecord): void;
  /** `change` holds the fields that were replaced. */
  changed(record: JobRecord, change: object): void;
  deleted(record: JobRecord): void;
  modelAdded(name: string, model: Model, time: string): void;
}

/** What an earlier process of the service left. */
export interface Kept {
  /** In the order of their making. */
  readonly records: readonly JobRecord[];
  readonly models: readonly { readonly name: string; readonly model: Model; readonly time: string }[];
}
