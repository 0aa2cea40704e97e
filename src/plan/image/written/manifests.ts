import { type Fault, shown } from '../../../faults.ts';
import { below, folderOf, joined, normalised } from '../../code/paths.ts';
import type { Installer } from '../requirements/types.ts';
import { isPlainPath } from './recipe/text.ts';
import type { WrittenRequest } from './request.ts';

/** The files that name the packages, by their paths in the build context. */
export interface Manifests {
  /** All that the installer reads. */
  readonly paths: readonly string[];
  /** Those that are handed to it. */
  readonly roots: readonly string[];
  readonly faults: readonly Fault[];
}

/** Files that an installer reads beside those that name packages. */
const COMPANIONS: Readonly<Partial<Record<Installer, readonly string[]>>> = {
  uv: ['pyproject.toml', 'uv.lock', 'uv.toml'],
  poetry: ['pyproject.toml', 'poetry.lock'],
  pipenv: ['Pipfile', 'Pipfile.lock'],
};

/** Where the requirement files are in the context; those outside it cannot be copied. */
export function findManifests({ files, context, requirements }: WrittenRequest): Manifests {
  if (requirements === undefined) return { paths: [], roots: [], faults: [] };
  const folder = normalised(context);
  const roots = requirements.roots?.length ? requirements.roots : requirements.files.slice(0, 1);
  const beside = (COMPANIONS[requirements.installer] ?? [])
    .map((name) => joined(folderOf(roots[0] ?? ''), name).replace(/^\//, ''))
    .filter((path) => files.text(path) !== undefined);
  const all = [...new Set([...requirements.files, ...roots, ...beside].map(normalised))];
  const inContext = (path: string) => (folder === '' ? path : below(folder, path)) || undefined;
  const take = (paths: readonly string[]) => paths.flatMap((path) => inContext(normalised(path)) ?? []);
  return {
    paths: take(all),
    roots: take(roots),
    faults: all.flatMap((file) => fileFault(file, inContext(file), context)),
  };
}

function fileFault(file: string, path: string | undefined, context: string): Fault[] {
  const place = { file };
  if (path === undefined) {
    const message = `the packages are named outside the build context ${shown(context)}, from where no file can be copied. Choose a context that holds it, or add a Dockerfile.`;
    return [{ rule: 'requirements-outside-context', place, message }];
  }
  if (isPlainPath(path)) return [];
  const message =
    "the file's name has characters that mean something to Docker or a shell. Rename it: letters, digits, blanks and . _ - + @ = , : ~ ( ) are taken.";
  return [{ rule: 'requirements-name', place, message }];
}
