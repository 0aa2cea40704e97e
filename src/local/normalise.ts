import { ApiError } from './errors.ts';
import { isRecord, toCamel, toSnake } from './json.ts';
import type { Field, Fields } from './schema.ts';

interface Violation {
  /** Path in snake_case with list indexes in brackets. */
  readonly field: string;
  readonly description: string;
}

const DROP = Symbol('dropped');
type Reading = { readonly path: string; readonly violations: Violation[] };

function wrong(value: unknown, type: string, { path, violations }: Reading): typeof DROP {
  violations.push({ field: path, description: `Invalid value at '${path}' (${type}), ${JSON.stringify(value)}` });
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

function enumName(value: unknown, names: readonly (string | undefined)[], reading: Reading): unknown {
  const name = typeof value === 'number' ? names[value] : names.find((known) => known !== undefined && known === value);
  if (name === undefined) return wrong(value, 'TYPE_ENUM', reading);
  return name === names[0] ? DROP : name;
}

function listOf(value: unknown, of: Field, { path, violations }: Reading): unknown {
  if (!Array.isArray(value)) return wrong(value, 'TYPE_LIST', { path, violations });
  const items = value.map((item: unknown, index) => {
    const read = readField(item, of, { path: `${path}[${index}]`, violations });
    return read === DROP ? emptyOf(of) : read;
  });
  return items.length === 0 ? DROP : items;
}

/** What stands in a list where the item holds only default values: an empty pool keeps its position. */
function emptyOf(field: Field): unknown {
  if (field.kind === 'message') return {};
  return field.kind === 'enum' ? field.names[0] : '';
}

function mapOf(value: unknown, of: Field, { path, violations }: Reading): unknown {
  if (!isRecord(value)) return wrong(value, 'TYPE_MAP', { path, violations });
  const entries = Object.entries(value).map(([key, item]) => {
    const read = readField(item, of, { path: `${path}.${key}`, violations });
    return [key, read === DROP ? '' : read] as const;
  });
  return entries.length === 0 ? DROP : Object.fromEntries(entries);
}

function message(value: unknown, fields: Fields, { path, violations }: Reading): unknown {
  if (!isRecord(value)) return wrong(value, 'TYPE_MESSAGE', { path, violations });
  const entries: [string, unknown][] = [];
  for (const [given, item] of Object.entries(value)) {
    const name = toCamel(given);
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) {
      const where = path === '' ? '' : ` at '${path}'`;
      const description = `Invalid JSON payload received. Unknown name "${given}"${where}: Cannot find field.`;
      violations.push({ field: path, description });
      continue;
    }
    const inner = path === '' ? toSnake(name) : `${path}.${toSnake(name)}`;
    const read = readField(item, field, { path: inner, violations });
    if (read !== DROP) entries.push([name, read]);
  }
  return Object.fromEntries(entries);
}

function scalar(value: unknown, kind: 'string' | 'bool' | 'duration', reading: Reading): unknown {
  if (kind === 'bool') return typeof value === 'boolean' ? value || DROP : wrong(value, 'TYPE_BOOL', reading);
  if (typeof value !== 'string') return wrong(value, 'TYPE_STRING', reading);
  if (kind === 'string') return value === '' ? DROP : value;
  return durationMs(value) === undefined
    ? wrong(value, 'type.googleapis.com/google.protobuf.Duration', reading)
    : value;
}

function readField(value: unknown, field: Field, reading: Reading): unknown {
  if (value === null || value === undefined || field.kind === 'output') return DROP;
  switch (field.kind) {
    case 'string':
    case 'bool':
    case 'duration':
      return scalar(value, field.kind, reading);
    case 'int32':
      return int32(value, reading);
    case 'int64':
      return int64(value, reading);
    case 'double':
      return double(value, reading);
    case 'any':
      return value;
    case 'enum':
      return enumName(value, field.names, reading);
    case 'list':
      return listOf(value, field.of, reading);
    case 'map':
      return mapOf(value, field.of, reading);
    case 'message':
      return message(value, field.fields(), reading);
  }
}

/** The milliseconds of a protobuf duration (`"3600s"`, up to nine decimals), or undefined when it is none. */
export function durationMs(text: string): number | undefined {
  const found = /^(-?\d{1,12}(?:\.\d{1,9})?)s$/.exec(text);
  return found === null ? undefined : Number(found[1]) * 1000;
}

/**
 * A request body in the one form that answers use (proto3 JSON): camelCase names, enums by name, int64 as text, what
 * is unset, empty or false left out. Throws INVALID_ARGUMENT with every name and type that does not fit.
 */
export function normalise(body: unknown, fields: Fields): Record<string, unknown> {
  const violations: Violation[] = [];
  const read = message(body, fields, { path: '', violations });
  if (violations.length > 0 || !isRecord(read)) {
    const text = violations.map((violation) => violation.description).join('\n');
    const details = [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: violations }];
    throw new ApiError('INVALID_ARGUMENT', text, details);
  }
  return read;
}
