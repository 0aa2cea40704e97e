import type { CudaRange, Gpu } from './catalog.ts';
import { compareLoosely, compareNumbers, highestNumber, majorOf } from './numbers.ts';
import type { Kernels } from './types.ts';

/**
 * How a GPU runs a library's kernels: `native` as machine code, `ptx` compiled by the driver at each first start, `none`
 * not at all (CUDA C++ Programming Guide, binary and PTX compatibility).
 */
export function served(kernels: Kernels, sm: number): 'native' | 'ptx' | 'none' {
  if (kernels.sm.some((code) => Math.trunc(code / 10) === Math.trunc(sm / 10) && code <= sm)) return 'native';
  return kernels.ptx !== undefined && kernels.ptx <= sm ? 'ptx' : 'none';
}

/** The releases that run on every one of the GPUs; none do where the first is above the last. */
export function rangeOf(gpus: readonly Gpu[]): CudaRange {
  const lasts = gpus.flatMap(({ lastCudaMajor }) => lastCudaMajor ?? []).toSorted(compareNumbers);
  return { firstCuda: highestNumber(gpus.map(({ firstCuda }) => firstCuda)) ?? '0', lastCudaMajor: lasts[0] };
}

/** Whether no release is in a range. */
export const isEmpty = ({ firstCuda, lastCudaMajor }: CudaRange): boolean =>
  lastCudaMajor !== undefined && compareNumbers(majorOf(firstCuda), lastCudaMajor) > 0;

/** Whether the libraries of a CUDA version, `12.8` or `12`, run on the GPUs of a range. */
export function cudaKnows(cuda: string, range: CudaRange): boolean {
  if (compareLoosely(cuda, range.firstCuda) < 0) return false;
  return range.lastCudaMajor === undefined || compareNumbers(majorOf(cuda), range.lastCudaMajor) <= 0;
}

/** Whether some release of a CUDA major version has libraries for a GPU. */
export function majorKnows(major: string, { firstCuda, lastCudaMajor }: CudaRange): boolean {
  return compareNumbers(major, majorOf(firstCuda)) >= 0 && compareNumbers(major, lastCudaMajor ?? major) <= 0;
}

/** `L4 is sm_89`, joined by commas. */
export const gpuText = (...gpus: readonly Gpu[]): string =>
  gpus.map(({ name, sm }) => `${name} is sm_${sm}`).join(', ');
