import file from '../../../../catalog/cuda.json' with { type: 'json' };
import type { AcceleratorType } from '../../../vertex/types.ts';
import type { Kernels } from './types.ts';

/** catalog/cuda.json, whose `_meta` tells the meaning and the source of every field. */
interface CudaFile {
  readonly defaults: { readonly python: string; readonly gpu: string; readonly blackwell: string };
  readonly gpus: Readonly<Partial<Record<AcceleratorType, Gpu>>>;
  readonly drivers: {
    readonly minorVersions: Readonly<Record<string, string>>;
    readonly toolkits: Readonly<Record<string, string>>;
  };
  readonly tags: readonly TagRow[];
  readonly retired: {
    readonly cudaMajors: readonly string[];
    readonly ubuntu: readonly string[];
    readonly debian: readonly string[];
    readonly python: readonly string[];
  };
  readonly kernels: Readonly<Record<string, Kernels>>;
  readonly torch: readonly TorchRow[];
  readonly torchArm: Readonly<Record<string, string>>;
  readonly torchvision: Readonly<Record<string, string>>;
  readonly torchaudio: Readonly<Record<string, string>>;
  readonly tensorflow: readonly TensorflowRow[];
  readonly jax: readonly JaxRow[];
  readonly xgboost: readonly XgboostRow[];
  /** From a release on, the torch that it asks for; newest first. */
  readonly lightning: readonly (readonly [version: string, torch: string])[];
  readonly needsTorch: readonly string[];
  readonly needsTensorflow: readonly string[];
  readonly needsJax: readonly string[];
  readonly compiled: { readonly always: readonly string[]; readonly fromSource: readonly string[] };
}

/** The CUDA releases whose libraries run on a GPU, or on each of several. */
export interface CudaRange {
  readonly firstCuda: string;
  /** The last major version; undefined for all that there are. */
  readonly lastCudaMajor?: string | undefined;
}

/** A GPU that Vertex AI offers. */
export interface Gpu extends CudaRange {
  /** As people say it: `L4`. */
  readonly name: string;
  /** Compute capability times ten. */
  readonly sm: number;
}

/** The images of one CUDA release. */
export interface TagRow {
  readonly cuda: string;
  /** Ubuntu releases with every flavour; with cuDNN where `part` is given. */
  readonly os: readonly string[];
  readonly osWithoutCudnn?: readonly string[];
  /** What a tag with cuDNN is called by: `cudnn8`, `cudnn9`, `cudnn`. */
  readonly part?: string;
  readonly cudnn?: string;
  /** Whether LD_LIBRARY_PATH has the folder of the driver's libraries. */
  readonly libraryPath?: boolean;
}

/** Releases of a framework that are alike. */
export interface ReleaseRow {
  readonly versions: readonly string[];
  /** First and last Python of its wheels: `3.10-3.14`; `3.10-` has no last one. */
  readonly python: string;
}

export interface TorchRow extends ReleaseRow {
  readonly pypi: string;
  readonly pypiArm: string | null;
  readonly cuda: Readonly<Record<string, readonly [cudnn: string | null, kernels: string | null]>>;
}

export interface TensorflowRow extends ReleaseRow {
  readonly cuda: string;
  readonly cudnn: string;
  readonly kernels: string | null;
  readonly andCuda?: readonly [cuda: string, cudnn: string];
}

export interface JaxRow extends ReleaseRow {
  readonly cuda: Readonly<Record<string, readonly [cuda: string, cudnn: string | null]>>;
}

export interface XgboostRow extends ReleaseRow {
  readonly cuda: string;
  readonly arm: boolean;
  readonly kernels: string | null;
}

export const CUDA = file as unknown as CudaFile;

/** The images that are taken where nothing tells what is needed. */
export const USUAL_IMAGES = {
  cpu: `python:${CUDA.defaults.python}-slim`,
  gpu: `nvidia/cuda:${CUDA.defaults.gpu}`,
  blackwell: `nvidia/cuda:${CUDA.defaults.blackwell}`,
} as const;

/** The GPU behind an accelerator's name; undefined for a TPU, or none. A name that was refused may be any text. */
export function gpuOf(accelerator: AcceleratorType): Gpu | undefined {
  return Object.hasOwn(CUDA.gpus, accelerator) ? CUDA.gpus[accelerator] : undefined;
}

/** The GPUs among accelerators, each kind once, in order. */
export function gpusOf(accelerators: readonly AcceleratorType[]): readonly Gpu[] {
  const gpus = accelerators.flatMap((each) => gpuOf(each) ?? []);
  return gpus.filter(({ name }, index) => gpus.findIndex((each) => each.name === name) === index);
}

/** The kernels that a row names. */
export function kernelsOf(name: string | null | undefined): Kernels | undefined {
  return name === undefined || name === null ? undefined : CUDA.kernels[name];
}

const minorOf = (python: string) => Number(python.split('.')[1]);
const lastMinors = [...CUDA.torch, ...CUDA.tensorflow, ...CUDA.jax].map(({ python }) => python.split('-')[1] ?? '');

/** Every Python from the oldest to the newest that the catalog names: `3.6`, `3.7`, …, in order. */
export const PYTHONS: readonly string[] = between(6, Math.max(...lastMinors.map(minorOf)));

/** Every Python of a row; a row without a last one goes to the newest that the catalog names. */
export function pythonsOf({ python }: Pick<ReleaseRow, 'python'>): readonly string[] {
  const [first = '', last = ''] = python.split('-');
  return PYTHONS.filter((one) => minorOf(one) >= minorOf(first) && (last === '' || minorOf(one) <= minorOf(last)));
}

function between(first: number, last: number): readonly string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `3.${first + index}`);
}
