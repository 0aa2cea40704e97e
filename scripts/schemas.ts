import { configSchema } from './schemas/config.ts';
import type { Schema } from './schemas/json-schema.ts';
import { parametersSchema } from './schemas/parameters.ts';

const text = (schema: Schema) => `${JSON.stringify(schema, undefined, 2)}\n`;

/** The files in schemas/, for editors, by their paths below the root: made of what the parsers themselves go by. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['schemas/config.schema.json', text(configSchema())],
    ['schemas/parameters.schema.json', text(parametersSchema())],
  ]);
}
