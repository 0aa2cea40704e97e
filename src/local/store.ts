import type { CustomJob, HyperparameterTuningJob, JobFields } from '../vertex/types.ts';
import { ApiError } from './errors.ts';
import { type Place, parentName } from './ids.ts';

/** The resources by collection. */
export interface Collections {
  readonly customJobs: CustomJob;
  readonly hyperparameterTuningJobs: HyperparameterTuningJob;
}
export type Collection = keyof Collections;

const KINDS: Readonly<Record<Collection, string>> = {
  customJobs: 'CustomJob',
  hyperparameterTuningJobs: 'HyperparameterTuningJob',
};

/** A job as the service keeps it. Its resource is replaced at each change, never changed. */
export interface JobRecord<R extends JobFields = JobFields> {
  readonly id: string;
  readonly place: Place;
  readonly collection: Collection;
  /** False for the custom job of a trial, which is named by its trial only. */
  readonly listed: boolean;
  resource: R;
}

export function recordName(record: Omit<JobRecord, 'resource' | 'listed'>): string {
  return `${parentName(record.place)}/${record.collection}/${record.id}`;
}

/** All jobs, in the order of their making. */
export class JobStore {
  readonly #records = new Map<string, JobRecord>();

  add(record: JobRecord): void {
    this.#records.set(recordName(record), record);
  }

  /** The job of that name. Throws NOT_FOUND. */
  get(place: Place, collection: Collection, id: string): JobRecord {
    const name = recordName({ place, collection, id });
    const record = this.#records.get(name);
    if (record === undefined) throw new ApiError('NOT_FOUND', `The ${KINDS[collection]} does not exist: ${name}`);
    return record;
  }

  delete(record: JobRecord): void {
    this.#records.delete(recordName(record));
  }

  /** The jobs of a place, latest first (the service's own order is not documented). */
  list(place: Place, collection: Collection): JobRecord[] {
    const prefix = `${parentName(place)}/${collection}/`;
    return [...this.#records]
      .filter(([name, record]) => record.listed && name.startsWith(prefix))
      .map(([, record]) => record)
      .reverse();
  }
}
