import { closestMatch } from 'leven';
import type { Fault } from '../../faults.ts';
import { shown } from '../../faults.ts';
import type { Place } from '../../log.ts';
import { camelCase, type FieldSchema, type MessageSchema, messageSchema } from '../../vertex/schema.ts';
import { isRequired } from './required.ts';
import { readScalar } from './scalars.ts';
import type { ConfigEntry, ConfigTree } from './tree.ts';
import { substitute, variableNames } from './variables.ts';

export type Json = { readonly [key: string]: unknown };

export interface Typed {
  readonly value: Json;
  /** Where each part of the value stands in the file, by its path: `workerPoolSpecs[0].machineSpec`. */
  readonly places: ReadonlyMap<string, Place>;
  /** Paths of the values that were refused, and so left out. */
  readonly refused: ReadonlySet<string>;
  /** Paths of the lists from which an item was left out: the places of the others have shifted. */
  readonly shifted: ReadonlySet<string>;
  readonly faults: readonly Fault[];
}

/** Reads a tree as a message of Vertex AI's API in proto3 JSON. Every fault is collected, with its path and place. */
export function typedMessage(type: string, tree: ConfigTree, variables: ReadonlyMap<string, string>): Typed {
  const reader = new TypedReader(variables);
  const value = reader.message(type, tree, '');
  return {
    value: value ?? {},
    places: reader.places,
    refused: reader.refused,
    shifted: reader.shifted,
    faults: reader.faults,
  };
}

class TypedReader {
  readonly faults: Fault[] = [];
  readonly places = new Map<string, Place>();
  readonly refused = new Set<string>();
  readonly shifted = new Set<string>();
  readonly #variables: ReadonlyMap<string, string>;

  constructor(variables: ReadonlyMap<string, string>) {
    this.#variables = variables;
  }

  message(type: string, tree: ConfigTree, path: string): Json | undefined {
    this.places.set(path, tree.place);
    const schema = messageSchema(type);
    if (schema === undefined) return this.#free(tree, path) as Json;
    if (tree.kind !== 'map')
      return this.#refuse('config-type', tree.place, path, `is ${kindOf(tree)}; a mapping is accepted.`);
    const message: Record<string, unknown> = {};
    const taken = new Map<string, ConfigEntry>();
    for (const entry of tree.entries) {
      const name = this.#fieldName(schema, entry, path);
      if (name === undefined || this.#repeated(schema, taken, name, entry, path)) continue;
      const value = this.#field(schema[name] as FieldSchema, entry.value, pathOf(path, name));
      if (value !== undefined) message[name] = value;
    }
    return this.#complete(type, schema, message, taken, tree.place, path) ? message : undefined;
  }

  /** Whether all is there that the API requires; what is left out is a fault, what was refused is told already. */
  #complete(
    type: string,
    schema: MessageSchema,
    message: Json,
    taken: ReadonlyMap<string, ConfigEntry>,
    place: Place,
    path: string,
  ): boolean {
    const missing = Object.keys(schema).filter((name) => isRequired(type, name) && message[name] === undefined);
    for (const name of missing) {
      if (!taken.has(name)) this.#refuse('config-required', place, path, `lacks ${name}, which has to be given.`);
    }
    return missing.length === 0;
  }

  #fieldName(schema: MessageSchema, { key, keyPlace }: ConfigEntry, path: string): string | undefined {
    const name = Object.hasOwn(schema, key) ? key : camelCase(key);
    if (Object.hasOwn(schema, name)) {
      if (schema[name]?.behavior !== 'OUTPUT_ONLY') return name;
      return this.#refuse('config-output-only', keyPlace, pathOf(path, name), 'is set by Vertex AI. Remove it.');
    }
    const accepted = Object.keys(schema).filter((field) => schema[field]?.behavior !== 'OUTPUT_ONLY');
    const nearest = closestMatch(name, accepted);
    return this.#refuse(
      'config-key',
      keyPlace,
      path,
      `has the unknown key ${shown(key)}; the nearest is ${nearest}. Accepted: ${accepted.join(', ')}.`,
    );
  }

  /** A field stands once, in one spelling, and fields of one oneof exclude each other. */
  #repeated(
    schema: MessageSchema,
    taken: Map<string, ConfigEntry>,
    name: string,
    entry: ConfigEntry,
    path: string,
  ): boolean {
    const oneof = schema[name]?.oneof;
    const rival = taken.has(name)
      ? name
      : [...taken.keys()].find((other) => oneof !== undefined && schema[other]?.oneof === oneof);
    taken.set(name, entry);
    if (rival === undefined) return false;
    const message = rival === name ? 'stands a second time. Keep one.' : `and ${rival} exclude each other. Keep one.`;
    this.#refuse(rival === name ? 'config-duplicate' : 'config-oneof', entry.keyPlace, pathOf(path, name), message);
    return true;
  }

  #field(field: FieldSchema, tree: ConfigTree, path: string): unknown {
    this.places.set(path, tree.place);
    // An alias without an anchor, which is told already.
    if (tree.kind === 'scalar' && tree.value === undefined) return undefined;
    if (field.key !== undefined) return this.#map(field, tree, path);
    if (!field.repeated) return this.#single(field.type, tree, path);
    if (tree.kind === 'scalar')
      return this.#refuse('config-type', tree.place, path, `is ${kindOf(tree)}; a list is accepted.`);
    // gcloud takes one mapping for a list that holds it; its own help shows it.
    const items = tree.kind === 'list' ? tree.items : [tree];
    // protobuf knows no empty list beside none.
    if (items.length === 0) return undefined;
    return items.flatMap((item, index) => {
      const value = this.#single(field.type, item, `${path}[${index}]`);
      if (value === undefined) this.shifted.add(path);
      return value === undefined ? [] : [value];
    });
  }

  #map(field: FieldSchema, tree: ConfigTree, path: string): unknown {
    if (tree.kind !== 'map')
      return this.#refuse('config-type', tree.place, path, `is ${kindOf(tree)}; a mapping is accepted.`);
    const entries = tree.entries.map(
      ({ key, value }) => [key, this.#single(field.type, value, `${path}.${key}`)] as const,
    );
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }

  #single(type: string, tree: ConfigTree, path: string): unknown {
    if (messageSchema(type) !== undefined || type === 'google.protobuf.Value') return this.message(type, tree, path);
    this.places.set(path, tree.place);
    if (tree.kind !== 'scalar')
      return this.#refuse('config-type', tree.place, path, `is ${kindOf(tree)}; one value is accepted.`);
    const { value, source } = this.#substituted(tree, path);
    const given = type === 'bool' && source !== tree.source ? (BOOLEANS.get(source) ?? value) : value;
    const read = readScalar(type, given, source);
    if (read === undefined) return this.#refuse('config-key', tree.place, path, 'cannot be set in a config.');
    return 'value' in read ? read.value : this.#refuse('config-type', tree.place, path, read.refused);
  }

  /** A value that came in through a variable is a text, and is read as whatever type its place takes. */
  #substituted(tree: Extract<ConfigTree, { kind: 'scalar' }>, path: string): { value: unknown; source: string } {
    if (typeof tree.value !== 'string') return tree;
    const { text, unknown } = substitute(tree.value, this.#variables);
    for (const name of unknown) {
      const nearest = closestMatch(name, [...this.#variables.keys()]);
      const hint = nearest === undefined ? '' : `; the nearest is ${nearest}`;
      this.#refuse(
        'config-variable',
        tree.place,
        path,
        `uses \${${name}}, which has no value${hint}. ${variableNames(this.#variables)}; write $\${ for a plain \${.`,
      );
    }
    return { value: text, source: text };
  }

  /** A google.protobuf.Value: whatever JSON the file holds. */
  #free(tree: ConfigTree, path: string): unknown {
    if (tree.kind === 'list') return tree.items.map((item, index) => this.#free(item, `${path}[${index}]`));
    if (tree.kind === 'map') {
      return Object.fromEntries(tree.entries.map(({ key, value }) => [key, this.#free(value, pathOf(path, key))]));
    }
    const { value } = this.#substituted(tree, path);
    return typeof value === 'bigint' ? Number(value) : value;
  }

  #refuse(rule: string, place: Place, path: string, message: string): undefined {
    this.faults.push({ rule, place, message: `${path === '' ? 'the config' : path} ${message}` });
    this.refused.add(path);
    return undefined;
  }
}

/** A boolean that came in through a variable. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

const pathOf = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);

function kindOf(tree: ConfigTree): string {
  if (tree.kind !== 'scalar') return `a ${tree.kind === 'map' ? 'mapping' : 'list'}`;
  return tree.value === null ? 'empty' : shown(tree.source);
}
