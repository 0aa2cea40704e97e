import { DockerfileParser } from 'dockerfile-ast';

/** One instruction of a Dockerfile, its continued lines joined as BuildKit joins them. */
export interface Instruction {
  /** In upper case. */
  readonly keyword: string;
  /** `--name=value` before the arguments, without the dashes; a flag without value holds the empty text. */
  readonly flags: ReadonlyMap<string, string>;
  /** The arguments as one line. */
  readonly text: string;
  /** Bodies of `<<NAME`, in order. */
  readonly heredocs: readonly Heredoc[];
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface Heredoc {
  readonly name: string;
  readonly text: string;
  /** Line of the Dockerfile on which the body begins, from 1. */
  readonly line: number;
}

/** A longer Dockerfile is not read: whoever writes 100,000 characters generates them. */
const MOST_CHARACTERS = 100_000;

/** Splits a Dockerfile by Docker's grammar. Undefined where it is too long to read. */
export function readInstructions(text: string): Instruction[] | undefined {
  if (text.length > MOST_CHARACTERS) return undefined;
  const dockerfile = DockerfileParser.parse(text);
  const escapeCharacter = dockerfile.getEscapeCharacter();
  return dockerfile.getInstructions().map((instruction) => {
    const { start } = instruction.getRange();
    const raw = instruction.getTextContent().split(/\r?\n/);
    return readInstruction(instruction.getKeyword(), raw, escapeCharacter, start.line + 1, start.character + 1);
  });
}

function readInstruction(
  keyword: string,
  raw: string[],
  escapeCharacter: string,
  line: number,
  column: number,
): Instruction {
  const { logical, used } = joinLines(raw, escapeCharacter);
  const { flags, text } = takeFlags(logical.slice(keyword.length).trim());
  const heredocs = /^(?:RUN|COPY|ADD)$/.test(keyword) ? takeHeredocs(text, raw.slice(used), line + used) : [];
  return { keyword, flags, text, heredocs, line, column };
}

/** Lines up to the first that does not continue; comments and empty lines between them are no part of it (BuildKit, parser.go). */
function joinLines(raw: readonly string[], escapeCharacter: string): { logical: string; used: number } {
  let logical = '';
  for (const [index, line] of raw.entries()) {
    const bare = line.trim();
    if (index > 0 && (bare === '' || bare.startsWith('#'))) continue;
    const end = line.trimEnd();
    if (!end.endsWith(escapeCharacter)) return { logical: logical + line, used: index + 1 };
    logical += end.slice(0, -1);
  }
  return { logical, used: raw.length };
}

function takeFlags(text: string): { flags: Map<string, string>; text: string } {
  const flags = new Map<string, string>();
  let rest = text;
  for (let match = FLAG.exec(rest); match; match = FLAG.exec(rest)) {
    flags.set(match[1] ?? '', match[2] ?? '');
    rest = rest.slice(match[0].length);
  }
  return { flags, text: rest };
}

const FLAG = /^--([a-z][a-z-]*)(?:=(\S*))?(?:\s+|$)/;

function takeHeredocs(text: string, lines: readonly string[], first: number): Heredoc[] {
  const found: Heredoc[] = [];
  let at = 0;
  for (const match of text.matchAll(/<<(-?)(["']?)([A-Za-z0-9_.]+)\2/g)) {
    const name = match[3] ?? '';
    const start = at;
    while (at < lines.length && ended(lines[at] ?? '', match[1] === '-') !== name) at++;
    found.push({ name, text: lines.slice(start, at).join('\n'), line: first + start });
    at++;
  }
  return found;
}

function ended(line: string, tabs: boolean): string {
  return tabs ? line.replace(/^\t+/, '') : line;
}
