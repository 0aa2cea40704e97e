import { isRecord } from '../../json.ts';
import { SEVERITIES } from './compare.ts';
import type { StreamName } from './frames.ts';
import type { LogContent } from './store.ts';

type Fields = Readonly<Record<string, unknown>>;

/** As deep as messages of protocol buffers go, which entries are; deeper JSON is taken for text. */
const DEEPEST = 100;

/** Whether more brackets are ever open than that, those within texts aside. */
function isTooDeep(line: string): boolean {
  let depth = 0;
  // A text that does not end goes to the line's end: nothing is looked at twice.
  for (const [sign] of line.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{}]/g)) {
    if (sign === '[' || sign === '{') depth += 1;
    else if (sign === ']' || sign === '}') depth -= 1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

function jsonObject(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{') || !line.endsWith('}') || isTooDeep(line)) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The last second of the year 9999, which is as far as google.protobuf.Timestamp goes. */
const LAST_SECOND = 253_402_300_799;

/** A whole number from 0 to `most`, given as a number or as its digits. */
function wholeOf(value: unknown, most: number): number | undefined {
  const number = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= most ? number : undefined;
}

function timestampOf(seconds: unknown, nanos: unknown): string | undefined {
  const [whole, fraction] = [wholeOf(seconds, LAST_SECOND), wholeOf(nanos ?? 0, 999_999_999)];
  if (whole === undefined || fraction === undefined) return undefined;
  return `${new Date(whole * 1000).toISOString().slice(0, -'.000Z'.length)}.${String(fraction).padStart(9, '0')}Z`;
}

/**
 * The time that a program gives for its line, and the line without it: `timestampSeconds` and `timestampNanos`, or the same two
 * in an object. What is no such time stays in the line.
 */
function timed({ timestampSeconds, timestampNanos, ...rest }: Fields): {
  readonly timestamp?: string;
  readonly rest: Fields;
} {
  const inParts = timestampOf(timestampSeconds, timestampNanos);
  if (inParts !== undefined) return { timestamp: inParts, rest };
  const { timestamp, ...others } = rest;
  const inOne = isRecord(timestamp) ? timestampOf(timestamp['seconds'], timestamp['nanos']) : undefined;
  const untaken = {
    ...(timestampSeconds === undefined ? {} : { timestampSeconds }),
    ...(timestampNanos === undefined ? {} : { timestampNanos }),
  };
  if (inOne === undefined) return { rest: { ...rest, ...untaken } };
  return { timestamp: inOne, rest: { ...others, ...untaken } };
}

/**
 * A line of a container's output as a log entry. A JSON object becomes `jsonPayload` with its `severity` and its time lifted
 * out; its `message` stays inside, where gcloud looks for it. Everything else is text: INFO from stdout, ERROR from stderr.
 * https://cloud.google.com/vertex-ai/docs/training/code-requirements#logging
 */
export function lineContent(line: string, stream: StreamName): LogContent {
  const fallback = stream === 'stderr' ? 'ERROR' : 'INFO';
  const json = jsonObject(line.trim());
  if (json === undefined) return { severity: fallback, textPayload: line };
  const { timestamp, rest } = timed(json);
  const { severity, ...jsonPayload } = rest;
  const known = SEVERITIES.find((name) => typeof severity === 'string' && name === severity.toUpperCase());
  return { severity: known ?? fallback, jsonPayload, ...(timestamp === undefined ? {} : { timestamp }) };
}
