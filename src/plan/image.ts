import type { Fault } from '../faults.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { RunContext } from '../inputs/run-context.ts';
import type { AcceleratorType } from '../vertex/types.ts';
import { isGpu } from './accelerators.ts';
import { BASE_IMAGES } from './catalog.ts';
import { readDockerfile } from './dockerfile.ts';

export interface BaseImage {
  readonly image: string;
  /** Why this one, in one sentence. */
  readonly why: string;
}

/** The image that will be built. */
export interface ImagePlan {
  /** Name without tag. */
  readonly repository: string;
  readonly tag: string;
  /** Relative to the workspace. */
  readonly context: string;
  /** Relative to the workspace. */
  readonly dockerfile: string;
  readonly base: BaseImage;
  /** Every build argument, BASE_IMAGE included where the Dockerfile takes it. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Docker's platform, such as `linux/amd64`; undefined is the engine's own. */
  readonly platform: string | undefined;
  /** False in `region: local`: the engine's image id is used. */
  readonly push: boolean;
}

/** An nvidia/cuda runtime image with cuDNN for GPUs, else slim Python, from catalog/base-images.json. */
export function chooseBase(asked: string | undefined, accelerator: AcceleratorType | undefined): BaseImage {
  if (asked !== undefined) return { image: asked, why: 'as base_image asks' };
  if (accelerator === undefined || !isGpu(accelerator)) {
    const { image, python } = BASE_IMAGES.cpu;
    return { image, why: `no GPU is asked for: slim Python ${python}` };
  }
  const { gpu, blackwell } = BASE_IMAGES;
  const row = blackwell.accelerators.includes(accelerator) ? blackwell : gpu;
  return {
    image: row.image,
    why: `${accelerator} is asked for: CUDA ${row.cuda} with cuDNN ${row.cudnn}, which runs on driver ${row.driver} and later`,
  };
}

export interface ImageRequest {
  readonly inputs: Pick<Inputs, 'image' | 'context' | 'dockerfile' | 'buildArgs' | 'baseImage' | 'region'>;
  readonly accelerator: AcceleratorType | undefined;
  readonly context: RunContext;
  /** Text of the Dockerfile; undefined where there is none. */
  readonly dockerfileText: string | undefined;
}

export interface ImageAnswer {
  readonly image: ImagePlan;
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
}

export function planImage({ inputs, accelerator, context, dockerfileText }: ImageRequest): ImageAnswer {
  const base = chooseBase(inputs.baseImage, accelerator);
  const facts = dockerfileText === undefined ? undefined : readDockerfile(dockerfileText);
  const local = inputs.region === 'local';
  const image: ImagePlan = {
    repository: inputs.image?.repository ?? localName(context.repository),
    tag: inputs.image?.tag ?? (context.sha.slice(0, 40) || 'latest'),
    context: inputs.context,
    dockerfile: inputs.dockerfile,
    base,
    buildArgs: {
      ...Object.fromEntries(inputs.buildArgs),
      ...(facts?.takesBaseImage ? { BASE_IMAGE: base.image } : {}),
    },
    platform: local ? undefined : accelerator === 'NVIDIA_GB200' ? 'linux/arm64' : 'linux/amd64',
    push: !local,
  };
  if (facts === undefined) return { image, faults: [missingDockerfile(inputs)], warnings: [] };
  if (facts.finalFrom === undefined) return { image, faults: [noStage(inputs)], warnings: [] };
  return { image, faults: [], warnings: baseWarnings(inputs, facts.takesBaseImage, facts.finalFrom.line, base) };
}

/** A name for an image that never leaves this machine. */
export function localName(repository: string): string {
  const name = repository.toLowerCase().replace(/[^a-z0-9/]+/g, '-');
  return `train-on-vertex/${name
    .split('/')
    .map((part) => part.replace(/^-+|-+$/g, '') || 'x')
    .join('/')}`;
}

function missingDockerfile({ dockerfile, context }: ImageRequest['inputs']): Fault {
  const message = `there is no Dockerfile at ${dockerfile} (context ${context}). Name it, relative to the workspace, and check the repository out before this step.`;
  return { rule: 'dockerfile-missing', input: 'dockerfile', message };
}

function noStage({ dockerfile }: ImageRequest['inputs']): Fault {
  const place = { file: dockerfile, line: 1 };
  return { rule: 'dockerfile-from', place, message: 'the Dockerfile has no FROM with an image. Begin it with one.' };
}

function baseWarnings(inputs: ImageRequest['inputs'], takes: boolean, line: number, base: BaseImage): Fault[] {
  if (takes) return [];
  const message = `the Dockerfile does not take BASE_IMAGE and is built as written, not on ${base.image}. To use it, write ARG BASE_IMAGE=… and FROM \${BASE_IMAGE}.`;
  return [{ rule: 'base-image-unused', place: { file: inputs.dockerfile, line }, message }];
}
