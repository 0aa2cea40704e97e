import type { SyntaxNode } from '@lezer/common';

/** Helpers over the nodes of @lezer/python's trees. */

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child);
  return found;
}

/** One argument of a call. */
export interface Argument {
  /** Of a keyword argument. */
  readonly name: string | undefined;
  /** `*` and `**` unpack what no one can count. */
  readonly star: boolean;
  readonly value: SyntaxNode;
}

/** The arguments of a call or class definition or decorator, from its ArgList. */
export function argumentsOf(list: SyntaxNode | null, text: string): Argument[] {
  return itemsOf(list).flatMap((item): Argument[] => {
    const star = item.some(({ name }) => name === '*' || name === '**');
    const assign = item.findIndex(({ name }) => name === 'AssignOp');
    const value = item[assign + 1 + (star && assign < 0 ? 1 : 0)];
    const key = assign > 0 ? item[assign - 1] : undefined;
    return value ? [{ name: key && textOf(key, text), star, value }] : [];
  });
}

/** What stands between the commas of a list in brackets. */
function itemsOf(list: SyntaxNode | null): SyntaxNode[][] {
  const items: SyntaxNode[][] = [[]];
  for (const child of list ? childrenOf(list) : []) {
    if (child.name === ',') items.push([]);
    else if (!/^(?:Comment|[()]|for|async)$/.test(child.name)) items.at(-1)?.push(child);
  }
  return items;
}

export function textOf(node: SyntaxNode, text: string): string {
  return text.slice(node.from, node.to);
}

/** The last name of `a.b.c`, when it is an attribute. */
export function attributeOf(node: SyntaxNode, text: string): string | undefined {
  const last = node.name === 'MemberExpression' ? node.lastChild : null;
  return last?.name === 'PropertyName' ? textOf(last, text) : undefined;
}

/** One parameter of a function. */
export interface Parameter {
  readonly name: string;
  readonly star: '' | '*' | '**';
  readonly annotation: SyntaxNode | undefined;
  readonly fallback: SyntaxNode | undefined;
  readonly node: SyntaxNode;
}

export function parametersOf(definition: SyntaxNode, text: string): Parameter[] {
  return itemsOf(definition.getChild('ParamList')).flatMap((item): Parameter[] => {
    const node = item.find(({ name }) => name === 'VariableName');
    if (node === undefined) return [];
    const star = item[0]?.name === '*' || item[0]?.name === '**' ? item[0].name : '';
    const annotation = item.find(({ name }) => name === 'TypeDef')?.lastChild ?? undefined;
    const assign = item.findIndex(({ name }) => name === 'AssignOp');
    return [{ name: textOf(node, text), star, annotation, fallback: assign < 0 ? undefined : item[assign + 1], node }];
  });
}
