import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../../faults.ts';
import { isRecord } from '../../json.ts';
import type { Trial } from '../../vertex/types.ts';
import type { Kept } from './journal.ts';
import { type Operation, operationKey } from './operations.ts';
import { type JobRecord, recordName } from './store.ts';
import type { Decision, ModelRecord, ResourceFields } from './types.ts';

/** Replays a journal. */
class Replay {
  readonly #records = new Map<string, JobRecord>();
  readonly #models = new Map<string, ModelRecord>();
  readonly #operations = new Map<string, Operation>();
  #instance: string | undefined;

  /** Takes a line that `FileJournal` wrote; only its outline is looked at. False where it is no such line. */
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
