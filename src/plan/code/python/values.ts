import type { SyntaxNode } from '@lezer/common';
import { type Code, placeIn, resolve } from './code.ts';
import type { PythonModule } from './module.ts';
import { childrenOf, textOf } from './tree.ts';

/** The texts that an expression may be; undefined where that is not known before the run. */
export type Texts = readonly string[] | undefined;

const DEPTH = 6;
const MOST_TEXTS = 20;

export function textsOf(code: Code, module: PythonModule, node: SyntaxNode, depth = 0): Texts {
  if (depth > DEPTH || code.budget.left-- <= 0) return undefined;
  const read = Object.hasOwn(READ, node.name) ? READ[node.name] : undefined;
  const texts = read?.({ code, module, node, depth: depth + 1 });
  return texts && texts.length <= MOST_TEXTS ? texts : undefined;
}

interface Asked {
  readonly code: Code;
  readonly module: PythonModule;
  readonly node: SyntaxNode;
  readonly depth: number;
}

const READ: Readonly<Record<string, (asked: Asked) => Texts>> = {
  String: ({ module, node }) => single(literalText(textOf(node, module.text))),
  ContinuedString: (asked) => concatenated(asked, childrenOf(asked.node)),
  FormatString: (asked) => formatted(asked),
  ParenthesizedExpression: ({ code, module, node, depth }) => {
    const inner = childrenOf(node).filter((child) => !/^[()]$|^Comment$/.test(child.name));
    return inner.length === 1 && inner[0] ? textsOf(code, module, inner[0], depth) : undefined;
  },
  BinaryExpression: (asked) => {
    const [left, operator, right] = childrenOf(asked.node);
    if (!left || !right || !operator || textOf(operator, asked.module.text) !== '+') return undefined;
    return concatenated(asked, [left, right]);
  },
  ConditionalExpression: (asked) => {
    const [yes, , , , no] = childrenOf(asked.node);
    return yes && no
      ? united([yes, no].map((node) => textsOf(asked.code, asked.module, node, asked.depth)))
      : undefined;
  },
  None: () => [''],
  VariableName: (asked) => named(asked),
  MemberExpression: (asked) => named(asked),
};

function single(text: string | undefined): Texts {
  return text === undefined ? undefined : [text];
}

function united(parts: readonly Texts[]): Texts {
  const all: string[] = [];
  for (const part of parts) {
    if (part === undefined) return undefined;
    all.push(...part);
  }
  return [...new Set(all)];
}

function concatenated({ code, module, depth }: Asked, nodes: readonly SyntaxNode[]): Texts {
  let texts: string[] = [''];
  for (const node of nodes) {
    const next = textsOf(code, module, node, depth);
    if (next === undefined || next.length * texts.length > MOST_TEXTS) return undefined;
    texts = texts.flatMap((text) => next.map((more) => text + more));
  }
  return texts;
}

/** An f-string whose replacements are known names without format. */
function formatted({ code, module, node, depth }: Asked): Texts {
  const raw = textOf(node, module.text);
  const prefix = /^[A-Za-z]*("""|'''|"|')/.exec(raw);
  if (!prefix || /r/i.test(prefix[0])) return undefined;
  let texts: Texts = [''];
  let at = node.from + prefix[0].length;
  for (const part of node.getChildren('FormatReplacement')) {
    const inner = childrenOf(part).filter((child) => child.name !== '{' && child.name !== '}');
    const value: Texts = inner.length === 1 && inner[0] ? textsOf(code, module, inner[0], depth) : undefined;
    if (value === undefined || texts.length * value.length > MOST_TEXTS) return undefined;
    const before = unescaped(module.text.slice(at, part.from));
    texts = texts.flatMap((text) => value.map((more) => text + before + more));
    at = part.to;
  }
  const after = unescaped(module.text.slice(at, node.to - (prefix[1]?.length ?? 1)));
  return texts.map((text) => text + after);
}

/** A name that only ever gets known texts. */
function named({ code, module, node, depth }: Asked): Texts {
  const dotted = resolve(code, module, node);
  const place = dotted === undefined ? undefined : placeIn(code, dotted);
  const [name, ...rest] = place?.path ?? [];
  if (place === undefined || name === undefined || rest.length > 0) return undefined;
  const values = place.module.assigned.get(name);
  if (values === undefined || place.module.definitions.has(name)) return undefined;
  return united(values.map((value) => (value ? textsOf(code, place.module, value, depth) : undefined)));
}

/** The text of one string literal; undefined for bytes and for what is not ended. */
export function literalText(raw: string): string | undefined {
  const match = /^([A-Za-z]*)("""|'''|"|')/.exec(raw);
  const [whole = '', prefix = '', quote = ''] = match ?? [];
  if (!match || /b/i.test(prefix) || raw.length < whole.length + quote.length || !raw.endsWith(quote)) return undefined;
  const body = raw.slice(whole.length, raw.length - quote.length);
  return /r/i.test(prefix) ? body : unescaped(body);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

function unescaped(body: string): string {
  return body.replace(/\\([\s\S])/g, (all, char: string) => ESCAPES[char] ?? (/[\\'"]/.test(char) ? char : all));
}
