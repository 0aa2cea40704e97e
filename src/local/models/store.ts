import { ApiError } from '../api/errors.ts';
import type { Journal } from '../resources/journal.ts';
import type { Model, ModelRecord } from '../resources/types.ts';
import { type AliasChange, DEFAULT_ALIAS, versionOf, withAliases, withoutVersion, withVersion } from './versions.ts';

type ModelJournal = Pick<Journal, 'modelChanged' | 'modelDeleted'>;

/** The model registry: all models with their versions. */
export class ModelStore {
  /** By name. */
  readonly #models = new Map<string, ModelRecord>();
  readonly #journal: ModelJournal | undefined;

  constructor(journal?: ModelJournal) {
    this.#journal = journal;
  }

  /** Takes up a model that an earlier process of the service kept. */
  restore(record: ModelRecord): void {
    this.#models.set(record.name, record);
  }

  has(name: string): boolean {
    return this.#models.has(name);
  }

  /** Makes a model, or the next version of one that exists, at an RFC 3339 time. */
  add(name: string, model: Model, time: string): Model {
    const record = this.#put(withVersion(this.#models.get(name), name, model, time));
    return this.#version(record, String(record.lastVersion));
  }

  /** The version that `reference` (its number or an alias) means. Throws NOT_FOUND. */
  get(name: string, reference: string = DEFAULT_ALIAS): Model {
    const record = this.#models.get(name);
    if (record !== undefined) return this.#version(record, reference);
    throw new ApiError('NOT_FOUND', `The Model does not exist: ${named(name, reference)}`);
  }

  /** Every version of a model, in the order of their making. Throws NOT_FOUND. */
  versions(name: string): readonly Model[] {
    return this.#record(name).versions;
  }

  /** The default versions of all models whose names begin with `prefix`, in the order of the models' making. */
  defaults(prefix: string): Model[] {
    const records = [...this.#models.values()].filter(({ name }) => name.startsWith(prefix));
    return records.map((record) => this.#version(record, DEFAULT_ALIAS));
  }

  /** The version that a training pipeline of that full name uploaded, if it has. */
  madeBy(pipeline: string): Model | undefined {
    const all = [...this.#models.values()].flatMap(({ versions }) => versions);
    return all.find(({ trainingPipeline }) => trainingPipeline === pipeline);
  }

  /** Changes the aliases of a version at an RFC 3339 time, and gives it as it is then. Throws NOT_FOUND and INVALID_ARGUMENT. */
  changeAliases(name: string, reference: string, change: AliasChange, time: string): Model {
    const { versionId = '' } = this.get(name, reference);
    return this.#version(this.#put(withAliases(this.#record(name), versionId, change, time)), versionId);
  }

  /** Deletes a version. Throws NOT_FOUND and FAILED_PRECONDITION. */
  deleteVersion(name: string, reference: string): void {
    const { versionId = '' } = this.get(name, reference);
    this.#put(withoutVersion(this.#record(name), versionId));
  }

  /** Deletes a model with all its versions. Throws NOT_FOUND. */
  delete(name: string): void {
    this.#models.delete(this.#record(name).name);
    this.#journal?.modelDeleted(name);
  }

  #record(name: string): ModelRecord {
    const record = this.#models.get(name);
    if (record === undefined) throw new ApiError('NOT_FOUND', `The Model does not exist: ${name}`);
    return record;
  }

  #version(record: ModelRecord, reference: string): Model {
    const found = versionOf(record, reference);
    if (found === undefined) {
      throw new ApiError('NOT_FOUND', `The Model does not exist: ${named(record.name, reference)}`);
    }
    return found;
  }

  #put(record: ModelRecord): ModelRecord {
    this.#models.set(record.name, record);
    this.#journal?.modelChanged(record);
    return record;
  }
}

function named(name: string, reference: string): string {
  return reference === DEFAULT_ALIAS ? name : `${name}@${reference}`;
}
