import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import { type Argument, argumentsOf, childrenOf, textOf } from './tree.ts';

/** An import of one name, or of a whole module. */
export interface Import {
  /** Dotted module as written, without leading dots. */
  readonly module: string;
  /** Leading dots of a relative import. */
  readonly level: number;
  /** The imported name; `*` for all; undefined for `import a.b`. */
  readonly name: string | undefined;
  /** The name it has here; undefined for `*`. */
  readonly local: string | undefined;
}

/** A call, or a decorator with or without arguments. */
export interface Call {
  /** The dotted name or other expression that is called; a decorator's is its range. */
  readonly callee: SyntaxNode;
  readonly arguments: readonly Argument[];
  readonly node: SyntaxNode;
  /** The function or class below a decorator. */
  readonly decorated: SyntaxNode | undefined;
  /** It stands below `if __name__ == '__main__'`. */
  readonly guarded: boolean;
}

/** What a Python file says, from its syntax tree: comments and strings are not code. */
export interface PythonModule {
  /** Dotted name by which others import it. */
  readonly name: string;
  /** A package's `__init__.py`. */
  readonly isPackage: boolean;
  readonly file: string;
  readonly linesBefore: number;
  readonly text: string;
  /** Where each line begins. */
  readonly lines: readonly number[];
  /** Whether every part of it could be read. */
  readonly whole: boolean;
  readonly imports: readonly Import[];
  readonly calls: readonly Call[];
  /** Functions and classes by name, at any depth. */
  readonly definitions: ReadonlyMap<string, readonly SyntaxNode[]>;
  /** Every value that a name gets; undefined stands for one that is not an expression of its own. */
  readonly assigned: ReadonlyMap<string, readonly (SyntaxNode | undefined)[]>;
  /** Strings but for docstrings. */
  readonly strings: readonly SyntaxNode[];
  /** Attributes `a.b` that are read. */
  readonly members: readonly SyntaxNode[];
}

export interface Source {
  readonly name: string;
  readonly isPackage: boolean;
  readonly file: string;
  readonly linesBefore: number;
  readonly text: string;
}

class Collector {
  readonly imports: Import[] = [];
  readonly calls: Call[] = [];
  readonly definitions = new Map<string, SyntaxNode[]>();
  readonly assigned = new Map<string, (SyntaxNode | undefined)[]>();
  readonly strings: SyntaxNode[] = [];
  readonly members: SyntaxNode[] = [];
  whole = true;
  /** Ends of the `if __name__ == '__main__'` blocks that are open. */
  private guardEnd = -1;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  readonly enter: Readonly<Record<string, (node: SyntaxNode) => void>> = {
    ImportStatement: (node) => this.imports.push(...readImports(childrenOf(node), this.text)),
    CallExpression: (node) => this.addCall(node),
    Decorator: (node) => this.addDecorator(node),
    FunctionDefinition: (node) => this.define(node),
    ClassDefinition: (node) => this.define(node),
    AssignStatement: (node) => this.assign(node),
    UpdateStatement: (node) => this.assignUnknown(node.firstChild),
    NamedExpression: (node) => this.addValue(node.firstChild, node.lastChild ?? undefined),
    ForStatement: (node) => this.assignLoop(node),
    WithStatement: (node) => this.assignLoop(node),
    ParamList: (node) => this.assignParameters(node),
    IfStatement: (node) => this.guard(node),
    String: (node) => this.addString(node),
    FormatString: (node) => this.strings.push(node),
    MemberExpression: (node) => this.members.push(node),
  };

  private addCall(node: SyntaxNode): void {
    const callee = node.firstChild;
    if (callee) this.calls.push({ callee, node, ...this.around(node), decorated: undefined });
  }

  private addDecorator(node: SyntaxNode): void {
    const { parent } = node;
    const decorated = parent?.getChild('FunctionDefinition') ?? parent?.getChild('ClassDefinition') ?? undefined;
    this.calls.push({ callee: node, node, ...this.around(node), decorated });
  }

  private around(node: SyntaxNode): Pick<Call, 'arguments' | 'guarded'> {
    return { arguments: argumentsOf(node.getChild('ArgList'), this.text), guarded: node.from < this.guardEnd };
  }

  private define(node: SyntaxNode): void {
    const name = node.getChild('VariableName');
    if (name) add(this.definitions, textOf(name, this.text), node);
  }

  private addValue(target: SyntaxNode | null, value: SyntaxNode | undefined): void {
    if (target?.name === 'VariableName') add(this.assigned, textOf(target, this.text), value);
  }

  /** `a = b = value` and `a: T = value`; several targets on one side get no value of their own. */
  private assign(node: SyntaxNode): void {
    const parts = childrenOf(node);
    const several = parts.some((part) => part.name === ',');
    const value = several || !node.getChild('AssignOp') ? undefined : (node.lastChild ?? undefined);
    for (const part of parts) {
      if (part === node.lastChild && node.getChild('AssignOp')) break;
      if (part.name === 'TupleExpression' || part.name === 'ParenthesizedExpression') this.assignUnknown(part);
      if (value !== undefined || several) this.addValue(part, value);
    }
  }

  private assignUnknown(node: SyntaxNode | null): void {
    for (const one of node?.name === 'VariableName' ? [node] : node ? childrenOf(node) : [])
      this.addValue(one, undefined);
  }

  private assignLoop(node: SyntaxNode): void {
    for (const child of childrenOf(node)) {
      if (child.name === 'Body') return;
      const bound = node.name === 'ForStatement' || child.prevSibling?.name === 'as';
      if (bound) this.assignUnknown(child);
    }
  }

  private assignParameters(node: SyntaxNode): void {
    for (const child of childrenOf(node)) {
      const before = child.prevSibling?.name ?? '';
      if (before !== 'AssignOp' && before !== 'TypeDef') this.addValue(child, undefined);
    }
  }

  private guard(node: SyntaxNode): void {
    const condition = node.firstChild?.nextSibling;
    const said = condition ? textOf(condition, this.text).slice(0, 60) : '';
    if (/__name__/.test(said) && /__main__/.test(said)) this.guardEnd = Math.max(this.guardEnd, node.to);
  }

  private addString(node: SyntaxNode): void {
    const parent = node.parent?.name === 'ContinuedString' ? node.parent.parent : node.parent;
    if (parent?.name !== 'ExpressionStatement') this.strings.push(node);
  }
}

function add<Value>(map: Map<string, Value[]>, name: string, value: Value): void {
  const list = map.get(name);
  if (list) list.push(value);
  else map.set(name, [value]);
}

/** What @lezer/python does not know though Python does: `1.` as a number, form feeds. The length stays the same. */
function forGrammar(text: string): string {
  return text.replace(/(?<![\w.])(\d[\d_]*)\.(?![\w.])/g, '$10').replaceAll('\f', ' ');
}

/** A `yield` without a value counts as incomplete in that grammar. */
function isBareYield({ from, to, parent }: SyntaxNode): boolean {
  return from === to && (parent?.name === 'YieldStatement' || parent?.name === 'YieldExpression');
}

/** Reads one file. A text that the parser itself gives up on counts as not read. */
export function readModule(source: Source): PythonModule {
  const collector = new Collector(source.text);
  try {
    parser.parse(forGrammar(source.text)).iterate({
      enter: (reference) => {
        if (reference.type.isError) collector.whole &&= isBareYield(reference.node);
        else if (Object.hasOwn(collector.enter, reference.name)) collector.enter[reference.name]?.(reference.node);
      },
    });
  } catch {
    collector.whole = false;
  }
  const { imports, calls, definitions, assigned, strings, members, whole } = collector;
  return { ...source, lines: lineStarts(source.text), imports, calls, definitions, assigned, strings, members, whole };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** `import a.b as c, d` and `from ..a import (b as c, d)`. */
function readImports(parts: readonly SyntaxNode[], text: string): Import[] {
  const from = parts[0]?.name === 'from';
  const cut = parts.findIndex((part) => part.name === 'import');
  if (cut < 0) return [];
  const head = parts.slice(1, cut);
  const module = dottedText(head, text);
  const level = from ? leadingDots(head, text) : 0;
  return splitAtCommas(parts.slice(cut + 1)).flatMap((item): Import[] => {
    const as = item.findIndex((part) => part.name === 'as');
    const alias = as < 0 ? undefined : item[as + 1] && textOf(item[as + 1] as SyntaxNode, text);
    const dotted = dottedText(as < 0 ? item : item.slice(0, as), text);
    if (from && item.some((part) => part.name === '*')) return [{ module, level, name: '*', local: undefined }];
    if (dotted === '') return [];
    if (from) return [{ module, level, name: dotted, local: alias ?? dotted }];
    return [{ module: dotted, level, name: undefined, local: alias }];
  });
}

function dottedText(parts: readonly SyntaxNode[], text: string): string {
  return parts
    .filter((part) => part.name === 'VariableName')
    .map((part) => textOf(part, text))
    .join('.');
}

function leadingDots(parts: readonly SyntaxNode[], text: string): number {
  let count = 0;
  for (const part of parts) {
    const dots = textOf(part, text);
    if (!/^\.+$/.test(dots)) break;
    count += dots.length;
  }
  return count;
}

function splitAtCommas(parts: readonly SyntaxNode[]): SyntaxNode[][] {
  const items: SyntaxNode[][] = [[]];
  for (const part of parts) {
    if (part.name === ',') items.push([]);
    else if (part.name !== 'Comment') items.at(-1)?.push(part);
  }
  return items;
}
