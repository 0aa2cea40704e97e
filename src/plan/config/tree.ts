import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import type { Fault } from '../../faults.ts';
import type { Place } from '../../log.ts';

/** A config file's YAML with the place of every part. */
export type ConfigTree =
  | { readonly kind: 'scalar'; readonly value: unknown; readonly source: string; readonly place: Place }
  | { readonly kind: 'list'; readonly items: readonly ConfigTree[]; readonly place: Place }
  | { readonly kind: 'map'; readonly entries: readonly ConfigEntry[]; readonly place: Place };

export interface ConfigEntry {
  readonly key: string;
  readonly keyPlace: Place;
  readonly value: ConfigTree;
}

export interface ConfigParsed {
  /** Undefined where the text is empty or has faults. */
  readonly tree: ConfigTree | undefined;
  readonly faults: readonly Fault[];
}

/** Anchors can make a short file large; no job has as many parts as this. */
const MOST_PARTS = 100_000;

/** Parses a config as gcloud does, by YAML 1.1, where `yes` is a boolean. Every syntax fault is collected. */
export function parseConfig(text: string, file: string): ConfigParsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { version: '1.1', intAsBigInt: true, lineCounter: lines, logLevel: 'silent' });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  if (document.errors.length > 0) {
    return {
      tree: undefined,
      faults: document.errors.map((error) => syntaxFault(error.message, placeAt(error.pos[0]))),
    };
  }
  try {
    const reader = new TreeReader(document, placeAt);
    return { tree: document.contents === null ? undefined : reader.read(document.contents, placeAt(0)), faults: [] };
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    const message = `holds more than ${MOST_PARTS} parts once its aliases are written out, or an alias of itself.`;
    return { tree: undefined, faults: [{ rule: 'config-yaml', place: placeAt(0), message }] };
  }
}

function syntaxFault(message: string, place: Place): Fault {
  return { rule: 'config-yaml', place, message: `not valid YAML: ${message.split('\n', 1)[0]}` };
}

class TooLarge extends Error {}

class TreeReader {
  readonly #document: Document;
  readonly #placeAt: (offset: number) => Place;
  #parts = 0;

  constructor(document: Document, placeAt: (offset: number) => Place) {
    this.#document = document;
    this.#placeAt = placeAt;
  }

  read(node: unknown, outer: Place): ConfigTree {
    this.#parts += 1;
    if (this.#parts > MOST_PARTS) throw new TooLarge();
    const place = this.#placeOf(node, outer);
    const target = isAlias(node) ? node.resolve(this.#document) : node;
    if (isSeq(target)) return { kind: 'list', items: target.items.map((item) => this.read(item, place)), place };
    if (isMap(target)) return { kind: 'map', entries: this.#entries(target, place), place };
    if (isScalar(target))
      return { kind: 'scalar', value: target.value, source: target.source ?? String(target.value), place };
    return { kind: 'scalar', value: null, source: '', place };
  }

  #placeOf(node: unknown, outer: Place): Place {
    const range = (node as Node | null)?.range;
    return range ? this.#placeAt(range[0]) : outer;
  }

  /** A map's entries; those that `<<` merges in yield to the map's own (YAML 1.1 merge key). */
  #entries(map: YAMLMap, place: Place): ConfigEntry[] {
    const own: ConfigEntry[] = [];
    const merged: ConfigEntry[] = [];
    for (const { key, value } of map.items) {
      const keyTree = this.read(key, place);
      const name = keyTree.kind === 'scalar' ? keyTree.source : '';
      const tree = this.read(value, keyTree.place);
      if (name === '<<') merged.push(...entriesOf(tree));
      else own.push({ key: name, keyPlace: keyTree.place, value: tree });
    }
    const names = new Set(own.map(({ key }) => key));
    return [...own, ...merged.filter(({ key }, index) => !names.has(key) && firstOf(merged, key) === index)];
  }
}

const firstOf = (entries: readonly ConfigEntry[], name: string) => entries.findIndex(({ key }) => key === name);

function entriesOf(tree: ConfigTree): readonly ConfigEntry[] {
  if (tree.kind === 'map') return tree.entries;
  return tree.kind === 'list' ? tree.items.flatMap(entriesOf) : [];
}
