import { type Found, pipenv, poetryLock, project, uvLock, type Wish } from './folder.ts';
import { readEnvironment } from './formats/conda.ts';
import { readPylock } from './formats/pylock.ts';
import { fileName, folderOf } from './paths.ts';
import type { Reading } from './reading.ts';

/** Reads a file by its kind, as the Dockerfile hands it to an installer. */
export function readByKind(reading: Reading, path: string, wish: Wish): Found | undefined {
  const name = fileName(path);
  const folder = folderOf(path);
  if (/\.ya?ml$/.test(name))
    return readEnvironment(reading, path) ? { installer: 'conda', roots: [path], locked: false } : undefined;
  if (name === 'uv.lock') return uvLock(reading, folder, wish);
  if (name === 'poetry.lock') return poetryLock(reading, folder, wish);
  if (/^Pipfile(?:\.lock)?$/.test(name)) return pipenv(reading, folder);
  if (/^pylock(?:\.[\w-]+)?\.toml$/.test(name)) {
    return readPylock(reading, path) ? { installer: 'pip', roots: [path], locked: true } : undefined;
  }
  return /^(?:pyproject\.toml|setup\.(?:py|cfg))$/.test(name) ? project(reading, folder, wish) : undefined;
}
