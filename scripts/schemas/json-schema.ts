/** What is used here of JSON Schema, draft 7, which editors know best. */
export type Schema = Readonly<Record<string, unknown>>;

export const DRAFT = 'http://json-schema.org/draft-07/schema#';

export const pattern = (form: RegExp): Schema => ({ type: 'string', pattern: form.source });

/** Both spellings of a field, where they differ: proto3 JSON takes either. */
export function spellings(name: string): string[] {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return snake === name ? [name] : [name, snake];
}

/** One of the spellings has to be there. */
export function requires(name: string): Schema {
  return { anyOf: spellings(name).map((key) => ({ required: [key] })) };
}

/** At most one of the keys may be there. */
export function excludes(keys: readonly string[]): Schema[] {
  return keys.flatMap((key, index) => keys.slice(index + 1).map((other) => ({ not: { required: [key, other] } })));
}

/** An object of fields, each in either spelling and only once, and of nothing else. */
export function fields(properties: Readonly<Record<string, Schema>>, more: readonly Schema[] = []): Schema {
  const spelled = Object.entries(properties).flatMap(([name, schema]) => spellings(name).map((key) => [key, schema]));
  const once = Object.keys(properties).flatMap((name) => excludes(spellings(name)));
  const allOf = [...once, ...more];
  return {
    type: 'object',
    properties: Object.fromEntries(spelled),
    additionalProperties: false,
    ...(allOf.length === 0 ? {} : { allOf }),
  };
}
