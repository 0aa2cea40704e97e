import { faultText } from '../../../../src/faults.ts';
import type { Installer, Requirement, Requirements } from '../../../../src/plan/image/requirements/types.ts';
import { type WrittenRequest, writeDockerfile } from '../../../../src/plan/image/written/write.ts';
import { repository } from '../../code/repository.ts';

export const CPU = { image: 'python:3.12-slim', bringsPython: true };
export const GPU = { image: 'nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04', bringsPython: false };

export type Files = Readonly<Record<string, string>>;
export type Asked = Partial<Omit<WrittenRequest, 'files'>>;

/** Requirements of these files; a package's text is its URL, or empty. */
export function requirements(
  installer: Installer,
  files: readonly string[],
  packages: Readonly<Record<string, string>> = {},
  more: Partial<Requirements> = {},
): Requirements {
  const [file = ''] = files;
  const named = Object.entries(packages).map(([name, url]): [string, Requirement] => [
    name,
    {
      name,
      extras: [],
      specifier: '',
      version: undefined,
      url: url === '' ? undefined : url,
      nightly: false,
      place: { file, line: 1 },
    },
  ]);
  return { installer, files, packages: new Map(named), python: undefined, indexes: [], locked: false, ...more };
}

/** A request for a repository of these files: a custom job on CPUs, whose packages stand in requirements.txt. */
export function request(files: Files, asked: Asked = {}): WrittenRequest {
  return {
    files: repository(files),
    context: '.',
    command: [],
    requirements: Object.hasOwn(files, 'requirements.txt') ? requirements('pip', ['requirements.txt']) : undefined,
    base: CPU,
    python: '3.12',
    tuning: false,
    secrets: [],
    gpu: asked.base === GPU,
    ...asked,
  };
}

/** The text that is written; what is wrong, where nothing is. */
export function textOf(files: Files, asked: Asked = {}): string {
  const { dockerfile, errors } = writeDockerfile(request(files, asked));
  return dockerfile?.text ?? errors.map((fault) => `error: ${faultText(fault)}`).join('\n');
}

/** The lines of the text that begin with one of these instructions. */
export function linesOf(text: string, ...keywords: readonly string[]): string[] {
  return text.split('\n').filter((line) => keywords.includes(line.split(' ', 1)[0] ?? ''));
}

/** How the program is started, or what is wrong. */
export function startOf(files: Files, asked: Asked = {}): string[] {
  const text = textOf({ 'requirements.txt': '', ...files }, asked);
  if (text.startsWith('error: ')) return text.split('\n');
  return text.split('\n').filter((line) => /^(?:ENTRYPOINT|ENV PYTHONPATH)/.test(line));
}
