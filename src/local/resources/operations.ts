import type { Clock } from '../../retry.ts';
import { ApiError } from '../api/errors.ts';
import { type Place, parentName } from '../api/ids.ts';
import { timestampOf } from '../api/timestamps.ts';

/** Long-running operations. Whatever this service does for one is done when it answers. */
export class Operations {
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #known = new Map<string, object>();

  constructor(clock: Clock, newId: () => string) {
    this.#clock = clock;
    this.#newId = newId;
  }

  /** The operation that a delete answers with. */
  deleted(place: Place): object {
    const name = `${parentName(place)}/operations/${this.#newId()}`;
    const now = timestampOf(this.#clock.now());
    const operation = {
      name,
      metadata: {
        '@type': 'type.googleapis.com/google.cloud.aiplatform.v1.DeleteOperationMetadata',
        genericMetadata: { createTime: now, updateTime: now },
      },
      done: true,
      response: { '@type': 'type.googleapis.com/google.protobuf.Empty' },
    };
    this.#known.set(name, operation);
    return operation;
  }

  get(place: Place, id: string): object {
    const name = `${parentName(place)}/operations/${id}`;
    const operation = this.#known.get(name);
    if (operation === undefined) throw new ApiError('NOT_FOUND', `The Operation does not exist: ${name}`);
    return operation;
  }
}
