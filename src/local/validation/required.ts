import { isRecord } from '../../json.ts';
import { type FieldSchema, messageSchema } from '../../vertex/schema.ts';
import { type Finding, REQUIRED } from './findings.ts';
import { toSnake } from './snake-case.ts';

/**
 * Fields that the protos call required and that do without: an unset goal is to maximise (study.proto), and a variable may
 * be empty.
 */
const OPTIONAL: ReadonlySet<string> = new Set(['EnvVar.value', 'StudySpec.MetricSpec.goal']);

/** proto3 cannot tell a number that is missing from 0, which is a value as good as any. */
const NUMBERS: ReadonlySet<string> = new Set(['int32', 'int64', 'double', 'float', 'bool']);

function isNeeded(message: string, name: string, { behavior, type, repeated }: FieldSchema): boolean {
  if (behavior !== 'REQUIRED' || OPTIONAL.has(`${message}.${name}`)) return false;
  return repeated === true || !NUMBERS.has(type);
}

/**
 * Every field that the protos call required and a message in the form of answers lacks, those of the messages within it
 * included. `path` is the message's own, empty for the resource that is asked for.
 */
export function requiredFindings(message: unknown, type: string, path = ''): Finding[] {
  if (!isRecord(message)) return [];
  return Object.entries(messageSchema(type) ?? {}).flatMap(([name, field]) => {
    const at = path === '' ? toSnake(name) : `${path}.${toSnake(name)}`;
    const value = Object.hasOwn(message, name) ? message[name] : undefined;
    if (value === undefined) return isNeeded(type, name, field) ? [{ field: at, message: REQUIRED }] : [];
    return innerFindings(value, field, at);
  });
}

function innerFindings(value: unknown, { type, key }: FieldSchema, path: string): Finding[] {
  if (messageSchema(type) === undefined) return [];
  if (key !== undefined && isRecord(value)) {
    return Object.entries(value).flatMap(([name, each]) => requiredFindings(each, type, `${path}.${name}`));
  }
  if (!Array.isArray(value)) return requiredFindings(value, type, path);
  return value.flatMap((each: unknown, index) => requiredFindings(each, type, `${path}[${index}]`));
}
