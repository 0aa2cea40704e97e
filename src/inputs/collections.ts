import { shown } from '../faults.ts';
import type { Faults } from './collect.ts';
import { parseYaml, type Tree, YamlError } from './yaml.ts';

/** Parses `text` as YAML; a text that is none becomes a fault that names the line within the input. */
export function yamlInput(faults: Faults, input: string, text: string): Tree | undefined {
  try {
    return parseYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    faults.add('yaml', input, `line ${error.line}: not valid YAML: ${error.message}`);
    return undefined;
  }
}

/**
 * A list: a YAML sequence, which its first character or a first line of `- item` announces, or else one item a line.
 * A line is taken whole, whatever spaces, commas or quotes it holds.
 */
export function parseList(faults: Faults, input: string, text: string): readonly string[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  if (!/^(?:\[|-(?:[ \t]|\r?\n))/.test(trimmed)) {
    return trimmed
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
  }
  const tree = yamlInput(faults, input, text);
  if (tree === undefined) return [];
  if (tree.kind === 'list') return tree.items.flatMap((item) => listItem(faults, input, item));
  faults.add('list', input, 'has to be a YAML sequence or one item a line.');
  return [];
}

function listItem(faults: Faults, input: string, item: Tree): string[] {
  if (item.kind !== 'scalar') {
    faults.add(
      'list',
      input,
      `line ${item.line}: an item has to be one text, not a ${item.kind}. Quote it if it is text.`,
    );
    return [];
  }
  if (item.plain && item.text === '') {
    faults.add('list', input, `line ${item.line}: the item is empty. Write '' for an empty text, or remove it.`);
    return [];
  }
  return [item.text];
}

const PAIR = /^([A-Za-z_][A-Za-z0-9_.-]*)=(.*)$/;

/** A map: one `KEY=VALUE` a line where the first line has that form, else a YAML mapping of texts. */
export function parseMap(faults: Faults, input: string, text: string): ReadonlyMap<string, string> {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const first = lines.find((line) => line !== '');
  if (first === undefined) return new Map();
  const pairs = PAIR.test(first) ? pairsOfLines(faults, input, lines) : pairsOfYaml(faults, input, text);
  const map = new Map<string, string>();
  for (const { key, value, line } of pairs) {
    if (map.has(key)) faults.add('duplicate-key', input, `line ${line}: ${shown(key)} stands here a second time.`);
    map.set(key, value);
  }
  return map;
}

interface Pair {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

function pairsOfLines(faults: Faults, input: string, lines: readonly string[]): Pair[] {
  return lines.flatMap((text, index) => {
    if (text === '') return [];
    const [, key, value] = PAIR.exec(text) ?? [];
    if (key !== undefined && value !== undefined) return [{ key, value, line: index + 1 }];
    faults.add('map', input, `line ${index + 1}: ${shown(text)} is not KEY=VALUE, as the first line is.`);
    return [];
  });
}

function pairsOfYaml(faults: Faults, input: string, text: string): Pair[] {
  const tree = yamlInput(faults, input, text);
  if (tree === undefined) return [];
  if (tree.kind !== 'map') {
    faults.add('map', input, 'has to be a YAML mapping (key: value) or one KEY=VALUE a line.');
    return [];
  }
  return tree.entries.flatMap(({ key, value, line }) => {
    if (value.kind === 'scalar') return [{ key, value: value.text, line }];
    faults.add('map', input, `line ${line}: the value of ${shown(key)} has to be one text, not a ${value.kind}.`);
    return [];
  });
}
