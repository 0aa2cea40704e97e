import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { gpuOf, gpusOf } from '../../../../src/plan/image/base/catalog.ts';
import { chooseBase } from '../../../../src/plan/image/base/choose.ts';
import { cudaKnows, isEmpty, rangeOf } from '../../../../src/plan/image/base/gpu.ts';
import { imageFacts } from '../../../../src/plan/image/base/known-images.ts';
import { minorOf } from '../../../../src/plan/image/base/numbers.ts';
import { ACCELERATOR_TYPES, type AcceleratorType } from '../../../../src/vertex/types.ts';
import { choiceOf, dockerfileFindings, lockOf, requestOf, requirementsOf } from './given.ts';

const GPUS = ACCELERATOR_TYPES.filter((type) => gpuOf(type) !== undefined && type !== 'NVIDIA_GB200');

describe('the base', () => {
  test.each<{ name: string; gpus: AcceleratorType[]; lines: string[]; line: string }>([
    {
      name: 'of one accelerator by two names is that of one',
      gpus: ['NVIDIA_TESLA_A100', 'NVIDIA_A100_80GB'],
      lines: [],
      line: 'no framework with CUDA is named; A100 is sm_80: nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04',
    },
    {
      name: 'is recent enough for the latest',
      gpus: ['NVIDIA_L4', 'NVIDIA_B200'],
      lines: [],
      line: 'no framework with CUDA is named; L4 is sm_89, B200 is sm_100: nvidia/cuda:12.8.0-cudnn-runtime-ubuntu24.04',
    },
    {
      name: 'and not too recent for the oldest',
      gpus: ['NVIDIA_L4', 'NVIDIA_TESLA_V100'],
      lines: ['jax[cuda13]==0.7.2'],
      line: 'jax 0.7.2 brings CUDA 13 and cuDNN 9; L4 is sm_89, V100 is sm_70: nvidia/cuda:12.9.2-base-ubuntu24.04',
    },
    {
      name: 'by the wheels',
      gpus: ['NVIDIA_TESLA_V100', 'NVIDIA_H100_80GB'],
      lines: ['torch==2.6.0'],
      line: 'torch 2.6.0 brings CUDA 12.4 and cuDNN 9; V100 is sm_70, H100 is sm_90: nvidia/cuda:12.4.1-base-ubuntu22.04',
    },
    {
      name: 'with a TPU among them, which takes any',
      gpus: ['TPU_V3', 'NVIDIA_L4'],
      lines: [],
      line: 'no framework with CUDA is named; L4 is sm_89: nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04',
    },
    { name: 'of TPUs alone is slim', gpus: ['TPU_V3'], lines: [], line: 'no GPU is asked for: python:3.12-slim' },
  ])('$name', ({ gpus, lines, line }) => {
    expect(choiceOf({ accelerators: gpus, requirements: requirementsOf(...lines) }).line).toBe(line);
  });

  test('is known to every one of the GPUs, whatever is installed, where one image can be', () => {
    const locks = fc.constantFrom(
      undefined,
      lockOf({ numpy: '2.1.0' }),
      lockOf({ torch: '2.8.0' }),
      lockOf({ torch: '1.13.1' }),
      lockOf({ tensorflow: '2.15.0' }),
      lockOf({ tensorflow: '2.17.0' }),
      lockOf({ xgboost: '2.1.0' }),
      lockOf({ cupy: '13.0.0' }),
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...GPUS), { minLength: 1, maxLength: 4 }),
        locks,
        (accelerators, requirements) => {
          const gpus = gpusOf(accelerators);
          const { candidates } = chooseBase(requestOf({ accelerators, requirements }));
          const unknown = candidates.filter(({ image }) => {
            const cuda = minorOf(imageFacts(image).cuda?.version ?? '0');
            return !gpus.every((gpu) => cudaKnows(cuda, gpu));
          });
          expect(isEmpty(rangeOf(gpus)) ? [] : unknown).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('what is installed', () => {
  test.each<{ name: string; gpus: AcceleratorType[]; lines: string[]; errors?: string[]; warnings?: string[] }>([
    {
      name: 'has code for both',
      gpus: ['NVIDIA_TESLA_T4', 'NVIDIA_L4'],
      lines: ['torch==2.8.0'],
    },
    {
      name: 'has code for the first, and none for the second',
      gpus: ['NVIDIA_L4', 'NVIDIA_B200'],
      lines: ['torch==2.5.1'],
      errors: ['B200'],
    },
    {
      name: 'has code for none',
      gpus: ['NVIDIA_RTX_PRO_6000', 'NVIDIA_B200'],
      lines: ['torch==2.5.1'],
      errors: ['RTX PRO 6000', 'B200'],
    },
    {
      name: 'has no CUDA: told once, with both',
      gpus: ['NVIDIA_L4', 'NVIDIA_TESLA_T4'],
      lines: ['torch==2.8.0+cpu'],
      errors: ['the job has L4 or T4: it would compute on the CPU'],
    },
    {
      name: 'needs a driver that nobody knows: told once',
      gpus: ['NVIDIA_L4', 'NVIDIA_TESLA_T4'],
      lines: ['torch==2.9.1+cu130'],
      warnings: ['Vertex AI does not publish its driver'],
    },
  ])('$name', ({ gpus, lines, errors = [], warnings = [] }) => {
    const found = choiceOf({ accelerators: gpus, requirements: requirementsOf(...lines) });
    expect(found.errors).toEqual(errors.map((text) => expect.stringContaining(text)));
    expect(found.warnings).toEqual(warnings.map((text) => expect.stringContaining(text)));
  });

  test('is judged by each GPU as if it were alone', () => {
    const versions = fc.constantFrom('1.8.1', '1.13.1', '2.0.1', '2.5.1', '2.6.0', '2.8.0', '2.9.1');
    const gpus = fc.uniqueArray(fc.constantFrom(...GPUS), { minLength: 2, maxLength: 4 });
    const kernels = (accelerators: readonly AcceleratorType[], version: string) => {
      const { errors, warnings } = choiceOf({ accelerators, requirements: lockOf({ torch: version }) });
      return [...errors, ...warnings].filter((text) => text.includes('[gpu-kernels-'));
    };
    fc.assert(
      fc.property(gpus, versions, (accelerators, version) => {
        const alone = accelerators.flatMap((each) => kernels([each], version));
        expect(new Set(kernels(accelerators, version))).toEqual(new Set(alone));
      }),
      { numRuns: 100 },
    );
  });

  test('is judged in a Dockerfile for the GPUs among the machines', () => {
    const text = 'FROM python:3.12-slim\nRUN pip install numpy==2.1.0\nCMD ["python", "train.py"]\n';
    const given = { text, requirements: requirementsOf('numpy==2.1.0') };
    const { errors } = dockerfileFindings({ ...given, accelerators: ['TPU_V3', 'NVIDIA_L4'] });
    expect(errors).toEqual([expect.stringMatching(/the job has L4.*\[base-without-cuda\]$/)]);
    expect(dockerfileFindings({ ...given, accelerators: ['TPU_V3'] }).errors).toEqual([]);
  });
});
