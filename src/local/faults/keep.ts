import { appendFileSync, existsSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { isRecord, textAt } from '../../json.ts';
import type { HyperparameterTuningJob, Trial } from '../../vertex/types.ts';
import type { Journal, Kept } from '../resources/journal.ts';
import { type Operation, operationKey } from '../resources/operations.ts';
import { type JobRecord, recordName } from '../resources/store.ts';
import type { ModelRecord, ResourceFields } from '../resources/types.ts';

/** One change, a line of JSON. */
type Line =
  | { readonly instance: string }
  | { readonly add: JobRecord }
  | { readonly change: string; readonly fields: object; readonly trials?: readonly Trial[] }
  | { readonly remove: string }
  | { readonly model: ModelRecord }
  | { readonly removeModel: string }
  | { readonly operation: Operation }
  | { readonly removeOperation: string };

/** The trials of a change that are not those of the change before. */
type Seen = ReadonlyMap<string, Trial>;

/** Writes each change at once: the process may be killed after any of them. */
export class FileJournal implements Journal {
  readonly #path: string;
  readonly #seen = new WeakMap<JobRecord, Seen>();

  /** `instance` marks what this process makes on the engine. */
  constructor(path: string, instance: string) {
    this.#path = path;
    this.#write({ instance });
  }

  added(record: JobRecord): void {
    this.#write({ add: record });
  }

  changed(record: JobRecord, change: object): void {
    const { trials, ...fields } = change as Partial<HyperparameterTuningJob>;
    const changed = trials === undefined ? {} : { trials: this.#changedTrials(record, trials) };
    this.#write({ change: recordName(record), fields, ...changed });
  }

  /** Trials, like resources, are replaced and never changed. */
  #changedTrials(record: JobRecord, trials: readonly Trial[]): readonly Trial[] {
    const seen = this.#seen.get(record);
    this.#seen.set(record, new Map(trials.map((trial) => [trial.id, trial])));
    return trials.filter((trial) => seen?.get(trial.id) !== trial);
  }

  deleted(record: JobRecord): void {
    this.#write({ remove: recordName(record) });
  }

  modelChanged(model: ModelRecord): void {
    this.#write({ model });
  }

  modelDeleted(name: string): void {
    this.#write({ removeModel: name });
  }

  operationDone(operation: Operation): void {
    this.#write({ operation });
  }

  operationDeleted(name: string): void {
    this.#write({ removeOperation: name });
  }

  #write(line: Line): void {
    appendFileSync(this.#path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  }
}

/** The whole lines of a file, which is cut off after the last of them; none where there is no file. */
function wholeLines(path: string): string[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf('\n') + 1;
  if (end < bytes.length) truncateSync(path, end);
  return bytes.toString('utf8', 0, end).split('\n').slice(0, -1);
}

/** Replays a journal. */
class Replay {
  readonly #records = new Map<string, JobRecord>();
  readonly #models = new Map<string, ModelRecord>();
  readonly #operations = new Map<string, Operation>();
  instance: string | undefined;

  /** Takes a line that this module wrote; only its outline is looked at. */
  take(line: unknown): void {
    if (!isRecord(line)) return;
    if ('instance' in line) this.instance = textAt(line, 'instance');
    if ('add' in line) this.#add(line['add'] as JobRecord);
    if ('change' in line)
      this.#change(String(line['change']), line['fields'] as object, line['trials'] as Trial[] | undefined);
    if ('remove' in line) this.#records.delete(String(line['remove']));
    this.#takeModel(line);
  }

  #takeModel(line: Readonly<Record<string, unknown>>): void {
    if ('model' in line) this.#addModel(line['model'] as ModelRecord);
    if ('removeModel' in line) this.#models.delete(String(line['removeModel']));
    if ('operation' in line) this.#addOperation(line['operation'] as Operation);
    if ('removeOperation' in line) this.#operations.delete(String(line['removeOperation']));
  }

  #addModel(model: ModelRecord): void {
    this.#models.set(model.name, model);
  }

  #addOperation(operation: Operation): void {
    this.#operations.set(operationKey(operation.name), operation);
  }

  #add(record: JobRecord): void {
    this.#records.set(recordName(record), record);
  }

  #change(name: string, fields: object, trials: readonly Trial[] | undefined): void {
    const record = this.#records.get(name);
    if (record === undefined) return;
    const resource: ResourceFields & { readonly trials?: readonly Trial[] } = { ...record.resource, ...fields };
    record.resource =
      trials === undefined
        ? resource
        : ({ ...resource, trials: merged(resource.trials ?? [], trials) } as ResourceFields);
  }

  get kept(): Kept {
    return {
      records: [...this.#records.values()],
      models: [...this.#models.values()],
      operations: [...this.#operations.values()],
    };
  }
}

function merged(earlier: readonly Trial[], changed: readonly Trial[]): Trial[] {
  return [...new Map([...earlier, ...changed].map((trial) => [trial.id, trial])).values()];
}

/** What an earlier process wrote to its journal; `instance` is its mark, undefined where there was none. */
export function readJournal(path: string): Kept & { readonly instance: string | undefined } {
  const replay = new Replay();
  for (const line of wholeLines(path)) replay.take(JSON.parse(line));
  return { ...replay.kept, instance: replay.instance };
}

/** Puts a value in a file of JSON; whoever reads it finds the one before or this one, whole. */
export function keepJson(path: string, value: unknown): void {
  writeFileSync(`${path}.new`, JSON.stringify(value), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** What keepJson put in a file; undefined where there is none. Throws SyntaxError where it is no JSON. */
export function readJson(path: string): unknown {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as unknown) : undefined;
}
