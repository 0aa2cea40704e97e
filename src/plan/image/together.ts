import type { Fault } from '../../faults.ts';
import type { AcceleratorType } from '../../vertex/types.ts';
import { gpusOf } from './base/catalog.ts';
import { isEmpty, rangeOf } from './base/gpu.ts';
import type { BaseRequest } from './base/types.ts';

/** The machines that one image has to serve, by the accelerator of each. */
export type Accelerators = readonly (AcceleratorType | undefined)[];

type Platform = BaseRequest['platform'];

/** Machines with GB200 have ARM processors; all others x86. */
const platformOf = (accelerator: AcceleratorType | undefined): Platform =>
  accelerator === 'NVIDIA_GB200' ? 'linux/arm64' : 'linux/amd64';

/** The platform that an image for the machines is built for: the first machine's. */
export const platformFor = (accelerators: Accelerators): Platform => platformOf(accelerators[0]);

/** The accelerators that there are, each once. */
export const present = (accelerators: Accelerators): readonly AcceleratorType[] => [
  ...new Set(accelerators.filter((each) => each !== undefined)),
];

/** What keeps one image from serving every machine; `input` names what brought them together. */
export function judgeTogether(accelerators: Accelerators, input: Fault['input'], ownBase: boolean): Fault[] {
  return [...platformFaults(accelerators, input), ...(ownBase ? [] : cudaFaults(accelerators, input))];
}

function platformFaults(accelerators: Accelerators, input: Fault['input']): Fault[] {
  const others = [...new Set(accelerators.filter((each) => platformOf(each) === 'linux/amd64'))];
  if (others.length === 0 || !accelerators.includes('NVIDIA_GB200')) return [];
  const named = others.map((each) => each ?? 'those without accelerators').join(', ');
  const message = `asks one image to run on machines with NVIDIA_GB200, whose processors are ARM, and on ${named}, whose are x86. Keep one kind, and give the other a step of its own.`;
  return [{ rule: 'image-platforms', input, message }];
}

function cudaFaults(accelerators: Accelerators, input: Fault['input']): Fault[] {
  const gpus = gpusOf(present(accelerators));
  const range = rangeOf(gpus);
  if (!isEmpty(range)) return [];
  const oldest = gpus.find(({ lastCudaMajor }) => lastCudaMajor === range.lastCudaMajor)?.name;
  const latest = gpus.find(({ firstCuda }) => firstCuda === range.firstCuda)?.name;
  const message = `asks one image to run on ${oldest}, which no CUDA after ${range.lastCudaMajor} knows, and on ${latest}, which none before ${range.firstCuda} knows: no base image serves both. Keep one of them, or name an image with what the program needs in base_image.`;
  return [{ rule: 'image-gpus', input, message }];
}
