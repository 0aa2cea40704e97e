import { isRecord } from '../../json.ts';
import { ApiError } from './errors.ts';

/** Which fields a partial response holds; `true` is the whole value. */
export type Selection = true | ReadonlyMap<string, Selection>;

/** No resource has fields so far within one another. */
const DEEPEST = 100;

const TOKENS = /[A-Za-z0-9_$*-]+|[/(),]/gy;

/** Reads `fields`, Google's syntax for partial responses: `kind,items(name,size),a/b`. */
class Reader {
  readonly #text: string;
  readonly #tokens: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = text.match(TOKENS) ?? [];
    if (this.#tokens.join('') !== text) throw this.#refused();
  }

  whole(): Selection {
    const selection = this.#list();
    if (this.#at < this.#tokens.length) throw this.#refused();
    return selection;
  }

  #list(): Selection {
    const fields = new Map<string, Selection>();
    do {
      const name = this.#name();
      fields.set(name, merged(fields.get(name), this.#inner()));
    } while (this.#accept(','));
    return fields.has('*') ? (fields.get('*') ?? true) : fields;
  }

  #inner(): Selection {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw this.#refused();
    const inner = this.#innermost();
    this.#depth -= 1;
    return inner;
  }

  #innermost(): Selection {
    if (this.#accept('/')) {
      const name = this.#name();
      const inner = this.#inner();
      return name === '*' ? inner : new Map([[name, inner]]);
    }
    if (!this.#accept('(')) return true;
    const selection = this.#list();
    if (!this.#accept(')')) throw this.#refused();
    return selection;
  }

  #name(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined || /^[/(),]$/.test(token)) throw this.#refused();
    this.#at += 1;
    return token;
  }

  #accept(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #refused(): ApiError {
    return new ApiError('INVALID_ARGUMENT', `Invalid field selection ${this.#text}`);
  }
}

function merged(one: Selection | undefined, other: Selection): Selection {
  if (one === undefined) return other;
  if (one === true || other === true) return true;
  const both = new Map(one);
  for (const [name, inner] of other) both.set(name, merged(both.get(name), inner));
  return both;
}

/** The selection that a `fields` parameter asks for: everything without one. Throws INVALID_ARGUMENT. */
export function readFields(text: string | null): Selection {
  return text === null || text === '' ? true : new Reader(text.replace(/\s/g, '')).whole();
}

/** Whether a selection holds the field at a path, or a part of it. */
export function wants(selection: Selection | undefined, ...path: readonly string[]): boolean {
  const [name, ...rest] = path;
  if (selection === undefined) return false;
  return selection === true || name === undefined || wants(selection.get(name), ...rest);
}

/** The part of a JSON value that a selection holds; a list is selected from item by item. */
export function selected(value: unknown, selection: Selection): unknown {
  if (selection === true) return value;
  if (Array.isArray(value)) return value.map((item) => selected(item, selection));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const part = selection.get(name);
      return part === undefined ? [] : [[name, selected(inner, part)]];
    }),
  );
}
