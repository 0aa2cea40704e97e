import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

import type { Place } from '../../../../log.ts';
import { readPipText } from '../pip/file.ts';
import { type Command, newCommand, type Reading } from '../reading.ts';
import { TORCH_FAMILY } from '../variants.ts';
import { series } from '../versions.ts';
import { type CondaSpec, condaSpec } from './conda-spec.ts';

/** A whole environment, exported, has some ten thousand. */
const MOST_CHARS = 256 * 1024;

/** Reads conda's environment file: what conda installs, and what pip then does. */
export function readEnvironment(reading: Reading, path: string): boolean {
  const text = reading.text(path);
  if (text === undefined) return false;
  const lines = new LineCounter();
  const document = documentOf(reading, path, text, lines);
  const contents = document?.contents;
  if (!isMap(contents)) return document !== undefined;
  const place = (node: unknown): Place => ({ file: path, line: lineOf(node, lines) });
  for (const one of items(contents.get('channels', true)).flatMap((each) => textOf(each) ?? []))
    reading.channels.push(one);
  const command = newCommand();
  const specs: { readonly spec: CondaSpec; readonly place: Place }[] = [];
  for (const item of items(contents.get('dependencies', true))) {
    const written = textOf(item);
    const spec = written === undefined ? undefined : condaSpec(written);
    if (spec !== undefined) specs.push({ spec, place: place(item) });
    else if (isMap(item)) readPip(reading, item.get('pip', true), place);
  }
  const companion = companionOf(specs.map(({ spec }) => spec));
  for (const { spec, place: at } of specs) addSpec(reading, spec, at, command, companion);
  return true;
}

function documentOf(reading: Reading, file: string, text: string, lines: LineCounter): Document.Parsed | undefined {
  if (text.length > MOST_CHARS) {
    reading.warn('requirements-unread', { file }, 'is too large to be looked at: what it asks for is not known here.');
    return undefined;
  }
  let reason = 'it is nested too deep';
  let line: number | undefined;
  try {
    const options = {
      schema: 'failsafe',
      lineCounter: lines,
      logLevel: 'error',
      prettyErrors: false,
      uniqueKeys: false,
    } as const;
    const document = parseDocument(text, options);
    const [error] = document.errors;
    if (error === undefined) return document;
    reason = error.message.split('\n', 1)[0] ?? '';
    line = lines.linePos(error.pos[0]).line;
  } catch {
    // The parser runs out of stack.
  }
  reading.error('requirements-syntax', { file, line }, `the file is not YAML: ${reason}. Mend it there.`);
  return undefined;
}

const items = (node: unknown): readonly unknown[] => (isSeq(node) ? node.items : []);

const textOf = (node: unknown): string | undefined =>
  isScalar(node) && !isAlias(node) ? String(node.value ?? '').trim() || undefined : undefined;

function lineOf(node: unknown, lines: LineCounter): number {
  const range = (node as Node | undefined)?.range;
  return range ? lines.linePos(range[0]).line : 1;
}

/** conda hands its list to one run of pip, from the folder of the file. */
function readPip(reading: Reading, node: unknown, place: (node: unknown) => Place): void {
  const command = newCommand();
  for (const item of items(node)) {
    const text = textOf(item);
    if (text !== undefined) readPipText(reading, text, place(item), command);
  }
}

/** The build that a companion chooses for the frameworks beside it. */
function companionOf(specs: readonly CondaSpec[]): string | undefined {
  if (specs.some(({ name }) => name === 'cpuonly')) return 'cpu';
  for (const name of ['pytorch-cuda', 'cuda-version', 'cudatoolkit']) {
    const asked = specs.find((one) => one.name === name)?.specifier?.replace(/^[=~>]+|\.\*$|,.*$/gs, '') ?? '';
    const [major, minor] = (series(asked, 2) ?? '').split('.');
    if (major && minor && /\./.test(asked)) return `cu${major}${minor}`;
  }
  return undefined;
}

const BUILT = new Set([...TORCH_FAMILY, 'tensorflow', 'jaxlib', 'jax', 'xgboost', 'lightgbm', 'torch-geometric']);

function addSpec(
  reading: Reading,
  spec: CondaSpec,
  place: Place,
  command: Command,
  companion: string | undefined,
): void {
  const { name, specifier, version, channel } = spec;
  if (specifier === undefined) {
    // conda's versions are not all PEP 440: what such a one fits is not known.
    reading.add({ name, extras: [], specifier: '', place, command });
    return;
  }
  if (name === 'python')
    reading.pythons.push({ specifier: version ? `==${version}` : specifier, place, who: place.file });
  else {
    const variant = spec.variant ?? (BUILT.has(name) ? companion : undefined);
    const nightly =
      /nightly/.test(channel ?? '') || (TORCH_FAMILY.has(name) && reading.channels[0] === 'pytorch-nightly');
    reading.add({ name, extras: [], specifier, version, variant, nightly: nightly || undefined, place, command });
  }
}
