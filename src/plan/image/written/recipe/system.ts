import type { Requirements } from '../../requirements/types.ts';

/**
 * Shared libraries that wheels expect of the operating system, and that slim and CUDA images lack, by Debian's names: seen
 * with opencv-python 5.0 and lightgbm 4.7 on Debian 12, November 2026. Ultralytics brings opencv-python.
 */
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  lightgbm: ['libgomp1'],
  'opencv-contrib-python': ['libgl1', 'libglib2.0-0'],
  'opencv-python': ['libgl1', 'libglib2.0-0'],
  ultralytics: ['libgl1', 'libglib2.0-0'],
};

/** Packages of the operating system that the requirements need, beside Python. */
export function systemPackages(requirements: Requirements | undefined): readonly string[] {
  const packages = [...(requirements?.packages.values() ?? [])];
  const git = isFromGit(requirements);
  const libraries = packages.flatMap(({ name }) => (Object.hasOwn(LIBRARIES, name) ? (LIBRARIES[name] ?? []) : []));
  return [...new Set([...(git ? ['git'] : []), ...libraries])].toSorted();
}

/**
 * Whether packages come from a folder or file of the repository, so that installing needs the code. A lock file's project
 * itself does not count.
 */
export function hasLocal(requirements: Requirements | undefined): boolean {
  if (requirements === undefined) return false;
  const { installer, packages } = requirements;
  const urls = [...packages.values()].map(({ url }) => (installer === 'uv' && url === '.' ? undefined : url));
  return [...urls, ...requirements.indexes].some((url) => url !== undefined && isLocal(url));
}

/** No scheme, and no host as in `git@host:path`. */
const isLocal = (url: string) => url.startsWith('file:') || !/^[a-z][\w+.@-]*:/i.test(url);

/** Whether a package is taken from a repository, where no hash can vouch for it. */
export function isFromGit(requirements: Requirements | undefined): boolean {
  return [...(requirements?.packages.values() ?? [])].some(({ url }) => url !== undefined && GIT.test(url));
}

const GIT = /^git\+|\.git(?:[@#]|$)/;
