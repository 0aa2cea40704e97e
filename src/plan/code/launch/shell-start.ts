import type { ImageFile } from '../dockerfile/image-files.ts';
import { folderOf, joined } from '../paths.ts';
import type { Word } from './argv.ts';
import { scriptDropsArguments, shellDropsArguments, shellLosesFirst } from './faults.ts';
import { isGiven, type Program, type Situation } from './program.ts';
import { readShell, type ShellCommand, type ShellText, type ShellWord } from './shell-words.ts';

/** Follows words further; handed in, since shells and programs start one another. */
export type Start = (words: readonly Word[], situation: Situation) => Program;

/** What a shell text gets: its `$0` and its arguments. */
interface Positional {
  readonly zero: Word | undefined;
  readonly words: readonly Word[];
}

/**
 * `sh -c TEXT NAME ARGUMENT…`: the word behind the text is `$0`, and only those behind it are `"$@"` (POSIX, sh). Docker
 * puts the arguments of a shell-form ENTRYPOINT there too.
 */
export function startShellCommand(words: readonly Word[], situation: Situation, start: Start): Program {
  const [command, ...rest] = words;
  const shell = command?.text === undefined ? undefined : readShell(command.text);
  if (shell === undefined) return undefined;
  const text = command?.text ?? '';
  const given = rest.filter(isGiven);
  if (!shell.readsArguments && !readsZero(text)) {
    if (given.length > 0) situation.found.push(shellDropsArguments(text, shell, given, situation));
    return lastProgram(shell, given, situation, start);
  }
  const [zero, ...behind] = rest;
  const lost = zero !== undefined && isGiven(zero) && !readsZero(text);
  if (lost) situation.found.push(shellLosesFirst(text, zero, situation));
  return passingProgram(shell, { zero, words: lost ? rest : behind }, situation, start);
}

function readsZero(text: string): boolean {
  return /\$0|\$\{0/.test(text);
}

/** A start script of the repository. */
export function startScript(file: ImageFile, words: readonly Word[], situation: Situation, start: Start): Program {
  const shell = readShell(file.text);
  if (shell === undefined) return undefined;
  const given = words.filter(isGiven);
  const folder = folderOf(file.path);
  if (!shell.readsArguments) {
    if (given.length > 0) situation.found.push(scriptDropsArguments(file, shell, given));
    return lastProgram(shell, given, situation, start, folder);
  }
  const functions = functionNames(file.text);
  const plain = shell.commands.filter(({ words: [head] }) => !functions.has(head?.raw ?? ''));
  return passingProgram({ ...shell, commands: plain }, { zero: undefined, words }, situation, start, folder);
}

function functionNames(text: string): Set<string> {
  const found = text.matchAll(/^[ \t]*(?:function[ \t]+)?([A-Za-z_][\w-]*)[ \t]*\([ \t]*\)/gm);
  return new Set([...found].map((match) => match[1] ?? ''));
}

/** Commands that only tell or set something. */
const TALK = /^(?:echo|printf|logger|for|case|local|export|set|shift|log|test|\[\[?)$/;

/** The program that the arguments are handed to; undefined where several different ones take them. */
function passingProgram(
  shell: ShellText,
  positional: Positional,
  situation: Situation,
  start: Start,
  folder?: string,
): Program {
  const passing = shell.commands.filter(
    ({ words }) => words.some((word) => word.all) && !TALK.test(words[0]?.raw ?? ''),
  );
  const [command, ...others] = passing;
  if (command === undefined || others.length > 0) return undefined;
  const cwd = folderAt(command, shell, situation.cwd, folder);
  return start(argumentsIn(command, positional), { ...situation, cwd });
}

function argumentsIn({ words }: ShellCommand, { zero, words: all }: Positional): Word[] {
  return words.flatMap((word) => {
    if (word.all) return all;
    return zero && /^"?\$(?:0|\{0\})"?$/.test(word.raw) ? [zero] : [fixedWord(word)];
  });
}

function fixedWord({ text }: ShellWord): Word {
  return { text, origin: 'entrypoint' };
}

/** The last program that a text without `"$@"` starts: what follows judges it as if the arguments reached it. */
function lastProgram(
  shell: ShellText,
  given: readonly Word[],
  situation: Situation,
  start: Start,
  folder?: string,
): Program {
  for (const command of shell.commands.toReversed().slice(0, 10)) {
    if (TALK.test(command.words[0]?.raw ?? '')) continue;
    const cwd = folderAt(command, shell, situation.cwd, folder);
    const program = start([...command.words.map(fixedWord), ...given], { ...situation, cwd, found: [] });
    if (program) return program;
  }
  return undefined;
}

const OWN_FOLDER = /^"?\$\(\s*dirname\s+(?:--\s+)?"?\$\{?(?:0|BASH_SOURCE(?:\[0\])?)\}?"?\s*\)([\w./-]*)"?$/;

/** The working directory once the commands before this one have run. */
function folderAt(
  command: ShellCommand,
  { commands }: ShellText,
  from: string | undefined,
  own: string | undefined,
): string | undefined {
  const before = commands.slice(0, commands.indexOf(command)).filter(({ words }) => words[0]?.raw === 'cd');
  return before.reduce<string | undefined>((cwd, { words }) => folderAfter(cwd, words[1], own), from);
}

function folderAfter(
  cwd: string | undefined,
  target: ShellWord | undefined,
  own: string | undefined,
): string | undefined {
  const beside = OWN_FOLDER.exec(target?.raw ?? '');
  if (beside && own !== undefined) return joined(own, `./${beside[1]}`);
  const path = target?.text;
  if (path === undefined || path === '-') return undefined;
  return cwd === undefined && !path.startsWith('/') ? undefined : joined(cwd ?? '/', path);
}
