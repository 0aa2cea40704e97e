import { isRecord, textAt } from '../../json.ts';
import { RegistryError, registryWords } from './errors.ts';
import type { HttpAnswer } from './http.ts';

/** Statuses after which the same request may succeed. */
const TRANSIENT = new Set([408, 429, 500, 502, 503, 504]);
/** Nobody waits longer than this because a registry asks for it, in milliseconds. */
export const LONGEST_WAIT_MS = 60_000;

/** The error that an answer is; `action` says what was asked. */
export function refusal(action: string, answer: HttpAnswer): RegistryError {
  const { codes, words } = told(answer);
  const retryAfterMs = retryAfter(answer.headers['retry-after'], answer.headers['date']);
  const waits = retryAfterMs === undefined || retryAfterMs <= LONGEST_WAIT_MS;
  return new RegistryError(`${action}: HTTP ${answer.status}${words === '' ? '' : `: ${words}`}`, {
    status: answer.status,
    codes,
    transient: TRANSIENT.has(answer.status) && waits,
    retryAfterMs,
  });
}

/** The codes and words of a registry's error body, or its text where it has another form. */
function told({ body, headers }: HttpAnswer): { readonly codes: readonly string[]; readonly words: string } {
  const text = body.toString('utf8');
  const parsed = parse(text);
  const errors = isRecord(parsed) && Array.isArray(parsed['errors']) ? parsed['errors'].slice(0, 10) : [];
  const codes = errors.flatMap((each: unknown) => textAt(each, 'code') ?? []);
  const lines = errors.map((each: unknown) =>
    [textAt(each, 'code'), textAt(each, 'message')].filter((part) => part).join(': '),
  );
  // Token services answer with `details` (Docker Hub) or `error_description` (OAuth).
  const other = textAt(parsed, 'details') ?? textAt(parsed, 'error_description') ?? textAt(parsed, 'message');
  const isPage = headers['content-type']?.includes('html') ?? false;
  const words = lines.length > 0 ? lines.join('; ') : (other ?? (parsed === undefined && !isPage ? text : ''));
  return { codes: codes.map(registryWords), words: registryWords(words) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The wait that a Retry-After asks for, in milliseconds: it holds seconds or a date, which counts from the answer's. */
export function retryAfter(value: string | undefined, date: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  const wait = Date.parse(value) - Date.parse(date ?? '');
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
