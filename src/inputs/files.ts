import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { type Fault, shown } from '../faults.ts';
import type { Inputs } from './inputs.ts';

/** Whether a path given by the user stays inside the workspace. */
export function isInside(workspace: string, path: string): boolean {
  const way = relative(workspace, resolve(workspace, path));
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}

/** The parts of the repository that decisions rest on, already read. */
export interface RepositoryFiles {
  /** Text of the Dockerfile; undefined where there is none. */
  readonly dockerfile: string | undefined;
}

export interface FilesRead {
  readonly files: RepositoryFiles;
  readonly faults: readonly Fault[];
}

/** Reads what the plan needs of the checked-out repository. */
export function readFiles(
  workspace: string,
  { context, dockerfile }: Pick<Inputs, 'context' | 'dockerfile'>,
): FilesRead {
  const faults: Fault[] = [];
  for (const [input, path] of [
    ['context', context],
    ['dockerfile', dockerfile],
  ] as const) {
    if (isInside(workspace, path)) continue;
    faults.push({
      rule: 'path-inside',
      input,
      message: `${shown(path)} is outside the workspace. Name a path within it.`,
    });
  }
  if (faults.length > 0) return { files: { dockerfile: '' }, faults };
  if (!statSync(resolve(workspace, context), { throwIfNoEntry: false })?.isDirectory()) {
    const message = `there is no folder ${shown(context)} in the workspace. Name one, and check the repository out before this step.`;
    faults.push({ rule: 'context-missing', input: 'context', message });
  }
  return { files: { dockerfile: textOf(resolve(workspace, dockerfile)) }, faults };
}

function textOf(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'utf8') : undefined;
}
