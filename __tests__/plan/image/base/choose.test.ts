import { describe, expect, test } from '@jest/globals';
import type { AcceleratorType } from '../../../../src/vertex/types.ts';
import { choiceOf, type GivenBase, lockOf, requirementsOf } from './given.ts';

const INDEX = 'https://download.pytorch.org/whl';

/** The line for a requirements.txt on a GPU. */
const lineOf = (lines: readonly string[], accelerator: AcceleratorType | undefined, more: GivenBase = {}) =>
  choiceOf({ requirements: requirementsOf(...lines), accelerator, ...more }).line;

describe('without a GPU', () => {
  test.each<{ name: string; given: GivenBase; line: string }>([
    {
      name: 'none',
      given: { accelerator: undefined },
      line: 'no GPU is asked for: python:3.12-slim',
    },
    {
      name: 'a TPU',
      given: { accelerator: 'TPU_V3' },
      line: 'no GPU is asked for: python:3.12-slim',
    },
    {
      name: 'a framework for GPUs',
      given: { accelerator: undefined, requirements: requirementsOf('torch==2.3.1') },
      line: 'no GPU is asked for: python:3.12-slim',
    },
    {
      name: 'a framework without wheels for 3.12',
      given: { accelerator: undefined, requirements: requirementsOf('tensorflow==2.15.0') },
      line: 'no GPU is asked for: python:3.11-slim',
    },
    {
      name: 'a Python of the project',
      given: { accelerator: undefined, requirements: lockOf({}, { python: '>=3.10,<3.12' }) },
      line: 'no GPU is asked for: python:3.11-slim',
    },
    {
      name: 'one release of Python alone',
      given: { accelerator: undefined, requirements: lockOf({}, { python: '==3.11.9' }) },
      line: 'no GPU is asked for: python:3.11.9-slim',
    },
    {
      name: 'a Python after the usual one',
      given: { accelerator: undefined, requirements: lockOf({}, { python: '>=3.13' }) },
      line: 'no GPU is asked for: python:3.13-slim',
    },
  ])('$name', ({ given, line }) => {
    expect(choiceOf(given)).toMatchObject({ line, errors: [], warnings: [] });
  });
});

describe('as base_image asks', () => {
  test.each([
    { asked: 'slim', line: 'base_image asks for slim: python:3.12-slim' },
    { asked: 'me/base:1', line: 'as base_image asks: me/base:1' },
    { asked: 'python:3.10', line: 'as base_image asks: python:3.10' },
  ])('$asked', ({ asked, line }) => {
    expect(lineOf(['torch==2.8.0'], 'NVIDIA_L4', { asked })).toBe(line);
  });
});

describe('torch', () => {
  test.each<{ lines: string[]; gpu: AcceleratorType; line: string }>([
    {
      lines: ['torch==2.8.0'],
      gpu: 'NVIDIA_L4',
      line: 'torch 2.8.0 brings CUDA 12.8 and cuDNN 9; L4 is sm_89: nvidia/cuda:12.8.1-base-ubuntu24.04',
    },
    {
      lines: ['torch==2.1.2'],
      gpu: 'NVIDIA_TESLA_T4',
      line: 'torch 2.1.2 brings CUDA 12.1 and cuDNN 8; T4 is sm_75: nvidia/cuda:12.1.1-base-ubuntu22.04',
    },
    {
      lines: ['torch==2.0.1'],
      gpu: 'NVIDIA_TESLA_A100',
      line: 'torch 2.0.1 brings CUDA 11.7 and cuDNN 8; A100 is sm_80: nvidia/cuda:11.7.1-base-ubuntu22.04',
    },
    {
      lines: ['torch==2.3.1+cu118', `--extra-index-url ${INDEX}/cu118`],
      gpu: 'NVIDIA_H100_80GB',
      line: 'torch 2.3.1+cu118 brings CUDA 11.8 and cuDNN 8; H100 is sm_90: nvidia/cuda:11.8.0-base-ubuntu22.04',
    },
    {
      lines: [`--index-url ${INDEX}/cu126`, 'torch==2.14.1'],
      gpu: 'NVIDIA_TESLA_V100',
      line: 'torch 2.14.1+cu126 brings CUDA 12.6 and cuDNN 9; V100 is sm_70: nvidia/cuda:12.6.3-base-ubuntu24.04',
    },
    {
      lines: [`--index-url ${INDEX}/cu118`, 'torch'],
      gpu: 'NVIDIA_L4',
      line: 'torch 2.7.1+cu118 brings CUDA 11.8 and cuDNN 9; L4 is sm_89: nvidia/cuda:11.8.0-base-ubuntu22.04',
    },
    {
      // pip takes the highest version of both indexes, and cu118 has none of it.
      lines: [`--extra-index-url ${INDEX}/cu118`, 'torch'],
      gpu: 'NVIDIA_L4',
      line: 'torch 2.15.0 brings CUDA 13.2 and cuDNN 9; L4 is sm_89: nvidia/cuda:13.2.1-base-ubuntu24.04',
    },
    {
      lines: ['torch>=2.1,<2.5'],
      gpu: 'NVIDIA_L4',
      line: 'torch 2.4.1 brings CUDA 12.1 and cuDNN 9; L4 is sm_89: nvidia/cuda:12.1.1-base-ubuntu22.04',
    },
    {
      lines: ['torch'],
      gpu: 'NVIDIA_B200',
      line: 'torch 2.15.0 brings CUDA 13.2 and cuDNN 9; B200 is sm_100: nvidia/cuda:13.2.1-base-ubuntu24.04',
    },
    {
      lines: ['torch==2.10.0'],
      gpu: 'NVIDIA_RTX_PRO_6000',
      line: 'torch 2.10.0 brings CUDA 12.8 and cuDNN 9; RTX PRO 6000 is sm_120: nvidia/cuda:12.8.1-base-ubuntu24.04',
    },
    {
      lines: ['torch==2.12.0'],
      gpu: 'NVIDIA_GB200',
      line: 'torch 2.12.0 brings CUDA 13.0 and cuDNN 9; GB200 is sm_100: nvidia/cuda:13.0.3-base-ubuntu24.04',
    },
    {
      lines: ['torch==1.12.1'],
      gpu: 'NVIDIA_TESLA_P100',
      line: 'torch 1.12.1 brings CUDA 10.2; P100 is sm_60: nvidia/cuda:11.8.0-base-ubuntu22.04',
    },
    {
      lines: ['torchvision==0.20.1'],
      gpu: 'NVIDIA_L4',
      line: 'torch 2.5.1 brings CUDA 12.4 and cuDNN 9; L4 is sm_89: nvidia/cuda:12.4.1-base-ubuntu22.04',
    },
    {
      lines: ['lightning==2.0.9', 'torchvision<0.17'],
      gpu: 'NVIDIA_L4',
      line: 'torch 2.1.2 brings CUDA 12.1 and cuDNN 8; L4 is sm_89: nvidia/cuda:12.1.1-base-ubuntu22.04',
    },
    {
      lines: ['transformers[torch]'],
      gpu: 'NVIDIA_L4',
      line: 'torch 2.15.0 brings CUDA 13.2 and cuDNN 9; L4 is sm_89: nvidia/cuda:13.2.1-base-ubuntu24.04',
    },
    {
      lines: [`torch @ ${INDEX}/cu121/torch-2.3.1%2Bcu121-cp310-cp310-linux_x86_64.whl`],
      gpu: 'NVIDIA_L4',
      line: 'torch 2.3.1+cu121 brings CUDA 12.1 and cuDNN 8; L4 is sm_89: nvidia/cuda:12.1.1-base-ubuntu22.04',
    },
    {
      lines: [`--index-url ${INDEX}/nightly/cu130`, '--pre', 'torch'],
      gpu: 'NVIDIA_L4',
      line: 'torch nightly brings CUDA 13.0 and cuDNN 9; L4 is sm_89: nvidia/cuda:13.0.3-base-ubuntu24.04',
    },
  ])('$lines on $gpu', ({ lines, gpu, line }) => {
    expect(lineOf(lines, gpu)).toBe(line);
  });
});

describe('tensorflow', () => {
  test.each<{ lines: string[]; gpu: AcceleratorType; line: string }>([
    {
      lines: ['tensorflow==2.4.1'],
      gpu: 'NVIDIA_TESLA_V100',
      line: 'tensorflow 2.4.1 needs CUDA 11.0 and cuDNN 8.0; V100 is sm_70: nvidia/cuda:11.0.3-cudnn8-runtime-ubuntu20.04',
    },
    {
      lines: ['tensorflow==2.11.1'],
      gpu: 'NVIDIA_TESLA_T4',
      line: 'tensorflow 2.11.1 needs CUDA 11.2 and cuDNN 8.1; T4 is sm_75: nvidia/cuda:11.2.2-cudnn8-runtime-ubuntu20.04',
    },
    {
      lines: ['tensorflow==2.13.0'],
      gpu: 'NVIDIA_L4',
      line: 'tensorflow 2.13.0 needs CUDA 11.8 and cuDNN 8.6; L4 is sm_89: nvidia/cuda:11.8.0-cudnn8-runtime-ubuntu22.04',
    },
    {
      lines: ['tensorflow==2.15.1'],
      gpu: 'NVIDIA_L4',
      line: 'tensorflow 2.15.1 needs CUDA 12.2 and cuDNN 8.9; L4 is sm_89: nvidia/cuda:12.2.2-cudnn8-runtime-ubuntu22.04',
    },
    {
      // The image of 12.5 has cuDNN 9.2, and tensorflow refuses what is below its own.
      lines: ['tensorflow==2.18.1'],
      gpu: 'NVIDIA_L4',
      line: 'tensorflow 2.18.1 needs CUDA 12.5 and cuDNN 9.3; L4 is sm_89: nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04',
    },
    {
      lines: ['tensorflow==2.20.0'],
      gpu: 'NVIDIA_B200',
      line: 'tensorflow 2.20.0 needs CUDA 12.5 and cuDNN 9.3; B200 is sm_100: nvidia/cuda:12.8.1-cudnn-runtime-ubuntu24.04',
    },
    {
      lines: ['tensorflow[and-cuda]==2.18.1'],
      gpu: 'NVIDIA_L4',
      line: 'tensorflow 2.18.1 brings CUDA 12.5 and cuDNN 9; L4 is sm_89: nvidia/cuda:12.5.1-base-ubuntu24.04',
    },
    {
      lines: ['tensorflow[and-cuda]'],
      gpu: 'NVIDIA_H100_80GB',
      line: 'tensorflow 2.21.0 brings CUDA 12 and cuDNN 9; H100 is sm_90: nvidia/cuda:12.6.3-base-ubuntu24.04',
    },
    {
      lines: ['tf-nightly[and-cuda]'],
      gpu: 'NVIDIA_L4',
      line: 'tf-nightly brings CUDA 12 and cuDNN 9; L4 is sm_89: nvidia/cuda:12.6.3-base-ubuntu24.04',
    },
    {
      lines: ['tf-keras'],
      gpu: 'NVIDIA_L4',
      line: 'tensorflow 2.21.0 needs CUDA 12.5 and cuDNN 9.3; L4 is sm_89: nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04',
    },
  ])('$lines on $gpu', ({ lines, gpu, line }) => {
    expect(lineOf(lines, gpu)).toBe(line);
  });

  test('a lock file tells the CUDA that the extra brings', () => {
    const requirements = lockOf({
      tensorflow: '2.19.0',
      'nvidia-cuda-runtime-cu12': '12.5.82',
      'nvidia-cudnn-cu12': '9.3.0.75',
    });
    expect(choiceOf({ requirements }).line).toBe(
      'tensorflow 2.19.0 brings CUDA 12.5 and cuDNN 9; L4 is sm_89: nvidia/cuda:12.5.1-base-ubuntu24.04',
    );
  });
});

describe('jax', () => {
  test.each<{ lines: string[]; gpu: AcceleratorType; line: string }>([
    {
      lines: ['jax[cuda12]==0.4.35'],
      gpu: 'NVIDIA_L4',
      line: 'jax 0.4.35 brings CUDA 12 and cuDNN 9; L4 is sm_89: nvidia/cuda:12.6.3-base-ubuntu24.04',
    },
    {
      lines: ['jax[cuda12_pip]==0.4.30'],
      gpu: 'NVIDIA_L4',
      line: 'jax 0.4.30 brings CUDA 12 and cuDNN 9; L4 is sm_89: nvidia/cuda:12.6.3-base-ubuntu24.04',
    },
    {
      lines: ['jax[cuda]'],
      gpu: 'NVIDIA_B200',
      line: 'jax 0.12.0.1 brings CUDA 12 and cuDNN 9; B200 is sm_100: nvidia/cuda:12.8.1-base-ubuntu24.04',
    },
    {
      lines: ['jax[cuda13]==0.10.2'],
      gpu: 'NVIDIA_L4',
      line: 'jax 0.10.2 brings CUDA 13 and cuDNN 9; L4 is sm_89: nvidia/cuda:13.0.3-base-ubuntu24.04',
    },
    {
      lines: ['jax[cuda12-local]==0.6.2'],
      gpu: 'NVIDIA_L4',
      line: 'jax 0.6.2 needs CUDA 12.1 and cuDNN 9.8; L4 is sm_89: nvidia/cuda:12.8.1-cudnn-runtime-ubuntu24.04',
    },
    {
      lines: ['jax==0.7.2', 'jax-cuda12-plugin[with-cuda]==0.7.2'],
      gpu: 'NVIDIA_L4',
      line: 'jax 0.7.2 brings CUDA 12 and cuDNN 9; L4 is sm_89: nvidia/cuda:12.6.3-base-ubuntu24.04',
    },
    {
      lines: ['jax==0.4.25', 'jaxlib==0.4.25+cuda12.cudnn89'],
      gpu: 'NVIDIA_L4',
      line: 'jax 0.4.25 needs CUDA 12; L4 is sm_89: nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04',
    },
  ])('$lines on $gpu', ({ lines, gpu, line }) => {
    expect(lineOf(lines, gpu)).toBe(line);
  });

  test('what is newest depends on the Python', () => {
    const requirements = { ...requirementsOf('jax[cuda12]'), python: '==3.10.*' };
    expect(choiceOf({ requirements })).toMatchObject({ python: '3.10', line: expect.stringContaining('jax 0.6.2 ') });
  });
});

describe('other packages that compute on GPUs', () => {
  test.each<{ lines: string[]; gpu: AcceleratorType; line: string }>([
    {
      lines: ['xgboost==2.1.4'],
      gpu: 'NVIDIA_TESLA_T4',
      line: 'xgboost 2.1.4 brings CUDA 12; T4 is sm_75: nvidia/cuda:12.6.3-base-ubuntu24.04',
    },
    {
      lines: ['cupy-cuda12x'],
      gpu: 'NVIDIA_L4',
      line: 'cupy-cuda12x needs CUDA 12; L4 is sm_89: nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04',
    },
    {
      lines: ['cuml-cu12==25.2.0'],
      gpu: 'NVIDIA_L4',
      line: 'cuml-cu12 25.2.0 brings CUDA 12; L4 is sm_89: nvidia/cuda:12.6.3-base-ubuntu24.04',
    },
    {
      lines: ['torch==2.8.0', 'tensorflow==2.18.0'],
      gpu: 'NVIDIA_L4',
      line: 'tensorflow 2.18.0 needs CUDA 12.5 and cuDNN 9.3; torch 2.8.0 brings CUDA 12.8 and cuDNN 9; L4 is sm_89: nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04',
    },
  ])('$lines on $gpu', ({ lines, gpu, line }) => {
    expect(lineOf(lines, gpu)).toBe(line);
  });
});

describe('compiled CUDA code', () => {
  test.each<{ name: string; lines: string[]; compilesCuda?: boolean; line: string }>([
    {
      name: 'an sdist',
      lines: ['torch==2.8.0', 'flash-attn==2.8.3'],
      line: 'torch 2.8.0 brings CUDA 12.8 and cuDNN 9; flash-attn is compiled; H100 is sm_90: nvidia/cuda:12.8.1-cudnn-devel-ubuntu24.04',
    },
    {
      name: 'its wheel',
      lines: ['torch==2.8.0', 'flash-attn @ https://x.org/flash_attn-2.8.3+cu12torch2.8-cp312-cp312-linux_x86_64.whl'],
      line: 'torch 2.8.0 brings CUDA 12.8 and cuDNN 9; H100 is sm_90: nvidia/cuda:12.8.1-base-ubuntu24.04',
    },
    {
      name: 'a repository',
      lines: ['torch==2.6.0', 'apex @ git+https://github.com/NVIDIA/apex'],
      line: 'torch 2.6.0 brings CUDA 12.4 and cuDNN 9; apex is compiled; H100 is sm_90: nvidia/cuda:12.4.1-cudnn-devel-ubuntu22.04',
    },
    {
      name: 'a package that has wheels',
      lines: ['torch==2.8.0', 'xformers==0.0.32'],
      line: 'torch 2.8.0 brings CUDA 12.8 and cuDNN 9; H100 is sm_90: nvidia/cuda:12.8.1-base-ubuntu24.04',
    },
    {
      name: 'several',
      lines: ['torch==2.8.0', 'deepspeed', 'mamba-ssm'],
      line: 'torch 2.8.0 brings CUDA 12.8 and cuDNN 9; deepspeed, mamba-ssm are compiled; H100 is sm_90: nvidia/cuda:12.8.1-cudnn-devel-ubuntu24.04',
    },
    {
      name: 'code of the repository',
      lines: ['torch==2.8.0'],
      compilesCuda: true,
      line: 'torch 2.8.0 brings CUDA 12.8 and cuDNN 9; CUDA code of the repository is compiled; H100 is sm_90: nvidia/cuda:12.8.1-cudnn-devel-ubuntu24.04',
    },
    {
      name: 'without a framework',
      lines: ['numpy'],
      compilesCuda: true,
      line: 'no framework with CUDA is named; CUDA code of the repository is compiled; H100 is sm_90: nvidia/cuda:12.6.3-cudnn-devel-ubuntu24.04',
    },
  ])('$name', ({ lines, line, compilesCuda = false }) => {
    expect(lineOf(lines, 'NVIDIA_H100_80GB', { compilesCuda })).toBe(line);
  });
});

describe('where nothing tells what is needed', () => {
  test.each<{ gpu: AcceleratorType; driverVersion?: string; image: string }>([
    { gpu: 'NVIDIA_L4', image: 'nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04' },
    { gpu: 'NVIDIA_TESLA_P4', image: 'nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04' },
    { gpu: 'NVIDIA_H200_141GB', driverVersion: '580', image: 'nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04' },
    { gpu: 'NVIDIA_B200', image: 'nvidia/cuda:12.8.0-cudnn-runtime-ubuntu24.04' },
    { gpu: 'NVIDIA_RTX_PRO_6000', image: 'nvidia/cuda:12.8.0-cudnn-runtime-ubuntu24.04' },
    { gpu: 'NVIDIA_TESLA_K80', image: 'nvidia/cuda:11.8.0-cudnn8-runtime-ubuntu22.04' },
    { gpu: 'NVIDIA_L4', driverVersion: '470.82.01', image: 'nvidia/cuda:11.8.0-cudnn8-runtime-ubuntu22.04' },
  ])('$gpu, driver $driverVersion', ({ gpu, image, driverVersion }) => {
    expect(choiceOf({ accelerator: gpu, driverVersion })).toMatchObject({ image, errors: [], warnings: [] });
  });

  test('in one line', () => {
    expect(choiceOf({}).line).toBe(
      'no framework with CUDA is named; L4 is sm_89: nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04',
    );
  });
});

describe('the next candidates', () => {
  test.each([
    {
      name: 'wheels run on any base: the default comes last',
      lines: ['torch==2.8.0'],
      images: [
        '12.8.1-base-ubuntu24.04',
        '12.8.0-base-ubuntu24.04',
        '12.8.1-base-ubuntu22.04',
        '12.8.0-base-ubuntu22.04',
        '12.9.2-base-ubuntu24.04',
        '12.6.3-base-ubuntu24.04',
      ],
    },
    {
      name: 'no image without the cuDNN that is needed',
      lines: ['tensorflow==2.15.0'],
      images: [
        '12.2.2-cudnn8-runtime-ubuntu22.04',
        '12.1.1-cudnn8-runtime-ubuntu22.04',
        '12.2.2-cudnn8-runtime-ubuntu20.04',
        '12.1.1-cudnn8-runtime-ubuntu20.04',
      ],
    },
    {
      name: 'an Ubuntu without support comes last',
      lines: ['tensorflow==2.13.0'],
      images: ['11.8.0-cudnn8-runtime-ubuntu22.04', '11.8.0-cudnn8-runtime-ubuntu20.04'],
    },
  ])('$name', ({ lines, images }) => {
    expect(choiceOf({ requirements: requirementsOf(...lines) }).images).toEqual(
      images.map((tag) => `nvidia/cuda:${tag}`),
    );
  });
});
