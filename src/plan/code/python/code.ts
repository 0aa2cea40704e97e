import type { SyntaxNode } from '@lezer/common';
import type { ImageFile, ImageFiles } from '../dockerfile/image-files.ts';
import { joined } from '../paths.ts';
import { type Import, type PythonModule, readModule } from './module.ts';
import { isHarmless } from './outside.ts';
import { attributeOf, childrenOf, textOf } from './tree.ts';

/** The modules of the repository that a program imports, as far as they can be followed. */
export interface Code {
  readonly main: PythonModule;
  readonly modules: ReadonlyMap<string, PythonModule>;
  /** Top-level names of all imports from outside the repository. */
  readonly outside: ReadonlySet<string>;
  /** All of the repository's own code that could be found was read: all syntax, no bound reached. */
  readonly read: boolean;
  /** Nothing is out of sight: all was read, and every import from outside is a known library. */
  readonly whole: boolean;
  /** How many expressions may still be looked into for their text. */
  readonly budget: { left: number };
  /** What local names mean, by module. */
  readonly bindings: ReadonlyMap<string, Bindings>;
}

interface Bindings {
  /** Local name to dotted name. */
  readonly names: ReadonlyMap<string, string>;
  /** Modules of which all names are taken. */
  readonly stars: readonly string[];
}

const MOST_MODULES = 150;
const MOST_CHARACTERS = 500_000;
const MOST_TEXTS = 100_000;

export interface CodeSource {
  readonly files: ImageFiles;
  readonly file: ImageFile;
  /** Dotted name behind `-m`. */
  readonly module: string | undefined;
  /** Folders of the image on Python's path. */
  readonly roots: readonly string[];
}

/** Reads a program and, breadth first, the modules it imports from the repository. */
export function readCode({ files, file, module, roots }: CodeSource): Code {
  const name = module ?? file.path.slice(file.path.lastIndexOf('/') + 1).replace(/\.py$/, '');
  const main = readModule({ ...file, name, isPackage: false });
  const gathering: Gathering = {
    modules: new Map([[name, main]]),
    outside: new Set(),
    missed: new Set(),
    characters: 0,
    bounded: false,
  };
  const bindings = new Map<string, Bindings>();
  const find = finder(files, roots);
  for (const reader of gathering.modules.values()) {
    bindings.set(reader.name, bindingsOf(reader));
    for (const wanted of wantedBy(reader)) gather(gathering, find, wanted);
  }
  const { modules, outside, bounded } = gathering;
  const read = !bounded && [...modules.values()].every((one) => one.whole);
  return {
    main,
    modules,
    outside,
    read,
    whole: read && [...outside].every(isHarmless),
    budget: { left: MOST_TEXTS },
    bindings,
  };
}

interface Gathering {
  readonly modules: Map<string, PythonModule>;
  readonly outside: Set<string>;
  /** Names that were looked for in vain. */
  readonly missed: Set<string>;
  characters: number;
  bounded: boolean;
}

function gather(all: Gathering, find: Finder, { name, needed }: Wanted): void {
  if (all.modules.has(name) || all.bounded) return;
  const found = all.missed.has(name) ? undefined : find(name);
  if (found === undefined) {
    if (needed && !all.outside.has(name) && !find.hasFolder(name)) all.outside.add(name);
    all.missed.add(name);
    return;
  }
  all.characters += found.text.length;
  all.bounded = all.modules.size >= MOST_MODULES || all.characters > MOST_CHARACTERS;
  if (!all.bounded) all.modules.set(name, readModule({ ...found, name }));
}

interface Wanted {
  readonly name: string;
  /** `from a import b` may mean a module a.b, and mostly does not. */
  readonly needed: boolean;
}

/** The modules that an import loads: each package on the way, and what may be a submodule. */
function wantedBy(reader: PythonModule): Wanted[] {
  const found: Wanted[] = [];
  for (const one of reader.imports) {
    const base = absolute(reader, one);
    if (base === undefined) continue;
    const parts = base.split('.');
    for (let length = 1; length < parts.length; length++)
      found.push({ name: parts.slice(0, length).join('.'), needed: false });
    if (base !== '') found.push({ name: base, needed: true });
    if (one.name !== undefined && one.name !== '*')
      found.push({ name: base === '' ? one.name : `${base}.${one.name}`, needed: base === '' });
  }
  return found;
}

/** A relative import counts from the package that holds the module. */
function absolute({ name, isPackage }: PythonModule, { module, level }: Import): string | undefined {
  if (level === 0) return module;
  const parts = name.split('.');
  const up = level - (isPackage ? 1 : 0);
  if (up > parts.length) return undefined;
  const kept = parts.slice(0, parts.length - up);
  return [...kept, ...(module === '' ? [] : [module])].join('.');
}

interface Found extends ImageFile {
  readonly isPackage: boolean;
}

interface Finder {
  (name: string): Found | undefined;
  /** A folder without `__init__.py` is a package too (PEP 420). */
  hasFolder(name: string): boolean;
}

function finder(files: ImageFiles, roots: readonly string[]): Finder {
  const find = (name: string): Found | undefined => {
    for (const root of roots) {
      const path = joined(root, name.replaceAll('.', '/'));
      const found = files.find(`${path}/__init__.py`);
      if (found) return { ...found, isPackage: true };
      const file = files.find(`${path}.py`);
      if (file) return { ...file, isPackage: false };
    }
    return undefined;
  };
  return Object.assign(find, {
    hasFolder: (name: string) => roots.some((root) => files.hasFolder(joined(root, name.replaceAll('.', '/')))),
  });
}

function bindingsOf(module: PythonModule): Bindings {
  const names = new Map<string, string>();
  const stars: string[] = [];
  for (const one of module.imports) {
    const base = absolute(module, one);
    if (base === undefined) continue;
    const whole = one.name === undefined ? base : base === '' ? one.name : `${base}.${one.name}`;
    if (one.name === '*') stars.push(base);
    else if (one.local !== undefined) names.set(one.local, whole);
    else names.set(base.split('.')[0] ?? base, base.split('.')[0] ?? base);
  }
  return { names, stars };
}

/** What an expression names, as a dotted name that begins at a module; undefined for anything else. */
export function resolve(code: Code, module: PythonModule, node: SyntaxNode): string | undefined {
  const parts = dottedParts(node, module.text);
  const [first, ...rest] = parts ?? [];
  if (first === undefined) return undefined;
  const known = lookUp(code, module, first);
  return known === undefined ? undefined : follow(code, [known, ...rest].join('.'), 0);
}

/** The names of `a.b.c`, also of a decorator. */
export function dottedParts(node: SyntaxNode, text: string): string[] | undefined {
  if (node.name === 'VariableName') return [textOf(node, text)];
  if (node.name === 'Decorator') {
    const names = childrenOf(node).filter((child) => child.name === 'VariableName' || child.name === 'PropertyName');
    return names.map((child) => textOf(child, text));
  }
  const parts: string[] = [];
  let at: SyntaxNode | null = node;
  while (at?.name === 'MemberExpression') {
    const attribute = attributeOf(at, text);
    if (attribute === undefined) return undefined;
    parts.push(attribute);
    at = at.firstChild;
  }
  return at?.name === 'VariableName' ? [...parts, textOf(at, text)].reverse() : undefined;
}

function lookUp(code: Code, module: PythonModule, name: string): string | undefined {
  const bound = code.bindings.get(module.name);
  const imported = bound?.names.get(name);
  if (imported !== undefined) return imported;
  if (module.definitions.has(name) || module.assigned.has(name)) return `${module.name}.${name}`;
  for (const star of bound?.stars ?? []) {
    const from = code.modules.get(star);
    if (from && (from.definitions.has(name) || from.assigned.has(name) || code.bindings.get(star)?.names.has(name))) {
      return `${star}.${name}`;
    }
    // `from click import *`: the name is most likely that library's.
    if (from === undefined && !module.assigned.has(name)) return `${star}.${name}`;
  }
  return undefined;
}

/** Follows a name that a module of the repository took from another. */
function follow(code: Code, dotted: string, depth: number): string {
  const place = placeIn(code, dotted);
  if (place === undefined || depth > 8) return dotted;
  const [first, ...rest] = place.path;
  if (first === undefined) return dotted;
  const taken = code.bindings.get(place.module.name)?.names.get(first);
  const next = taken === undefined ? undefined : [taken, ...rest].join('.');
  return next === undefined || next === dotted ? dotted : follow(code, next, depth + 1);
}

/** The module of the repository that a dotted name begins with, and what is named in it. */
export function placeIn(code: Code, dotted: string): { module: PythonModule; path: string[] } | undefined {
  const parts = dotted.split('.');
  for (let length = parts.length; length > 0; length--) {
    const module = code.modules.get(parts.slice(0, length).join('.'));
    if (module) return { module, path: parts.slice(length) };
  }
  return undefined;
}
