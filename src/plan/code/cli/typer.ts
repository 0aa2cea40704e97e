import type { SyntaxNode } from '@lezer/common';
import { resolve } from '../python/code.ts';
import type { PythonModule } from '../python/module.ts';
import { type Definition, definitionOf, type NamedCall, placeOf } from '../python/places.ts';
import { argumentsOf, childrenOf, type Parameter, parametersOf, textOf } from '../python/tree.ts';
import { textsOf } from '../python/values.ts';
import { isLax } from './click.ts';
import { Flags, type Reader, type Seen } from './reading.ts';

/**
 * typer makes `--learning-rate` of the parameter learning_rate where it has a default or typer.Option; names given to
 * typer.Option take its place (typer.tiangolo.com, CLI Option Name).
 */
export const readTyper: Reader = (seen) => {
  const first = seen.calls.find(({ name }) => name === 'typer.run' || name === 'typer.Typer');
  if (first === undefined) return undefined;
  const flags = new Flags();
  for (const call of seen.calls) {
    if (isOpen(call)) flags.open();
    const definition = commandOf(seen, call);
    if (definition) addCommand(seen, definition, flags);
    else if (call.name === 'typer.run') flags.open();
  }
  if (!seen.code.read) flags.open();
  const place = placeOf(first.module, first.call.node);
  return { library: 'typer', place, flags: flags.places, prefixes: false, dashesAlike: false, others: flags.others };
};

/** Settings that let unknown flags through, and command classes of one's own. */
function isOpen({ call, module }: NamedCall): boolean {
  return call.arguments.some(
    ({ name, value }) => name === 'cls' || (name === 'context_settings' && isLax(value, module)),
  );
}

/** The function below `@app.command()`, or in `typer.run(…)`. */
function commandOf({ code }: Seen, { call, module, name, last }: NamedCall): Definition | undefined {
  const [target] = call.arguments;
  if (name === 'typer.run') return target && definitionOf(code, module, target.value);
  if (!/^(?:command|callback)$/.test(last) || call.decorated === undefined) return undefined;
  return { module, node: call.decorated };
}

function addCommand(seen: Seen, { module, node }: Definition, flags: Flags): void {
  for (const parameter of parametersOf(node, module.text)) {
    if (parameter.star !== '') flags.open();
    else addParameter(seen, module, parameter, flags);
  }
}

function addParameter(seen: Seen, module: PythonModule, parameter: Parameter, flags: Flags): void {
  const parts = [parameter.annotation, parameter.fallback].flatMap((node) =>
    node ? [behindName(seen, module, node)] : [],
  );
  if (parts.includes(undefined)) flags.open();
  const options = parts.flatMap((part) => (part ? markersIn(seen, module, part) : []));
  if (options.some(({ kind }) => kind === 'typer.Argument')) return;
  const named = options.flatMap(({ node }) => namesIn(seen, module, node, flags));
  if (options.length === 0 && parameter.fallback === undefined) return;
  const derived = `--${parameter.name.toLowerCase().replaceAll('_', '-')}`;
  const place = placeOf(module, parameter.node);
  for (const flag of named.length > 0 ? named : [derived]) {
    flags.add(flag, place);
    flags.add(flag.replace(/^--/, '--no-'), place);
  }
}

/** What a name of the module stands for; undefined where that is elsewhere. Types and constants stand for themselves. */
function behindName({ code }: Seen, module: PythonModule, node: SyntaxNode): SyntaxNode | undefined {
  if (node.name !== 'VariableName') return node;
  const values = module.assigned.get(textOf(node, module.text));
  if (values?.length === 1) return values[0];
  const name = resolve(code, module, node);
  return name === undefined || !/^[a-z_][\w.]*\.[A-Z]\w*(?:Option|Opt|Arg)$/.test(name) ? node : undefined;
}

interface Marker {
  readonly kind: string;
  readonly node: SyntaxNode;
}

/** Calls of typer.Option and typer.Argument, also within Annotated[…]. */
function markersIn({ code }: Seen, module: PythonModule, node: SyntaxNode): Marker[] {
  const calls =
    node.name === 'CallExpression' ? [node] : childrenOf(node).filter(({ name }) => name === 'CallExpression');
  return calls.flatMap((call) => {
    const kind = call.firstChild ? resolve(code, module, call.firstChild) : undefined;
    return kind === 'typer.Option' || kind === 'typer.Argument' ? [{ kind, node: call }] : [];
  });
}

function namesIn({ code }: Seen, module: PythonModule, node: SyntaxNode, flags: Flags): string[] {
  const names: string[] = [];
  for (const { name, star, value } of argumentsOf(node.getChild('ArgList'), module.text)) {
    if (star) flags.open();
    if (name !== undefined || star) continue;
    const texts = textsOf(code, module, value) ?? [];
    for (const text of texts) names.push(...text.split('/').filter((part) => part.startsWith('-')));
  }
  return names;
}
