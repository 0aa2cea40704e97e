import type { WrittenRequest } from '../request.ts';
import { VENV } from '../request.ts';
import { type Paragraph, runInstruction } from './text.ts';
import { TOOLS_FOLDER } from './tools.ts';

/** Where the image's Python comes from: the base or its operating system, or a download of uv's. */
export type PythonSource = 'system' | 'uv';

/** The Python that each release calls python3 (packages.ubuntu.com, packages.debian.org), by what image tags call it. */
const OS_PYTHON: readonly (readonly [RegExp, string])[] = [
  [/ubuntu[-:]?24\.04|noble/, '3.12'],
  [/ubuntu[-:]?22\.04|jammy/, '3.10'],
  [/ubuntu[-:]?20\.04|focal/, '3.8'],
  [/debian[-:]?13|trixie/, '3.13'],
  [/debian[-:]?12|bookworm/, '3.11'],
  [/debian[-:]?11|bullseye/, '3.9'],
];

/**
 * A base without Python gets its operating system's where that is the wanted version: it needs no download from elsewhere,
 * and is patched with the system. Else uv installs one (python-build-standalone). An image of the user's own is taken to
 * be made for Python.
 */
export function pythonSource({ base, python }: Pick<WrittenRequest, 'base' | 'python'>): PythonSource {
  if (base.bringsPython !== false) return 'system';
  const row = OS_PYTHON.find(([names]) => names.test(base.image.toLowerCase()));
  return row?.[1] === python ? 'system' : 'uv';
}

/** Whether packages of the operating system are installed with apt-get: not on Alpine and the Red Hat family. */
export function hasApt(image: string): boolean {
  return !/alpine|ubi\d|rockylinux|oraclelinux|centos|fedora|amzn|amazonlinux|(?:^|[-:/])(?:cm2|azl3)\b|wolfi|distroless/i.test(
    image,
  );
}

const APT = 'DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends';
const LISTS = 'rm -rf /var/lib/apt/lists/*';

/** apt-get in one layer, without what it leaves behind. */
export function aptInstall(packages: readonly string[]): string[] {
  return runInstruction([], 'apt-get update', `${APT} ${packages.join(' ')}`, LISTS);
}

/**
 * With headers where the base is there to compile. ca-certificates is not among them: installing it makes the bundle anew,
 * without the authorities that a base may have put there.
 */
function pythonPackages(image: string): readonly string[] {
  return ['python3', 'python3-venv', ...(image.includes('-devel') ? ['python3-dev'] : [])];
}

/** Python with pip and venv, where the base lacks it. The file stays right when BASE_IMAGE becomes another one. */
export function systemPython(image: string): Paragraph {
  const install = ['apt-get update', `${APT} ${pythonPackages(image).join(' ')}`, LISTS].join(' \\\n   && ');
  return {
    why: ['Slim Python images bring Python and pip, nvidia/cuda images do not.'],
    lines: [`RUN python3 -c 'import ensurepip' 2>/dev/null || { \\\n      ${install}; }`],
  };
}

export const FROM_BASE = `FROM \${BASE_IMAGE}`;

/** A stage that holds programs which the image is built with, and which are not to become part of it. */
export function toolsStage(
  source: PythonSource,
  image: string,
  tools: readonly string[],
  mounts: readonly string[],
): Paragraph[] {
  const from = source === 'system' ? ['FROM python AS tools'] : [`${FROM_BASE} AS tools`, 'USER root'];
  const own = source === 'uv' ? aptInstall(pythonPackages(image)) : [];
  const commands = [`python3 -m venv ${TOOLS_FOLDER}`, `${TOOLS_FOLDER}/bin/pip install ${tools.join(' ')}`];
  return [
    {
      why: [`${toolName(tools)} is needed to build the image, and stays out of it.`],
      lines: [...from, ...own, ...runInstruction(mounts, ...commands)],
    },
  ];
}

function toolName(tools: readonly string[]): string {
  const name = tools.find((tool) => !tool.startsWith('uv==')) ?? 'uv';
  return name === 'uv' ? name : `${name.charAt(0).toUpperCase()}${name.slice(1).replace(/==.*/, '')}`;
}

/** The environment that pip installs into. */
export function pipEnvironment(source: PythonSource, python: string, secrets: readonly string[]): Paragraph {
  if (source === 'uv') {
    return {
      why: [`Python ${python} with pip, in an environment of its own: the base's system has another version.`],
      lines: [
        'ENV UV_PYTHON_INSTALL_DIR=/opt/python',
        ...runInstruction(
          [toolsMount(), UV_CACHE, ...secrets],
          `${TOOLS_FOLDER}/bin/uv venv --seed --python ${python} ${VENV}`,
        ),
        environmentPath(),
      ],
    };
  }
  return {
    why: [
      'An environment of its own, since distributions guard their Python against pip (PEP 668); it sees what the base',
      'brings.',
    ],
    lines: [`RUN python3 -m venv --system-site-packages ${VENV}`, environmentPath()],
  };
}

/** Programs of the tools stage, for one RUN. */
export const toolsMount = () => `type=bind,from=tools,source=${TOOLS_FOLDER},target=${TOOLS_FOLDER}`;

export const PIP_CACHE = 'type=cache,target=/root/.cache/pip';
export const UV_CACHE = 'type=cache,target=/root/.cache/uv';

export const environmentPath = () => `ENV PATH=${VENV}/bin:\${PATH}`;
