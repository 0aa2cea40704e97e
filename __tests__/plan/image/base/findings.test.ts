import { describe, expect, test } from '@jest/globals';
import { RULES } from '../../../../src/plan/image/base/rules.ts';
import { choiceOf, type GivenBase, lockOf, requirementsOf } from './given.ts';

const INDEX = 'https://download.pytorch.org/whl';

interface Case extends GivenBase {
  readonly name: string;
  readonly lines: string[];
  readonly errors?: string[];
  readonly warnings?: string[];
}

const found = ({ name: _name, lines, errors: _errors, warnings: _warnings, ...given }: Case) => {
  const { errors, warnings } = choiceOf({ requirements: requirementsOf(...lines), ...given });
  return { errors, warnings };
};

describe('kernels for the GPU', () => {
  test.each<Case>([
    {
      name: 'a GPU after the build, pinned',
      lines: ['torch==1.13.1'],
      accelerator: 'NVIDIA_H100_80GB',
      errors: [
        'requirements.txt:1: torch 1.13.1 has code for sm_37, sm_50, sm_60, sm_70, sm_75, sm_80 and sm_86, and H100 is sm_90: its CUDA calls fail with "no kernel image is available". Take torch 2.1.0 of PyPI or later. [gpu-kernels-missing]',
      ],
    },
    {
      name: 'a release from before the catalog’s first',
      lines: ['torch==1.4.0'],
      accelerator: 'NVIDIA_H100_80GB',
      errors: [
        'requirements.txt:1: torch 1.4.0 is older than 1.8.0, whose builds have no code for H100 (sm_90) either: its CUDA calls fail with "no kernel image is available". Take a later release. [gpu-kernels-missing]',
      ],
      warnings: [
        'requirements.txt:1: torch 1.4.0 is not in the catalog: nothing is assumed of its CUDA. Where that is wrong, name the image in base_image. [framework-unknown]',
      ],
    },
    {
      name: 'PyPI’s torch for CUDA 10.2 on Ampere',
      lines: ['torch==1.12.1'],
      accelerator: 'NVIDIA_L4',
      errors: [
        'requirements.txt:1: torch 1.12.1 has code for sm_37, sm_50, sm_60 and sm_70, and L4 is sm_89: its CUDA calls fail with "no kernel image is available". Take torch 1.12.1 of https://download.pytorch.org/whl/cu116. [gpu-kernels-missing]',
      ],
    },
    { name: 'machine code for sm_86 runs on sm_89', lines: ['torch==1.12.1+cu113'], accelerator: 'NVIDIA_L4' },
    { name: 'torch 2.0 for CUDA 11.8 has sm_90', lines: ['torch==2.0.1+cu118'], accelerator: 'NVIDIA_H100_80GB' },
    {
      name: 'Blackwell with CUDA 12.6',
      lines: ['torch==2.9.1+cu126'],
      accelerator: 'NVIDIA_B200',
      errors: [
        'requirements.txt:1: torch 2.9.1+cu126 has code for sm_50, sm_60, sm_70, sm_75, sm_80, sm_86 and sm_90, and B200 is sm_100: its CUDA calls fail with "no kernel image is available". Take torch 2.9.1 of PyPI, which is for CUDA 12.8. [gpu-kernels-missing]',
      ],
    },
    { name: 'Blackwell with CUDA 12.8', lines: ['torch==2.9.1'], accelerator: 'NVIDIA_B200' },
    { name: 'Volta with 2.8 to 2.10 for CUDA 12.8', lines: ['torch==2.10.0'], accelerator: 'NVIDIA_TESLA_V100' },
    {
      name: 'Volta with 2.7 for CUDA 12.8',
      lines: ['torch==2.7.1+cu128'],
      accelerator: 'NVIDIA_TESLA_V100',
      errors: [
        'requirements.txt:1: torch 2.7.1+cu128 has code for sm_75, sm_80, sm_86, sm_90, sm_100 and sm_120, and V100 is sm_70: its CUDA calls fail with "no kernel image is available". Take torch 2.7.1 of PyPI, which is for CUDA 12.6. [gpu-kernels-missing]',
      ],
    },
    {
      name: 'Pascal with CUDA 12.8',
      lines: ['torch==2.8.0'],
      accelerator: 'NVIDIA_TESLA_P4',
      errors: [
        'requirements.txt:1: torch 2.8.0 has code for sm_70, sm_75, sm_80, sm_86, sm_90, sm_100 and sm_120, and P4 is sm_61: its CUDA calls fail with "no kernel image is available". Take torch 2.8.0 of https://download.pytorch.org/whl/cu126. [gpu-kernels-missing]',
      ],
    },
    {
      name: 'only a warning where the version is open: another step may install another build',
      lines: ['torch'],
      accelerator: 'NVIDIA_TESLA_V100',
      warnings: [
        'requirements.txt:1: torch 2.15.0 has code for sm_75, sm_80, sm_86, sm_90, sm_100 and sm_120, and V100 is sm_70: its CUDA calls fail with "no kernel image is available". Take torch 2.14.1 of https://download.pytorch.org/whl/cu126. [gpu-kernels-missing]',
      ],
    },
    {
      name: 'xgboost after its last build for the GPU',
      lines: ['xgboost==3.4.1'],
      accelerator: 'NVIDIA_TESLA_V100',
      errors: [
        'requirements.txt:1: xgboost 3.4.1 has code for sm_75, sm_80, sm_90, sm_100 and sm_120, and V100 is sm_70: its CUDA calls fail with "no kernel image is available". Take xgboost 3.2.0. [gpu-kernels-missing]',
      ],
    },
    {
      name: 'jax for CUDA 13',
      lines: ['jax[cuda13]==0.9.2'],
      accelerator: 'NVIDIA_TESLA_P100',
      errors: [
        'requirements.txt:1: jax 0.9.2 has code for sm_75, sm_80, sm_90, sm_100, sm_110 and sm_120, and P100 is sm_60: its CUDA calls fail with "no kernel image is available". Take jax[cuda12]. [gpu-kernels-missing]',
      ],
    },
    {
      name: 'the CUDA of the image has nothing for the GPU',
      lines: ['tensorflow==2.14.1'],
      accelerator: 'NVIDIA_B200',
      errors: [
        'requirements.txt:1: tensorflow 2.14.1 needs CUDA 11.8 and cuDNN 8.7, and no CUDA 11 has libraries for B200 (sm_100): it would compute on the CPU. Take a release for another CUDA, or another GPU. [gpu-kernels-missing]',
      ],
      warnings: [
        expect.stringContaining('[gpu-kernels-at-start]') as unknown as string,
        expect.stringContaining('[cuda-image-nearest]') as unknown as string,
      ],
    },
    {
      name: 'PTX alone is compiled at start',
      lines: ['tensorflow==2.15.1'],
      accelerator: 'NVIDIA_H100_80GB',
      warnings: [
        'requirements.txt:1: tensorflow 2.15.1 has code for sm_50, sm_60, sm_70, sm_75 and sm_80, and H100 is sm_90: the driver compiles it from PTX at the first start, which takes minutes and needs driver 535.54.03 or later. Take tensorflow 2.16.1 or later. [gpu-kernels-at-start]',
      ],
    },
    {
      name: 'PTX on Blackwell, which no tensorflow has machine code for',
      lines: ['tensorflow[and-cuda]==2.20.0'],
      accelerator: 'NVIDIA_RTX_PRO_6000',
      warnings: [
        'requirements.txt:1: tensorflow 2.20.0 has code for sm_60, sm_70, sm_80, sm_89 and sm_90, and RTX PRO 6000 is sm_120: the driver compiles it from PTX at the first start, which takes minutes and needs driver 570.26 or later. [gpu-kernels-at-start]',
      ],
    },
  ])('$name', (one) => {
    expect(found(one)).toEqual({ errors: one.errors ?? [], warnings: one.warnings ?? [] });
  });
});

describe('the driver', () => {
  test.each<Case>([
    {
      name: 'CUDA 13, the driver not known',
      lines: ['torch==2.14.1'],
      warnings: [
        'requirements.txt:1: torch 2.14.1 brings CUDA 13.0 and cuDNN 9, which runs on driver 580.65.06 and later; Vertex AI does not publish its driver. torch 2.14.1 of https://download.pytorch.org/whl/cu126 runs from driver 525.60.13 on. Where the driver is known, give driver_version. [driver-unpublished]',
      ],
    },
    {
      name: 'CUDA 13 on Blackwell: the newest build for CUDA 12 that it runs',
      lines: ['torch==2.14.1'],
      accelerator: 'NVIDIA_B200',
      warnings: [
        'requirements.txt:1: torch 2.14.1 brings CUDA 13.0 and cuDNN 9, which runs on driver 580.65.06 and later; Vertex AI does not publish its driver. torch 2.11.0 of https://download.pytorch.org/whl/cu128 runs from driver 570.26 on. Where the driver is known, give driver_version. [driver-unpublished]',
      ],
    },
    {
      name: 'CUDA 13 of jax and xgboost',
      lines: ['jax[cuda13]==0.10.2', 'xgboost==3.4.1'],
      warnings: [
        'requirements.txt:1: jax 0.10.2 brings CUDA 13 and cuDNN 9, which runs on driver 580.65.06 and later; Vertex AI does not publish its driver. jax[cuda12] runs from driver 525.60.13 on. Where the driver is known, give driver_version. [driver-unpublished]',
        'requirements.txt:2: xgboost 3.4.1 brings CUDA 13, which runs on driver 580.65.06 and later; Vertex AI does not publish its driver. xgboost 3.3.0 runs from driver 525.60.13 on. Where the driver is known, give driver_version. [driver-unpublished]',
      ],
    },
    { name: 'known, and new enough', lines: ['torch==2.14.1'], driverVersion: '580.82.07' },
    { name: 'a branch alone', lines: ['torch==2.14.1'], driverVersion: '580' },
    { name: 'CUDA 12 on its oldest driver', lines: ['torch==2.8.0'], driverVersion: '525.60.13' },
    {
      name: 'too old for what is installed',
      lines: ['torch==2.14.1'],
      driverVersion: '550.54.15',
      errors: [
        'driver_version is 550.54.15, and torch 2.14.1 brings CUDA 13.0 and cuDNN 9, which runs on driver 580.65.06 or later. Take a build for an earlier CUDA, or a machine with a later driver. [driver-too-old]',
      ],
    },
    {
      name: 'too old for CUDA 12',
      lines: ['torch==2.8.0'],
      driverVersion: '470',
      errors: [
        'driver_version is 470, and torch 2.8.0 brings CUDA 12.8 and cuDNN 9, which runs on driver 525.60.13 or later. Take a build for an earlier CUDA, or a machine with a later driver. [driver-too-old]',
      ],
    },
    {
      name: 'too old for PTX',
      lines: ['tensorflow==2.15.1'],
      accelerator: 'NVIDIA_H100_80GB',
      driverVersion: '525.60.13',
      errors: [
        'driver_version is 525.60.13, and tensorflow 2.15.1 is compiled for H100 by driver 535.54.03 or later. Take a build for an earlier CUDA, or a machine with a later driver. [driver-too-old]',
      ],
      warnings: [expect.stringContaining('[gpu-kernels-at-start]') as unknown as string],
    },
    {
      name: 'too old for the GPU itself',
      lines: ['numpy'],
      accelerator: 'NVIDIA_B200',
      driverVersion: '550.54.15',
      errors: [
        'driver_version is 550.54.15, and no driver before 570.26 knows B200. Check the version. [driver-too-old]',
      ],
    },
    {
      name: 'no version',
      lines: ['numpy'],
      driverVersion: 'v550',
      errors: [
        'driver_version is "v550". Give the version that nvidia-smi shows, such as 550.54.15, or its branch, 550. [driver-malformed]',
      ],
    },
  ])('$name', (one) => {
    expect(found(one)).toEqual({ errors: one.errors ?? [], warnings: one.warnings ?? [] });
  });

  test('is judged without requirements too', () => {
    expect(choiceOf({ accelerator: 'NVIDIA_B200', driverVersion: '535' }).errors).toEqual([
      'driver_version is 535, and no driver before 570.26 knows B200. Check the version. [driver-too-old]',
    ]);
  });
});

describe('builds without CUDA', () => {
  const cpu = (what: string, end = 'Take the build with CUDA, or leave the accelerator away.') =>
    `requirements.txt:1: ${what} is a build without CUDA, and the job has L4: it would compute on the CPU. ${end} [cpu-wheel]`;
  const flow = 'Ask for tensorflow[and-cuda] on an x86-64 machine, or leave the accelerator away.';
  const jax = 'Ask for jax[cuda12], or leave the accelerator away.';
  test.each<Case>([
    { name: 'a local part', lines: ['torch==2.8.0+cpu'], errors: [cpu('torch 2.8.0+cpu')] },
    {
      name: 'an index',
      lines: ['torch==2.8.0', `--index-url ${INDEX}/cpu`],
      errors: [cpu('torch 2.8.0+cpu')],
    },
    { name: 'another vendor', lines: ['torch==2.8.0+rocm6.3'], errors: [cpu('torch 2.8.0+rocm6.3')] },
    { name: 'an open version', lines: ['torch', `--index-url ${INDEX}/cpu`], warnings: [cpu('torch 2.15.0+cpu')] },
    { name: 'tensorflow-cpu', lines: ['tensorflow-cpu==2.18.0'], errors: [cpu('tensorflow-cpu 2.18.0', flow)] },
    { name: 'jax without an extra', lines: ['jax==0.7.2'], warnings: [cpu('jax 0.7.2', jax)] },
    { name: 'jax by way of another', lines: ['flax'], warnings: [cpu('jax 0.12.0.1', jax)] },
    {
      name: 'beside one with CUDA it may be meant so',
      lines: ['tensorflow-cpu==2.18.0', 'torch==2.8.0'],
      warnings: [cpu('tensorflow-cpu 2.18.0', flow)],
    },
    { name: 'on a CPU', lines: ['torch==2.8.0+cpu'], accelerator: undefined },
    {
      name: 'PyPI’s torch for ARM',
      lines: ['torch==2.10.0'],
      accelerator: 'NVIDIA_GB200',
      errors: [
        "requirements.txt:1: torch 2.10.0 is a build without CUDA, and the job has GB200: it would compute on the CPU. PyPI's wheels for ARM have CUDA from torch 2.11.0 on: take one of these, or a build of https://download.pytorch.org/whl. [cpu-wheel]",
      ],
    },
    {
      name: 'tensorflow for ARM',
      lines: ['tensorflow==2.20.0'],
      accelerator: 'NVIDIA_GB200',
      errors: [
        `requirements.txt:1: tensorflow 2.20.0 is a build without CUDA, and the job has GB200: it would compute on the CPU. ${flow} [cpu-wheel]`,
      ],
    },
  ])('$name', (one) => {
    expect(found(one)).toEqual({ errors: one.errors ?? [], warnings: one.warnings ?? [] });
  });
});

describe('packages that do not go together', () => {
  test.each<Case>([
    {
      name: 'torchvision for another torch',
      lines: ['torch==2.8.0', 'torchvision==0.22.0'],
      errors: [
        'requirements.txt:2: torchvision 0.22.0 asks for torch==2.7.0, and torch 2.8.0 is asked for: they cannot be installed together. For that torch it is torchvision 0.23.0. [frameworks-conflict]',
      ],
    },
    { name: 'its pair', lines: ['torch==2.8.0', 'torchvision==0.23.0', 'torchaudio==2.8.0'] },
    { name: 'its pair with local parts', lines: ['torch==2.3.1+cu121', 'torchvision==0.18.1+cu121'] },
    { name: 'a range that holds the pair', lines: ['torch==2.8.0', 'torchvision>=0.20'] },
    {
      name: 'a range that does not',
      lines: ['torch==2.8.0', 'torchvision<0.20'],
      warnings: [
        'requirements.txt:2: torchvision<0.20 asks for torch==2.4.1, and torch 2.8.0 is asked for: they cannot be installed together. For that torch it is torchvision 0.23.0. [frameworks-conflict]',
      ],
    },
    { name: 'from 0.29.1 on any later torch will do', lines: ['torch==2.15.0', 'torchvision==0.29.1'] },
    { name: 'the last torchaudio names none', lines: ['torch==2.8.0', 'torchaudio==2.11.0'] },
    {
      name: 'torchaudio for another',
      lines: ['torch>=2.8', 'torchaudio==2.4.0'],
      warnings: [
        'requirements.txt:2: torchaudio 2.4.0 asks for torch==2.4.0, and torch>=2.8 is asked for: they cannot be installed together. For that torch it is torchaudio 2.11.0. [frameworks-conflict]',
      ],
    },
    {
      name: 'lightning for later ones',
      lines: ['torch==1.13.1', 'lightning==2.6.6'],
      errors: [
        'requirements.txt:2: lightning 2.6.6 asks for torch>=2.1.0,<4.0, and torch 1.13.1 is asked for: they cannot be installed together. Change one of them. [frameworks-conflict]',
      ],
    },
    { name: 'lightning that takes it', lines: ['torch==1.13.1', 'lightning==2.2.5'] },
    {
      name: 'builds for different CUDAs',
      lines: ['torch==2.8.0+cu126', 'torchvision==0.23.0+cu128'],
      warnings: [
        'requirements.txt:2: torchvision 0.23.0+cu128 is the build for cu128, and that of torch is for cu126: torchvision fails when it is imported. Take both from one index. [frameworks-conflict]',
      ],
    },
    { name: 'a version that is not known', lines: ['torch==2.8.0', 'torchvision==0.99.0'] },
  ])('$name', (one) => {
    expect(found({ accelerator: undefined, ...one })).toEqual({
      errors: one.errors ?? [],
      warnings: one.warnings ?? [],
    });
  });

  test('is told for a GPU too', () => {
    const requirements = requirementsOf('torch==2.8.0', 'torchvision==0.22.0');
    expect(choiceOf({ requirements }).errors).toHaveLength(1);
  });

  test('different majors of CUDA', () => {
    const { errors, warnings } = choiceOf({
      requirements: requirementsOf('torch==2.12.0', 'tensorflow[and-cuda]==2.20.0'),
      driverVersion: '580',
    });
    expect([errors, warnings]).toEqual([
      [],
      [
        'requirements.txt:2: torch 2.12.0 brings CUDA 13.0 and cuDNN 9, tensorflow 2.20.0 brings CUDA 12 and cuDNN 9: libraries of both are loaded into one process, which can fail. Take builds for the same CUDA. [cuda-majors-differ]',
      ],
    ]);
  });
});

describe('Python', () => {
  test.each([
    {
      name: 'the project asks for one that the framework has no wheels for',
      versions: { torch: '2.1.2' },
      python: '>=3.12',
      errors: [
        'uv.lock:1: torch 2.1.2 has wheels for Python 3.8 to 3.11, and the project asks for Python >=3.12. Change one of them. [python-unsupported]',
      ],
    },
    {
      name: 'two that have none in common',
      versions: { torch: '2.0.1', jax: '0.11.2' },
      python: undefined,
      errors: [
        'uv.lock:1: torch 2.0.1 has wheels for Python 3.8 to 3.11, and others need another one. Change one of them. [python-unsupported]',
      ],
    },
    { name: 'one that takes it', versions: { torch: '2.1.2' }, python: '>=3.8', errors: [] },
    { name: 'a version that is not known', versions: { torch: '0.4.1' }, python: '>=3.12', errors: [] },
  ])('$name', ({ versions, python, errors }) => {
    const requirements = lockOf(versions as Record<string, string>, { python });
    expect(choiceOf({ requirements, accelerator: undefined }).errors).toEqual(errors);
  });
});

describe('versions that the catalog does not have', () => {
  test.each<Case>([
    {
      name: 'a new patch goes by its minor version',
      lines: ['tensorflow==2.18.9'],
      warnings: [
        'requirements.txt:1: tensorflow 2.18.9 is not in the catalog: it is taken to need CUDA 12.5, as the nearest release does. Where that is wrong, name the image in base_image. [framework-unknown]',
      ],
    },
    {
      name: 'a later one goes by the newest',
      lines: ['tensorflow[and-cuda]==2.30.0'],
      warnings: [
        'requirements.txt:1: tensorflow 2.30.0 is not in the catalog: it is taken to bring CUDA 12, as the nearest release does. Where that is wrong, name the image in base_image. [framework-unknown]',
      ],
    },
    {
      name: 'one that is older than all',
      lines: ['torch==1.4.0'],
      warnings: [
        'requirements.txt:1: torch 1.4.0 is not in the catalog: nothing is assumed of its CUDA. Where that is wrong, name the image in base_image. [framework-unknown]',
      ],
    },
    {
      name: 'a variant that the release is not known to have',
      lines: ['torch==2.9.1+cu118'],
      warnings: [
        'requirements.txt:1: torch 2.9.1+cu118 is not in the catalog: it is taken to bring CUDA 11.8, as its build is named. Where that is wrong, name the image in base_image. [framework-unknown]',
      ],
    },
  ])('$name', (one) => {
    expect(found(one)).toEqual({ errors: [], warnings: one.warnings });
  });
});

test('no image has the CUDA and cuDNN of tensorflow 2.17', () => {
  expect(found({ name: '', lines: ['tensorflow==2.17.1'] })).toEqual({
    errors: [],
    warnings: [
      'requirements.txt:1: tensorflow 2.17.1 needs CUDA 12.3 and cuDNN 8.9, and no image for this GPU has both: nvidia/cuda:12.2.2-cudnn8-runtime-ubuntu22.04 is the nearest, and is older. tensorflow[and-cuda]==2.17.1 brings its own. [cuda-image-nearest]',
    ],
  });
});

test('every rule has a name in kebab-case and a meaning, in order', () => {
  const names = RULES.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)].sort());
  for (const { name, meaning } of RULES)
    expect([name, meaning]).toEqual([expect.stringMatching(/^[a-z]+(?:-[a-z]+)*$/), expect.stringMatching(/\.$/)]);
});
