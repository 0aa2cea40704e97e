import { field, withCauses } from './thrown.ts';

/** The headers of an answer: what a client library keeps of them, or Node's own `Headers`. */
interface AnswerHeaders {
  get(name: string): string | null;
}

const SECOND_MS = 1_000;

/**
 * The wait that a failure asks for, in milliseconds: by Retry-After, and by google.rpc.RetryInfo among the details of Google's
 * error body; the longer of the two. `headers` are the answer's where the error itself has none (google-gax keeps only the
 * body of what its REST transport is answered). Undefined where nothing is asked for.
 */
export function retryAfterMsOf(error: unknown, headers?: AnswerHeaders): number | undefined {
  const waits = [headers, ...withCauses(error)].flatMap((link) => [
    byHeaders(link),
    ...detailsIn(link).map(byRetryInfo),
  ]);
  const asked = waits.filter((wait) => wait !== undefined);
  return asked.length === 0 ? undefined : Math.max(...asked);
}

/** Retry-After in milliseconds: it holds seconds, or a date, which counts from the answer's own (RFC 9110, 10.2.3). */
export function retryAfterMs(value: string | null, date: string | null): number | undefined {
  if (value === null) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(value)) return Number(value) * SECOND_MS;
  const wait = Date.parse(value) - Date.parse(date ?? '');
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

const isHeaders = (value: unknown): value is AnswerHeaders => typeof field(value, 'get') === 'function';

/** By the headers themselves, or by those of a gaxios error's response. */
function byHeaders(link: unknown): number | undefined {
  const headers = isHeaders(link) ? link : field(field(link, 'response'), 'headers');
  return isHeaders(headers) ? retryAfterMs(headers.get('retry-after'), headers.get('date')) : undefined;
}

/** The details of Google's error body: of a gaxios error as JSON, of a gax error decoded. */
function detailsIn(link: unknown): readonly unknown[] {
  const ofGaxios = field(field(field(field(link, 'response'), 'data'), 'error'), 'details');
  const ofGax = field(link, 'statusDetails');
  return [ofGaxios, ofGax].flatMap((details) => (Array.isArray(details) ? details.slice(0, 100) : []));
}

/**
 * The wait of a google.rpc.RetryInfo, which alone of Google's details has a `retryDelay`: a google.protobuf.Duration, in JSON a
 * text as `30.5s`, decoded its seconds and nanoseconds.
 */
function byRetryInfo(detail: unknown): number | undefined {
  const seconds = secondsOf(field(detail, 'retryDelay'));
  return Number.isFinite(seconds) && seconds >= 0 ? Math.round(seconds * SECOND_MS) : undefined;
}

/** The seconds of a google.protobuf.Duration; NaN where it is none. */
function secondsOf(duration: unknown): number {
  if (typeof duration === 'string') return Number(/^(\d{1,12}(?:\.\d{1,9})?)s$/.exec(duration)?.[1]);
  if (typeof duration !== 'object' || duration === null) return Number.NaN;
  const whole = field(duration, 'seconds');
  // A 64-bit integer comes as its halves (package long).
  return numberOf(whole) + numberOf(field(whole, 'low')) + numberOf(field(duration, 'nanos')) / 1e9;
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
