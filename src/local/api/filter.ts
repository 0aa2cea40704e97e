import { type Comparator, type Dialect, type Token, tokens } from './filter-tokens.ts';

/** A list filter: google.aip.dev/160, which Cloud Logging's query language shares as far as this service needs it. */
export type Filter =
  | { readonly all: readonly Filter[] }
  | { readonly any: readonly Filter[] }
  | { readonly not: Filter }
  | Comparison
  /** A bare word or text, looked for anywhere. */
  | { readonly text: string };

export interface Comparison {
  readonly path: readonly string[];
  readonly comparator: Comparator;
  readonly value: string;
}

/** A filter that cannot be read; the message says where. */
export class FilterError extends Error {
  override readonly name = 'FilterError';
  /** Where, in characters from the start. */
  readonly at: number;
  /** What stands there; empty at the end. */
  readonly token: string;

  constructor(message: string, at: number, token: string) {
    super(message);
    this.at = at;
    this.token = token;
  }
}

/** Deeper nesting than any client writes; keeps a hostile filter from exhausting the stack. */
const MAX_DEPTH = 50;

/** Recursive descent over the tokens. OR binds tighter than AND, and NOT tighter than both, in AIP-160 and in Logging. */
class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  readonly #length: number;

  constructor(text: string, dialect: Dialect) {
    this.#tokens = tokens(text, dialect);
    this.#length = text.length;
  }

  whole(): Filter {
    if (this.#tokens.length === 0) return { all: [] };
    const filter = this.#conjunction();
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw this.#error(`unexpected ${JSON.stringify(rest.text)}`);
    return filter;
  }

  #conjunction(): Filter {
    const parts = [this.#disjunction()];
    for (;;) {
      if (this.#accept('AND')) parts.push(this.#disjunction());
      else if (this.#startsTerm()) parts.push(this.#disjunction());
      else return parts.length === 1 && parts[0] !== undefined ? parts[0] : { all: parts };
    }
  }

  #disjunction(): Filter {
    const parts = [this.#term()];
    while (this.#accept('OR')) parts.push(this.#term());
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { any: parts };
  }

  #term(): Filter {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw this.#error('nested too deeply');
    try {
      if (this.#accept('NOT') || this.#accept('-')) return { not: this.#term() };
      if (!this.#accept('(')) return this.#restriction();
      const inner = this.#conjunction();
      this.#expect(')');
      return inner;
    } finally {
      this.#depth -= 1;
    }
  }

  #restriction(): Filter {
    const left = this.#tokens[this.#at];
    if (left === undefined) throw this.#error('it ends where a term is expected');
    if (left.kind !== 'word' && left.kind !== 'text') throw this.#error(`unexpected ${JSON.stringify(left.text)}`);
    const comparator = this.#tokens[this.#at + 1];
    if (comparator?.text === '(' && comparator.at === left.end)
      throw this.#error(`the function ${left.text} is not known`);
    this.#at += 1;
    if (comparator?.kind !== 'comparator') return { text: left.text };
    this.#at += 1;
    return this.#values(left.path, comparator.text as Comparator);
  }

  /** One value, or several in parentheses: `field=("a" OR "b")`. */
  #values(path: readonly string[], comparator: Comparator): Filter {
    const open = this.#tokens[this.#at];
    if (this.#accept('(')) {
      const inner = this.#conjunction();
      this.#expect(')');
      const given = distribute(inner, path, comparator);
      if (given !== undefined) return given;
      const problem = `only values may stand in the parentheses after ${path.join('.')}${comparator}`;
      throw new FilterError(problem, open?.at ?? 0, '(');
    }
    const value = this.#tokens[this.#at];
    if (value === undefined || (value.kind !== 'word' && value.kind !== 'text')) {
      throw this.#error(`a value is expected after ${path.join('.')}${comparator}`);
    }
    this.#at += 1;
    return { path, comparator, value: value.text };
  }

  #startsTerm(): boolean {
    const next = this.#tokens[this.#at];
    return (
      next !== undefined && (next.kind === 'word' || next.kind === 'text' || ['(', 'NOT', '-'].includes(next.text))
    );
  }

  #accept(text: string): boolean {
    const next = this.#tokens[this.#at];
    if (next?.kind !== 'sign' || next.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) throw this.#error(`${text} is missing`);
  }

  /** At the token that is looked at. */
  #error(problem: string): FilterError {
    const token = this.#tokens[this.#at];
    return new FilterError(problem, token?.at ?? this.#length, token?.text ?? '');
  }
}

/** Undefined where anything but values stands in the parentheses. */
function distribute(inner: Filter, path: readonly string[], comparator: Comparator): Filter | undefined {
  if ('text' in inner) return { path, comparator, value: inner.text };
  if ('path' in inner) return undefined;
  if ('not' in inner) {
    const not = distribute(inner.not, path, comparator);
    return not && { not };
  }
  const parts = ('all' in inner ? inner.all : inner.any).map((part) => distribute(part, path, comparator));
  const given = parts.filter((part) => part !== undefined);
  if (given.length < parts.length) return undefined;
  return 'all' in inner ? { all: given } : { any: given };
}

/** The filter that `text` spells; an empty one takes everything. Throws `FilterError`. */
export function parseFilter(text: string, dialect: Dialect = 'list'): Filter {
  return new Parser(text, dialect).whole();
}

/** Whether something passes the filter; `holds` decides a single comparison, `contains` a bare text. */
export function passes(
  filter: Filter,
  holds: (comparison: Comparison) => boolean,
  contains: (text: string) => boolean,
): boolean {
  if ('all' in filter) return filter.all.every((part) => passes(part, holds, contains));
  if ('any' in filter) return filter.any.some((part) => passes(part, holds, contains));
  if ('not' in filter) return !passes(filter.not, holds, contains);
  return 'text' in filter ? contains(filter.text) : holds(filter);
}

/** The comparisons that every match must meet: those that no OR or NOT stands before. */
export function required(filter: Filter): Comparison[] {
  if ('all' in filter) return filter.all.flatMap(required);
  return 'path' in filter ? [filter] : [];
}

/** Every comparison in the filter. */
export function comparisons(filter: Filter): Comparison[] {
  if ('all' in filter) return filter.all.flatMap(comparisons);
  if ('any' in filter) return filter.any.flatMap(comparisons);
  if ('not' in filter) return comparisons(filter.not);
  return 'path' in filter ? [filter] : [];
}
