import { type Gpu, gpusOf } from './catalog.ts';
import { rangeOf } from './gpu.ts';
import { imageFacts } from './known-images.ts';
import { compiledPackages, type Need, needOf } from './need.ts';
import { defaultTag, fittingTags } from './tags.ts';
import type { BaseImage, BaseRequest, Framework } from './types.ts';

type Candidates = readonly [BaseImage, ...BaseImage[]];

/** The images to build on, the best first: what base_image asks for, else nvidia/cuda for a GPU, else slim Python. */
export function candidatesOf(request: BaseRequest, frameworks: readonly Framework[], python: string): Candidates {
  const { asked, accelerators } = request;
  if (asked === 'slim') return [slim(python, 'base_image asks for slim')];
  if (asked !== undefined) return [given(asked)];
  const gpus = gpusOf(accelerators);
  if (gpus.length === 0) return [slim(python, 'no GPU is asked for')];
  return onCuda(needOf(frameworks, compiledBy(request), gpus), gpus, request.driverVersion);
}

/** What is compiled with CUDA: packages by name, and what the caller saw in the Dockerfile or the repository. */
export function compiledBy({ requirements, compilesCuda }: Pick<BaseRequest, 'requirements' | 'compilesCuda'>) {
  const packages = requirements === undefined ? [] : compiledPackages(requirements.packages);
  return packages.length === 0 && compilesCuda ? ['CUDA code of the repository'] : packages;
}

function slim(python: string, why: string): BaseImage {
  return { image: `python:${python}-slim`, why, bringsPython: true, os: 'debian' };
}

function given(image: string): BaseImage {
  const { os, hasPython } = imageFacts(image);
  return { image, why: 'as base_image asks', bringsPython: hasPython, os };
}

function onCuda(need: Need, gpus: readonly Gpu[], driver: string | undefined): Candidates {
  const range = rangeOf(gpus);
  const fitting = fittingTags({ ...need, range, driver }).map(({ image }) => image);
  const usual = `nvidia/cuda:${defaultTag(range)}`;
  // Nothing tells what is needed: the default itself goes first, where GPUs and driver take it.
  const images = need.unknown && fitting.includes(usual) ? [usual, ...fitting.filter((one) => one !== usual)] : fitting;
  const [first = usual, ...rest] = images;
  const base = (image: string): BaseImage => ({ image, why: need.why, bringsPython: false, os: 'ubuntu' });
  return [base(first), ...rest.map(base)];
}
