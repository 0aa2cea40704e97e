import { isRecord } from '../json.ts';
import { ApiError, apiError } from './api-error.ts';
import type { Credentials } from './credentials.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** One question to a service of Google's. */
export interface Question {
  /** What is asked, as an error's message begins. */
  readonly action: string;
  /** Behind the base address, with a slash before it and its names encoded: see `encodedName`. */
  readonly path: string;
  /** Sent as JSON by POST; without it the question is a GET. */
  readonly body?: object | undefined;
  /** How long the answer is waited for, in milliseconds; 15 s where it is not given. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Asks, and gives the answer's JSON object. Throws ApiError; an Error where the answer is none, or sign-in failed. */
export type Rest = (question: Question) => Promise<Fields>;

const TIMEOUT_MS = 15_000;
/** More than any answer that is read here may hold, in bytes. */
const MOST_BYTES = 4 * 1024 * 1024;

/** `url` is a service's base address, such as `https://storage.googleapis.com`. Nothing is tried twice. */
export function restOf(url: string, { client }: Credentials): Rest {
  return async ({ action, path, body, timeoutMs = TIMEOUT_MS, signal }) => {
    const sent = body === undefined ? {} : { method: 'POST' as const, data: body };
    const limits = { timeout: timeoutMs, maxContentLength: MOST_BYTES, retry: false };
    const cut = signal === undefined ? {} : { signal };
    let data: unknown;
    try {
      ({ data } = await client.request<unknown>({ url: `${url}${path}`, ...limits, ...cut, ...sent }));
    } catch (error) {
      throw apiError(action, error);
    }
    if (!isRecord(data)) throw new Error(`${action}: the answer is no object`);
    return data;
  };
}

/** A resource name as part of an address. Throws where a part of it would lead to another address. */
export function encodedName(name: string): string {
  const parts = name.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    throw new Error(`${JSON.stringify(name)} is no resource name`);
  // A project that belongs to a domain has a colon, an account an @; encoded, some services do not know them.
  return parts.map((part) => encodeURIComponent(part).replace(/%3A/g, ':').replace(/%40/g, '@')).join('/');
}

/** The answer, or undefined where there is nothing of that name. */
export async function orMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && error.httpStatus === 404) return undefined;
    throw error;
  }
}

/** The text at `key`, if there is one that is not empty. */
export function textIn(value: Fields, key: string): string | undefined {
  const text = value[key];
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/** The list at `key`; empty where there is none. */
export function listIn(value: Fields, key: string): readonly unknown[] {
  const list = value[key];
  return Array.isArray(list) ? list : [];
}

/** The texts of the list at `key`. */
export const textsIn = (value: Fields, key: string): readonly string[] =>
  listIn(value, key).filter((each) => typeof each === 'string');
