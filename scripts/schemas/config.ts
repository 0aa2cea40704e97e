import { isRequired } from '../../src/plan/config/required.ts';
import { DECIMAL, RFC_3339, SECONDS, WHOLE } from '../../src/plan/config/scalars.ts';
import { enumSchema, type FieldSchema, messageSchema } from '../../src/vertex/schema.ts';
import { DRAFT, excludes, fields, pattern, requires, type Schema, spellings } from './json-schema.ts';

/** Any value but a text may come in through `variables`. */
const VARIABLE: Schema = { type: 'string', pattern: '\\$\\{[A-Za-z_]\\w*\\}' };
const or = (...schemas: Schema[]): Schema => ({ anyOf: [...schemas, VARIABLE] });
const whole = (bits: 32 | 64): Schema =>
  or(
    bits === 64 ? { type: 'integer' } : { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
    pattern(WHOLE),
  );
const double = or({ type: 'number' }, pattern(DECIMAL));
const bool = or({ type: 'boolean' });

/** The scalar types of `readScalar`. */
const SCALARS: Readonly<Record<string, Schema>> = {
  string: { type: 'string' },
  bool,
  int32: whole(32),
  int64: whole(64),
  double,
  float: double,
  'google.protobuf.BoolValue': bool,
  'google.protobuf.Int32Value': whole(32),
  'google.protobuf.Duration': or(pattern(SECONDS)),
  'google.protobuf.Timestamp': or(pattern(RFC_3339)),
  'google.protobuf.Value': {},
};

const settable = (field: FieldSchema) => field.behavior !== 'OUTPUT_ONLY';

/** The messages and enums that a config can hold, by name. */
function reached(roots: readonly string[]): string[] {
  const names = new Set<string>();
  const visit = (type: string) => {
    const isNamed = messageSchema(type) !== undefined || enumSchema(type) !== undefined;
    if (!isNamed || names.has(type)) return;
    names.add(type);
    for (const field of Object.values(messageSchema(type) ?? {})) if (settable(field)) visit(field.type);
  };
  for (const root of roots) visit(root);
  return [...names].sort();
}

const refTo = (type: string): Schema => ({ $ref: `#/definitions/${type}` });

function schemaOf(type: string): Schema {
  // A type that a config cannot hold: nothing is right there.
  return SCALARS[type] ?? (messageSchema(type) || enumSchema(type) ? refTo(type) : { not: {} });
}

function fieldOf(field: FieldSchema): Schema {
  const one = schemaOf(field.type);
  if (field.key !== undefined) return { type: 'object', additionalProperties: one };
  if (!field.repeated) return one;
  const list = { type: 'array', items: one };
  // gcloud takes one mapping for a list that holds it.
  return messageSchema(field.type) === undefined ? list : { anyOf: [list, one] };
}

function messageOf(type: string): Schema {
  const all = Object.entries(messageSchema(type) ?? {}).filter(([, field]) => settable(field));
  const oneofs = new Set(all.flatMap(([, { oneof }]) => oneof ?? []));
  const rivals = [...oneofs].flatMap((oneof) => {
    const names = all.filter(([, field]) => field.oneof === oneof).map(([name]) => name);
    return excludes(names.flatMap(spellings));
  });
  const required = all.filter(([name]) => isRequired(type, name)).map(([name]) => requires(name));
  return fields(Object.fromEntries(all.map(([name, field]) => [name, fieldOf(field)])), [...rivals, ...required]);
}

function definitionOf(type: string): Schema {
  const values = enumSchema(type);
  return values === undefined ? messageOf(type) : or({ enum: Object.keys(values) });
}

const ROOTS = ['CustomJobSpec', 'HyperparameterTuningJob'];

/** The schema of `config`: gcloud's `--config` format, a CustomJobSpec or a whole HyperparameterTuningJob. */
export function configSchema(): Schema {
  return {
    $schema: DRAFT,
    title: 'config of Train on Vertex AI',
    description: "A CustomJobSpec or a whole HyperparameterTuningJob, as gcloud's --config takes them.",
    anyOf: ROOTS.map(refTo),
    definitions: Object.fromEntries(reached(ROOTS).map((type) => [type, definitionOf(type)])),
  };
}
