import { CUDA, type Gpu, kernelsOf, type ReleaseRow } from './catalog.ts';
import { variantOf } from './frameworks/torch.ts';
import { served } from './gpu.ts';
import { compareNumbers, majorOf } from './numbers.ts';
import type { Framework, Kernels } from './types.ts';

/** A build that runs on the GPU, to be named instead of one that does not: ` Take torch 2.1.0 …`; empty where none is known. */
export function servingRelease(framework: Framework, gpu: Gpu): string {
  if (framework.name === 'torch') return torchMend(framework, gpu);
  if (framework.name === 'jax') return ' Take jax[cuda12].';
  const rows: readonly KernelRow[] = framework.name === 'xgboost' ? CUDA.xgboost : CUDA.tensorflow;
  const found = nearestRow(rows, framework, gpu);
  if (found === undefined) return '';
  const later = isTooNew(gpu, framework.kernels);
  return ` Take ${framework.name} ${later ? `${found.versions.at(-1)} or later` : newest(found)}.`;
}

interface KernelRow extends ReleaseRow {
  readonly kernels: string | null;
}

/** One build of a torch release. */
interface Build {
  readonly versions: readonly string[];
  readonly cuda: string;
  readonly ofPypi: boolean;
}

/** Builds for x86-64 that have machine code for a GPU; newest release first, and CUDA 12 before 13, which needs later drivers. */
function torchBuilds(gpu: Gpu): readonly Build[] {
  return CUDA.torch.flatMap(({ versions, cuda, pypi }) =>
    Object.keys(cuda)
      .filter((one) => serves(kernelsOf(cuda[one]?.[1]), gpu))
      .toSorted((one, other) => Number(isNew(one)) - Number(isNew(other)) || compareNumbers(other, one))
      .map((one) => ({ versions, cuda: one, ofPypi: one === pypi })),
  );
}

const isNew = (cuda: string) => compareNumbers(majorOf(cuda), '12') > 0;

function torchMend(framework: Framework, gpu: Gpu): string {
  const builds = torchBuilds(gpu);
  const same = builds.find(({ versions }) => versions.some((one) => isSame(framework, one)));
  if (same !== undefined) return ` Take ${buildText(same, framework)}.`;
  if (!isTooNew(gpu, framework.kernels))
    return builds[0] === undefined ? '' : ` Take ${buildText(builds[0], framework)}.`;
  const later = builds.findLast((build) => build.ofPypi && isLater(build, framework));
  return later === undefined ? '' : ` Take torch ${later.versions.at(-1)} of PyPI or later.`;
}

function buildText({ versions, cuda, ofPypi }: Build, framework: Framework): string {
  const version = versions.find((one) => isSame(framework, one)) ?? versions[0];
  return ofPypi
    ? `torch ${version} of PyPI, which is for CUDA ${cuda}`
    : `torch ${version} of https://download.pytorch.org/whl/${variantOf(cuda)}`;
}

/** A build for CUDA 12 of a framework that is installed for a later one: `torch 2.14.1 of …/cu126`; undefined where none is known. */
export function earlierBuild(framework: Framework, gpu: Gpu, arm: boolean): string | undefined {
  if (framework.name === 'jax') return 'jax[cuda12]';
  if (framework.name === 'xgboost') {
    const row = CUDA.xgboost.find(({ cuda, kernels }) => !isNew(cuda) && serves(kernelsOf(kernels), gpu));
    return row && `xgboost ${newest(row)}`;
  }
  if (framework.name !== 'torch' || arm) return undefined;
  const builds = torchBuilds(gpu).filter(({ cuda }) => !isNew(cuda));
  const found = builds.find(({ versions }) => versions.some((one) => isSame(framework, one))) ?? builds[0];
  return found && buildText(found, framework);
}

const isSame = ({ version }: Framework, other: string) => version?.replace(/\+.*$/, '') === other;

/** Whether the GPU came after the build. */
const isTooNew = (gpu: Gpu, kernels: Kernels | undefined) => kernels !== undefined && gpu.sm > Math.max(...kernels.sm);

const serves = (kernels: Kernels | undefined, gpu: Gpu) =>
  kernels !== undefined && served(kernels, gpu.sm) === 'native';

const newest = ({ versions }: Pick<ReleaseRow, 'versions'>) => versions[0] ?? '';

function isLater(row: Pick<ReleaseRow, 'versions'>, { version = '' }: Framework): boolean {
  return compareNumbers(newest(row), version.replace(/[^\d.].*$/, '')) > 0;
}

/** The nearest later release for a GPU that came after the build, else the newest one that still knows the GPU. */
function nearestRow(rows: readonly KernelRow[], framework: Framework, gpu: Gpu): KernelRow | undefined {
  const serving = rows.filter(({ kernels }) => serves(kernelsOf(kernels), gpu));
  if (!isTooNew(gpu, framework.kernels)) return serving[0];
  return serving.findLast((row) => isLater(row, framework));
}
