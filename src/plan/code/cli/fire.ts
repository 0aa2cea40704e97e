import type { SyntaxNode } from '@lezer/common';
import { resolve } from '../python/code.ts';
import { type Definition, decoratorsOf, definitionOf, type NamedCall, placeOf } from '../python/places.ts';
import { argumentsOf, childrenOf, parametersOf, textOf } from '../python/tree.ts';
import { fieldsOf } from './fields.ts';
import { bothSpellings, Flags, type Reader, type Seen } from './reading.ts';

/** Fire makes a flag of each parameter, `-` and `_` alike (github.com/google/python-fire, docs/guide.md). */
export const readFire: Reader = (seen) => {
  const calls = seen.calls.filter(({ name }) => name === 'fire.Fire' || name === 'fire.core.Fire');
  const [first] = calls;
  if (first === undefined) return undefined;
  const flags = new Flags();
  for (const call of calls) addComponent(seen, call, flags);
  if (!seen.code.read) flags.open();
  const place = placeOf(first.module, first.call.node);
  return { library: 'Fire', place, flags: flags.places, prefixes: true, dashesAlike: true, others: flags.others };
};

function addComponent(seen: Seen, { module, call }: NamedCall, flags: Flags): void {
  const [component, ...others] = call.arguments;
  if (
    component === undefined ||
    component.star ||
    others.some(({ name }) => name === undefined || name === 'command')
  ) {
    flags.open();
    return;
  }
  const values =
    component.value.name === 'DictionaryExpression' ? dictionaryValues(component.value) : [component.value];
  if (values === undefined) flags.open();
  for (const value of values ?? []) {
    const definition = definitionOf(seen.code, module, value);
    if (definition) addDefinition(seen, definition, flags);
    else flags.open();
  }
}

function dictionaryValues(node: SyntaxNode): SyntaxNode[] | undefined {
  const children = childrenOf(node);
  if (children.some(({ name }) => name === '**')) return undefined;
  return children.filter((child) => child.prevSibling?.name === ':');
}

function addDefinition({ code }: Seen, definition: Definition, flags: Flags): void {
  const { node, module } = definition;
  if (node.name === 'FunctionDefinition') {
    addParameters(definition, flags);
    return;
  }
  const fields = fieldsOf(code, definition);
  for (const field of fields ?? []) {
    for (const flag of bothSpellings(field.name)) flags.add(flag, placeOf(field.definition.module, field.node));
  }
  const bases = argumentsOf(node.getChild('ArgList'), module.text);
  if (
    fields === undefined &&
    bases.some(({ value }) => resolve(code, module, value) !== 'object' && textOf(value, module.text) !== 'object')
  ) {
    flags.open();
  }
  const body = node.getChild('Body');
  for (const child of body ? childrenOf(body) : []) {
    const method = child.name === 'DecoratedStatement' ? child.getChild('FunctionDefinition') : child;
    if (method?.name === 'FunctionDefinition') addParameters({ module, node: method }, flags);
  }
}

/** A decorator may change what a function takes; `**kwargs` takes everything. */
function addParameters({ module, node }: Definition, flags: Flags): void {
  const decorators = decoratorsOf(node).map((one) => textOf(one, module.text));
  if (decorators.some((one) => !/^@(?:staticmethod|classmethod|property)\b/.test(one))) flags.open();
  for (const { name, star, node: place } of parametersOf(node, module.text)) {
    if (star === '**') flags.open();
    for (const flag of star === '' ? bothSpellings(name) : []) flags.add(flag, placeOf(module, place));
  }
}
