import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { faultText } from '../../../../src/faults.ts';
import type { FileView } from '../../../../src/inputs/files.ts';
import { workspaceView } from '../../../../src/inputs/files.ts';
import { type RequirementsRead, readRequirements } from '../../../../src/plan/image/requirements/read.ts';
import type { RequirementSources } from '../../../../src/plan/image/requirements/types.ts';
import { repository } from '../../code/repository.ts';

const FIXTURES = resolve(import.meta.dirname, 'fixtures');

/** The rows of a fixture that holds one JSON value a line. */
export function rows(name: string): unknown[] {
  const text = readFileSync(resolve(FIXTURES, name), 'utf8');
  return text.split('\n').flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)]));
}

/** The files of a fixture's folder. */
export const fixture = (folder: string): FileView => workspaceView(resolve(FIXTURES, folder));

export type Files = Readonly<Record<string, string>>;

export function read(files: Files, sources: Partial<RequirementSources> = {}): RequirementsRead {
  return readRequirements(repository(files), { folder: '', ...sources });
}

/** `torch==2.8.0+cu128 (cu128)`: each package with what is known of it, in order. */
export function packages(files: Files, sources: Partial<RequirementSources> = {}): string[] {
  return [...(read(files, sources).requirements?.packages.values() ?? [])].map((one) => {
    const extras = one.extras.length === 0 ? '' : `[${one.extras.join()}]`;
    const more = [one.variant, one.nightly ? 'nightly' : undefined, one.url].filter((part) => part !== undefined);
    return `${one.name}${extras}${one.specifier}${more.length === 0 ? '' : ` (${more.join(', ')})`}`;
  });
}

/** Every fault, then every warning, as it is told. */
export function told(files: Files, sources: Partial<RequirementSources> = {}): string[] {
  const { faults, warnings } = read(files, sources);
  return [
    ...faults.map((fault) => `error: ${faultText(fault)}`),
    ...warnings.map((fault) => `warning: ${faultText(fault)}`),
  ];
}

/** `rule file:line` of every finding. */
export function rules(files: Files, sources: Partial<RequirementSources> = {}): string[] {
  const { faults, warnings } = read(files, sources);
  const short = ({ rule, place }: (typeof faults)[number]) => `${rule} ${place?.file}:${place?.line ?? ''}`;
  return [...faults.map((fault) => `error ${short(fault)}`), ...warnings.map((fault) => `warning ${short(fault)}`)];
}

/** Lines as one text. */
export function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
