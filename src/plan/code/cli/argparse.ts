import type { SyntaxNode } from '@lezer/common';
import { dottedParts, placeIn, resolve } from '../python/code.ts';
import type { PythonModule } from '../python/module.ts';
import { definitionOf, type NamedCall, placeOf } from '../python/places.ts';
import { argumentsOf, attributeOf, childrenOf, textOf } from '../python/tree.ts';
import { textsOf } from '../python/values.ts';
import { Flags, type Reader, type Seen } from './reading.ts';

const PARSES = new Set(['parse_args', 'parse_known_args', 'parse_intermixed_args', 'parse_known_intermixed_args']);
/** Calls that give a part of the same parser. */
const PARTS = new Set(['add_argument_group', 'add_mutually_exclusive_group', 'add_subparsers', 'add_parser']);
const BUILTINS = new Set(['print', 'isinstance', 'vars', 'type', 'id', 'repr', 'str']);

/**
 * argparse takes the spelling that is declared, or an unambiguous beginning of it (docs.python.org/3/library/argparse.html,
 * allow_abbrev). Flags of all parsers and subcommands are taken together. Where a parser is handed to code that is not seen,
 * or flags are declared from values, others may be taken.
 */
export const readArgparse: Reader = (seen) => {
  const parsers = seen.calls.filter((call) => isParser(seen, call));
  const [first] = parsers;
  if (first === undefined) return undefined;
  const flags = new Flags();
  for (const call of seen.calls) {
    if (call.last === 'add_argument') addFlags(seen, call, flags);
  }
  if (isOpen(seen, parsers)) flags.open();
  else if (seen.calls.some(({ last }) => /^parse_known/.test(last)) && flags.others === 'closed')
    flags.others = 'drops';
  return {
    library: 'argparse',
    place: placeOf(first.module, first.call.node),
    flags: flags.places,
    prefixes: parsers.some(({ module, call }) => {
      return !call.arguments.some(
        ({ name, value }) => name === 'allow_abbrev' && textOf(value, module.text) === 'False',
      );
    }),
    dashesAlike: false,
    others: flags.others,
  };
};

/** `ArgumentParser(…)`, or a class of the repository that is one. */
function isParser({ code }: Seen, { module, call, name }: NamedCall): boolean {
  if (name === 'argparse.ArgumentParser') return true;
  if (name === undefined || placeIn(code, name) === undefined) return false;
  const definition = definitionOf(code, module, call.callee);
  if (definition?.node.name !== 'ClassDefinition') return false;
  const bases = argumentsOf(definition.node.getChild('ArgList'), definition.module.text);
  return bases.some(({ value }) => resolve(code, definition.module, value) === 'argparse.ArgumentParser');
}

function addFlags({ code }: Seen, { module, call }: NamedCall, flags: Flags): void {
  const said = (value: SyntaxNode) => textOf(value, module.text);
  const negatable = call.arguments.some(({ value }) => /BooleanOptionalAction/.test(said(value)));
  if (call.arguments.some(({ name, value }) => name === 'nargs' && /REMAINDER|\.\.\./.test(said(value)))) flags.open();
  for (const { name, star, value } of call.arguments) {
    if (name !== undefined || isKeywords(call.arguments, value)) continue;
    const texts = star ? undefined : textsOf(code, module, value);
    if (texts === undefined) flags.open();
    for (const text of (texts ?? []).filter((one) => one.startsWith('-'))) {
      flags.add(text, placeOf(module, value));
      if (negatable) flags.add(text.replace(/^--/, '--no-'), placeOf(module, value));
    }
  }
}

/** `**options` names no flag where one is named before it. */
function isKeywords(list: NamedCall['call']['arguments'], value: SyntaxNode): boolean {
  return value.prevSibling?.name === '**' && list.some(({ name, star }) => name === undefined && !star);
}

/** Modules beyond the bounds cannot declare flags without being handed a parser; one with unread syntax can. */
function isReadable({ code }: Seen): boolean {
  return [...code.modules.values()].every((module) => module.whole || !usesArgparse(module, module === code.main));
}

function usesArgparse({ imports }: PythonModule, isMain: boolean): boolean {
  return isMain || imports.some(({ module }) => module === 'argparse' || module === 'sys');
}

function isOpen(seen: Seen, parsers: readonly NamedCall[]): boolean {
  if (!isReadable(seen)) return true;
  const parses = seen.calls.filter(({ last }) => PARSES.has(last));
  if (parses.length === 0 || parses.some((call) => !readsArgv(seen, call))) return true;
  if (parsers.some(({ call }) => call.arguments.some(({ name, star }) => star || name === 'prefix_chars'))) return true;
  return (
    [...seen.code.modules.values()].some((module) => hasAlias(module) || hasOverride(module)) || parserEscapes(seen)
  );
}

/** `parse_args()` and `parse_args(sys.argv[1:])`, also through a variable or a parameter. */
function readsArgv({ code }: Seen, { module, call }: NamedCall): boolean {
  const [given] = call.arguments.filter(({ name }) => name === undefined || name === 'args');
  if (given === undefined) return true;
  if (given.star) return false;
  if (isArgv(given.value, module)) return true;
  if (given.value.name !== 'VariableName') return false;
  const name = textOf(given.value, module.text);
  if (resolve(code, module, given.value) === 'sys.argv') return false;
  return (module.assigned.get(name) ?? [undefined]).every((value) => value === undefined || isArgv(value, module));
}

function isArgv(node: SyntaxNode, { text }: PythonModule): boolean {
  return node.name === 'None' || /^(?:sys\.)?argv\[1:\]$/.test(textOf(node, text).slice(0, 40));
}

/** `add = parser.add_argument`: flags may then be declared by another name. */
function hasAlias({ members, text }: PythonModule): boolean {
  return members.some((node) => {
    const attribute = attributeOf(node, text);
    return attribute === 'add_argument' && node.parent?.name !== 'CallExpression';
  });
}

/** A parser class of the repository that reads in its own way. */
function hasOverride({ definitions }: PythonModule): boolean {
  return [...PARSES, 'add_argument', '_parse_known_args'].some((name) => definitions.has(name));
}

/** Whether a parser goes into, or comes out of, code that is not the repository's. */
function parserEscapes(seen: Seen): boolean {
  const names = parserNames(seen);
  const reused = new Set(seen.calls.flatMap((call) => (PARSES.has(call.last) ? assignedBy(call) : [])));
  return seen.calls.some((one) => {
    const { module, call } = one;
    if (isOwn(seen, one)) return call.arguments.some(({ name, value }) => name === 'parents' && !isList(value));
    if (isMade(call.node, module, names)) return true;
    const meant = ADDERS.test(one.last) ? names : new Set([...names].filter((name) => !reused.has(name)));
    return call.arguments.some(({ value }) => mentions(value, module, meant));
  });
}

/** After `args = args.parse_args()` the name stands for the values; only calls of such names are then taken for adding flags. */
const ADDERS = /arg|pars|flag|opt|cli/i;

/** `parents=[a, b]`, where each is a name or a call that is judged by itself. */
function isList(value: SyntaxNode): boolean {
  return value.name === 'ArrayExpression' || value.name === 'TupleExpression';
}

/** A call that gives a parser: assigned to a parser's name, or written among `parents`. */
function isMade(node: SyntaxNode, { text }: PythonModule, names: ReadonlySet<string>): boolean {
  const { parent } = node;
  if (parent?.name === 'AssignStatement') return childrenOf(parent).some((child) => names.has(textOf(child, text)));
  const before = parent === null || !isList(parent) ? null : parent.prevSibling?.prevSibling;
  return before !== null && before !== undefined && textOf(before, text) === 'parents';
}

function mentions(value: SyntaxNode, module: PythonModule, names: ReadonlySet<string>): boolean {
  if (value.name === 'ArrayExpression') return childrenOf(value).some((child) => mentions(child, module, names));
  const parts = dottedParts(value, module.text);
  return parts !== undefined && names.has(parts.join('.'));
}

/** Names on which flags are declared, which are made by `ArgumentParser`, or which are parents of one. */
function parserNames({ calls }: Seen): Set<string> {
  return new Set(calls.flatMap((call) => [...receiverOf(call), ...targetOf(call), ...parentsOf(call)]));
}

function receiverOf({ module, call, last }: NamedCall): string[] {
  const receiver = last === 'add_argument' || PARSES.has(last) ? call.callee.firstChild : null;
  const parts = receiver ? dottedParts(receiver, module.text) : undefined;
  return parts ? [parts.join('.')] : [];
}

function targetOf(call: NamedCall): string[] {
  return call.name === 'argparse.ArgumentParser' ? assignedBy(call) : [];
}

function assignedBy({ module, call }: NamedCall): string[] {
  const target = call.node.parent?.name === 'AssignStatement' ? call.node.parent.firstChild : null;
  return target ? [textOf(target, module.text)] : [];
}

function parentsOf({ module, call }: NamedCall): string[] {
  const lists = call.arguments.filter(({ name }) => name === 'parents');
  return lists.flatMap(({ value }) => value.getChildren('VariableName').map((child) => textOf(child, module.text)));
}

/** A call that stays within the repository's code and argparse. */
function isOwn({ code }: Seen, { name, last }: NamedCall): boolean {
  if (name?.startsWith('argparse.') || PARTS.has(last) || PARSES.has(last) || last === 'add_argument') return true;
  if (BUILTINS.has(last)) return true;
  return [...code.modules.values()].some((module) => module.definitions.has(last));
}
