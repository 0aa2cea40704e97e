import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import protobuf from 'protobufjs';

/** Writes catalog/vertex-schema.json: the messages of Vertex AI's training resources, from the protos of Google's client. */

const PACKAGE = 'google.cloud.aiplatform.v1';
const ROOTS = ['CustomJob', 'HyperparameterTuningJob', 'TrainingPipeline', 'Trial'];

const root = resolve(import.meta.dirname, '../..');
const client = join(root, 'node_modules/@google-cloud/aiplatform');
const out = join(root, 'catalog/vertex-schema.json');

interface FieldRow {
  readonly type: string;
  readonly repeated?: true;
  /** Type of the keys, for a map. */
  readonly key?: string;
  readonly behavior?: string;
  readonly oneof?: string;
}

const shortName = (fullName: string) => fullName.replace(/^\./, '').replace(`${PACKAGE}.`, '');

function fieldRow(field: protobuf.Field): FieldRow {
  const behavior: unknown = field.options?.['(google.api.field_behavior)'];
  // protobufjs names a proto3 `optional` field's own oneof with an underscore before it.
  const oneof = field.partOf && !field.partOf.name.startsWith('_') ? field.partOf.name : undefined;
  return {
    type: field.resolvedType ? shortName(field.resolvedType.fullName) : field.type,
    ...(field.repeated ? { repeated: true as const } : {}),
    ...(field instanceof protobuf.MapField ? { key: field.keyType } : {}),
    ...(typeof behavior === 'string' && behavior !== 'OPTIONAL' ? { behavior } : {}),
    ...(oneof === undefined ? {} : { oneof }),
  };
}

function generate(): unknown {
  const tree = protobuf.Root.fromJSON(JSON.parse(readFileSync(join(client, 'build/protos/protos.json'), 'utf8')));
  tree.resolveAll();
  const messages: Record<string, Record<string, FieldRow>> = {};
  const enums: Record<string, Readonly<Record<string, number>>> = {};
  const open: (protobuf.Type | protobuf.Enum)[] = ROOTS.map((name) => tree.lookupType(`${PACKAGE}.${name}`));
  for (let type = open.pop(); type !== undefined; type = open.pop()) {
    const name = shortName(type.fullName);
    if (name in messages || name in enums || name.startsWith('google.')) continue;
    if (type instanceof protobuf.Enum) {
      enums[name] = type.values;
      continue;
    }
    messages[name] = Object.fromEntries(type.fieldsArray.map((field) => [field.name, fieldRow(field)]));
    for (const { resolvedType } of type.fieldsArray) if (resolvedType) open.push(resolvedType as protobuf.Type);
  }
  const { version } = JSON.parse(readFileSync(join(client, 'package.json'), 'utf8')) as { readonly version: string };
  const source = `protos of npm @google-cloud/aiplatform ${version}, package ${PACKAGE}`;
  const sorted = <T>(rows: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(rows).sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    _meta: { source, made: 'scripts/catalog/vertex-schema.ts' },
    enums: sorted(enums),
    messages: sorted(messages),
  };
}

writeFileSync(out, `${JSON.stringify(generate(), null, 1)}\n`);
