/** One word of a shell command. */
export interface ShellWord {
  /** Without quotes; undefined where something is expanded in it. */
  readonly text: string | undefined;
  readonly raw: string;
  /** It stands for all arguments, each a word: `"$@"`, `$@`, `$*`. */
  readonly all: boolean;
}

/** One simple command. */
export interface ShellCommand {
  readonly words: readonly ShellWord[];
  /** From 1. */
  readonly line: number;
}

export interface ShellText {
  readonly commands: readonly ShellCommand[];
  /** Whether anything in it reads the arguments: `$@`, `$1`, `shift`, `getopts`, or a sourced file, which may. */
  readonly readsArguments: boolean;
}

const ALL = /^"?\$(?:[@*]|\{[@*](?::1)?\})"?$/;
const READS = /\$(?:[@*#1-9]|\{[@*#1-9!])/;
/** Files that are sourced to set an environment up, and read no arguments. */
const SETUP = /(?:^|\/)(?:activate|\.?bashrc|\.?profile|conda\.sh|setup\.bash|\.?env)$/;
/** Words before a command that are none themselves (POSIX, 2.4 Reserved Words). */
const RESERVED = new Set(['if', 'then', 'else', 'elif', 'do', 'while', 'until', '{', '!', 'time']);
const MOST_CHARACTERS = 50_000;

/** Reads a shell text by the quoting rules of POSIX; nothing is expanded. Undefined where it is too long. */
export function readShell(text: string): ShellText | undefined {
  if (text.length > MOST_CHARACTERS) return undefined;
  const commands = splitCommands(text);
  const reads = commands.some(
    (command) => isReader(command) || command.words.some((word) => READS.test(unquoted(word.raw))),
  );
  return { commands, readsArguments: reads };
}

function isReader({ words: [head, next] }: ShellCommand): boolean {
  if (head?.raw === 'set') return next?.raw === '--';
  if (head?.raw === 'source' || head?.raw === '.') return !SETUP.test(next?.raw.replace(/["']/g, '') ?? '');
  return head?.raw === 'shift' || head?.raw === 'getopts';
}

/** Without what stands in single quotes, where nothing is expanded. */
function unquoted(raw: string): string {
  return raw.replace(/\\[\s\S]|"(?:[^"\\]|\\[\s\S])*"|'[^']*'/g, (part) => (part.startsWith("'") ? "''" : part));
}

/** Comments, line continuations, here-documents, separators, redirections, words: in this order at any place. */
const TOKEN =
  /(?<comment>#[^\n]*)|(?<joint>\\\n)|(?<here><<-?\s*(["']?)(?<name>[A-Za-z_]\w*)\4)|(?<end>\n|;;|;|&&|\|\||\||(?<![<>])&(?!>)|[()])|(?<redirect>[0-9]*(?:>>|>&|<&|>\||<<<|&>>?|[<>]))|(?<word>(?:\\[\s\S]|'[^']*'?|"(?:[^"\\]|\\[\s\S])*"?|\$\([^()]{0,999}(?:\([^()]{0,999}\)[^()]{0,999})*\)|\$\{[^}]{0,999}\}|`[^`]{0,999}`|[^\s;&|()<>\\'"`])+)|(?<space>[^\S\n]+|[\s\S])/y;

class Reader {
  readonly commands: ShellCommand[] = [];
  private words: ShellWord[] = [];
  private line = 1;
  private start = 1;
  private redirected = false;
  /** Names of here-documents whose bodies begin on the next line. */
  private awaited: string[] = [];

  read(text: string): void {
    TOKEN.lastIndex = 0;
    for (let at = 0; at < text.length; ) {
      TOKEN.lastIndex = at;
      const match = TOKEN.exec(text);
      if (!match) break;
      at += match[0].length;
      this.take(match.groups ?? {}, match[0]);
      if (match[0] === '\n' && this.awaited.length > 0) at = this.skipBodies(text, at);
    }
    this.close();
  }

  private take(groups: Record<string, string | undefined>, token: string): void {
    if (groups['here'] !== undefined) this.awaited.push(groups['name'] ?? '');
    else if (groups['redirect'] !== undefined) this.redirected = true;
    else if (groups['word'] !== undefined) this.addWord(token);
    else if (groups['end'] !== undefined) this.close();
    this.line += countLines(token);
  }

  private addWord(raw: string): void {
    if (this.redirected) {
      this.redirected = false;
      return;
    }
    if (this.words.length === 0) {
      this.start = this.line;
      if (RESERVED.has(raw) || /^[A-Za-z_]\w*\+?=/.test(raw)) {
        if (/[=].*\$(?:[@*#1-9]|\{[@*#1-9!])/.test(raw))
          this.commands.push({ words: [shellWord(raw)], line: this.line });
        return;
      }
    }
    this.words.push(shellWord(raw));
  }

  private close(): void {
    if (this.words.length > 0) this.commands.push({ words: this.words, line: this.start });
    this.words = [];
    this.redirected = false;
  }

  private skipBodies(text: string, from: number): number {
    let at = from;
    for (const name of this.awaited) {
      while (at < text.length) {
        const end = text.indexOf('\n', at);
        const line = text.slice(at, end < 0 ? text.length : end);
        at = end < 0 ? text.length : end + 1;
        this.line++;
        if (line.trim() === name) break;
        // A body may name the arguments too.
        if (READS.test(line)) this.commands.push({ words: [shellWord(line)], line: this.line });
      }
    }
    this.awaited = [];
    return at;
  }
}

function splitCommands(text: string): readonly ShellCommand[] {
  const reader = new Reader();
  reader.read(text);
  return reader.commands;
}

function countLines(token: string): number {
  let count = 0;
  for (let at = token.indexOf('\n'); at >= 0; at = token.indexOf('\n', at + 1)) count++;
  return count;
}

function shellWord(raw: string): ShellWord {
  const expands = /[$`*?[]|^~/.test(unquoted(raw).replace(/\\[\s\S]/g, ''));
  return { raw, all: ALL.test(raw), text: expands ? undefined : plain(raw) };
}

function plain(raw: string): string {
  return raw.replace(/\\\n|\\([\s\S])|"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'/g, (_all, escaped, double, single) => {
    return escaped ?? double?.replace(/\\([$`"\\\n])/g, '$1') ?? single ?? '';
  });
}
