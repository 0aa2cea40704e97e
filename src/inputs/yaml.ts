import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, type ParsedNode, parseDocument } from 'yaml';

/** YAML as inputs use it: every scalar keeps the text it was written with. */
export type Tree =
  | { readonly kind: 'scalar'; readonly text: string; readonly plain: boolean; readonly line: number }
  | { readonly kind: 'list'; readonly items: readonly Tree[]; readonly line: number }
  | { readonly kind: 'map'; readonly entries: readonly Entry[]; readonly line: number };

export interface Entry {
  readonly key: string;
  readonly value: Tree;
  readonly line: number;
}

/** Why a text is no YAML that inputs take; `line` counts from 1 within the input. */
export class YamlError extends Error {
  override readonly name = 'YamlError';
  readonly line: number;

  constructor(message: string, line: number, options?: ErrorOptions) {
    super(message, options);
    this.line = line;
  }
}

/** Parses one YAML document. Throws YamlError; anchors, aliases and tags have no use in an input and are refused. */
export function parseYaml(text: string): Tree {
  const lines = new LineCounter();
  const document: Document.Parsed = parseDocument(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    lineCounter: lines,
    logLevel: 'error',
    prettyErrors: false,
  });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    throw new YamlError(error.message.split('\n', 1)[0] ?? 'not YAML', line, { cause: error });
  }
  return treeOf(document.contents, lines, 1);
}

function treeOf(node: ParsedNode | Node | null, lines: LineCounter, parentLine: number): Tree {
  const line = node?.range ? lines.linePos(node.range[0]).line : parentLine;
  if (node === null) return { kind: 'scalar', text: '', plain: true, line };
  refuseDecorated(node, line);
  if (isScalar(node)) {
    return { kind: 'scalar', text: String(node.value ?? ''), plain: node.type === 'PLAIN', line };
  }
  if (isSeq(node)) {
    return { kind: 'list', items: node.items.map((item) => treeOf(item as Node, lines, line)), line };
  }
  if (isMap(node)) return { kind: 'map', entries: node.items.map((pair) => entryOf(pair, lines, line)), line };
  throw new YamlError('YAML aliases (*name) are not accepted: write the value out', line);
}

function refuseDecorated(node: ParsedNode | Node, line: number): void {
  if ('anchor' in node && node.anchor) {
    throw new YamlError('YAML anchors (&name) are not accepted: write the value out', line);
  }
  if ('tag' in node && node.tag?.startsWith('!')) {
    throw new YamlError(`the YAML tag ${node.tag} is not accepted: quote the value`, line);
  }
}

function entryOf(pair: { key: unknown; value: unknown }, lines: LineCounter, parentLine: number): Entry {
  const key = treeOf(pair.key as Node, lines, parentLine);
  if (key.kind !== 'scalar') throw new YamlError('a mapping key has to be one word or a quoted text', key.line);
  return { key: key.text, value: treeOf((pair.value ?? null) as Node | null, lines, key.line), line: key.line };
}
