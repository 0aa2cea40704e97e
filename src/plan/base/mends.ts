import { CUDA, type Gpu, kernelsOf, type ReleaseRow } from './catalog.ts';
import { variantOf } from './frameworks/torch.ts';
import { served } from './gpu.ts';
import { compareNumbers } from './numbers.ts';
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

interface Build {
  readonly row: ReleaseRow;
  readonly cuda: string;
}

function torchMend(framework: Framework, gpu: Gpu): string {
  const builds = CUDA.torch.flatMap((row) =>
    Object.keys(row.cuda)
      .filter((cuda) => serves(kernelsOf(row.cuda[cuda]?.[1]), gpu))
      .toSorted((one, other) => compareNumbers(other, one))
      .map((cuda) => ({ row, cuda, pypi: row.pypi })),
  );
  const same = builds.find(({ row }) => row.versions.some((one) => isSame(framework, one)));
  const later = builds.findLast(({ row, cuda, pypi }) => cuda === pypi && isLater(row, framework));
  const found = same ?? (isTooNew(gpu, framework.kernels) ? later : builds[0]);
  if (found === undefined) return '';
  return ` Take ${buildText(found, framework, found.cuda === found.pypi)}.`;
}

function buildText({ row, cuda }: Build, framework: Framework, ofPypi: boolean): string {
  const version = row.versions.find((one) => isSame(framework, one)) ?? row.versions.at(0);
  return ofPypi
    ? `torch ${row.versions.at(-1)} of PyPI or later, for CUDA ${cuda}`
    : `torch ${version} of https://download.pytorch.org/whl/${variantOf(cuda)}, for CUDA ${cuda}`;
}

const isSame = ({ version }: Framework, other: string) => version?.replace(/\+.*$/, '') === other;

/** Whether the GPU came after the build. */
const isTooNew = (gpu: Gpu, kernels: Kernels | undefined) => kernels !== undefined && gpu.sm > Math.max(...kernels.sm);

const serves = (kernels: Kernels | undefined, gpu: Gpu) =>
  kernels !== undefined && served(kernels, gpu.sm) === 'native';

const newest = (row: ReleaseRow) => row.versions[0] ?? '';

function isLater(row: ReleaseRow, { version = '' }: Framework): boolean {
  return compareNumbers(newest(row), version.replace(/[^\d.].*$/, '')) > 0;
}

/** The nearest later release for a GPU that came after the build, else the newest one that still knows the GPU. */
function nearestRow(rows: readonly KernelRow[], framework: Framework, gpu: Gpu): KernelRow | undefined {
  const serving = rows.filter(({ kernels }) => serves(kernelsOf(kernels), gpu));
  if (!isTooNew(gpu, framework.kernels)) return serving[0];
  return serving.findLast((row) => isLater(row, framework));
}
