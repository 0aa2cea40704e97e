import { isRecord } from '../../json.ts';
import type { Finding } from '../validation/findings.ts';

interface Range {
  readonly least?: number;
  readonly most?: number;
}

/** Takes a JSON object apart, and collects all that is wrong with it. */
export class Reading {
  readonly path: string;
  readonly findings: Finding[];
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #known = new Set<string>();

  constructor(value: unknown, path: string, findings: Finding[]) {
    this.path = path;
    this.findings = findings;
    this.#fields = isRecord(value) ? value : {};
    if (!isRecord(value))
      findings.push({ field: path, message: `An object is required, not ${JSON.stringify(value)}.` });
  }

  has(name: string): boolean {
    return this.raw(name) !== undefined;
  }

  raw(name: string): unknown {
    this.#known.add(name);
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
  }

  /** Says what is accepted in place of what was found. */
  wrong(name: string, accepted: string): undefined {
    const field = [this.path, name].filter((part) => part !== '').join('.');
    const found = this.raw(name);
    this.findings.push({
      field,
      message: found === undefined ? accepted : `${accepted} Found: ${JSON.stringify(found)}.`,
    });
    return undefined;
  }

  text(name: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === 'string') return value;
    return this.wrong(name, 'A text is required.');
  }

  oneOf<T extends string>(name: string, accepted: readonly T[]): T | undefined {
    const value = this.raw(name);
    const found = accepted.find((each) => each === value);
    if (value === undefined || found !== undefined) return found;
    return this.wrong(name, `One of ${accepted.join(', ')} is required.`);
  }

  /** A whole number. */
  whole(name: string, { least = 0, most = Number.MAX_SAFE_INTEGER }: Range = {}): number | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
    return this.wrong(
      name,
      `A whole number from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ''} is required.`,
    );
  }

  /** A whole number, or this word. */
  wholeOr<W extends string>(name: string, word: W): number | W | undefined {
    return this.raw(name) === word ? word : this.whole(name);
  }

  flag(name: string): boolean | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === 'boolean') return value;
    return this.wrong(name, 'true or false is required.');
  }

  object(name: string): Readonly<Record<string, unknown>> | undefined {
    const value = this.raw(name);
    if (value === undefined || isRecord(value)) return value;
    return this.wrong(name, 'An object is required.');
  }

  /** A text or number for a state, of any spelling. */
  state(name: string): string | number | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === 'string' || typeof value === 'number') return value;
    return this.wrong(name, 'A state is required: its word, or its wire number.');
  }

  texts(name: string): readonly string[] | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
    return this.wrong(name, 'A list of texts is required.');
  }

  inner<T>(name: string, read: (inner: Reading) => T): T | undefined {
    const value = this.raw(name);
    return value === undefined ? undefined : this.#read(value, name, read);
  }

  list<T>(name: string, read: (inner: Reading) => T): readonly T[] | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return this.wrong(name, 'A list is required.');
    return value.map((each: unknown, index) => this.#read(each, `${name}[${index}]`, read));
  }

  /** An object whose keys are names of the caller's own. */
  map<T>(name: string, read: (inner: Reading) => T): Readonly<Record<string, T>> | undefined {
    const value = this.object(name);
    if (value === undefined) return undefined;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, this.#read(each, `${name}.${key}`, read)]),
    );
  }

  #read<T>(value: unknown, name: string, read: (inner: Reading) => T): T {
    const inner = new Reading(value, [this.path, name].filter((part) => part !== '').join('.'), this.findings);
    const result = read(inner);
    inner.end();
    return result;
  }

  /** Refuses the fields that nobody asked for. */
  end(): void {
    for (const name of Object.keys(this.#fields)) {
      if (!this.#known.has(name)) this.wrong(name, `Accepted here: ${[...this.#known].join(', ')}.`);
    }
  }
}
