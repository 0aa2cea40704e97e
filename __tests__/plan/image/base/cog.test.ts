import { describe, expect, test } from '@jest/globals';
import { choiceOf, type GivenBase, lockOf, requirementsOf } from './given.ts';

/** What cog's rules for a CUDA base do badly, each with what is done here instead. */
interface Row extends GivenBase {
  readonly name: string;
  /** The base that cog's own rules lead to; undefined where they end in an error. */
  readonly cog: string | undefined;
  readonly image: string;
  readonly errors?: number;
  /** Rules of the warnings. */
  readonly warnings?: string[];
}

const lines = (...all: string[]) => requirementsOf(...all);

describe('better than the highest CUDA', () => {
  test.each<Row>([
    {
      name: "the GPU decides: V100 gets a CUDA that has its code, and is told that the wheel's has not",
      requirements: lines('torch==2.11.0'),
      accelerator: 'NVIDIA_TESLA_V100',
      cog: '13.0.3-cudnn-devel-ubuntu24.04',
      image: '12.9.2-base-ubuntu24.04',
      errors: 1,
    },
    {
      name: 'the build that is pinned decides, not the highest of its release',
      requirements: lines('torch==2.8.0'),
      accelerator: 'NVIDIA_L4',
      cog: '12.9.1-cudnn-devel-ubuntu24.04',
      image: '12.8.1-base-ubuntu24.04',
    },
    {
      name: 'H100 with torch 1.x is an error before the build, not a failed call on a paid machine',
      requirements: lines('torch==1.13.1'),
      accelerator: 'NVIDIA_H100_80GB',
      cog: '11.7.1-cudnn8-devel-ubuntu22.04',
      image: '11.8.0-base-ubuntu22.04',
      errors: 1,
    },
    {
      name: 'the driver decides where it is known',
      requirements: lines('numpy'),
      driverVersion: '470.82.01',
      cog: '11.8.0-cudnn8-devel-ubuntu22.04',
      image: '11.8.0-cudnn8-runtime-ubuntu22.04',
    },
    {
      name: 'no framework: the newest CUDA that runs on driver 525, not 11.8',
      requirements: lines('numpy'),
      cog: '11.8.0-cudnn8-devel-ubuntu22.04',
      image: '12.6.3-cudnn-runtime-ubuntu24.04',
    },
    {
      name: 'Blackwell without a framework',
      requirements: lines('numpy'),
      accelerator: 'NVIDIA_B200',
      cog: '11.8.0-cudnn8-devel-ubuntu22.04',
      image: '12.8.0-cudnn-runtime-ubuntu24.04',
    },
    {
      name: 'runtime where the wheels bring no CUDA',
      requirements: lines('tensorflow==2.15.0'),
      cog: '12.2.2-cudnn8-devel-ubuntu22.04',
      image: '12.2.2-cudnn8-runtime-ubuntu22.04',
    },
    {
      name: 'the bare base where they bring it',
      requirements: lines('tensorflow[and-cuda]==2.15.0'),
      cog: '12.2.2-cudnn8-devel-ubuntu22.04',
      image: '12.2.2-base-ubuntu22.04',
    },
    {
      name: 'devel only where something is compiled',
      requirements: lines('torch==2.8.0', 'flash-attn==2.8.3'),
      cog: '12.9.1-cudnn-devel-ubuntu24.04',
      image: '12.8.1-cudnn-devel-ubuntu24.04',
    },
    {
      name: 'slim Python with the wheels’ own CUDA, where it is asked for',
      requirements: lines('torch==2.8.0'),
      asked: 'slim',
      cog: '12.9.1-cudnn-devel-ubuntu24.04',
      image: 'python:3.12-slim',
    },
    {
      name: 'ranges',
      requirements: lines('torch>=2.4,<2.6'),
      cog: '12.4.1-cudnn-devel-ubuntu22.04',
      image: '12.4.1-base-ubuntu22.04',
    },
    {
      name: 'no version at all',
      requirements: lines('torch'),
      cog: undefined,
      image: '13.2.1-base-ubuntu24.04',
      warnings: ['driver-unpublished'],
    },
    {
      name: 'lock files',
      requirements: lockOf({ torch: '2.6.0', 'nvidia-cudnn-cu12': '9.1.0.70' }),
      cog: '11.8.0-cudnn8-devel-ubuntu22.04',
      image: '12.4.1-base-ubuntu22.04',
    },
    {
      name: 'jax',
      requirements: lines('jax[cuda12]==0.7.2'),
      cog: '11.8.0-cudnn8-devel-ubuntu22.04',
      image: '12.6.3-base-ubuntu24.04',
    },
    {
      name: 'jax with the CUDA of the image: the least cuDNN counts',
      requirements: lines('jax[cuda12-local]==0.7.2'),
      cog: '11.8.0-cudnn8-devel-ubuntu22.04',
      image: '12.8.1-cudnn-runtime-ubuntu24.04',
    },
    {
      name: 'a tensorflow whose CUDA and cuDNN no image has together: the nearest',
      requirements: lines('tensorflow==2.17.0'),
      cog: undefined,
      image: '12.2.2-cudnn8-runtime-ubuntu22.04',
      warnings: ['cuda-image-nearest'],
    },
    {
      name: 'a tensorflow that refuses the cuDNN of the image of its CUDA',
      requirements: lines('tensorflow==2.18.0'),
      cog: '12.5.1-cudnn-devel-ubuntu22.04',
      image: '12.6.3-cudnn-runtime-ubuntu24.04',
    },
    {
      name: 'a patch of tensorflow that came after the table',
      requirements: lines('tensorflow==2.19.5'),
      cog: undefined,
      image: '12.6.3-cudnn-runtime-ubuntu24.04',
      warnings: ['framework-unknown'],
    },
    {
      name: 'a torch that came after the table',
      requirements: lines('torch==2.42.0'),
      cog: undefined,
      image: '13.2.1-base-ubuntu24.04',
      warnings: ['driver-unpublished', 'framework-unknown'],
    },
    {
      name: 'ARM machines',
      requirements: lines('torch==2.12.1'),
      accelerator: 'NVIDIA_GB200',
      driverVersion: '580',
      cog: '13.0.3-cudnn-devel-ubuntu24.04',
      image: '13.0.3-base-ubuntu24.04',
    },
  ])('$name', ({ name: _, cog, image, errors = 0, warnings = [], ...given }) => {
    const choice = choiceOf(given);
    expect(choice.image).toBe(image.includes(':') ? image : `nvidia/cuda:${image}`);
    expect(choice.image).not.toBe(`nvidia/cuda:${cog}`);
    expect(choice.errors).toHaveLength(errors);
    expect(choice.warnings.map((text) => /\[([\w-]+)\]$/.exec(text)?.[1])).toEqual(warnings);
  });
});
