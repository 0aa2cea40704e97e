import { describe, expect, test } from '@jest/globals';
import { acceleratorNames, acceleratorOf, isGpu, nearestAccelerator } from '../../src/plan/accelerators.ts';
import { ACCELERATOR_TYPES } from '../../src/vertex/types.ts';

const OFFERED = ACCELERATOR_TYPES.slice(1);

describe('an accelerator by name', () => {
  test.each(OFFERED.map((type) => ({ type })))('$type means itself, in any case', ({ type }) => {
    expect(acceleratorOf(type)).toBe(type);
    expect(acceleratorOf(type.toLowerCase())).toBe(type);
    expect(acceleratorOf(type.replaceAll('_', '-'))).toBe(type);
  });

  test.each([
    { text: 'l4', type: 'NVIDIA_L4' },
    { text: ' L4 ', type: 'NVIDIA_L4' },
    { text: 'nvidia-l4', type: 'NVIDIA_L4' },
    { text: 't4', type: 'NVIDIA_TESLA_T4' },
    { text: 'nvidia-tesla-t4', type: 'NVIDIA_TESLA_T4' },
    { text: 'NVIDIA_T4', type: 'NVIDIA_TESLA_T4' },
    { text: 'v100', type: 'NVIDIA_TESLA_V100' },
    { text: 'a100', type: 'NVIDIA_TESLA_A100' },
    { text: 'a100-40gb', type: 'NVIDIA_TESLA_A100' },
    { text: 'a100-80gb', type: 'NVIDIA_A100_80GB' },
    { text: 'A100 80GB', type: 'NVIDIA_A100_80GB' },
    { text: 'h100', type: 'NVIDIA_H100_80GB' },
    { text: 'nvidia-h100-mega', type: 'NVIDIA_H100_MEGA_80GB' },
    { text: 'h200', type: 'NVIDIA_H200_141GB' },
    { text: 'b200', type: 'NVIDIA_B200' },
    { text: 'gb200', type: 'NVIDIA_GB200' },
    { text: 'rtx6000', type: 'NVIDIA_RTX_PRO_6000' },
    { text: 'rtx-pro-6000', type: 'NVIDIA_RTX_PRO_6000' },
    { text: 'tpu-v3', type: 'TPU_V3' },
    { text: '', type: undefined },
    { text: 'nvidia', type: undefined },
    { text: 'gpu', type: undefined },
    { text: 'ACCELERATOR_TYPE_UNSPECIFIED', type: undefined },
    { text: 'constructor', type: undefined },
  ])('"$text" means $type', ({ text, type }) => {
    expect(acceleratorOf(text)).toBe(type);
  });
});

test('every short name that a message offers means its accelerator', () => {
  const offers = [...acceleratorNames().matchAll(/(\w+) \((\w+)\)/g)];
  expect(offers).toHaveLength(OFFERED.filter(isGpu).length);
  for (const [, type, short] of offers) expect(acceleratorOf(short ?? '')).toBe(type);
});

test.each([
  { text: 'NVIDIA_L44', nearest: 'NVIDIA_L4' },
  { text: 'nvidia_tesla_t5', nearest: 'NVIDIA_TESLA_T4' },
  { text: 'a1000', nearest: 'NVIDIA_TESLA_A100' },
])('$nearest is nearest to $text', ({ text, nearest }) => {
  expect(nearestAccelerator(text)).toBe(nearest);
});
