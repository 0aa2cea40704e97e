import type { SyntaxNode } from '@lezer/common';
import type { Place } from '../../../log.ts';
import { type Code, placeIn, resolve } from './code.ts';
import type { Call, PythonModule } from './module.ts';
import { attributeOf, childrenOf, textOf } from './tree.ts';

/** Where a node stands in its file. */
export function placeOf({ lines, file, linesBefore }: PythonModule, node: SyntaxNode): Place {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lines[middle] ?? 0) <= node.from) low = middle;
    else high = middle - 1;
  }
  return { file, line: linesBefore + low + 1, column: node.from - (lines[low] ?? 0) + 1 };
}

/** A call with what it calls. */
export interface NamedCall {
  readonly module: PythonModule;
  readonly call: Call;
  /** Dotted name from a module on, such as `argparse.ArgumentParser`. */
  readonly name: string | undefined;
  /** The last name of the callee, such as `add_argument`. */
  readonly last: string;
}

/** Every call that may happen: what a module does only as the main program happens in the main module alone. */
export function callsOf(code: Code): NamedCall[] {
  const found: NamedCall[] = [];
  for (const module of code.modules.values()) {
    for (const call of module.calls) {
      if (call.guarded && module !== code.main) continue;
      found.push({ module, call, name: resolve(code, module, call.callee), last: lastName(call.callee, module.text) });
    }
  }
  return found;
}

function lastName(callee: SyntaxNode, text: string): string {
  if (callee.name === 'VariableName') return textOf(callee, text);
  if (callee.name === 'Decorator') {
    const names = childrenOf(callee).filter((child) => child.name === 'VariableName' || child.name === 'PropertyName');
    const last = names.at(-1);
    return last ? textOf(last, text) : '';
  }
  return attributeOf(callee, text) ?? '';
}

/** A function or class of the repository. */
export interface Definition {
  readonly module: PythonModule;
  readonly node: SyntaxNode;
}

/** The one definition that a name stands for; undefined where it is not the repository's, or there are several. */
export function definitionOf(code: Code, module: PythonModule, node: SyntaxNode): Definition | undefined {
  const dotted = resolve(code, module, node);
  const place = dotted === undefined ? undefined : placeIn(code, dotted);
  const [name, ...rest] = place?.path ?? [];
  if (place === undefined || name === undefined || rest.length > 0) return undefined;
  const [definition, ...others] = place.module.definitions.get(name) ?? [];
  return definition && others.length === 0 ? { module: place.module, node: definition } : undefined;
}

/** The decorators of a function or class. */
export function decoratorsOf(node: SyntaxNode): SyntaxNode[] {
  return node.parent?.name === 'DecoratedStatement' ? node.parent.getChildren('Decorator') : [];
}
