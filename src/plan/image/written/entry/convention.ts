import type { FileView } from '../../../../inputs/files.ts';
import { joined } from '../../../code/paths.ts';
import { consoleProgram, type EntryProgram, moduleProgram, scriptProgram } from './program.ts';
import type { Project } from './project.ts';

interface Candidate {
  readonly program: EntryProgram;
  /** It is run when it is started: it asks for `__main__`, or is named so. */
  readonly started: boolean;
}

/** Folders in which programs lie that are no package. */
const FOLDERS = ['src', 'app'];

/**
 * The programs that a repository's layout offers, the best of them only: more than one are equally good. Vertex AI's
 * own convention is first (a package `trainer` with `task.py`: training/create-python-pre-built-container), then train.py.
 */
export function conventionalPrograms(files: FileView, context: string, project: Project): readonly EntryProgram[] {
  const look = new Look(files, context);
  const scripts = project.installs ? project.scripts : new Map<string, string>();
  const [sole] = scripts.size === 1 ? scripts : [];
  const tiers = [
    () => look.module('trainer', 'task'),
    () => look.script('train.py'),
    () => [
      ...look.console('train', scripts.get('train')),
      ...FOLDERS.flatMap((folder) => look.script(`${folder}/train.py`)),
      ...project.packages.flatMap((name) => look.module(name, 'train')),
      ...look.script('main.py'),
      ...look.script('task.py'),
    ],
    () => [
      ...project.packages.flatMap((name) => look.module(name, '__main__')),
      ...(sole === undefined ? [] : look.console(...sole)),
    ],
  ];
  for (const tier of tiers) {
    const found = tier();
    const started = found.filter((each) => each.started);
    if (found.length > 0) return distinct(started.length > 0 ? started : found);
  }
  return [];
}

class Look {
  readonly #files: FileView;
  readonly #context: string;

  constructor(files: FileView, context: string) {
    this.#files = files;
    this.#context = context;
  }

  #text(file: string): string | undefined {
    const text = this.#files.text(joined(this.#context, file));
    return text === undefined || SERVES.test(text) ? undefined : text;
  }

  /** A script with relative imports can only be started as a module of its folder. */
  script(file: string): Candidate[] {
    const text = this.#text(file);
    if (text === undefined) return [];
    const relative = file.includes('/') && /^\s*from\s+\.+\w*\s+import\b/m.test(text);
    const module = file.replace(/\.py$/, '').replaceAll('/', '.');
    const program = relative ? moduleProgram(module, file) : scriptProgram(file);
    return [{ program, started: GUARD.test(text) }];
  }

  /** A module of a package, at the root or below src/. */
  module(name: string, module: string): Candidate[] {
    return ['', 'src'].flatMap((root) => {
      const file = joined(root, `${name}/${module}.py`).replace(/^\//, '');
      const text = this.#text(file);
      if (text === undefined) return [];
      const dotted = module === '__main__' ? name : `${name}.${module}`;
      return [{ program: moduleProgram(dotted, file, root), started: module === '__main__' || GUARD.test(text) }];
    });
  }

  /** A console script whose module is a program of its own is started as that: its command line can then be read. */
  console(name: string, target: string | undefined): Candidate[] {
    if (target === undefined) return [];
    const [path = ''] = target.split(':');
    const cut = path.lastIndexOf('.');
    const [own] = cut < 0 ? [] : this.module(path.slice(0, cut).replaceAll('.', '/'), path.slice(cut + 1));
    if (own?.started)
      return [{ ...own, program: { ...own.program, words: ['python', '-m', path.replace(/\.__main__$/, '')] } }];
    return [{ program: consoleProgram(name), started: true }];
  }
}

const GUARD = /^if\s+__name__\s*==\s*['"]__main__['"]/m;
/** A server is no training program, whatever it is called. */
const SERVES = /\b(?:FastAPI|Flask|Starlette)\s*\(|\buvicorn\.run\s*\(|^\s*import\s+(?:streamlit|gradio)\b/m;

function distinct(candidates: readonly Candidate[]): readonly EntryProgram[] {
  const byWords = new Map(candidates.map(({ program }) => [JSON.stringify(program.words), program]));
  return [...byWords.values()];
}
