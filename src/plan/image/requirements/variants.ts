import { archiveOf } from './pep/names.ts';
import type { Command, Entry } from './reading.ts';
import { localPart, parseVersion, pinned } from './versions.ts';

/** Packages that PyTorch's own indexes hold in builds of their own. */
export const TORCH_FAMILY: ReadonlySet<string> = new Set([
  ...['torch', 'torchvision', 'torchaudio', 'torchtext', 'torchdata', 'torchao', 'torchrec', 'fbgemm-gpu', 'xformers'],
  ...['torchcodec', 'torchtune', 'torchdata', 'pytorch-triton', 'torch-tensorrt'],
]);

/** The build that an index is for: `https://download.pytorch.org/whl/cu128` is for cu128, also on mirrors. */
export function variantOfIndex(url: string): string | undefined {
  return /\/(cpu|xpu|cu\d{2,3}|rocm\d[\d.]*)(?:_full|_pypi_cudnn)?(?:[/?#]|$)/.exec(url)?.[1];
}

/** Whether an index holds builds of every night. */
export function isNightlyIndex(url: string): boolean {
  return /\/nightly(?:[/?#]|$)|jax[-_]nightly|\/ml-oss-artifacts-published\/jax\b/.test(url);
}

/** The build that a local part names: `cu121`, `cpu`, jaxlib's `cuda12.cudnn89`. */
export function variantOfVersion(version: string | undefined): string | undefined {
  const local = version === undefined ? undefined : localPart(version);
  return local === undefined
    ? undefined
    : /^(?:cpu|xpu|cu(?:da)?\d+|rocm\d[\d.]*)/.exec(local)?.[0].replace('cuda', 'cu');
}

export interface Build {
  readonly index: string | undefined;
  readonly variant: string | undefined;
  readonly nightly: boolean;
}

/** Where a package comes from, and in which build, as far as its place and its command tell. */
export function buildOf(entry: Entry, specifier: string): Build {
  const { name, command, url } = entry;
  const version = entry.version ?? pinned(specifier) ?? (url === undefined ? undefined : archiveOf(url)?.version);
  const index = url === undefined ? (entry.index ?? indexOf(name, version, command)) : undefined;
  const told = entry.variant ?? variantOfVersion(version) ?? (name.endsWith('-cpu') ? 'cpu' : undefined);
  const family = TORCH_FAMILY.has(name);
  const where = index ?? url;
  const variant = told ?? (where !== undefined && family ? variantOfIndex(where) : undefined);
  const fromNightly = index !== undefined && isNightlyIndex(index) && isNightlyPackage(name);
  const nightly =
    entry.nightly === true || fromNightly || isNightlyName(name) || namesDev(`${specifier} ${version ?? ''}`);
  return { index, variant, nightly: nightly || (command.pre && !isFinal(version)) };
}

const isNightlyPackage = (name: string) => TORCH_FAMILY.has(name) || /^jax/.test(name);
const isNightlyName = (name: string) => /(?:^|-)nightly(?:-|$)/.test(name);
const namesDev = (specifier: string) => /\d[._-]?dev\d*/i.test(specifier);
const isFinal = (version: string | undefined) =>
  version !== undefined && parseVersion(version)?.is_prerelease === false;

/**
 * The index that a package surely comes from. A further index beside the default one decides only where the first that
 * holds a package wins, or where a pinned version is there too: its local part makes it the higher one.
 */
function indexOf(name: string, version: string | undefined, command: Command): string | undefined {
  const primary = command.index !== undefined && !isDefaultIndex(command.index) ? command.index : undefined;
  if (!TORCH_FAMILY.has(name)) return primary;
  const further = [...command.extraIndexes, ...command.links].filter((url) => variantOfIndex(url) !== undefined);
  const decides = command.firstIndex || (version !== undefined && localPart(version) === undefined);
  return decides && further.length === 1
    ? further[0]
    : (primary ?? (isPre(command, version) ? nightlyOf(command) : undefined));
}

const isPre = (command: Command, version: string | undefined) => command.pre && !isFinal(version);
const nightlyOf = (command: Command) => command.extraIndexes.find(isNightlyIndex);

export const isDefaultIndex = (url: string): boolean => /^https?:\/\/(?:pypi\.org|pypi\.python\.org)\//.test(`${url}/`);
