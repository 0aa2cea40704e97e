import { enumSchema, type FieldSchema, messageSchema } from '../../../src/vertex/schema.ts';

/**
 * The API's own field rules, read from the schema alone and on a way of their own: what proto3 JSON of a message may hold.
 * Gives every violation with its path.
 */
export function violations(type: string, value: unknown, path = type): string[] {
  const schema = messageSchema(type);
  if (schema === undefined) return scalarViolations(type, value, path);
  if (!isObject(value)) return [`${path} is no object`];
  const oneofs = new Map<string, string>();
  return Object.entries(value).flatMap(([name, part]) => {
    const field = Object.hasOwn(schema, name) ? schema[name] : undefined;
    if (field === undefined) return [`${path}.${name} is no field`];
    if (field.behavior === 'OUTPUT_ONLY') return [`${path}.${name} is output only`];
    const rival = field.oneof === undefined ? undefined : oneofs.get(field.oneof);
    if (field.oneof !== undefined) oneofs.set(field.oneof, name);
    return [
      ...(rival === undefined ? [] : [`${path}.${name} stands beside ${rival}`]),
      ...fieldViolations(field, part, `${path}.${name}`),
    ];
  });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function fieldViolations({ type, repeated, key }: FieldSchema, value: unknown, path: string): string[] {
  if (key !== undefined) {
    if (!isObject(value)) return [`${path} is no map`];
    return Object.entries(value).flatMap(([name, part]) => violations(type, part, `${path}.${name}`));
  }
  if (!repeated) return violations(type, value, path);
  if (!Array.isArray(value)) return [`${path} is no list`];
  return value.flatMap((part, index) => violations(type, part, `${path}[${index}]`));
}

const whole = (value: bigint, bits: number) => value >= -(2n ** BigInt(bits - 1)) && value < 2n ** BigInt(bits - 1);

const SCALARS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  bool: (value) => typeof value === 'boolean',
  'google.protobuf.BoolValue': (value) => typeof value === 'boolean',
  int32: (value) => typeof value === 'number' && Number.isInteger(value) && whole(BigInt(value), 32),
  'google.protobuf.Int32Value': (value) => typeof value === 'number' && Number.isInteger(value),
  int64: (value) => typeof value === 'string' && /^-?(?:0|[1-9]\d*)$/.test(value) && whole(BigInt(value), 64),
  double: (value) => typeof value === 'number' && Number.isFinite(value),
  float: (value) => typeof value === 'number' && Number.isFinite(value),
  // Up to 315,576,000,000 seconds, about 10,000 years (duration.proto).
  'google.protobuf.Duration': (value) =>
    typeof value === 'string' && /^\d+(?:\.\d{1,9})?s$/.test(value) && Number.parseFloat(value) <= 315_576_000_000,
  'google.protobuf.Timestamp': (value) =>
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value)),
  'google.protobuf.Value': (value) => value !== undefined && JSON.stringify(value) !== undefined,
};

function scalarViolations(type: string, value: unknown, path: string): string[] {
  const names = enumSchema(type);
  const accepted = names ? typeof value === 'string' && Object.hasOwn(names, value) : SCALARS[type]?.(value);
  return accepted === true ? [] : [`${path} holds ${JSON.stringify(value)}, which is no ${type}`];
}
