import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { faultText } from '../../../src/faults.ts';
import { type Accelerators, judgeTogether, platformFor } from '../../../src/plan/image/together.ts';
import { ACCELERATOR_TYPES } from '../../../src/vertex/types.ts';
import { errorsOf, planned, yaml } from '../request/judge.ts';

const said = (accelerators: Accelerators, ownBase = false) =>
  judgeTogether(accelerators, 'fallback_hardware', ownBase).map(faultText);

describe('machines that one image is for', () => {
  test.each<{ name: string; accelerators: Accelerators; ownBase?: boolean; faults: string[] }>([
    { name: 'one', accelerators: ['NVIDIA_L4'], faults: [] },
    { name: 'GPUs of several years', accelerators: ['NVIDIA_TESLA_V100', 'NVIDIA_L4', 'NVIDIA_B200'], faults: [] },
    { name: 'with GPU and without', accelerators: ['NVIDIA_L4', undefined], faults: [] },
    { name: 'GPU and TPU', accelerators: ['NVIDIA_L4', 'TPU_V5_LITEPOD'], faults: [] },
    { name: 'ARM alone', accelerators: ['NVIDIA_GB200', 'NVIDIA_GB200'], faults: [] },
    {
      name: 'ARM and x86',
      accelerators: ['NVIDIA_GB200', 'NVIDIA_B200', undefined, 'NVIDIA_B200'],
      faults: [
        'fallback_hardware: asks one image to run on machines with NVIDIA_GB200, whose processors are ARM, and on NVIDIA_B200, those without accelerators, whose are x86. Keep one kind, and give the other a step of its own. [image-platforms]',
      ],
    },
    {
      name: 'GPUs that no CUDA has in common',
      accelerators: ['NVIDIA_L4', 'NVIDIA_TESLA_K80', 'NVIDIA_B200'],
      faults: [
        'fallback_hardware: asks one image to run on K80, which no CUDA after 11 knows, and on B200, which none before 12.8 knows: no base image serves both. Keep one of them, or name an image with what the program needs in base_image. [image-gpus]',
      ],
    },
    {
      name: 'these on an image that the user names',
      accelerators: ['NVIDIA_TESLA_K80', 'NVIDIA_B200'],
      ownBase: true,
      faults: [],
    },
  ])('$name', ({ accelerators, ownBase, faults }) => {
    expect(said(accelerators, ownBase)).toEqual(faults);
  });

  test('are judged alike in any order', () => {
    const accelerators = fc.array(fc.constantFrom(...ACCELERATOR_TYPES, undefined), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(accelerators, (all) => {
        const rules = (of: Accelerators) => judgeTogether(of, undefined, false).map(({ rule }) => rule);
        expect(rules(all.toReversed())).toEqual(rules(all));
        if (!rules(all).includes('image-platforms'))
          expect(new Set(all.map((each) => platformFor([each]))).size).toBe(1);
      }),
    );
  });
});

describe('in a plan', () => {
  test('the base serves the GPUs of every choice', () => {
    const given = { accelerator_type: 'l4', fallback_hardware: '- { accelerator_type: b200, accelerator_count: 8 }' };
    const { image } = planned({ ...given, region: 'us-central1\neurope-west4' });
    expect(image?.bases[0].why).toBe('no framework with CUDA is named; L4 is sm_89, B200 is sm_100');
    expect(image?.gpu).toBe(true);
  });

  test('a GPU that only an item asks for is a GPU', () => {
    const { image } = planned({ fallback_hardware: '- { accelerator_type: l4 }' });
    expect([image?.gpu, image?.bases[0].image]).toEqual([true, expect.stringMatching(/^nvidia\/cuda:/)]);
  });

  test('so it serves the GPUs of every pool that runs it, and of no other', () => {
    const pools = yaml`
      workerPoolSpecs:
      - machineSpec: { machineType: n1-standard-4 }
        replicaCount: 1
      - machineSpec: { machineType: g2-standard-4 }
        replicaCount: 1
      - {}
      - machineSpec: { machineType: a4-highgpu-8g, acceleratorType: NVIDIA_B200, acceleratorCount: 8 }
        replicaCount: 1
        containerSpec: { imageUri: 'us-docker.pkg.dev/p/r/evaluator:1' }
    `;
    expect(planned({}, pools).image?.bases[0].why).toBe('no framework with CUDA is named; L4 is sm_89');
  });

  test('what no image serves is an error, but for an image that stays on this machine', () => {
    const given = { machine_type: 'a4x-highgpu-4g', fallback_hardware: '- { accelerator_type: l4 }' };
    expect(errorsOf(given)).toEqual([
      expect.stringMatching(/^fallback_hardware: asks one image .* \[image-platforms\]$/),
    ]);
    expect(errorsOf({ ...given, region: 'local' })).toEqual([]);
  });
});
