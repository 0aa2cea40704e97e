import type { CustomJob, HyperparameterTuningJob } from '../../vertex/types.ts';
import { ApiError } from '../api/errors.ts';
import { type Place, parentName } from '../api/ids.ts';
import type { Decision, ResourceFields, TrainingPipeline } from './types.ts';

/** The resources by collection. */
export interface Collections {
  readonly customJobs: CustomJob;
  readonly hyperparameterTuningJobs: HyperparameterTuningJob;
  readonly trainingPipelines: TrainingPipeline;
}
export type Collection = keyof Collections;

/** What the resources of a collection are called, and what their states begin with. */
export const KINDS = {
  customJobs: { name: 'CustomJob', states: 'JOB_STATE_' },
  hyperparameterTuningJobs: { name: 'HyperparameterTuningJob', states: 'JOB_STATE_' },
  trainingPipelines: { name: 'TrainingPipeline', states: 'PIPELINE_STATE_' },
} as const satisfies Readonly<Record<Collection, object>>;

export function isCollection(name: string): name is Collection {
  return Object.hasOwn(KINDS, name);
}

/** A job or training pipeline as the service keeps it. Its resource is replaced at each change, never changed. */
export interface JobRecord<R extends ResourceFields = ResourceFields> {
  readonly id: string;
  readonly place: Place;
  readonly collection: Collection;
  /** False for the custom job of a trial, which is named by its trial only. */
  readonly listed: boolean;
  resource: R;
  /** How its containers ended, where a later process of the service is to know it though they are gone. */
  decision?: Decision;
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
    if (record === undefined) throw new ApiError('NOT_FOUND', `The ${KINDS[collection].name} does not exist: ${name}`);
    return record;
  }

  /** The job of that full name, if there is one. */
  find(name: string): JobRecord | undefined {
    return this.#records.get(name);
  }

  /** The same. Throws NOT_FOUND. */
  named(name: string): JobRecord {
    const record = this.find(name);
    if (record === undefined) throw new ApiError('NOT_FOUND', `The resource does not exist: ${name}`);
    return record;
  }

  delete(record: JobRecord): void {
    this.#records.delete(recordName(record));
  }

  /** Every job that lists can tell of, in the order of their making. */
  listed(): JobRecord[] {
    return [...this.#records.values()].filter(({ listed }) => listed);
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
