import type { IncomingHttpHeaders } from 'node:http';
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
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
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
