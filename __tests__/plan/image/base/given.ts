import { faultText } from '../../../../src/faults.ts';
import type { FileView } from '../../../../src/inputs/files.ts';
import { type BaseRequest, baseLine, chooseBase } from '../../../../src/plan/image/base/choose.ts';
import { judgeDockerfileBase } from '../../../../src/plan/image/base/judge-dockerfile.ts';
import { readRequirements } from '../../../../src/plan/image/requirements/read.ts';
import type { Requirement, Requirements } from '../../../../src/plan/image/requirements/types.ts';
import type { AcceleratorType } from '../../../../src/vertex/types.ts';

/** Files by path. */
export function viewOf(files: Readonly<Record<string, string>>): FileView {
  const paths = Object.keys(files);
  return {
    text: (path) => files[path],
    exists: (path) => paths.some((one) => one === path || one.startsWith(`${path}/`)),
    list: (folder) =>
      paths.flatMap((one) => {
        const rest = folder === '' ? one : one.startsWith(`${folder}/`) ? one.slice(folder.length + 1) : '/';
        return rest.includes('/') ? [] : [rest];
      }),
  };
}

/** What a requirements.txt of these lines says. */
export function requirementsOf(...lines: string[]): Requirements {
  const { requirements } = readRequirements(viewOf({ 'requirements.txt': `${lines.join('\n')}\n` }), { folder: '' });
  if (requirements === undefined) throw new Error('no requirements');
  return requirements;
}

/** What a lock file says that fixes these versions. */
export function lockOf(versions: Readonly<Record<string, string>>, more: Partial<Requirements> = {}): Requirements {
  const packages = Object.entries(versions).map(([name, version], index): [string, Requirement] => [
    name,
    {
      name,
      extras: [],
      specifier: `==${version}`,
      version,
      url: undefined,
      nightly: false,
      place: { file: 'uv.lock', line: index + 1 },
    },
  ]);
  return {
    installer: 'uv',
    files: ['uv.lock'],
    packages: new Map(packages),
    python: undefined,
    indexes: [],
    locked: true,
    ...more,
  };
}

/** What is asked for; one accelerator may be named alone. */
export interface GivenBase extends Partial<BaseRequest> {
  readonly accelerator?: AcceleratorType | undefined;
}

export function requestOf(given: GivenBase): BaseRequest {
  const { accelerator, ...rest } = { accelerator: 'NVIDIA_L4' as const, ...given };
  return {
    asked: undefined,
    accelerators: accelerator === undefined ? [] : [accelerator],
    requirements: undefined,
    driverVersion: undefined,
    compilesCuda: false,
    platform: accelerator === 'NVIDIA_GB200' ? 'linux/arm64' : 'linux/amd64',
    ...rest,
  };
}

/** The choice in short: the line that explains it, the Python, and the findings as they are told. */
export function choiceOf(given: GivenBase) {
  const { candidates, python, errors, warnings } = chooseBase(requestOf(given));
  return {
    line: baseLine(candidates[0]),
    image: candidates[0].image,
    images: candidates.map(({ image }) => image),
    python,
    errors: errors.map(faultText),
    warnings: warnings.map(faultText),
  };
}

interface GivenDockerfile extends GivenBase {
  readonly text: string;
  readonly target?: string;
}

/** The findings about a Dockerfile that is given the base that is chosen for it. */
export function dockerfileFindings({ text, target, ...given }: GivenDockerfile) {
  const request = requestOf(given);
  const { candidates, frameworks } = chooseBase(request);
  const { errors, warnings } = judgeDockerfileBase({
    ...request,
    dockerfile: 'Dockerfile',
    text,
    target,
    buildArgs: { BASE_IMAGE: candidates[0].image },
    frameworks,
  });
  return { errors: errors.map(faultText), warnings: warnings.map(faultText) };
}
