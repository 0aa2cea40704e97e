import { CUDA } from './catalog.ts';
import { compareLoosely, majorOf, minorOf } from './numbers.ts';

/** Whether a text is an NVIDIA driver's version, or its branch alone. */
export const isDriver = (text: string): boolean => /^\d{3}(?:\.\d{1,3}){0,2}$/.test(text);

/** The oldest Linux driver that runs programs of a CUDA version, by its minor-version compatibility; undefined where not known. */
export function oldestDriver(cuda: string): string | undefined {
  return CUDA.drivers.minorVersions[majorOf(cuda)];
}

/** The oldest Linux driver that also compiles PTX of a CUDA version: the toolkit's own. Undefined where not known. */
export function oldestPtxDriver(cuda: string): string | undefined {
  return CUDA.drivers.toolkits[minorOf(cuda)] ?? oldestDriver(cuda);
}

/** Whether a driver, `550.54.15` or a whole branch `550`, is as new as another. What is not known to be too old is not. */
export function isAsNew(driver: string, oldest: string | undefined): boolean {
  return oldest === undefined || compareLoosely(driver, oldest) >= 0;
}

/** Whether a driver runs programs of a CUDA version. */
export const driverRuns = (driver: string, cuda: string): boolean => isAsNew(driver, oldestDriver(cuda));
