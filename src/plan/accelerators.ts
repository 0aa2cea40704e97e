import { closestMatch } from 'leven';
import { ACCELERATOR_TYPES, type AcceleratorType } from '../vertex/types.ts';

/** People's words that are no part of an API name, or would fit several. */
const SHORT: ReadonlyMap<string, AcceleratorType> = new Map<string, AcceleratorType>([
  ['H100', 'NVIDIA_H100_80GB'],
  ['H100_MEGA', 'NVIDIA_H100_MEGA_80GB'],
  ['H200', 'NVIDIA_H200_141GB'],
  ['A100_40GB', 'NVIDIA_TESLA_A100'],
  ['RTX6000', 'NVIDIA_RTX_PRO_6000'],
]);

const OFFERED = ACCELERATOR_TYPES.slice(1);
const shortOf = (type: AcceleratorType) => type.replace(/^NVIDIA_(?:TESLA_)?/, '');

/** The accelerator that an API name or a short name (`l4`, `a100-80gb`) means, in any case; undefined where none. */
export function acceleratorOf(text: string): AcceleratorType | undefined {
  const word = text
    .trim()
    .toUpperCase()
    .replace(/[\s-]+/g, '_');
  const short = word.replace(/^NVIDIA_(?:TESLA_)?/, '');
  return OFFERED.find((type) => type === word) ?? OFFERED.find((type) => shortOf(type) === short) ?? SHORT.get(short);
}

/** Every name that is accepted, for a message. */
export function acceleratorNames(): string {
  return OFFERED.map((type) => (type.startsWith('NVIDIA_') ? `${type} (${shortOf(type).toLowerCase()})` : type)).join(
    ', ',
  );
}

/** The accelerator whose name is nearest to what was written. */
export function nearestAccelerator(text: string): string {
  const nearest = closestMatch(text.toUpperCase(), [...OFFERED, ...OFFERED.map(shortOf)]) ?? 'L4';
  return acceleratorOf(nearest) ?? 'NVIDIA_L4';
}

/** Whether programs on it need CUDA. */
export const isGpu = (type: AcceleratorType) => type.startsWith('NVIDIA_');
