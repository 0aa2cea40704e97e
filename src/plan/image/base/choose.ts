import { type Fault, shown } from '../../../faults.ts';
import { type Finding, surely } from '../../code/request.ts';
import { candidatesOf } from './candidates.ts';
import { gpusOf } from './catalog.ts';
import { isDriver } from './driver.ts';
import { type Recognised, recognise } from './frameworks/recognise.ts';
import { judgeGpus } from './judge-gpu.ts';
import { judgeNearest } from './judge-image.ts';
import { judgeConflicts, judgePython } from './judge-packages.ts';
import type { BaseChoice, BaseImage, BaseRequest } from './types.ts';

export type { BaseChoice, BaseImage, BaseRequest, Framework } from './types.ts';

/**
 * Chooses the image to build on, and the Python in it, from the frameworks that the requirements pin and the GPUs that they
 * will meet. Nothing is looked up: whether the registry has a candidate is for the caller to ask, from the first to the
 * last.
 */
export function chooseBase(request: BaseRequest): BaseChoice {
  const known = withDriver(request);
  const recognised = recognise(known);
  const { frameworks, python } = recognised;
  const candidates = candidatesOf(known, frameworks, python);
  const findings = [...malformedDriver(request), ...judge(known, recognised, candidates[0])];
  const faults = (sure: boolean): Fault[] => findings.filter((one) => one.sure === sure).map(({ fault }) => fault);
  return { candidates, python, frameworks, errors: faults(true), warnings: faults(false) };
}

/** The one line that explains a base: why, and which. */
export const baseLine = ({ why, image }: Pick<BaseImage, 'why' | 'image'>): string => `${why}: ${image}`;

function judge(request: BaseRequest, recognised: Recognised, first: BaseImage): readonly Finding[] {
  const { requirements, driverVersion: driver, asked, platform } = request;
  const { frameworks } = recognised;
  const packages =
    requirements === undefined
      ? []
      : [...judgeConflicts(requirements), ...judgePython(frameworks, recognised, requirements.python)];
  const gpus = gpusOf(request.accelerators);
  if (gpus.length === 0) return packages;
  const image = asked === undefined ? judgeNearest(first.image, frameworks) : [];
  return [...packages, ...judgeGpus(frameworks, { gpus, driver, arm: platform === 'linux/arm64' }), ...image];
}

function withDriver(request: BaseRequest): BaseRequest {
  const { driverVersion } = request;
  return driverVersion === undefined || isDriver(driverVersion) ? request : { ...request, driverVersion: undefined };
}

function malformedDriver({ driverVersion }: BaseRequest): readonly Finding[] {
  if (driverVersion === undefined || isDriver(driverVersion)) return [];
  const message = `is ${shown(driverVersion)}. Give the version that nvidia-smi shows, such as 550.54.15, or its branch, 550.`;
  return [surely({ rule: 'driver-malformed', input: 'driver_version', message })];
}
