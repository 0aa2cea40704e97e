import { closeSync, openSync } from 'node:fs';
import type { Trial } from '../../vertex/types.ts';
import { keepText } from '../life/kept-file.ts';
import { writeWhole } from '../life/write-whole.ts';
import type { Journal, Kept } from './journal.ts';
import type { Line } from './journal-line.ts';
import type { Operation } from './operations.ts';
import { type JobRecord, recordName } from './store.ts';
import type { Decision, ModelRecord } from './types.ts';

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
    writeWhole(this.#file, Buffer.from(lineOf(line)));
  }
}
