import { folderOf, joined } from '../paths.ts';
import type { Word } from './argv.ts';
import type { Program, Situation } from './program.ts';

/** The Python file that `python PATH` or `python -m MODULE` runs, where the Dockerfile copies it from the repository. */
export function pythonProgram(
  name: string,
  module: string | undefined,
  words: readonly Word[],
  situation: Situation,
): Program {
  const { cwd, files } = situation;
  if (cwd === undefined && (module !== undefined || !name.startsWith('/'))) return undefined;
  const shared = pythonPath(situation);
  if (module === undefined) {
    const path = joined(cwd ?? '/', name);
    const file = files.find(path) ?? files.find(`${path}/__main__.py`);
    return file && { kind: 'python', file, module, roots: [folderOf(file.path), ...shared], words };
  }
  const roots = [cwd ?? '/', ...shared];
  for (const root of roots) {
    const path = joined(root, name.replaceAll('.', '/'));
    const main = files.find(`${path}/__main__.py`);
    if (main) return { kind: 'python', file: main, module: `${name}.__main__`, roots, words };
    const file = files.find(`${path}.py`);
    if (file) return { kind: 'python', file, module: name, roots, words };
  }
  return undefined;
}

/** PYTHONPATH, and the folders from which `pip install .` and its like take the project's own packages. */
function pythonPath({ stage }: Situation): string[] {
  const set = (stage.environment.get('PYTHONPATH') ?? '').split(':').filter((folder) => folder.startsWith('/'));
  const installed = stage.runs.filter(({ text }) => INSTALLS_PROJECT.test(text)).map(({ workdir }) => workdir);
  const folders = [...new Set([stage.workdir, ...installed])];
  const sources = installed.length > 0 ? folders.flatMap((folder) => [folder, joined(folder, 'src')]) : [];
  return [...new Set([...set.slice(0, 10), ...sources.slice(0, 10)])];
}

const INSTALLS_PROJECT =
  /\b(?:pip3?|uv)\b[^\n;&|]{0,300}\binstall\b[^\n;&|]{0,300}\s["']?\.{1,2}(?:\/\S{0,99})?(?:\[[\w,-]{0,99}\])?["']?(?=\s|$)|\b(?:uv sync|poetry install|pdm (?:install|sync)|setup\.py (?:install|develop))\b/;
