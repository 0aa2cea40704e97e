import { parseSync } from '@swc/core';

/** A text of the code that people read. */
export interface Message {
  /** Literal, with `…` for what only a run knows. */
  readonly text: string;
  /** The rule that it is told under, which `ignore` takes. */
  readonly rule: string | undefined;
}

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
const RULE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
/** Four words, and an end, there or before another sentence: what a person reads, rather than a key, a name or a part of a sentence. */
const SENTENCE = /^(?=\S+(?: +\S+){3,}).*[.!?:;]['")\]]*(?:$| )/s;
/** With fewer there is nothing to search for. */
const WORDS = /[a-z]{2,}/gi;
/** Methods that tell a fault, by its rule first. */
const TELLERS = new Set(['add', 'reject', 'refuse', 'fault', 'finding', 'error', 'warning', 'told']);

/** The text of a literal; undefined where the node is none. Parts that are literals themselves are kept as they are. */
function textOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node['type'] === 'StringLiteral') return String(node['value']);
  if (node['type'] === 'ParenthesisExpression') return textOf(node['expression']);
  if (node['type'] === 'BinaryExpression' && node['operator'] === '+') return joined([node['left'], node['right']]);
  if (node['type'] !== 'TemplateLiteral') return undefined;
  const quasis = node['quasis'] as readonly Node[];
  // A type may be a template too; what stands in its gaps are types.
  const values = (node['expressions'] ?? node['types']) as readonly Node[];
  return quasis.map((quasi, index) => `${String(quasi['cooked'])}${index < values.length ? '…' : ''}`).join('');
}

const joined = (parts: readonly unknown[]) => parts.map((part) => textOf(part) ?? '…').join('');

/** The name of what a call calls: the method's where it is one. */
function calleeOf(call: Node): string {
  const callee = call['callee'] as Node;
  const name = (callee['property'] ?? callee) as Node;
  return String(name['value']);
}

/** The rule that a call or an object names beside its text. */
function ruleOf(node: Node): string | undefined {
  if (node['type'] === 'CallExpression') {
    const [first] = node['arguments'] as readonly { readonly expression: Node }[];
    const name = first && textOf(first.expression);
    if (name === undefined || !RULE.test(name)) return undefined;
    return name.includes('-') || TELLERS.has(calleeOf(node)) ? name : undefined;
  }
  if (node['type'] !== 'ObjectExpression') return undefined;
  const given = (node['properties'] as readonly Node[]).find(
    ({ key }) => isNode(key) && (key['value'] === 'rule' || key['value'] === 'name'),
  );
  const name = given && textOf(given['value']);
  return name !== undefined && RULE.test(name) ? name : undefined;
}

/** The nodes below one. What a template holds in its gaps may be whole sentences too. */
function childrenOf(node: Node): readonly unknown[] {
  return node['type'] === 'StringLiteral' ? [] : Object.values(node).flat();
}

const isMessage = (text: string) => SENTENCE.test(text) && (text.match(WORDS) ?? []).length >= 3;

/** A node, and the rule that the nearest call or object around it names. */
interface Seen {
  readonly node: Node;
  readonly rule: string | undefined;
}

function* below(node: unknown, rule: string | undefined): Generator<Seen> {
  if (!isNode(node)) return;
  yield { node, rule };
  const named = ruleOf(node) ?? rule;
  for (const child of childrenOf(node)) yield* below(child, named);
}

/** What a TypeScript source tells people. */
export interface Told {
  /** Every text that reads as a sentence, in its order. */
  readonly messages: readonly Message[];
  /** The rules that it names, whether their message stands beside them or elsewhere. */
  readonly rules: readonly string[];
}

export function toldBy(source: string): Told {
  const seen = [...below(parseSync(source, { syntax: 'typescript', target: 'es2024' }).body, undefined)];
  const messages = seen.flatMap(({ node, rule }) => {
    const text = textOf(node)?.trim();
    return text !== undefined && isMessage(text) ? [{ text, rule }] : [];
  });
  const rules = seen.flatMap(({ node }) => (namesRule(node) ? (ruleOf(node) ?? []) : []));
  return { messages, rules: [...new Set(rules)] };
}

/** Whether what `ruleOf` finds is a rule for sure: a teller's, or an object's own `rule`. */
function namesRule(node: Node): boolean {
  if (node['type'] === 'CallExpression') return TELLERS.has(calleeOf(node));
  if (node['type'] !== 'ObjectExpression') return false;
  return (node['properties'] as readonly Node[]).some(({ key }) => isNode(key) && key['value'] === 'rule');
}
