import type { WrittenRequest } from '../request.ts';
import { VENV } from '../request.ts';
import { type Paragraph, runInstruction } from './text.ts';
import { TOOLS_FOLDER } from './tools.ts';

/** Where the image's Python comes from. */
export type PythonSource = 'base' | 'os' | 'uv';

/** The Python that each release calls python3 (packages.ubuntu.com, packages.debian.org), by what image tags call it. */
const OS_PYTHON: readonly (readonly [RegExp, string])[] = [
  [/ubuntu-?24\.04|noble/, '3.12'],
  [/ubuntu-?22\.04|jammy/, '3.10'],
  [/ubuntu-?20\.04|focal/, '3.8'],
  [/(?:debian:|debian-?)13|trixie/, '3.13'],
  [/(?:debian:|debian-?)12|bookworm/, '3.11'],
  [/(?:debian:|debian-?)11|bullseye/, '3.9'],
];

/**
 * The base's own Python; else the operating system's where its version is the wanted one, which needs no download from
 * elsewhere and is patched with the system; else one that uv installs (python-build-standalone).
 */
export function pythonSource({ base, python }: Pick<WrittenRequest, 'base' | 'python'>): PythonSource {
  if (base.bringsPython) return 'base';
  const row = OS_PYTHON.find(([names]) => names.test(base.image.toLowerCase()));
  return row?.[1] === python ? 'os' : 'uv';
}

/** Whether packages of the operating system are installed with apt-get: not on Alpine and the Red Hat family. */
export function hasApt(image: string): boolean {
  return !/alpine|ubi\d|rockylinux|oraclelinux|centos|fedora|amzn|amazonlinux|(?:^|[-:/])(?:cm2|azl3)\b|wolfi|distroless/i.test(
    image,
  );
}

/** apt-get in one layer, without what it leaves behind. */
export function aptInstall(packages: readonly string[]): string[] {
  return runInstruction(
    [],
    'apt-get update',
    `DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ${packages.join(' ')}`,
    'rm -rf /var/lib/apt/lists/*',
  );
}

/** The operating system's Python, with headers where the base is there to compile. */
export function osPython(image: string): readonly string[] {
  return ['ca-certificates', 'python3', 'python3-venv', ...(image.includes('-devel') ? ['python3-dev'] : [])];
}

export const FROM_BASE = `FROM \${BASE_IMAGE}`;

/** A stage that holds programs which the image is built with, and which are not to become part of it. */
export function toolsStage(
  source: PythonSource,
  image: string,
  tools: readonly string[],
  mounts: readonly string[],
): Paragraph {
  const from = source === 'os' ? 'FROM python AS tools' : `${FROM_BASE} AS tools`;
  const own = source === 'uv' ? aptInstall(osPython(image)) : [];
  return {
    why: [`${toolName(tools)} is needed to build the image, and stays out of it.`],
    lines: [
      from,
      ...(source === 'os' ? [] : ['USER root']),
      ...own,
      ...runInstruction(
        mounts,
        `python3 -m venv ${TOOLS_FOLDER}`,
        `${TOOLS_FOLDER}/bin/pip install ${tools.join(' ')}`,
      ),
    ],
  };
}

const toolName = ([first = '']: readonly string[]) => {
  const name = first.replace(/==.*/, '');
  return name === 'uv' ? 'uv' : `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
};

/** The environment that pip installs into. */
export function pipEnvironment(source: PythonSource, python: string): Paragraph {
  if (source === 'uv') {
    return {
      why: [`Python ${python}, which the operating system does not have, in an environment of its own.`],
      lines: [
        'ENV UV_PYTHON_INSTALL_DIR=/opt/python',
        ...runInstruction([toolsMount()], `${TOOLS_FOLDER}/bin/uv venv --seed --python ${python} ${VENV}`),
        environmentPath(),
      ],
    };
  }
  // A base that brings Python may bring packages too, such as a framework.
  const options = source === 'base' ? '--system-site-packages ' : '';
  return {
    why: ['An environment of its own: distributions guard their own Python against pip (PEP 668).'],
    lines: [`RUN python3 -m venv ${options}${VENV}`, environmentPath()],
  };
}

/** Programs of the tools stage, for one RUN. */
export const toolsMount = () => `type=bind,from=tools,source=${TOOLS_FOLDER},target=${TOOLS_FOLDER}`;

export const environmentPath = () => `ENV PATH=${VENV}/bin:\${PATH}`;
