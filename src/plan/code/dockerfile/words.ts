/** What a variable holds: undefined is unknown, since the base image may set it. */
export type Variables = ReadonlyMap<string, string | undefined>;

/** A longer value counts as unknown: values can double with each ENV. */
const MOST_CHARACTERS = 10_000;

/** Splits at white space outside quotes, the quotes kept. */
export function splitWords(text: string): string[] {
  return [...text.matchAll(/(?:[^\s"'\\]|\\[\s\S]|"(?:[^"\\]|\\[\s\S])*"?|'[^']*'?|\\$)+/g)].map((match) => match[0]);
}

/** The word without quotes and with variables replaced, as Docker's own lexer does; undefined where a variable is unknown. */
export function expand(word: string, variables: Variables, depth = 0): string | undefined {
  let out = '';
  let quote = '';
  for (let at = 0; at < word.length; ) {
    const char = word.charAt(at);
    const marks = isQuote(char, quote);
    if (marks) quote = quote === '' ? char : '';
    const piece = marks ? { value: '', length: 1 } : takePiece(word, at, quote, variables, depth);
    if (piece === undefined || out.length + piece.value.length > MOST_CHARACTERS) return undefined;
    out += piece.value;
    at += piece.length;
  }
  return out;
}

interface Piece {
  readonly value: string;
  /** How many characters it stands for. */
  readonly length: number;
}

/** A variable, an escaped character or a plain one. */
function takePiece(word: string, at: number, quote: string, variables: Variables, depth: number): Piece | undefined {
  const char = word.charAt(at);
  if (char === '$' && quote !== "'") return takeVariable(word.slice(at), variables, depth);
  const escaped = char === '\\' && quote !== "'" && at + 1 < word.length;
  return escaped ? { value: word.charAt(at + 1), length: 2 } : { value: char, length: 1 };
}

function isQuote(char: string, open: string): boolean {
  return open === '' ? char === '"' || char === "'" : char === open;
}

const NAME = /^\$([A-Za-z_]\w*)/;
const BRACED = /^\$\{([A-Za-z_]\w*)(?:(:?[-+])([^{}]*(?:\{[^{}]*\}[^{}]*)*))?\}/;

function takeVariable(text: string, variables: Variables, depth: number): Piece | undefined {
  const plain = NAME.exec(text);
  if (plain) {
    const value = variables.get(plain[1] ?? '');
    return value === undefined ? undefined : { value, length: plain[0].length };
  }
  const braced = BRACED.exec(text);
  if (!braced || depth > 5) return text.startsWith('${') ? undefined : { value: '$', length: 1 };
  const value = bracedValue(braced, variables, depth);
  return value === undefined ? undefined : { value, length: braced[0].length };
}

/** `${X:-other}` is other where X is unset or empty, `${X:+other}` is other where it is set. */
function bracedValue(match: RegExpExecArray, variables: Variables, depth: number): string | undefined {
  const [, name = '', operator, other = ''] = match;
  const value = variables.get(name);
  if (operator === undefined) return value;
  if (value === undefined && !variables.has(name)) return undefined;
  const set = value !== undefined && (value !== '' || !operator.startsWith(':'));
  if (operator.endsWith('-')) return set ? value : expand(other, variables, depth + 1);
  return set ? expand(other, variables, depth + 1) : '';
}
