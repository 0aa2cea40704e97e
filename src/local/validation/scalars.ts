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

/** Notes that a value is not of its type, in the words of Google's front end. */
export function wrong(value: unknown, type: string, { path, violations }: Reading): typeof DROP {
  const where = path === '' ? '' : ` at '${path}'`;
  violations.push({ field: path, description: `Invalid value${where} (${type}), ${JSON.stringify(value)}` });
  return DROP;
}

const INT64 = 2n ** 63n;

function int64(value: unknown, reading: Reading): unknown {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || !/^-?\d{1,19}$/.test(text)) return wrong(value, 'TYPE_INT64', reading);
  const number = BigInt(text);
  return number >= -INT64 && number < INT64 ? String(number) : wrong(value, 'TYPE_INT64', reading);
}

function int32(value: unknown, reading: Reading): unknown {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  const fits = typeof number === 'number' && Number.isInteger(number) && Math.abs(number) < 2 ** 31;
  return fits ? number : wrong(value, 'TYPE_INT32', reading);
}

function double(value: unknown, reading: Reading): unknown {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
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
  ['google.protobuf.Timestamp', textOf('google.protobuf.Timestamp', (text) => nanosOf(text) !== undefined)],
  ['google.protobuf.ListValue', listValue],
  ['google.protobuf.Value', (value: unknown) => value],
]);

/** The milliseconds of a protobuf duration (`"3600s"`, up to nine decimals), or undefined when it is none. */
export function durationMs(text: string): number | undefined {
  const found = /^(-?\d{1,12}(?:\.\d{1,9})?)s$/.exec(text);
  return found === null ? undefined : Number(found[1]) * 1000;
}
