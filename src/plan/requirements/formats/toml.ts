import { parse, TomlError } from 'smol-toml';
import { isRecord } from '../../../json.ts';
import type { Place } from '../../../log.ts';
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
    const line = error instanceof TomlError ? error.line : undefined;
    const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : '';
    const message = `the file is not TOML: ${reason.replace(/^Invalid TOML document: /, '').trim()}. Mend it there.`;
    reading.error('requirements-syntax', { file: path, line }, message);
    return undefined;
  }
}

/** Where texts and keys of a file stand. */
export class Places {
  private readonly file: string;
  private readonly lines: readonly string[];

  constructor(file: string, text: string) {
    this.file = file;
    this.lines = text.split(/\r\n|\r|\n/);
  }

  get whole(): Place {
    return { file: this.file, line: 1 };
  }

  at(line: number): Place {
    return { file: this.file, line };
  }

  /** The first line with the quoted text, at or behind a table's header; the header's, or the first, where there is none. */
  ofText(text: string, header = ''): Place {
    const start = this.header(header);
    const forms = [JSON.stringify(text), `'${text}'`, `"${text}"`];
    return this.first(start, (line) => forms.some((form) => line.includes(form)));
  }

  /** The first line that begins with the key, behind a table's header, or that is the header of the key's own table. */
  ofKey(key: string, header: string): Place {
    const own = this.lines.findIndex((line) => headerOf(line) === `${header}.${key}`);
    if (own >= 0) return this.at(own + 1);
    const forms = [key, JSON.stringify(key), `'${key}'`].map((form) => form.toLowerCase());
    return this.first(this.header(header), (line) => {
      const start = line.trimStart().toLowerCase();
      return forms.some((form) => start.startsWith(form) && /^\s*[=.]/.test(start.slice(form.length)));
    });
  }

  /** The lines of all headers of one name, in order, as arrays of tables have them. */
  headers(name: string): readonly number[] {
    return this.lines.flatMap((line, index) => (headerOf(line) === name ? [index + 1] : []));
  }

  private header(name: string): number {
    return name === ''
      ? 0
      : Math.max(
          0,
          this.lines.findIndex((line) => headerOf(line) === name),
        );
  }

  private first(start: number, fits: (line: string) => boolean): Place {
    const found = this.lines.findIndex((line, index) => index >= start && fits(line));
    return this.at((found < 0 ? start : found) + 1);
  }
}

const headerOf = (line: string): string | undefined =>
  line.trimStart().startsWith('[') && line.length < 256
    ? /^\s*\[{1,2}\s*([^\]]*?)\s*\]/.exec(line)?.[1]?.replaceAll('"', '')
    : undefined;

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
