import type { Clock } from '../../retry.ts';
import type { Status } from '../../vertex/types.ts';
import { ApiError, RPC_CODES } from '../api/errors.ts';
import type { Place } from '../api/ids.ts';
import { type Operation, type Operations, typeUrl } from '../resources/operations.ts';
import type { UploadRequest } from '../validation/model.ts';
import type { Registry } from './registry.ts';

/** How uploads go. */
export interface UploadCourse {
  /** How long one takes, in milliseconds; nothing without. */
  readonly takeMs?: number | undefined;
  /** What it ends with in place of a model. */
  readonly error?: Status | undefined;
}

interface UploadsOptions {
  readonly registry: Registry;
  readonly operations: Operations;
  readonly clock: Clock;
  /** Asked at each upload. */
  readonly course: () => UploadCourse;
}

/**
 * Uploads by `models:upload`. The answer tells of every one that it is under way, also where it has been done by then, so
 * that clients learn to look again: the service takes a while for one.
 */
export class Uploads {
  readonly #options: UploadsOptions;
  readonly #closing = new AbortController();

  constructor(options: UploadsOptions) {
    this.#options = options;
  }

  /** Begins an upload. Throws where it asks for a model that cannot be had. */
  begin(place: Place, request: UploadRequest): Operation {
    const { registry, operations, clock, course } = this.#options;
    const name = registry.nameOf(place, request);
    const operation = operations.begin(name, 'UploadModelOperationMetadata');
    const { takeMs = 0, error } = course();
    const end = () => this.#end(operation, { place, request, name, error });
    if (takeMs === 0) end();
    // One that the service's end cuts off has made nothing.
    else clock.sleep(takeMs, this.#closing.signal).then(end, () => {});
    return operation;
  }

  /** Gives up what is under way. */
  close(): void {
    this.#closing.abort();
  }

  #end(
    operation: Operation,
    upload: {
      readonly place: Place;
      readonly request: UploadRequest;
      readonly name: string;
      readonly error: Status | undefined;
    },
  ): void {
    const { operations } = this.#options;
    if (operations.isDone(operation)) return;
    if (upload.error !== undefined) {
      operations.end(operation, { error: upload.error });
      return;
    }
    try {
      operations.end(operation, { response: this.#made(upload) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      operations.end(operation, { error: { code: RPC_CODES[error.rpc].number, message: error.message } });
    }
  }

  /** Meanwhile the parent may have been deleted, or the id taken. */
  #made({ place, request, name }: { readonly place: Place; readonly request: UploadRequest; readonly name: string }) {
    const { model, parentModel } = request;
    const modelId = name.split('/').at(-1) ?? '';
    const asked = parentModel === undefined ? { modelId } : { parentModel };
    const { versionId: modelVersionId } = this.#options.registry.upload(place, asked, model);
    return { '@type': typeUrl('UploadModelResponse'), model: name, modelVersionId };
  }
}
