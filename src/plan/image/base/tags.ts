import { CUDA, type CudaRange, type TagRow } from './catalog.ts';
import { driverRuns } from './driver.ts';
import { cudaKnows } from './gpu.ts';
import { compareLoosely, compareNumbers, highestNumber, majorOf, minorOf } from './numbers.ts';

/** `base` has the runtime alone, `runtime` CUDA's libraries and NCCL, `devel` compiler and headers too. */
export type Flavour = 'base' | 'runtime' | 'devel';

/** One image of nvidia/cuda. */
export interface Tag {
  readonly image: string;
  readonly cuda: string;
  readonly ubuntu: string;
  /** Its Ubuntu has no support any more, and the same CUDA is there on one that has. */
  readonly outdated: boolean;
  /** The cuDNN in it, or one that it is surely not below. */
  readonly cudnn: string | undefined;
  readonly libraryPath: boolean;
}

/** What an image has to hold. */
export interface Wish {
  readonly flavour: Flavour;
  /** `12.8`, or `12` for any minor version. */
  readonly cuda: string;
  /** The lowest cuDNN that will do, of its own major version; undefined for any. */
  readonly cudnn: string | undefined;
  /** What runs on the GPUs. */
  readonly range: CudaRange;
  readonly driver: string | undefined;
}

/** So many candidates are looked for at the registry at most. */
const MOST = 6;

/** The images of a flavour, those of runtime and devel with cuDNN. */
export const tagsOf = (flavour: Flavour): readonly Tag[] => TAGS[flavour];

function systemsOf({ os, osWithoutCudnn = [], part }: TagRow, flavour: Flavour): readonly string[] {
  if (flavour === 'base') return [...os, ...osWithoutCudnn];
  return part === undefined ? [] : os;
}

function tagOf(row: TagRow, flavour: Flavour, ubuntu: string, systems: readonly string[]): Tag {
  const { cuda, part, cudnn, libraryPath = false } = row;
  const library = flavour === 'base' ? '' : `${part}-`;
  return {
    image: `nvidia/cuda:${cuda}-${library}${flavour}-ubuntu${ubuntu}`,
    cuda,
    ubuntu,
    outdated: CUDA.retired.ubuntu.includes(ubuntu) && systems.some((one) => !CUDA.retired.ubuntu.includes(one)),
    cudnn: flavour === 'base' ? undefined : sureCudnn(cuda, cudnn),
    libraryPath,
  };
}

/** Where only the major version is known, it is not below that of earlier releases of the same CUDA. */
function sureCudnn(release: string, cudnn: string | undefined): string | undefined {
  if (cudnn === undefined || cudnn.includes('.')) return cudnn;
  const earlier = CUDA.tags.flatMap((row) => {
    const before = majorOf(row.cuda) === majorOf(release) && compareNumbers(row.cuda, release) < 0;
    return before && row.cudnn !== undefined && majorOf(row.cudnn) === cudnn ? [row.cudnn] : [];
  });
  return highestNumber(earlier) ?? `${cudnn}.0`;
}

/** The cuDNN of a CUDA release's images, as `sureCudnn` has it; undefined where the catalog does not have the release. */
export function cudnnOf(release: string): string | undefined {
  const row = CUDA.tags.find(({ cuda, part }) => part !== undefined && compareLoosely(cuda, release) === 0);
  return row && sureCudnn(row.cuda, row.cudnn);
}

/**
 * The images that fulfil a wish, the best first. The GPUs' own limits always hold; the driver's, CUDA's major version and
 * cuDNN are kept wherever some image keeps them.
 */
export function fittingTags(wish: Wish): readonly Tag[] {
  const { flavour, range, driver } = wish;
  const known = tagsOf(flavour).filter(({ cuda }) => cudaKnows(minorOf(cuda), range));
  const running = orAll(known, ({ cuda }) => driver === undefined || driverRuns(driver, cuda));
  const alike = orAll(running, ({ cuda }) => majorOf(cuda) === majorOf(wish.cuda));
  const equipped = orAll(alike, ({ cudnn }) => holdsCudnn(cudnn, wish.cudnn));
  const sorted = equipped.toSorted(byNearness(aimOf(wish)));
  return (flavour === 'base' ? withDefault(sorted.slice(0, MOST - 1), running, range) : sorted).slice(0, MOST);
}

/** Whether a cuDNN is of the wanted major version and not below what is wanted. */
export function holdsCudnn(has: string | undefined, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  return has !== undefined && majorOf(has) === majorOf(wanted) && compareLoosely(has, wanted) >= 0;
}

/** The image for GPUs where nothing tells what is needed: its tag in nvidia/cuda. */
export function defaultTag(range: CudaRange): string {
  return compareNumbers(range.firstCuda, '12.8') >= 0 ? CUDA.defaults.blackwell : CUDA.defaults.gpu;
}

/** Any minor version will do: the default's, else the first of CUDA 13, which runs on the oldest drivers, or the last of CUDA 11. */
function aimOf({ cuda, range }: Wish): string {
  if (cuda.includes('.') && majorOf(cuda) !== '10') return minorOf(cuda);
  const usual = minorOf(defaultTag(range));
  if (majorOf(usual) === majorOf(cuda)) return usual;
  return compareNumbers(cuda, '13') >= 0 ? `${majorOf(cuda)}.0` : '11.8';
}

/** Wheels that bring CUDA run on any base image: where those of their own CUDA are gone, the default's is there. */
function withDefault(sorted: readonly Tag[], running: readonly Tag[], range: CudaRange): readonly Tag[] {
  const usual = running.find(({ cuda, ubuntu }) => defaultTag(range) === `${cuda}-cudnn-runtime-ubuntu${ubuntu}`);
  return usual === undefined || sorted.includes(usual) ? sorted : [...sorted, usual];
}

/** The same minor version first, then later ones, which run what was built for earlier ones; Ubuntu and patches from the newest. */
function byNearness(aim: string): (one: Tag, other: Tag) => number {
  const distance = ({ cuda }: Tag) => {
    const order = compareNumbers(minorOf(cuda), aim);
    return order === 0 ? 0 : order > 0 ? 1 : 2;
  };
  const nearer = (one: Tag, other: Tag) => {
    const order = compareNumbers(minorOf(one.cuda), minorOf(other.cuda));
    return distance(one) === 2 ? -order : order;
  };
  return (one, other) =>
    Number(one.outdated) - Number(other.outdated) ||
    distance(one) - distance(other) ||
    nearer(one, other) ||
    compareNumbers(other.ubuntu, one.ubuntu) ||
    compareNumbers(other.cuda, one.cuda) ||
    Number(other.libraryPath) - Number(one.libraryPath);
}

function orAll<T>(all: readonly T[], holds: (one: T) => boolean): readonly T[] {
  const found = all.filter(holds);
  return found.length === 0 ? all : found;
}

function readTags(flavour: Flavour): readonly Tag[] {
  return CUDA.tags.flatMap((row) => systemsOf(row, flavour).map((ubuntu, _, all) => tagOf(row, flavour, ubuntu, all)));
}

const TAGS: Readonly<Record<Flavour, readonly Tag[]>> = {
  base: readTags('base'),
  runtime: readTags('runtime'),
  devel: readTags('devel'),
};
