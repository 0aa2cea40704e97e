import { shown } from '../../../../faults.ts';

/** The program that the image starts. */
export interface EntryProgram {
  /** Words of ENTRYPOINT; empty where the job's command starts what is no program of the repository. */
  readonly words: readonly string[];
  /** What it is, for a person: `trainer/task.py`, or a console script with the file that names it. */
  readonly said: string;
  /** Folders of the context that Python has to search beside its own; `` is the context itself. */
  readonly pythonPath: readonly string[];
  /** The file in the context; undefined for a program that is none of the repository's, and for a console script. */
  readonly file?: string | undefined;
  /** It is a console script, which comes into being when the project is installed. */
  readonly console: boolean;
}

/** `python FILE`: modules beside the file are found by Python, those from the context's root by PYTHONPATH. */
export function scriptProgram(file: string, words: readonly string[] = ['python', file]): EntryProgram {
  return { words, said: spoken(file), file, pythonPath: file.includes('/') ? [''] : [], console: false };
}

/** `python -m MODULE`, found from the root that is given. */
export function moduleProgram(module: string, file: string, root = ''): EntryProgram {
  const pythonPath = root === '' ? [] : [root];
  return { words: ['python', '-m', module], said: spoken(file), file, pythonPath, console: false };
}

export function consoleProgram(name: string): EntryProgram {
  return { words: [name], said: `${name}, a script of pyproject.toml`, pythonPath: [], console: true };
}

/** A file's name as it is, unless it needs quotes. */
const spoken = (file: string) => (/^[\w./-]+$/.test(file) ? file : shown(file));
