/** One requirement or group of options, its continued lines put together. */
export interface LogicalLine {
  readonly text: string;
  /** The first line of it, from 1. */
  readonly line: number;
}

/**
 * The lines of a requirements file as pip joins them: a closing backslash continues a line, a comment ends at the line,
 * blank lines go. (pip/_internal/req/req_file.py: join_lines, ignore_comments)
 */
export function logicalLines(text: string): LogicalLine[] {
  const found: LogicalLine[] = [];
  let parts: string[] = [];
  let first = 0;
  const close = () => {
    const whole = withoutComment(parts.join(''));
    if (whole !== '') found.push({ text: whole, line: first });
    parts = [];
  };
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (parts.length === 0) first = index + 1;
    const comment = /^\s*#/.test(line);
    parts.push(comment ? ` ${line}` : line.endsWith('\\') ? line.slice(0, -1) : line);
    if (comment || !line.endsWith('\\')) close();
  }
  if (parts.length > 0) close();
  return found;
}

/** A `#` opens a comment at the start of a line or behind a blank. */
function withoutComment(line: string): string {
  for (let at = line.indexOf('#'); at >= 0; at = line.indexOf('#', at + 1)) {
    if (at === 0 || /\s/.test(line[at - 1] ?? '')) return line.slice(0, at).trim();
  }
  return line.trim();
}

/** An option with its value; `undefined` for a flag. */
export interface Option {
  readonly name: string;
  readonly value: string | undefined;
  /** How the value hangs on a short option by `=`, which pip takes for a part of it: `-r=a.txt`. */
  readonly slip?: string | undefined;
}

export interface PipLine {
  /** A package, path or URL; empty where the line holds options alone. */
  readonly requirement: string;
  readonly options: readonly Option[];
  /** An option that pip does not take here. */
  readonly unknown: string | undefined;
  /** An option without the value that it needs. */
  readonly bare: string | undefined;
}

const SHORT: Readonly<Record<string, string>> = {
  '-r': '--requirement',
  '-c': '--constraint',
  '-e': '--editable',
  '-i': '--index-url',
  '-f': '--find-links',
  '-C': '--config-settings',
};
const VALUED = [
  ...['--requirement', '--constraint', '--editable', '--index-url', '--pypi-url', '--extra-index-url'],
  ...['--find-links', '--no-binary', '--only-binary', '--trusted-host', '--use-feature', '--config-settings'],
  ...['--global-option', '--install-option', '--hash', '--all-releases', '--only-final', '--uploaded-prior-to'],
];
const FLAGS = [
  '--no-index',
  '--prefer-binary',
  '--require-hashes',
  '--pre',
  '--process-dependency-links',
  '--use-wheel',
];

/** Takes a line apart: what stands before the first word with a dash, and the options behind it. */
export function readPipLine(text: string): PipLine {
  // pip splits at blanks alone, and reads the options as a shell would.
  const cut = text.startsWith('-') ? 0 : text.search(/\s-/);
  if (cut < 0) return { requirement: text, options: [], unknown: undefined, bare: undefined };
  const requirement = text.slice(0, cut).trim();
  const words = shellWords(text.slice(cut));
  if (words === undefined) return { requirement, options: [], unknown: text.slice(cut).trim(), bare: undefined };
  return { requirement, ...readOptions(words) };
}

/** Reads words as pip's options, until one that it does not know. */
function readOptions(words: readonly string[]): Omit<PipLine, 'requirement'> {
  const options: Option[] = [];
  for (let at = 0; at < words.length; ) {
    const { option, next } = takeOption(words, at);
    if (option === undefined) {
      const lacks = optionOf(words[at] ?? '').name !== undefined;
      return { options, unknown: lacks ? undefined : words[at], bare: lacks ? words[at] : undefined };
    }
    options.push(option);
    at = next;
  }
  return { options, unknown: undefined, bare: undefined };
}

/** The option at a word, and where the next word stands; none where pip takes no such option in a file. */
export function takeOption(words: readonly string[], at: number): { option: Option | undefined; next: number } {
  const word = words[at] ?? '';
  const { name, glued } = optionOf(word);
  if (name !== undefined && FLAGS.includes(name)) return { option: { name, value: undefined }, next: at + 1 };
  const value = glued ?? words[at + 1];
  if (name === undefined || value === undefined) return { option: undefined, next: at + 1 };
  const slip = /^-\w=/.test(word) ? word : undefined;
  return { option: { name, value, slip }, next: glued === undefined ? at + 2 : at + 1 };
}

/** A long option may be cut short while it stays one, as optparse allows. */
function optionOf(word: string): { name: string | undefined; glued: string | undefined } {
  if (!word.startsWith('--')) {
    const rest = word.slice(2);
    const name = Object.hasOwn(SHORT, word.slice(0, 2)) ? SHORT[word.slice(0, 2)] : undefined;
    return { name, glued: rest === '' ? undefined : rest.replace(/^=/, '') };
  }
  const equals = word.indexOf('=');
  const written = equals < 0 ? word : word.slice(0, equals);
  const all = [...VALUED, ...FLAGS];
  const fitting = all.filter((name) => name.startsWith(written));
  const name = all.includes(written) ? written : fitting.length === 1 ? fitting[0] : undefined;
  return { name: name === '--pypi-url' ? '--index-url' : name, glued: equals < 0 ? undefined : word.slice(equals + 1) };
}

/** Words as a POSIX shell splits them; undefined where a quotation is left open. */
function shellWords(text: string): string[] | undefined {
  const word = /(?:[^\s'"]+|'[^']*'|"[^"]*")+/g;
  if (/['"]/.test(text.replace(word, ''))) return undefined;
  return (text.match(word) ?? []).map((one) => one.replace(/'([^']*)'|"([^"]*)"/g, '$1$2'));
}
