import { readFile } from 'node:fs/promises';

/** The name-value pairs of a command file, or what is wrong with it: that fails the step. */
export interface FileValues {
  readonly values: Readonly<Record<string, string>>;
  readonly error: string | undefined;
}

/** The text up to the next `\n`, which alone ends a line here (actions/runner, FileCommandManager.cs, on Linux). */
interface Cut {
  readonly line: string;
  readonly next: number;
  readonly ended: boolean;
}

function cutLine(text: string, from: number): Cut | undefined {
  if (from >= text.length) return undefined;
  const end = text.indexOf('\n', from);
  if (end < 0) return { line: text.slice(from), next: text.length, ended: false };
  return { line: text.slice(from, end), next: end + 1, ended: true };
}

/** The text before the line that is the delimiter, and where to go on after it. */
function readHeredoc(text: string, from: number, delimiter: string): { value: string; next: number } {
  let end = from;
  let at = from;
  for (;;) {
    const cut = cutLine(text, at);
    if (cut === undefined) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
    if (cut.line === delimiter) return { value: text.slice(from, Math.max(from, end)), next: cut.next };
    if (!cut.ended) throw new Error('Invalid value. EOF marker missing new line.');
    end = cut.next - 1;
    at = cut.next;
  }
}

function readEntry(text: string, cut: Cut): { name: string; value: string; next: number } {
  const { line } = cut;
  const equals = line.indexOf('=');
  const heredoc = line.indexOf('<<');
  if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
    return { name: line.slice(0, equals), value: line.slice(equals + 1), next: cut.next };
  }
  if (heredoc < 0) throw new Error(`Invalid format '${line}'`);
  const [name, delimiter] = [line.slice(0, heredoc), line.slice(heredoc + 2)];
  if (name === '' || delimiter === '') {
    throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`);
  }
  return { name, ...readHeredoc(text, cut.next, delimiter) };
}

/** Reads the text of GITHUB_OUTPUT, GITHUB_STATE or GITHUB_ENV. Pairs before a fault count. */
export function parseFileValues(text: string): FileValues {
  const values: Record<string, string> = {};
  try {
    let at = 0;
    for (let cut = cutLine(text, at); cut !== undefined; cut = cutLine(text, at)) {
      at = cut.next;
      if (cut.line === '') continue;
      const entry = readEntry(text, cut);
      // Setting an output or a state of no name is refused by the runner further on.
      if (entry.name === '') throw new Error(`Invalid format '${cut.line}'. Name must not be empty`);
      values[entry.name] = entry.value;
      at = entry.next;
    }
    return { values, error: undefined };
  } catch (error) {
    return { values, error: error instanceof Error ? error.message : String(error) };
  }
}

export async function readFileValues(path: string): Promise<FileValues> {
  return parseFileValues(await readFile(path, 'utf8'));
}
