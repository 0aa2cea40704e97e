import { localPart } from '../../requirements/versions.ts';
import { CUDA, type JaxRow, pythonsOf } from '../catalog.ts';
import type { Framework, Kernels } from '../types.ts';
import { type Asked, askedFor, broughtCuda, type Environment, impliedBy } from './environment.ts';
import { findRelease } from './release.ts';

/** How jax gets at CUDA. */
interface Plugin {
  readonly major: string;
  /** It takes CUDA from the image. */
  readonly local: boolean;
}

/** The CUDA 13 plugin runs from sm_75 on (jax's installation page); XLA compiles for the GPU at hand. */
const CUDA_13: Kernels = { sm: [75, 80, 90, 100, 110, 120], ptx: undefined };

/** The jax of an environment: without an extra for CUDA, or a plugin, it computes on the CPU. */
export function readJax(environment: Environment): Framework | undefined {
  const asked = askedFor(environment, ['jax', 'jaxlib']) ?? impliedBy(environment, 'jax', CUDA.needsJax);
  if (asked === undefined) return undefined;
  const { row, version, known } = findRelease(CUDA.jax, asked, environment.python);
  const common = { name: 'jax', version, known, pythons: row && pythonsOf(row), index: undefined, place: asked.place };
  const plugin = pluginOf(asked, environment);
  if (plugin === undefined) return { ...common, cuda: undefined, cudnn: undefined, source: 'none', kernels: undefined };
  const kernels = plugin.major === '13' ? CUDA_13 : undefined;
  return { ...common, ...cudaOf(plugin, row, environment), kernels };
}

function cudaOf(
  { major, local }: Plugin,
  row: JaxRow | undefined,
  { requirements }: Environment,
): Pick<Framework, 'cuda' | 'cudnn' | 'source'> {
  const [least, cudnn] = row?.cuda[major] ?? [];
  if (local) return { cuda: least ?? major, cudnn: cudnn ?? undefined, source: 'image' };
  const brought = broughtCuda(requirements);
  return { cuda: brought ?? major, cudnn: cudnn ?? undefined, source: 'wheels' };
}

function pluginOf(asked: Asked, environment: Environment): Plugin | undefined {
  return asked.extras.map(ofExtra).find((one) => one !== undefined) ?? ofPackages(environment) ?? ofJaxlib(environment);
}

/** `cuda12`, `cuda13-local`, `cuda12-pip`, `cuda11-cudnn86`; `cuda` alone is CUDA 12. */
function ofExtra(extra: string): Plugin | undefined {
  const match = /^cuda(\d\d)?(?:-(.+))?$/.exec(extra);
  return match === null ? undefined : { major: match[1] ?? '12', local: match[2] !== undefined && match[2] !== 'pip' };
}

function ofPackages({ requirements }: Environment): Plugin | undefined {
  const { packages } = requirements;
  for (const major of ['13', '12']) {
    const plugin = packages.get(`jax-cuda${major}-plugin`);
    if (plugin === undefined) continue;
    const brings = plugin.extras.includes('with-cuda') || packages.has(`nvidia-cudnn-cu${major}`);
    return { major, local: !brings };
  }
  return undefined;
}

/** jaxlib's old builds name their CUDA in the version: `0.4.14+cuda12.cudnn89`. */
function ofJaxlib({ requirements }: Environment): Plugin | undefined {
  const jaxlib = requirements.packages.get('jaxlib');
  const major = /^cuda(\d\d)/.exec(localPart(jaxlib?.version ?? '') ?? '')?.[1];
  return major === undefined ? undefined : { major, local: broughtCuda(requirements) === undefined };
}
