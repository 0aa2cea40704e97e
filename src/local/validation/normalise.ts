import { isRecord } from '../../json.ts';
import { camelCase, enumSchema, type FieldSchema, type MessageSchema, messageSchema } from '../../vertex/schema.ts';
import { ApiError } from '../api/errors.ts';
import { badRequest, MOST_FAULTS } from './findings.ts';
import { DROP, type Reading, SCALARS, type Violation, wrong } from './scalars.ts';
import { toSnake } from './snake-case.ts';

const PACKAGE = 'type.googleapis.com/google.cloud.aiplatform.v1';

/** 0, the unspecified value, is dropped: proto3 JSON leaves it out. */
function enumName(value: unknown, type: string, values: Readonly<Record<string, number>>, reading: Reading): unknown {
  const found = Object.entries(values).find(([name, number]) => value === name || value === number);
  if (found === undefined) return wrong(value, `${PACKAGE}.${type}`, reading);
  return found[1] === 0 ? DROP : found[0];
}

/** The field of that name; never a property that all objects have. */
function fieldOf(fields: MessageSchema, name: string): FieldSchema | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** protobuf's parsers go no deeper. */
const DEEPEST = 100;

/** Whether lists and objects are within one another more than `DEEPEST` times; without recursion, which would not come back. */
function isTooDeep(body: unknown): boolean {
  let level = [body];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((value): unknown[] =>
      typeof value === 'object' && value !== null
        ? Object.values(value).filter((inner) => typeof inner === 'object' && inner !== null)
        : [],
    );
  }
  return false;
}

/** For each oneof that more than one of the keys, as they came, belongs to: what the service says of the second. */
function clashes(keys: readonly string[], fields: MessageSchema, where: string): string[] {
  const taken = new Map<string, string>();
  return keys.flatMap((key) => {
    const name = camelCase(key);
    const { oneof } = fieldOf(fields, name) ?? {};
    if (oneof === undefined) return [];
    const before = taken.get(oneof) ?? name;
    taken.set(oneof, before);
    if (before === name) return [];
    return [`Invalid value${where} (oneof), oneof field '${toSnake(oneof)}' is already set. Cannot set '${key}'`];
  });
}

const LISTS: ReadonlySet<string> = new Set(['google.protobuf.Value', 'google.protobuf.ListValue']);

const takesList = ({ type, repeated, key, behavior }: FieldSchema) =>
  repeated === true || key !== undefined || behavior === 'OUTPUT_ONLY' || LISTS.has(type);

function message(value: unknown, type: string, fields: MessageSchema, { path, violations }: Reading): unknown {
  if (!isRecord(value)) return wrong(value, `${PACKAGE}.${type}`, { path, violations });
  const where = path === '' ? '' : ` at '${path}'`;
  const given = Object.entries(value).filter(([, item]) => item !== undefined);
  const entries: [string, unknown][] = [];
  for (const [key, item] of given) {
    const name = camelCase(key);
    const field = fieldOf(fields, name);
    if (field === undefined) {
      const description = `Invalid JSON payload received. Unknown name "${key}"${where}: Cannot find field.`;
      violations.push({ field: path, description });
      continue;
    }
    if (Array.isArray(item) && !takesList(field)) {
      const description = `Invalid JSON payload received. Unknown name "${key}"${where}: Proto field is not repeating, cannot start list.`;
      violations.push({ field: path, description });
      continue;
    }
    const inner = path === '' ? toSnake(name) : `${path}.${toSnake(name)}`;
    const read = fieldValue(item, field, { path: inner, violations });
    if (read !== DROP) entries.push([name, read]);
  }
  const set = given.filter(([, item]) => item !== null).map(([key]) => key);
  violations.push(...clashes(set, fields, where).map((description) => ({ field: path, description })));
  return Object.fromEntries(entries);
}

function single(value: unknown, type: string, reading: Reading): unknown {
  const scalar = SCALARS.get(type);
  if (scalar !== undefined) return scalar(value, reading);
  const values = enumSchema(type);
  if (values !== undefined) return enumName(value, type, values, reading);
  return message(value, type, messageSchema(type) ?? {}, reading);
}

/** An item stays also where it holds only default values: an empty pool keeps its position, an empty argument counts. */
function item(value: unknown, type: string, reading: Reading): unknown {
  const read = single(value, type, reading);
  if (read !== DROP) return read;
  const [unset = ''] = Object.keys(enumSchema(type) ?? {});
  return type === 'bool' ? false : unset;
}

/** A value on its own is a list of one, as protobuf's own converter of JSON reads it. */
function list(value: unknown, type: string, { path, violations }: Reading): unknown {
  if (!Array.isArray(value)) return [item(value, type, { path, violations })];
  const items = value.map((each: unknown, index) => item(each, type, { path: `${path}[${index}]`, violations }));
  return items.length === 0 ? DROP : items;
}

function map(value: unknown, type: string, { path, violations }: Reading): unknown {
  if (!isRecord(value)) return wrong(value, 'TYPE_MAP', { path, violations });
  const entries = Object.entries(value).map(
    ([key, each]) => [key, item(each, type, { path: `${path}.${key}`, violations })] as const,
  );
  return entries.length === 0 ? DROP : Object.fromEntries(entries);
}

function fieldValue(value: unknown, field: FieldSchema, reading: Reading): unknown {
  // Output-only fields come with what clients send back as they read it.
  if (value === null || field.behavior === 'OUTPUT_ONLY') return DROP;
  if (field.key !== undefined) return map(value, field.type, reading);
  return field.repeated ? list(value, field.type, reading) : single(value, field.type, reading);
}

/**
 * What a client sent as a message of the API, in the one form that answers use (proto3 JSON): camelCase names, enums by
 * name, int64 as text, what is unset, empty or false left out, output-only fields dropped. `path` is where in the request
 * it stands; `fields` says which of the message's fields may be set there. Throws INVALID_ARGUMENT with every name and
 * type that does not fit the protos.
 */
export function normalise(
  body: unknown,
  type: string,
  path = '',
  fields: MessageSchema = messageSchema(type) ?? {},
): Record<string, unknown> {
  const violations: Violation[] = [];
  if (isTooDeep(body)) {
    throw new ApiError(
      'INVALID_ARGUMENT',
      'Invalid JSON payload received. Message too deep. Max recursion depth reached.',
    );
  }
  const read = message(body, type, fields, { path, violations });
  if (violations.length === 0 && isRecord(read)) return read;
  const told = violations.slice(0, MOST_FAULTS);
  // What is wrong with the whole body has no field.
  const details = told.map(({ field, description }) => (field === '' ? { description } : { field, description }));
  const text = told.map(({ description }) => description).join('\n');
  throw new ApiError('INVALID_ARGUMENT', text, [badRequest(details)]);
}
