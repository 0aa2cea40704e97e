import type { Fault } from '../../../faults.ts';
import { type Finding, perhaps, surely } from '../../code/request.ts';
import { compareVersions, parseVersion } from '../requirements/versions.ts';
import { CUDA, type Gpu, kernelsOf } from './catalog.ts';
import { driverRuns, isAsNew, oldestDriver, oldestPtxDriver } from './driver.ts';
import { gpuText, majorKnows, served } from './gpu.ts';
import { earlierBuild, servingRelease } from './mends.ts';
import { frameworkText, needText } from './need.ts';
import { compareNumbers, highestNumber, majorOf } from './numbers.ts';
import type { Framework, Kernels } from './types.ts';

/** The hardware that the image will meet, one of it at a time. */
export interface AllHardware extends Omit<Hardware, 'gpu'> {
  readonly gpus: readonly Gpu[];
}

/** A GPU job's hardware. */
export interface Hardware {
  readonly gpu: Gpu;
  /** Undefined where `driver_version` does not tell. */
  readonly driver: string | undefined;
  /** Whether its machines have ARM processors. */
  readonly arm: boolean;
}

/** Vertex AI does not publish its driver; this is the oldest that runs programs of CUDA 12. */
const COMMON_CUDA = '12';

/**
 * Judges each framework by the GPUs and the driver that it will meet, each of which it has to run on. What leaves no doubt is an
 * error only where the version is pinned.
 */
export function judgeGpus(frameworks: readonly Framework[], { gpus, ...rest }: AllHardware): readonly Finding[] {
  const each = gpus.map((gpu): Hardware => ({ gpu, ...rest }));
  return [
    ...each.flatMap(ownDriver),
    ...frameworks.flatMap((one) => [
      ...each.flatMap((hardware) => [...judgeKernels(one, hardware), ...judgeLibraries(one, hardware)]),
      // One build has to do: it is the latest GPU that asks most of the driver.
      ...judgeDriver(one, latestOf(each.filter((hardware) => runs(one, hardware)))),
      ...cpuWheel(one, frameworks, gpus),
      ...each.flatMap((hardware) => olderThanAll(one, hardware)),
      ...unknownVersion(one),
    ]),
    ...differentMajors(frameworks),
  ];
}

const latestOf = (all: readonly Hardware[]) => all.toSorted((one, other) => other.gpu.sm - one.gpu.sm)[0];

const byCertainty = ({ known }: Framework) => (known === 'pinned' ? surely : perhaps);

/** Whether anything of it runs on the GPU. */
const runs = (framework: Framework, hardware: Hardware) =>
  (framework.kernels === undefined || served(framework.kernels, hardware.gpu.sm) !== 'none') &&
  judgeLibraries(framework, hardware).length === 0;

/** CUDA libraries of the image that no release of the wanted major version has for the GPU. */
function judgeLibraries(framework: Framework, { gpu }: Hardware): readonly Finding[] {
  const { cuda, source, place } = framework;
  if (source !== 'image' || cuda === undefined || majorKnows(majorOf(cuda), gpu)) return [];
  const message = `${needText(framework)}, and no CUDA ${majorOf(cuda)} has libraries for ${gpu.name} (sm_${gpu.sm}): it would compute on the CPU. Take a release for another CUDA, or another GPU.`;
  return [byCertainty(framework)({ rule: 'gpu-kernels-missing', place, message })];
}

function judgeKernels(framework: Framework, { gpu, driver }: Hardware): readonly Finding[] {
  const { kernels, place } = framework;
  const how = kernels === undefined ? 'native' : served(kernels, gpu.sm);
  if (kernels === undefined || how === 'native') return [];
  const mend = servingRelease(framework, gpu);
  if (how === 'none') {
    const message = `${frameworkText(framework)} has code for ${kernelText(kernels)}, and ${gpuText(gpu)}: its CUDA calls fail with "no kernel image is available".${mend}`;
    return [byCertainty(framework)({ rule: 'gpu-kernels-missing', place, message })];
  }
  const oldest = highestNumber([framework.cuda, gpu.firstCuda].flatMap((cuda) => oldestPtxDriver(cuda ?? '') ?? []));
  const needs = oldest === undefined ? '' : ` and needs driver ${oldest} or later`;
  const message = `${frameworkText(framework)} has code for ${kernelText(kernels)}, and ${gpuText(gpu)}: the driver compiles it from PTX at the first start, which takes minutes${needs}.${mend}`;
  const slow = perhaps({ rule: 'gpu-kernels-at-start', place, message });
  if (driver === undefined || isAsNew(driver, oldest)) return [slow];
  return [slow, tooOld(driver, `${frameworkText(framework)} is compiled for ${gpu.name} by driver`, oldest ?? '')];
}

/** `sm_50, sm_60 and sm_70`. */
function kernelText({ sm }: Kernels): string {
  const names = sm.map((one) => `sm_${one}`);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function judgeDriver(framework: Framework, hardware: Hardware | undefined): readonly Finding[] {
  const { cuda, place } = framework;
  if (cuda === undefined || hardware === undefined) return [];
  const { driver } = hardware;
  const oldest = oldestDriver(cuda) ?? '';
  if (driver !== undefined) {
    return driverRuns(driver, cuda) ? [] : [tooOld(driver, `${needText(framework)}, which runs on driver`, oldest)];
  }
  if (oldest === '' || compareNumbers(majorOf(cuda), COMMON_CUDA) <= 0) return [];
  const message = `${needText(framework)}, which runs on driver ${oldest} and later; Vertex AI does not publish its driver.${earlierMend(framework, hardware)} Where the driver is known, give driver_version.`;
  return [perhaps({ rule: 'driver-unpublished', place, message })];
}

function earlierMend(framework: Framework, { gpu, arm }: Hardware): string {
  const build = earlierBuild(framework, gpu, arm);
  const oldest = highestNumber(
    [oldestDriver(COMMON_CUDA), oldestPtxDriver(gpu.firstCuda)].filter((one) => one !== undefined),
  );
  return build === undefined ? '' : ` ${build} runs from driver ${oldest} on.`;
}

function tooOld(driver: string, what: string, oldest: string): Finding {
  const message = `is ${driver}, and ${what} ${oldest} or later. Take a build for an earlier CUDA, or a machine with a later driver.`;
  return surely({ rule: 'driver-too-old', input: 'driver_version', message });
}

function ownDriver({ gpu, driver }: Hardware): readonly Finding[] {
  const oldest = oldestPtxDriver(gpu.firstCuda);
  if (driver === undefined || isAsNew(driver, oldest)) return [];
  const message = `is ${driver}, and no driver before ${oldest} knows ${gpu.name}. Check the version.`;
  return [surely({ rule: 'driver-too-old', input: 'driver_version', message })];
}

/** A build without CUDA beside others that have it may be meant so. */
function cpuWheel(framework: Framework, all: readonly Framework[], gpus: readonly Gpu[]): readonly Finding[] {
  if (framework.source !== 'none') return [];
  const { name, known, place } = framework;
  const alone = all.every(({ source }) => source === 'none');
  const told = name !== 'jax' && known === 'pinned' && alone;
  const message = `${frameworkText(framework)} is a build without CUDA, and the job has ${namesOf(gpus)}: it would compute on the CPU. ${cpuMend(framework)}`;
  return [(told ? surely : perhaps)({ rule: 'cpu-wheel', place, message } satisfies Fault)];
}

const namesOf = (gpus: readonly Gpu[]) => gpus.map(({ name }) => name).join(' or ');

function cpuMend({ name, index, version }: Framework): string {
  if (name === 'jax') return 'Ask for jax[cuda12], or leave the accelerator away.';
  if (name.startsWith('tensorflow') || name.startsWith('tf-')) {
    return 'Ask for tensorflow[and-cuda] on an x86-64 machine, or leave the accelerator away.';
  }
  if (name === 'torch' && index === undefined && !version?.includes('+')) {
    return "PyPI's wheels for ARM have CUDA from torch 2.11.0 on: take one of these, or a build of https://download.pytorch.org/whl.";
  }
  return 'Take the build with CUDA, or leave the accelerator away.';
}

/** A torch from before the catalog's first has code for no GPU that the first has none for. */
function olderThanAll({ name, known, version, kernels, place }: Framework, { gpu }: Hardware): readonly Finding[] {
  const first = CUDA.torch.at(-1);
  const oldest = first?.versions.at(-1);
  if (name !== 'torch' || known !== 'assumed' || kernels !== undefined || version === undefined) return [];
  if (oldest === undefined || parseVersion(version) === undefined || compareVersions(version, oldest) >= 0) return [];
  const builds = Object.values(first?.cuda ?? {}).flatMap(([, row]) => kernelsOf(row) ?? []);
  if (builds.length === 0 || builds.some((each) => served(each, gpu.sm) !== 'none')) return [];
  const message = `torch ${version} is older than ${oldest}, whose builds have no code for ${gpu.name} (sm_${gpu.sm}) either: its CUDA calls fail with "no kernel image is available". Take a later release.`;
  return [surely({ rule: 'gpu-kernels-missing', place, message })];
}

function unknownVersion(framework: Framework): readonly Finding[] {
  if (framework.known !== 'assumed') return [];
  const { place } = framework;
  const assumed = framework.cuda === undefined ? 'nothing is assumed of its CUDA' : needAssumed(framework);
  const message = `${frameworkText(framework)} is not in the catalog: ${assumed}. Where that is wrong, name the image in base_image.`;
  return [perhaps({ rule: 'framework-unknown', place, message })];
}

function needAssumed({ cuda, source, version, index }: Framework): string {
  const reason =
    index !== undefined || version?.includes('+') ? 'as its build is named' : 'as the nearest release does';
  return `it is taken to ${source === 'wheels' ? 'bring' : 'need'} CUDA ${cuda}, ${reason}`;
}

function differentMajors(frameworks: readonly Framework[]): readonly Finding[] {
  const users = frameworks.filter(({ cuda }) => cuda !== undefined);
  const majors = new Set(users.map(({ cuda = '' }) => majorOf(cuda)));
  if (majors.size < 2) return [];
  const place = users.find(({ cuda = '' }) => majorOf(cuda) !== majorOf(users[0]?.cuda ?? ''))?.place;
  const message = `${users.map(needText).join(', ')}: libraries of both are loaded into one process, which can fail. Take builds for the same CUDA.`;
  return [perhaps({ rule: 'cuda-majors-differ', place, message })];
}
