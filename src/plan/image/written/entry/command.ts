import { closestMatch } from 'leven';
import { type Fault, shown } from '../../../../faults.ts';
import type { FileView } from '../../../../inputs/files.ts';
import { LAUNCHERS, PYTHON } from '../../../code/launch/names.ts';
import { baseName, below, joined, normalised } from '../../../code/paths.ts';
import { APP } from '../request.ts';
import { consoleProgram, type EntryProgram, moduleProgram, scriptProgram } from './program.ts';
import type { Project } from './project.ts';

export interface CommandProgram {
  readonly program: EntryProgram;
  readonly fault: Fault | undefined;
}

/** The program that a job's command starts, as far as it is one of the context. What follows it is left to the job. */
export function commandProgram(
  command: readonly string[],
  files: FileView,
  context: string,
  project: Project,
): CommandProgram {
  const [head = ''] = command;
  if (project.scripts.has(head)) return { program: consoleProgram(head), fault: undefined };
  const exists = (file: string) => files.text(joined(context, file)) !== undefined;
  const at = command.findIndex((word, index) => command[index - 1] === '-m' || isFile(word, index, exists));
  const kept = command.slice(0, at + 1);
  const [word = ''] = kept.slice(-1);
  if (at > 0 && command[at - 1] === '-m') return { program: moduleOf(word, kept, exists), fault: undefined };
  if (at >= 0) {
    const program = startable(kept) ? scriptProgram(inContext(word) ?? word, kept) : other(command);
    return { program, fault: undefined };
  }
  const lost = isStarter(head) ? command.find((each) => /^[^/-].*\.py$/.test(each)) : undefined;
  return { program: other(command), fault: lost === undefined ? undefined : missing(lost, files, context) };
}

/** The first word is looked up in PATH, unless it is a path. */
function isFile(word: string, index: number, exists: (file: string) => boolean): boolean {
  const file = index === 0 && !word.includes('/') ? undefined : inContext(word);
  return file !== undefined && exists(file);
}

/** A word as a path of the context, which lies at /app and is the working directory. */
function inContext(word: string): string | undefined {
  if (word === '' || word.startsWith('-')) return undefined;
  const path = normalised(word.startsWith('/') ? word : `${APP}/${word}`);
  return below(APP, path) || undefined;
}

function moduleOf(name: string, kept: readonly string[], exists: (file: string) => boolean): EntryProgram {
  const path = name.replaceAll('.', '/');
  for (const root of ['', 'src/']) {
    const file = [`${root}${path}/__main__.py`, `${root}${path}.py`].find(exists);
    if (file !== undefined && startable(kept)) return { ...moduleProgram(name, file, root && 'src'), words: kept };
  }
  return other(kept);
}

/** Vertex AI replaces `$(NAME)` in a command; an ENTRYPOINT would keep it as it is. */
const startable = (words: readonly string[]) => !words.some((word) => word.includes('$('));

const isStarter = (word: string) => PYTHON.test(baseName(word)) || LAUNCHERS.has(baseName(word));

function other(command: readonly string[]): EntryProgram {
  return {
    words: [],
    said: `the job's command (${shown(command.join(' '))})`,
    pythonPath: [],
    console: false,
  };
}

function missing(word: string, files: FileView, context: string): Fault {
  const folder = joined(context, word)
    .replace(/[^/]*$/, '')
    .replace(/\/$/, '');
  const nearest = closestMatch(
    baseName(word),
    files.list(folder).filter((name) => name.endsWith('.py')),
  );
  const hint = nearest === undefined ? '' : ` The nearest there is ${shown(nearest)}.`;
  const message = `starts ${shown(word)}, and the build context ${shown(context)} has no such file.${hint} Name a file by its path from the context, or add a Dockerfile.`;
  return { rule: 'entry-program', input: 'command', message };
}
