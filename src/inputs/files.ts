import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { type Fault, shown } from '../faults.ts';
import type { Inputs } from './inputs.ts';

/** Whether a path given by the user stays inside the workspace. */
export function isInside(workspace: string, path: string): boolean {
  const way = relative(workspace, resolve(workspace, path));
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The parts of the repository that decisions rest on, already read. */
export interface RepositoryFiles {
  /** Text of the Dockerfile; undefined where there is none. */
  readonly dockerfile: string | undefined;
  /** Whether there is one that cannot be read: a fault says so, and nothing takes its place. */
  readonly dockerfileRefused?: boolean | undefined;
  /** The config, read from its file or given inline; undefined where none is given. */
  readonly config: ConfigText | undefined;
  /** Looks at the other files of the workspace. */
  readonly view: FileView;
}

/** A config with the name to tell its places by: its path, or the input. */
export interface ConfigText {
  readonly file: string;
  readonly text: string;
}

/** Files of the workspace by their path from its root, with `/` between folders. */
export interface FileView {
  /** Undefined for what is missing, no file, not text, or too large to be looked at. */
  text(path: string): string | undefined;
  exists(path: string): boolean;
  /** Names of the files directly in a folder. */
  list(folder: string): readonly string[];
}

export interface FilesRead {
  readonly files: RepositoryFiles;
  readonly faults: readonly Fault[];
}

/** Reads what the plan needs of the checked-out repository. */
export function readFiles(
  workspace: string,
  inputs: Pick<Inputs, 'context' | 'dockerfile' | 'config'> & {
    readonly build: Pick<Inputs['build'], 'dockerfileGiven'>;
  },
): FilesRead {
  const faults: Fault[] = [];
  const { context, dockerfile, build } = inputs;
  const outside = [
    ...(isInside(workspace, context) ? [] : [outsideFault('context', context)]),
    ...(isInside(workspace, dockerfile) || !build.dockerfileGiven ? [] : [outsideFault('dockerfile', dockerfile)]),
  ];
  const view = workspaceView(workspace);
  const config = readConfigText(workspace, inputs.config, view, faults);
  if (outside.length > 0) {
    return { files: { dockerfile: undefined, dockerfileRefused: true, config, view }, faults: [...outside, ...faults] };
  }
  if (!statSync(resolve(workspace, context), { throwIfNoEntry: false })?.isDirectory()) {
    const message = `there is no folder ${shown(context)} in the workspace. Name one, and check the repository out before this step.`;
    faults.push({ rule: 'context-missing', input: 'context', message });
  }
  const path = relativePath(workspace, dockerfile);
  const text = view.text(path);
  const refusal = text === undefined ? unreadable(workspace, dockerfile) : undefined;
  if (refusal === undefined) return { files: { dockerfile: text, config, view }, faults };
  return { files: { dockerfile: undefined, dockerfileRefused: true, config, view }, faults: [...faults, refusal] };
}

/** Why a Dockerfile that is there cannot be read as one; undefined where there is none. */
function unreadable(workspace: string, dockerfile: string): Fault | undefined {
  const path = resolve(workspace, dockerfile);
  if (!isThere(path)) return undefined;
  const real = realPath(path);
  const inside = real !== undefined && isInside(realpathSync(workspace), real);
  const message = `${shown(dockerfile)} ${inside ? whyUnreadable(real) : 'is a link that leads nowhere, or out of the workspace'}. Make it a text file in UTF-8 of at most 2 MiB.`;
  return { rule: 'dockerfile-unreadable', input: 'dockerfile', message };
}

/** Whether there is anything of the name, a link that leads nowhere included. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A file stands where a folder would have to.
    return false;
  }
}

function whyUnreadable(path: string): string {
  const stat = statSync(path);
  if (!stat.isFile()) return 'is no file';
  return stat.size > MOST_BYTES ? `has ${stat.size} bytes` : 'is no text: it holds a zero byte, as UTF-16 has them';
}

function outsideFault(input: string, path: string): Fault {
  return { rule: 'path-inside', input, message: `${shown(path)} is outside the workspace. Name a path within it.` };
}

const relativePath = (workspace: string, path: string) =>
  relative(workspace, resolve(workspace, path)).split(sep).join('/');

/** One line without a colon and a blank behind it is a path; YAML of a job is never that. */
function readConfigText(
  workspace: string,
  config: string | undefined,
  view: FileView,
  faults: Fault[],
): ConfigText | undefined {
  if (config === undefined) return undefined;
  const path = config.trim();
  if (/[\r\n]|:\s|:$|^[{[]/.test(path)) return { file: 'config', text: config };
  const fault = (rule: string, message: string) => {
    faults.push({ rule, input: 'config', message });
    return undefined;
  };
  if (!isInside(workspace, path))
    return fault('path-inside', `${shown(path)} is outside the workspace. Name a path within it.`);
  const file = relativePath(workspace, path);
  const text = view.text(file);
  if (text !== undefined) return { file, text };
  return fault(
    'config-missing',
    `there is no text file ${shown(path)} in the workspace. Name one, or give the YAML itself.`,
  );
}

/** Larger files are data, not code. */
const MOST_BYTES = 2 * 1024 * 1024;
/** A lock file lists every wheel of every package. */
const MOST_LOCK_BYTES = 16 * 1024 * 1024;
const mostBytes = (path: string) =>
  /(?:\.lock|[.-]lock\.json|lock\.ya?ml)$/.test(path) ? MOST_LOCK_BYTES : MOST_BYTES;

/** The files of a folder and below; links that lead out of it are as if they were missing. */
export function workspaceView(workspace: string): FileView {
  const root = realpathSync(workspace);
  const texts = new Map<string, string | undefined>();
  const read = (path: string) => {
    const real = realPath(resolve(root, path));
    if (real === undefined || !isInside(root, real)) return undefined;
    const stat = statSync(real);
    if (!stat.isFile() || stat.size > mostBytes(path)) return undefined;
    const text = readFileSync(real, 'utf8');
    return text.includes('\0') ? undefined : text;
  };
  return {
    text: (path) => {
      if (!texts.has(path)) texts.set(path, read(path));
      return texts.get(path);
    },
    exists: (path) => {
      const real = realPath(resolve(root, path));
      return real !== undefined && isInside(root, real);
    },
    list: (folder) => {
      const real = realPath(resolve(root, folder));
      if (real === undefined || !isInside(root, real) || !statSync(real).isDirectory()) return [];
      return readdirSync(real, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [] : [entry.name]));
    },
  };
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
