import type { Gpu } from './catalog.ts';
import { compareLoosely, compareNumbers, majorOf } from './numbers.ts';
import type { Kernels } from './types.ts';

/**
 * How a GPU runs a library's kernels: `native` as machine code, `ptx` compiled by the driver at each first start, `none`
 * not at all (CUDA C++ Programming Guide, binary and PTX compatibility).
 */
export function served(kernels: Kernels, sm: number): 'native' | 'ptx' | 'none' {
  if (kernels.sm.some((code) => Math.trunc(code / 10) === Math.trunc(sm / 10) && code <= sm)) return 'native';
  return kernels.ptx !== undefined && kernels.ptx <= sm ? 'ptx' : 'none';
}

/** Whether the libraries of a CUDA version, `12.8` or `12`, run on a GPU. */
export function cudaKnows(cuda: string, gpu: Gpu): boolean {
  if (compareLoosely(cuda, gpu.firstCuda) < 0) return false;
  return gpu.lastCudaMajor === undefined || compareNumbers(majorOf(cuda), gpu.lastCudaMajor) <= 0;
}

/** Whether some release of a CUDA major version has libraries for a GPU. */
export function majorKnows(major: string, { firstCuda, lastCudaMajor }: Gpu): boolean {
  return compareNumbers(major, majorOf(firstCuda)) >= 0 && compareNumbers(major, lastCudaMajor ?? major) <= 0;
}

/** `L4 is sm_89`. */
export const gpuText = ({ name, sm }: Gpu): string => `${name} is sm_${sm}`;
