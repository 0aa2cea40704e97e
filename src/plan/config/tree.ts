import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { type Fault, shown } from '../../faults.ts';
import type { Place } from '../../log.ts';

/** A config file's YAML with the place of every part; an alias without an anchor has the value undefined. */
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

/** Anchors can make a short file large; no job has as many parts as this, nor any so deep. */
const MOST_PARTS = 100_000;
const MOST_DEEP = 100;

/** Parses a config as gcloud does, by YAML 1.1, where `yes` is a boolean. Every syntax fault is collected. */
export function parseConfig(text: string, file: string): ConfigParsed {
  const lines = new LineCounter();
  // Keys are compared below: the parser takes time by the square of their number.
  const options = { version: '1.1', intAsBigInt: true, prettyErrors: false, uniqueKeys: false } as const;
  const document = parseDocument(text, { ...options, lineCounter: lines });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  // A tag that nobody knows is a warning to the parser, which then drops it.
  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) {
    return { tree: undefined, faults: errors.map((error) => syntaxFault(error, placeAt(error.pos[0]))) };
  }
  try {
    const reader = new TreeReader(placeAt);
    const tree = document.contents === null ? undefined : reader.read(document.contents, placeAt(0));
    return { tree, faults: reader.faults };
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    return { tree: undefined, faults: [tooLarge(placeAt(0))] };
  }
}

function tooLarge(place: Place): Fault {
  const message = `the config holds more than ${MOST_PARTS} parts once its aliases are written out, is nested deeper than ${MOST_DEEP}, or holds an alias of itself.`;
  return { rule: 'config-yaml', place, message };
}

function syntaxFault({ code, message }: YAMLError, place: Place): Fault {
  const several = code === 'MULTIPLE_DOCS';
  return {
    rule: 'config-yaml',
    place,
    message: several ? 'a second document begins here. Keep one.' : `not valid YAML: ${message}`,
  };
}

class TooLarge extends Error {}

class TreeReader {
  readonly faults: Fault[] = [];
  readonly #placeAt: (offset: number) => Place;
  /** What each anchor stands for at this point of the text; an anchor may be given anew. */
  readonly #anchors = new Map<string, unknown>();
  /** Aliases that are being written out. */
  #aliases = 0;
  #parts = 0;
  #depth = 0;

  constructor(placeAt: (offset: number) => Place) {
    this.#placeAt = placeAt;
  }

  read(node: unknown, outer: Place): ConfigTree {
    this.#parts += 1;
    if (this.#parts > MOST_PARTS || this.#depth > MOST_DEEP) throw new TooLarge();
    this.#depth += 1;
    const tree = this.#readNode(node, this.#placeOf(node, outer));
    this.#depth -= 1;
    return tree;
  }

  #readNode(node: unknown, place: Place): ConfigTree {
    if (isAlias(node)) return this.#alias(node.source, place);
    const anchor = isNode(node) && 'anchor' in node ? node.anchor : undefined;
    if (anchor !== undefined && this.#aliases === 0) this.#anchors.set(anchor, node);
    if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => this.read(item, place)), place };
    if (isMap(node)) return { kind: 'map', entries: this.#entries(node, place), place };
    if (isScalar(node)) return { kind: 'scalar', value: node.value, source: node.source ?? String(node.value), place };
    return { kind: 'scalar', value: null, source: '', place };
  }

  /** The parser's own way to an anchor goes through the whole document each time. */
  #alias(name: string, place: Place): ConfigTree {
    if (!this.#anchors.has(name)) {
      this.#refuse('config-alias', place, `*${name} has no anchor &${name} before it.`);
      return { kind: 'scalar', value: undefined, source: '', place };
    }
    this.#aliases += 1;
    const tree = this.#readNode(this.#anchors.get(name), place);
    this.#aliases -= 1;
    return tree;
  }

  #placeOf(node: unknown, outer: Place): Place {
    const range = (node as Node | null)?.range;
    return range ? this.#placeAt(range[0]) : outer;
  }

  /** A map's entries; those that `<<` merges in yield to the map's own (YAML 1.1 merge key). */
  #entries(map: YAMLMap, place: Place): ConfigEntry[] {
    const own: ConfigEntry[] = [];
    const merged: ConfigEntry[] = [];
    const names = new Set<string>();
    for (const { key, value } of map.items) {
      const keyTree = this.read(key, place);
      const name = keyTree.kind === 'scalar' ? keyTree.source : '';
      const tree = this.read(value, keyTree.place);
      if (name === '<<') {
        for (const entry of this.#merged(tree)) merged.push(entry);
      } else {
        if (names.has(name))
          this.#refuse('config-duplicate', keyTree.place, `${shown(name)} stands a second time. Keep one.`);
        else own.push({ key: name, keyPlace: keyTree.place, value: tree });
        names.add(name);
      }
    }
    return [...own, ...merged.filter(({ key }) => !names.has(key) && names.add(key))];
  }

  #merged(tree: ConfigTree): readonly ConfigEntry[] {
    if (tree.kind === 'map') return tree.entries;
    if (tree.kind === 'list') return tree.items.flatMap((item) => this.#merged(item));
    const told = tree.kind === 'scalar' && tree.value === undefined;
    if (!told) this.#refuse('config-alias', tree.place, '<< merges mappings, and this is none.');
    return [];
  }

  #refuse(rule: string, place: Place, message: string): void {
    this.faults.push({ rule, place, message });
  }
}
