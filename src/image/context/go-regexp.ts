/**
 * Docker matches ignore patterns by Go's regular expressions, and what its own syntax does not take away from a pattern
 * (`|`, `{2}`, `\d`) acts as one. This turns such an expression (RE2's syntax, as regexp.Compile reads it) into
 * JavaScript's, as far as an ignore pattern can come to it. Throws SyntaxError for what Go refuses.
 */
export function goRegExp(source: string): RegExp {
  const reader = new Reader(source);
  const atoms: string[] = [];
  let repeatable = false;
  while (!reader.ended) {
    const repeat = reader.repeat();
    if (repeat === undefined) {
      const atom = readAtom(reader);
      repeatable = atom !== '|' && !DEEP.includes(atom);
      atoms.push(atom);
    } else {
      if (!repeatable) throw new SyntaxError(`${repeat} repeats nothing`);
      repeatable = false;
      atoms.push(`(?:${atoms.pop()})${repeat}`);
    }
  }
  return new RegExp(atoms.join(''), 'u');
}

/** Goes through the code points of an expression. */
class Reader {
  readonly #points: readonly string[];
  #at = 0;

  constructor(source: string) {
    this.#points = [...source];
  }

  get ended(): boolean {
    return this.#at >= this.#points.length;
  }

  peek(ahead = 0): string | undefined {
    return this.#points[this.#at + ahead];
  }

  next(): string {
    const point = this.#points[this.#at];
    if (point === undefined) throw new SyntaxError('the pattern ends too early');
    this.#at += 1;
    return point;
  }

  /** Takes the text if it stands here. */
  take(text: string): boolean {
    const found = this.#points.slice(this.#at, this.#at + text.length).join('') === text;
    if (found) this.#at += text.length;
    return found;
  }

  match(pattern: RegExp): RegExpExecArray | undefined {
    const found = pattern.exec(this.#points.slice(this.#at, this.#at + 64).join(''));
    if (found === null) return undefined;
    this.#at += [...found[0]].length;
    return found;
  }

  /** A repetition, without leading zeros; Go takes at most 1000. Any other brace is a character like others. */
  repeat(): string | undefined {
    if (this.take('*')) return '*';
    if (this.take('?')) return '?';
    const found = this.match(/^\{(0|[1-9]\d*)(?:,(|0|[1-9]\d*))?\}/);
    if (found === undefined) return undefined;
    const [text, from, to = from] = found;
    const most = to === '' ? Number(from) : Number(to);
    if (Number(from) > 1000 || most > 1000 || most < Number(from)) throw new SyntaxError(`${text} is no repeat count`);
    return text;
  }
}

const literal = (point: string) => `\\u{${(point.codePointAt(0) ?? 0).toString(16)}}`;

const ASSERTIONS: Readonly<Record<string, string>> = { A: '(?:^)', z: '(?:$)', b: '(?:\\b)', B: '(?:\\B)' };

/** Go's classes know ASCII only. */
const CLASSES: Readonly<Record<string, string>> = {
  d: '0-9',
  D: '\\0-\\x2f\\x3a-\\u{10ffff}',
  s: '\\t\\n\\f\\r ',
  S: '\\0-\\x08\\x0b\\x0e-\\x1f\\x21-\\u{10ffff}',
  w: '0-9A-Za-z_',
  W: '\\0-\\x2f\\x3a-\\x40\\x5b-\\x5e\\x60\\x7b-\\u{10ffff}',
};

const CONTROLS: Readonly<Record<string, string>> = { a: '\x07', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** What `**` becomes, before a name and at the end: in Go a point is any character but the end of a line. */
const DEEP = ['(?:[^\\n]*/)?', '[^\\n]*'];

function readAtom(reader: Reader): string {
  if (reader.take('(.*/)?')) return DEEP[0] as string;
  if (reader.take('.*')) return DEEP[1] as string;
  const point = reader.next();
  if (point === '^' || point === '$') return `(?:${point})`;
  if (point === '|') return point;
  if (point === '[') return readClass(reader);
  if (point !== '\\') return literal(point);
  const name = reader.peek() ?? '';
  const special = ASSERTIONS[name] ?? (CLASSES[name] && `[${CLASSES[name]}]`);
  if (special === undefined) return literal(readEscape(reader));
  reader.next();
  return special;
}

/** The character behind a backslash. */
function readEscape(reader: Reader): string {
  const octal = reader.match(/^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/);
  if (octal) return String.fromCodePoint(Number.parseInt(octal[0], 8));
  const hex = reader.match(/^x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})/);
  if (hex) return hexPoint(hex[1] ?? hex[2] ?? '');
  const point = reader.next();
  const control = CONTROLS[point];
  if (control !== undefined) return control;
  if (!/^[!-/:-@[-`{-~\s\p{Cc}]$/u.test(point) || point > '\x7f')
    throw new SyntaxError(`\\${point} has no meaning (folders are parted by /)`);
  return point;
}

function hexPoint(digits: string): string {
  const code = Number.parseInt(digits, 16);
  if (code > 0x10ffff) throw new SyntaxError(`\\x{${digits}} is no character`);
  return String.fromCodePoint(code);
}

const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\0-\\x7f',
  blank: '\\t ',
  cntrl: '\\0-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** A class in brackets, its first one read already. */
function readClass(reader: Reader): string {
  const parts: string[] = [];
  const negated = reader.take('^');
  do {
    parts.push(readNamed(reader) ?? readRange(reader));
  } while (reader.peek() !== ']');
  reader.next();
  return `[${negated ? '^' : ''}${parts.join('')}]`;
}

function readNamed(reader: Reader): string | undefined {
  const posix = reader.match(/^\[:(.*?):\]/s);
  if (posix !== undefined) {
    const members = POSIX[posix[1] ?? ''];
    if (members === undefined) throw new SyntaxError(`${posix[0]} is no class that is known`);
    return members;
  }
  const members = reader.peek() === '\\' ? CLASSES[reader.peek(1) ?? ''] : undefined;
  if (members === undefined) return undefined;
  reader.next();
  reader.next();
  return members;
}

function readRange(reader: Reader): string {
  const from = readMember(reader);
  if (reader.peek() !== '-' || reader.peek(1) === ']' || reader.peek(1) === undefined) return literal(from);
  reader.next();
  const to = readMember(reader);
  if ((to.codePointAt(0) ?? 0) < (from.codePointAt(0) ?? 0)) throw new SyntaxError(`${from}-${to} is no range`);
  return `${literal(from)}-${literal(to)}`;
}

function readMember(reader: Reader): string {
  const point = reader.next();
  return point === '\\' ? readEscape(reader) : point;
}
