import { choosePython, minorPython } from '../python.ts';
import type { BaseRequest, Framework } from '../types.ts';
import type { Environment } from './environment.ts';
import { readJax } from './jax.ts';
import { readNamed, readXgboost } from './others.ts';
import { readTensorflow } from './tensorflow.ts';
import { readTorch } from './torch.ts';

export interface Recognised {
  readonly frameworks: readonly Framework[];
  /** `3.12`, or `3.12.4`. */
  readonly python: string;
  /** Whether every framework can be installed for it. */
  readonly pythonFits: boolean;
}

/**
 * The frameworks that the requirements name, and the Python that takes them all. Pinned ones decide on the Python first;
 * what the others resolve to depends on it.
 */
export function recognise({ requirements, platform }: Pick<BaseRequest, 'requirements' | 'platform'>): Recognised {
  if (requirements === undefined) {
    const { python, fits } = choosePython(undefined, []);
    return { frameworks: [], python, pythonFits: fits };
  }
  const arm = platform === 'linux/arm64';
  const first = readAll({ requirements, arm, python: undefined });
  const pinned = first.flatMap(({ known, pythons }) => (known === 'pinned' && pythons ? [pythons] : []));
  const { python, fits } = choosePython(requirements.python, pinned);
  return {
    frameworks: readAll({ requirements, arm, python: minorPython(python) }),
    python,
    pythonFits: fits,
  };
}

function readAll(environment: Environment): readonly Framework[] {
  const read = [readTorch, readTensorflow, readJax, readXgboost].map((one) => one(environment));
  return [...read.filter((one) => one !== undefined), ...readNamed(environment)];
}
