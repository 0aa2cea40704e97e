import { parse, TomlError } from 'smol-toml';
import { isRecord } from '../../../../json.ts';
import type { Place } from '../../../../log.ts';
import type { Reading } from '../reading.ts';

/** A TOML file with the lines of its parts. */
export interface TomlFile {
  readonly table: Readonly<Record<string, unknown>>;
  readonly places: Places;
}

/** Reads a TOML file; undefined, with an error, where it is none: every installer refuses it then. */
export function readToml(reading: Reading, path: string): TomlFile | undefined {
  const text = reading.text(path);
  if (text === undefined) return undefined;
  try {
    return { table: parse(text), places: new Places(path, text) };
  } catch (error) {
    if (!(error instanceof TomlError)) {
      const message = 'is more than can be looked at here: what it asks for is not known.';
      reading.warn('requirements-unread', { file: path }, message);
      return undefined;
    }
    const reason = (error.message.split('\n', 1)[0] ?? '').replace(/^Invalid TOML document: /, '').trim();
    const message = `the file is not TOML: ${reason}. Mend it there.`;
    reading.error('requirements-syntax', { file: path, line: error.line }, message);
    return undefined;
  }
}

/** The lines, in order, at which something stands. */
type Lines = Map<string, number[]>;

/** Where texts and keys of a file stand. */
export class Places {
  private readonly file: string;
  private readonly quoted: Lines = new Map();
  private readonly keys: Lines = new Map();
  private readonly tables: Lines = new Map();

  constructor(file: string, text: string) {
    this.file = file;
    for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) this.index(line, index + 1);
  }

  private index(line: string, number: number): void {
    const header = headerOf(line);
    if (header !== undefined) note(this.tables, header, number);
    const [, plain, double, single] = KEY.exec(line.slice(0, MOST_KEY)) ?? [];
    const key = plain ?? double ?? single;
    if (key !== undefined) note(this.keys, key.toLowerCase(), number);
    for (const [, one, other] of line.matchAll(QUOTED))
      note(this.quoted, other ?? one?.replace(/\\(["\\])/g, '$1') ?? '', number);
  }

  /** The first line with the quoted text, at or behind a table's header; the header's, or the first, where there is none. */
  ofText(text: string, header = ''): Place {
    return this.first(this.quoted.get(text), header);
  }

  /** The first line that begins with the key, behind a table's header, or that is the header of the key's own table. */
  ofKey(key: string, header: string): Place {
    const own = this.tables.get(`${header}.${key}`)?.[0];
    return own === undefined ? this.first(this.keys.get(key.toLowerCase()), header) : { file: this.file, line: own };
  }

  /** The lines of all headers of one name, in order, as arrays of tables have them. */
  headers(name: string): readonly number[] {
    return this.tables.get(name) ?? [];
  }

  private first(lines: readonly number[] | undefined, header: string): Place {
    const start = this.tables.get(header)?.[0] ?? 1;
    return { file: this.file, line: lines?.find((line) => line >= start) ?? start };
  }
}

const MOST_KEY = 256;
const KEY = /^\s*(?:([\w-]+)|"([^"\\]+)"|'([^']+)')\s*[=.]/;
/** An open quotation ends with the line, so that no part of it is looked at twice. */
const QUOTED = /"([^"\\]*(?:\\.?[^"\\]*)*)(?:"|$)|'([^']*)(?:'|$)/g;

function note(lines: Lines, key: string, line: number): void {
  const known = lines.get(key);
  if (known === undefined) lines.set(key, [line]);
  else known.push(line);
}

/** `[a.b]` or `[[a.b]]`, its quotation marks left out. */
const headerOf = (line: string): string | undefined =>
  line.length < MOST_KEY ? /^\s*\[{1,2}\s*([^\]]*?)\s*\]/.exec(line)?.[1]?.replaceAll('"', '') : undefined;

/** The value at a path of keys; undefined where there is none. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (!isRecord(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

/** The pairs of a table; none for anything else. */
export function pairs(value: unknown): readonly (readonly [string, unknown])[] {
  return isRecord(value) ? Object.entries(value) : [];
}

/** The texts of a list; none for anything else. */
export function texts(value: unknown): readonly string[] {
  return list(value).filter((one) => typeof one === 'string');
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
