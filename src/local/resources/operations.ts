import type { Clock } from '../../retry.ts';
import type { Status } from '../../vertex/types.ts';
import { ApiError } from '../api/errors.ts';
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
  readonly #journal: Pick<Journal, 'operationDone'> | undefined;
  /** In the order of their making, by the place and their id. */
  readonly #known = new Map<string, Operation>();
  /** Those who wait for the end of one, by the same keys. */
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(clock: Clock, newId: () => string, journal?: Pick<Journal, 'operationDone'>) {
    this.#clock = clock;
    this.#newId = newId;
    this.#journal = journal;
  }

  /** Takes up an operation that an earlier process of the service kept. */
  restore(operation: Operation): void {
    this.#known.set(keyOf(operation.name), operation);
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
    this.restore(operation);
    this.#journal?.operationDone(operation);
    const key = keyOf(name);
    for (const go of this.#waiting.get(key) ?? []) go();
    this.#waiting.delete(key);
    return operation;
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
      const key = keyOf(name);
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
function keyOf(name: string): string {
  return name.replace(/^(projects\/[^/]+\/locations\/[^/]+)\/.*(operations\/[^/]+)$/, '$1/$2');
}
