import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package of which a bundle holds at least one file. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** As the lock file tells it: an SPDX id or expression; undefined where the package says none. */
  readonly license: string | undefined;
  /** Subresource integrity of the package's archive, `sha512-…`. */
  readonly integrity: string | undefined;
  /** The text of its licence file; undefined where it ships none. */
  readonly licenseText: string | undefined;
}

/** What is read here of the bundler's statistics, which are webpack's. */
interface StatsModule {
  /** The file. */
  readonly nameForCondition?: string | null;
  readonly modules?: readonly StatsModule[];
}

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
}

const PACKAGE = /node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+/;

function* files(modules: readonly StatsModule[] = []): Generator<string> {
  for (const { nameForCondition, modules: inner } of modules) {
    if (nameForCondition) yield nameForCondition;
    yield* files(inner);
  }
}

/** The folders of the packages whose files are in a bundle, by the bundler's statistics of it. */
export function packagePaths(stats: { readonly modules?: readonly StatsModule[] }): Set<string> {
  const paths = [...files(stats.modules)].map((file) => PACKAGE.exec(file)?.[0]);
  return new Set(paths.filter((path) => path !== undefined));
}

function licenseText(folder: string): string | undefined {
  const file = existsSync(folder)
    ? readdirSync(folder).find((entry) => /^(?:licen[cs]e|copying)/i.test(entry))
    : undefined;
  return file === undefined ? undefined : readFileSync(join(folder, file), 'utf8').trim().replace(/\r\n/g, '\n');
}

/** What the lock file and the installed folders tell of the packages, by name and version; each once. */
export function bundledPackages(root: string, paths: Iterable<string>): BundledPackage[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  const byId = new Map<string, BundledPackage>();
  for (const path of paths) {
    const locked = lock.packages[path];
    if (locked?.version === undefined) throw new Error(`package-lock.json does not know ${path}, which is bundled`);
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const { version, license, integrity } = locked;
    const text = licenseText(join(root, path));
    byId.set(`${name}@${version}`, { name, version, license, integrity, licenseText: text });
  }
  return [...byId].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found);
}
