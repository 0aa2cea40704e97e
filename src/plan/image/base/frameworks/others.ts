import { CUDA, kernelsOf, pythonsOf } from '../catalog.ts';
import type { Framework } from '../types.ts';
import { askedFor, type Environment } from './environment.ts';
import { findRelease } from './release.ts';

/** xgboost's wheels hold CUDA themselves. */
export function readXgboost(environment: Environment): Framework | undefined {
  const asked = askedFor(environment, ['xgboost']) ?? askedFor(environment, ['xgboost-cpu']);
  if (asked === undefined) return undefined;
  const { row, version, known } = findRelease(CUDA.xgboost, asked, environment.python);
  const has = row !== undefined && asked.name === 'xgboost' && (row.arm || !environment.arm);
  return {
    name: asked.name,
    version,
    known,
    cuda: has ? row.cuda : undefined,
    cudnn: undefined,
    source: has ? 'wheels' : 'none',
    kernels: has ? kernelsOf(row.kernels) : undefined,
    pythons: row && pythonsOf(row),
    index: undefined,
    place: asked.place,
  };
}

const RAPIDS = /^(?:cudf|dask-cudf|cuml|cugraph|cuvs|cucim|rmm|pylibraft|raft-dask)-cu(\d\d)$/;
const CUPY = /^cupy-cuda(\d\d)x$/;

/** Packages that name their CUDA: RAPIDS brings it as packages, cupy takes the image's, unless by its extra ctk. */
export function readNamed({ requirements }: Environment): readonly Framework[] {
  return [...requirements.packages.values()].flatMap((one) => {
    const cupy = CUPY.exec(one.name)?.[1];
    const cuda = cupy ?? RAPIDS.exec(one.name)?.[1];
    if (cuda === undefined) return [];
    const source = cupy !== undefined && !one.extras.includes('ctk') ? 'image' : 'wheels';
    const known = one.version === undefined ? 'resolved' : 'pinned';
    const { name, version, place } = one;
    const unknown = { cudnn: undefined, kernels: undefined, pythons: undefined, index: undefined };
    return [{ name, version, known, cuda, source, place, ...unknown } as const];
  });
}
