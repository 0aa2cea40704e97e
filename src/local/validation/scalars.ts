import { nanosOf } from '../api/timestamps.ts';

export interface Violation {
  /** Path in snake_case with list indexes in brackets. */
  readonly field: string;
  readonly description: string;
}

/** Where in the request a value stands, and what was wrong so far. */
export interface Reading {
  readonly path: string;
  readonly violations: Violation[];
}

/** Stands for a value that is left out. */
export const DROP = Symbol('dropped');

/** A longer value is cut where a refusal shows it. */
const MOST_SHOWN = 1000;

/** JSON has no infinite numbers, but a number too large for a double is read as one. */
function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'undefined');
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text;
}

/** Notes that a value is not of its type, in the words of Google's front end. */
export function wrong(value: unknown, type: string, { path, violations }: Reading): typeof DROP {
  const where = path === '' ? '' : ` at '${path}'`;
  violations.push({ field: path, description: `Invalid value${where} (${type}), ${shown(value)}` });
  return DROP;
}

const INT64 = 2n ** 63n;

function int64(value: unknown, reading: Reading): unknown {
  const text = typeof value === 'number' && Number.isInteger(value) ? String(BigInt(value)) : value;
  if (typeof text !== 'string' || !/^-?\d{1,19}$/.test(text)) return wrong(value, 'TYPE_INT64', reading);
  const number = BigInt(text);
  return number >= -INT64 && number < INT64 ? String(number) : wrong(value, 'TYPE_INT64', reading);
}

const INT32 = 2 ** 31;

function int32(value: unknown, reading: Reading): unknown {
  const number = typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : value;
  const fits = typeof number === 'number' && Number.isInteger(number) && number >= -INT32 && number < INT32;
  return fits ? number : wrong(value, 'TYPE_INT32', reading);
}

/** A number, or its text. What is not finite is refused: no field of these resources has a meaning for it. */
function double(value: unknown, reading: Reading): unknown {
  const isText = typeof value === 'string' && /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value);
  const number = isText ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : wrong(value, 'TYPE_DOUBLE', reading);
}

function bool(value: unknown, reading: Reading): unknown {
  return typeof value === 'boolean' ? value : wrong(value, 'TYPE_BOOL', reading);
}

function string(value: unknown, reading: Reading): unknown {
  if (typeof value !== 'string') return wrong(value, 'TYPE_STRING', reading);
  return value === '' ? DROP : value;
}

function textOf(type: string, isValid: (text: string) => boolean) {
  return (value: unknown, reading: Reading): unknown =>
    typeof value === 'string' && isValid(value) ? value : wrong(value, `type.googleapis.com/${type}`, reading);
}

function listValue(value: unknown, reading: Reading): unknown {
  return Array.isArray(value) ? value : wrong(value, 'type.googleapis.com/google.protobuf.ListValue', reading);
}

/** proto3 JSON's times have a zone; without one, which filters may do, they are none. */
const isTime = (text: string) => /[Zz]$|[+-]\d\d:\d\d$/.test(text) && nanosOf(text) !== undefined;

/** How a value of protobuf's own types is read (proto3 JSON). Wrapped ones have a presence, so false is kept. */
export const SCALARS: ReadonlyMap<string, (value: unknown, reading: Reading) => unknown> = new Map([
  ['string', string],
  ['bool', (value: unknown, reading: Reading) => bool(value, reading) || DROP],
  ['int32', int32],
  ['int64', int64],
  ['double', double],
  ['float', double],
  ['google.protobuf.BoolValue', bool],
  ['google.protobuf.Int32Value', int32],
  ['google.protobuf.Duration', textOf('google.protobuf.Duration', (text) => durationMs(text) !== undefined)],
  ['google.protobuf.Timestamp', textOf('google.protobuf.Timestamp', isTime)],
  ['google.protobuf.ListValue', listValue],
  ['google.protobuf.Value', (value: unknown) => value],
]);

/** About 10,000 years (duration.proto). */
const LONGEST_SECONDS = 315_576_000_000;

/** The milliseconds of a protobuf duration (`"3600s"`, up to nine decimals), or undefined when it is none. */
export function durationMs(text: string): number | undefined {
  const found = /^(-?\d{1,12}(?:\.\d{1,9})?)s$/.exec(text);
  const seconds = Number(found?.[1] ?? Number.NaN);
  return Math.abs(seconds) <= LONGEST_SECONDS ? seconds * 1000 : undefined;
}
