import type { Clock } from '../../retry.ts';
import type { Status } from '../../vertex/types.ts';
import { ApiError, RPC_CODES } from '../api/errors.ts';
import { type Place, parentName } from '../api/ids.ts';
import { timestampOf } from '../api/timestamps.ts';
import type { Journal } from './journal.ts';

/** google.longrunning.Operation. Replaced when it is done, never changed. */
export interface Operation {
  /** `projects/NUMBER/locations/LOCATION/operations/ID`, or the same below a resource. */
  readonly name: string;
  readonly metadata: object;
  readonly done?: true;
  readonly response?: object;
  readonly error?: Status;
}

/** How an operation ends. */
export type Outcome = { readonly response: object } | { readonly error: Status };

const TYPES = 'type.googleapis.com/google.cloud.aiplatform.v1';
const EMPTY: Outcome = { response: { '@type': 'type.googleapis.com/google.protobuf.Empty' } };

/** The full type of a message of Vertex AI's, as it stands in `@type`. */
export const typeUrl = (message: string) => `${TYPES}.${message}`;

/** Long-running operations. */
export class Operations {
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #journal: Pick<Journal, 'operationDone' | 'operationDeleted'> | undefined;
  /** In the order of their making, by the place and their id. */
  readonly #known = new Map<string, Operation>();
  /** Those who wait for the end of one, by the same keys. */
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(clock: Clock, newId: () => string, journal?: Pick<Journal, 'operationDone' | 'operationDeleted'>) {
    this.#clock = clock;
    this.#newId = newId;
    this.#journal = journal;
  }

  /** Takes up an operation that an earlier process of the service kept. */
  restore(operation: Operation): void {
    this.#known.set(operationKey(operation.name), operation);
  }

  /** Begins an operation on the resource or place of that full name, with metadata of that message. */
  begin(parent: string, message: string): Operation {
    const operation = { name: `${parent}/operations/${this.#newId()}`, metadata: this.#metadata(message) };
    this.restore(operation);
    return operation;
  }

  /** Ends an operation that was begun, and gives it as it is then. */
  end({ name, metadata }: Operation, outcome: Outcome): Operation {
    const { genericMetadata } = metadata as { readonly genericMetadata: object };
    const updateTime = timestampOf(this.#clock.now());
    const changed = { ...metadata, genericMetadata: { ...genericMetadata, updateTime } };
    const operation: Operation = { name, metadata: changed, done: true, ...outcome };
    const key = operationKey(name);
    // One that nobody wants to hear of any more is not taken up again.
    if (!this.#known.has(key)) return operation;
    this.restore(operation);
    this.#journal?.operationDone(operation);
    for (const go of this.#waiting.get(key) ?? []) go();
    this.#waiting.delete(key);
    return operation;
  }

  /**
   * Ends an operation that is under way with the code CANCELLED; one that is done stays as it is, as the call promises no more
   * than to try. Throws NOT_FOUND.
   */
  cancel(place: Place, id: string): void {
    const operation = this.get(place, id);
    if (operation.done === true) return;
    this.end(operation, { error: { code: RPC_CODES.CANCELLED.number, message: 'The operation was cancelled.' } });
  }

  /** Forgets an operation, which is not cancelled by that. Throws NOT_FOUND. */
  delete(place: Place, id: string): void {
    const key = operationKey(this.get(place, id).name);
    this.#known.delete(key);
    for (const go of this.#waiting.get(key) ?? []) go();
    this.#waiting.delete(key);
    this.#journal?.operationDeleted(key);
  }

  /** Whether an operation has ended: one that was cancelled is to do nothing any more. */
  isDone({ name }: Operation): boolean {
    return this.#known.get(operationKey(name))?.done === true;
  }

  /** The operation that a delete answers with: what is deleted here is gone at once. */
  deleted(place: Place): Operation {
    return this.end(this.begin(parentName(place), 'DeleteOperationMetadata'), EMPTY);
  }

  /** The operation of that id in a place. Throws NOT_FOUND. */
  get(place: Place, id: string): Operation {
    const name = `${parentName(place)}/operations/${id}`;
    const operation = this.#known.get(name);
    if (operation === undefined) throw new ApiError('NOT_FOUND', `The Operation does not exist: ${name}`);
    return operation;
  }

  /** The same when it is done, or after so many milliseconds. */
  async wait(place: Place, id: string, ms: number): Promise<Operation> {
    const { done, name } = this.get(place, id);
    if (done !== true) {
      const over = new AbortController();
      const key = operationKey(name);
      this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), () => over.abort()]);
      await this.#clock.sleep(ms, over.signal).catch(() => {});
    }
    return this.get(place, id);
  }

  /** The operations of a resource or place of that full name, latest first. */
  list(parent: string): Operation[] {
    return [...this.#known.values()]
      .filter(({ name }) => name.replace(/\/operations\/[^/]+$/, '') === parent)
      .reverse();
  }

  #metadata(message: string): object {
    const now = timestampOf(this.#clock.now());
    return { '@type': typeUrl(message), genericMetadata: { createTime: now, updateTime: now } };
  }
}

/** The name of an operation as if it stood right below its place: its id alone is unique there. */
export function operationKey(name: string): string {
  return name.replace(/^(projects\/[^/]+\/locations\/[^/]+)\/.*(operations\/[^/]+)$/, '$1/$2');
}
