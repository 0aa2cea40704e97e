import { CUDA, kernelsOf, pythonsOf, type TensorflowRow } from '../catalog.ts';
import type { Framework } from '../types.ts';
import { askedFor, broughtCuda, type Environment, impliedBy } from './environment.ts';
import { findRelease } from './release.ts';

const WITH_CUDA = ['tensorflow', 'tensorflow-gpu', 'tf-nightly', 'tf-nightly-gpu'];
const WITHOUT = ['tensorflow-cpu', 'tf-nightly-cpu', 'tensorflow-cpu-aws', 'intel-tensorflow'];

/**
 * The tensorflow of an environment. Its wheels for x86-64 are built with CUDA and bring none, unless by the extra
 * and-cuda; those for ARM are built without.
 */
export function readTensorflow(environment: Environment): Framework | undefined {
  const asked =
    askedFor(environment, [...WITH_CUDA, ...WITHOUT]) ?? impliedBy(environment, 'tensorflow', CUDA.needsTensorflow);
  if (asked === undefined) return undefined;
  const { row, version, known } = findRelease(CUDA.tensorflow, asked, environment.python);
  const common = { name: asked.name, version, known, pythons: row && pythonsOf(row), index: undefined } as const;
  if (environment.arm || WITHOUT.includes(asked.name)) {
    return { ...common, ...NONE, place: asked.place };
  }
  const cuda = cudaOf(row, asked.extras, broughtCuda(environment.requirements));
  return { ...common, ...cuda, kernels: kernelsOf(row?.kernels), place: asked.place };
}

const NONE = { cuda: undefined, cudnn: undefined, source: 'none', kernels: undefined } as const;

function cudaOf(
  row: TensorflowRow | undefined,
  extras: readonly string[],
  brought: string | undefined,
): Pick<Framework, 'cuda' | 'cudnn' | 'source'> {
  const [cuda, cudnn] = row?.andCuda ?? [];
  if (cuda !== undefined && (extras.includes('and-cuda') || sameMajor(brought, cuda))) {
    return { cuda: brought ?? cuda, cudnn, source: 'wheels' };
  }
  return { cuda: row?.cuda, cudnn: row?.cudnn, source: 'image' };
}

const sameMajor = (one: string | undefined, other: string) => one?.split('.')[0] === other.split('.')[0];
