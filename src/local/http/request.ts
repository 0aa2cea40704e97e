import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Place } from '../api/ids.ts';

/** A request whose sender has been checked. */
export interface ApiRequest {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  /** The same as it came: a slash within a name is encoded. */
  readonly rawPath: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON, or the fields of a form; undefined without a body, and for an upload. */
  readonly body: unknown;
  /** The bytes of an upload, as they come; at most once. Empty for all else. */
  readonly content: Readable;
  /** Where the service was reached: `http://127.0.0.1:8600`. */
  readonly base: string;
}

/** What a path of Vertex AI's names. */
export interface Target {
  readonly place: Place;
  /** The full name of the resource whose operations are meant, where the path names one. */
  readonly within: string | undefined;
  readonly collection: string;
  /** For a model with what may follow it: `ID@VERSION`. */
  readonly id: string | undefined;
}

/** Answers a request with what becomes JSON. Throws ApiError. */
export type Handler = (target: Target, request: ApiRequest) => unknown;
/** By the method and what it is for: `GET collection`, `POST item:cancel`. */
export type Handlers = Readonly<Record<string, Handler>>;

/** A query parameter in either spelling. */
export function parameter(query: URLSearchParams, camel: string, snake: string): string | null {
  return query.get(camel) ?? query.get(snake);
}
