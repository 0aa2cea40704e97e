import type { Clock } from '../../retry.ts';
import { ApiError } from '../api/errors.ts';
import { type Place, parentName } from '../api/ids.ts';
import { timestampOf } from '../api/timestamps.ts';
import type { Journal } from './journal.ts';

/** google.longrunning.Operation. */
export interface Operation {
  /** `projects/NUMBER/locations/LOCATION/operations/ID`, or the same below a resource. */
  readonly name: string;
  readonly metadata: object;
  readonly done?: true;
  readonly response?: object;
}

const TYPES = 'type.googleapis.com/google.cloud.aiplatform.v1';

/**
 * Long-running operations. Whatever this service does for one is done when it answers; of an upload, which takes the
 * service a while, the first answer tells that it is under way all the same, so that clients learn to look again.
 */
export class Operations {
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #journal: Pick<Journal, 'operationDone'> | undefined;
  /** In the order of their making, by the place and their id. */
  readonly #known = new Map<string, Operation>();

  constructor(clock: Clock, newId: () => string, journal?: Pick<Journal, 'operationDone'>) {
    this.#clock = clock;
    this.#newId = newId;
    this.#journal = journal;
  }

  /** Takes up an operation that an earlier process of the service kept. */
  restore(operation: Operation): void {
    this.#known.set(keyOf(operation.name), operation);
  }

  /** The operation that a delete answers with. */
  deleted(place: Place): Operation {
    const response = { '@type': 'type.googleapis.com/google.protobuf.Empty' };
    return this.#add(parentName(place), 'DeleteOperationMetadata', response);
  }

  /** The operation that an upload answers with, which made this version of that model. */
  uploaded(model: string, modelVersionId: string): Operation {
    const response = { '@type': `${TYPES}.UploadModelResponse`, model, modelVersionId };
    const { name, metadata } = this.#add(model, 'UploadModelOperationMetadata', response);
    return { name, metadata };
  }

  /** The operation of that id in a place. Throws NOT_FOUND. */
  get(place: Place, id: string): Operation {
    const name = `${parentName(place)}/operations/${id}`;
    const operation = this.#known.get(name);
    if (operation === undefined) throw new ApiError('NOT_FOUND', `The Operation does not exist: ${name}`);
    return operation;
  }

  /** The operations of a resource or place of that full name, latest first. */
  list(parent: string): Operation[] {
    return [...this.#known.values()]
      .filter(({ name }) => name.replace(/\/operations\/[^/]+$/, '') === parent)
      .reverse();
  }

  #add(parent: string, type: string, response: object): Operation {
    const now = timestampOf(this.#clock.now());
    const operation: Operation = {
      name: `${parent}/operations/${this.#newId()}`,
      metadata: { '@type': `${TYPES}.${type}`, genericMetadata: { createTime: now, updateTime: now } },
      done: true,
      response,
    };
    this.restore(operation);
    this.#journal?.operationDone(operation);
    return operation;
  }
}

/** The name of an operation as if it stood right below its place: its id alone is unique there. */
function keyOf(name: string): string {
  return name.replace(/^(projects\/[^/]+\/locations\/[^/]+)\/.*(operations\/[^/]+)$/, '$1/$2');
}
