import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { UserError } from '../../faults.ts';
import { isRecord } from '../../json.ts';
import type { Trial } from '../../vertex/types.ts';
import { keepText } from '../life/kept-file.ts';
import type { Journal, Kept } from './journal.ts';
import { type Operation, operationKey } from './operations.ts';
import { type JobRecord, recordName } from './store.ts';
import type { Decision, ModelRecord, ResourceFields } from './types.ts';

/** One change, a line of JSON. */
type Line =
  | { readonly instance: string }
  | { readonly add: JobRecord }
  | { readonly change: string; readonly fields: object; readonly trials?: readonly Trial[] }
  | { readonly decided: string; readonly decision: Decision }
  | { readonly remove: string }
  | { readonly model: ModelRecord }
  | { readonly removeModel: string }
  | { readonly operation: Operation }
  | { readonly removeOperation: string };

/** The trials of a change that are not those of the change before. */
type Seen = ReadonlyMap<string, Trial>;

const lineOf = (line: Line) => `${JSON.stringify(line)}\n`;

/** The journal of a service in its data folder. Each change is written at once: the process may be killed after any of them. */
export class FileJournal implements Journal {
  readonly #file: number;
  readonly #seen = new WeakMap<JobRecord, Seen>();
  #isOpen = true;

  /**
   * Writes a journal anew that holds no more than what is left of the earlier one, and goes on with it. `instance` marks what
   * this service makes on the engine.
   */
  constructor(path: string, instance: string, { records, models, operations }: Kept) {
    const lines: Line[] = [
      { instance },
      ...records.map((add) => ({ add })),
      ...models.map((model) => ({ model })),
      ...operations.map((operation) => ({ operation })),
    ];
    keepText(path, lines.map(lineOf).join(''));
    this.#file = openSync(path, 'a', 0o600);
  }

  added(record: JobRecord): void {
    this.#write({ add: record });
  }

  changed(record: JobRecord, change: object): void {
    const { trials, ...fields } = change as { readonly trials?: readonly Trial[] };
    const changed = trials === undefined ? {} : { trials: this.#changedTrials(record, trials) };
    this.#write({ change: recordName(record), fields, ...changed });
  }

  /** Trials, like resources, are replaced and never changed. */
  #changedTrials(record: JobRecord, trials: readonly Trial[]): readonly Trial[] {
    const seen = this.#seen.get(record);
    this.#seen.set(record, new Map(trials.map((trial) => [trial.id, trial])));
    return trials.filter((trial) => seen?.get(trial.id) !== trial);
  }

  decided(record: JobRecord, decision: Decision): void {
    this.#write({ decided: recordName(record), decision });
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

  /** What is told afterwards is not kept. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.#file);
  }

  #write(line: Line): void {
    if (!this.#isOpen) return;
    const bytes = Buffer.from(lineOf(line));
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#file, bytes, written);
  }
}

/** Replays a journal. */
class Replay {
  readonly #records = new Map<string, JobRecord>();
  readonly #models = new Map<string, ModelRecord>();
  readonly #operations = new Map<string, Operation>();
  #instance: string | undefined;

  /** Takes a line that this module wrote; only its outline is looked at. False where it is no such line. */
  take(line: Readonly<Record<string, unknown>>): boolean {
    const [kind = ''] = Object.keys(line);
    const handler = HANDLERS[kind as keyof typeof HANDLERS];
    if (!Object.hasOwn(HANDLERS, kind) || !fits(kind, line)) return false;
    handler(this, line as never);
    return true;
  }

  name(instance: string): void {
    this.#instance = instance;
  }

  add(record: JobRecord): void {
    this.#records.set(recordName(record), record);
  }

  change(name: string, fields: object, trials: readonly Trial[] | undefined): void {
    const record = this.#records.get(name);
    if (record === undefined) return;
    const resource: ResourceFields & { readonly trials?: readonly Trial[] } = { ...record.resource, ...fields };
    record.resource =
      trials === undefined
        ? resource
        : ({ ...resource, trials: merged(resource.trials ?? [], trials) } as ResourceFields);
  }

  decide(name: string, decision: Decision): void {
    const record = this.#records.get(name);
    if (record !== undefined) record.decision = decision;
  }

  remove(name: string): void {
    this.#records.delete(name);
  }

  putModel(model: ModelRecord): void {
    this.#models.set(model.name, model);
  }

  removeModel(name: string): void {
    this.#models.delete(name);
  }

  putOperation(operation: Operation): void {
    this.#operations.set(operationKey(operation.name), operation);
  }

  removeOperation(name: string): void {
    this.#operations.delete(operationKey(name));
  }

  get found(): Found {
    return {
      records: [...this.#records.values()],
      models: [...this.#models.values()],
      operations: [...this.#operations.values()],
      instance: this.#instance,
    };
  }
}

/** The kinds of lines, each by the name that comes first in it. */
const HANDLERS = {
  instance: (replay: Replay, { instance }: { instance: string }) => replay.name(instance),
  add: (replay: Replay, { add }: { add: JobRecord }) => replay.add(add),
  change: (replay: Replay, line: { change: string; fields: object; trials?: readonly Trial[] }) =>
    replay.change(line.change, line.fields, line.trials),
  decided: (replay: Replay, line: { decided: string; decision: Decision }) =>
    replay.decide(line.decided, line.decision),
  remove: (replay: Replay, { remove }: { remove: string }) => replay.remove(remove),
  model: (replay: Replay, { model }: { model: ModelRecord }) => replay.putModel(model),
  removeModel: (replay: Replay, { removeModel }: { removeModel: string }) => replay.removeModel(removeModel),
  operation: (replay: Replay, { operation }: { operation: Operation }) => replay.putOperation(operation),
  removeOperation: (replay: Replay, line: { removeOperation: string }) => replay.removeOperation(line.removeOperation),
};

const OF_OBJECTS: ReadonlySet<string> = new Set(['add', 'model', 'operation']);

function fits(kind: string, line: Readonly<Record<string, unknown>>): boolean {
  if (OF_OBJECTS.has(kind) !== isRecord(line[kind])) return false;
  if (kind === 'add') return isRecord((line['add'] as Record<string, unknown>)['place']);
  if (kind === 'change') return isRecord(line['fields']);
  return kind !== 'decided' || isRecord(line['decision']);
}

function merged(earlier: readonly Trial[], changed: readonly Trial[]): Trial[] {
  return [...new Map([...earlier, ...changed].map((trial) => [trial.id, trial])).values()];
}

/** What an earlier process wrote to its journal; `instance` is its mark, undefined where there was none. */
type Found = Kept & { readonly instance: string | undefined };

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads a journal; there may be none. A last line without its end was cut off by a kill: that change was never answered, and
 * `onNote` hears of it. Throws UserError for any other line that cannot be read.
 */
export function readJournal(path: string, onNote: (text: string) => void = () => {}): Found {
  const replay = new Replay();
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [''];
  const rest = lines.pop();
  for (const [index, text] of lines.entries()) {
    const line = parsed(text);
    if (line !== undefined && replay.take(line)) continue;
    throw new UserError(
      `${path}:${index + 1}: this line of the local region's journal cannot be read. Remove the line to go on without what it tells, or move the folder away to begin anew.`,
    );
  }
  if (rest !== '') onNote(`${path}:${lines.length + 1}: the last line was not written to its end, and is left out.`);
  return replay.found;
}
