import { mkdtemp, readFile, realpath, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { messageOf, shown, UserError } from '../../faults.ts';
import { firstChange } from './changes.ts';
import { hashContents } from './contents.ts';
import { digestOf } from './digest.ts';
import type { Entry } from './entry.ts';
import { hasUnknownFrontend } from './frontend.ts';
import { withoutGitLogins } from './git.ts';
import { readIgnoreFile } from './ignore-file.ts';
import { findIgnoreFile, mustBeInside } from './ignore-source.ts';
import { ignoreText } from './ignore-text.ts';
import { neverSent } from './never-sent.ts';
import { rawOf } from './paths.ts';
import { removeFolder, stageContext } from './stage.ts';
import { walkContext } from './walk.ts';

export { credentialFiles } from './never-sent.ts';

export interface ContextOptions {
  /** Absolute. */
  readonly workspace: string;
  /** Path from the workspace. */
  readonly context: string;
  readonly dockerfile: {
    /** Path from the workspace; undefined where the text is of our own making. */
    readonly path: string | undefined;
    readonly text: string;
  };
  /** Absolute paths of files and folders that are not sent, whatever the ignore file says. */
  readonly neverSent: readonly string[];
  /** A folder `build-…` is made in it. It is not sent either, nor what lies in it. */
  readonly tempFolder: string;
  readonly signal: AbortSignal;
}

/** What the builder is given, with what it will be sent of it. */
export interface BuildContext {
  /** The folder to name as the context: the user's own, or a copy of hard links and cleaned files. */
  readonly folder: string;
  /** The Dockerfile to name: a copy, with NAME.dockerignore beside it. */
  readonly dockerfile: string;
  /** That ignore file, for builders that want it named. */
  readonly ignoreFile: string;
  /** SHA-256 over everything sent, in hex. */
  readonly digest: string;
  readonly files: number;
  readonly bytes: number;
  /** The largest files, the largest first. */
  readonly largest: readonly { readonly path: string; readonly bytes: number }[];
  /** What our own rules kept out and the ignore file would have let through. */
  readonly withheld: readonly string[];
  /**
   * Looks again, after the build: the path of something that is no longer what was hashed, if there is any. What was
   * built then has another content than the digest says.
   */
  changed(): Promise<string | undefined>;
  /**
   * Makes a copy that holds what is sent and nothing else, if `folder` is not one already, and gives it: for builders
   * that do not go by Docker's present ignore rules, such as docker clients of before version 23, podman, and frontends
   * that the build argument BUILDKIT_SYNTAX names.
   */
  stage(): Promise<string>;
  /** Removes the copies. */
  remove(): Promise<void>;
}

/**
 * Reads the context once and prepares it for the build. Throws InputError for faults in the ignore file, UserError for
 * what cannot be read.
 */
export async function openContext(options: ContextOptions): Promise<BuildContext> {
  const own = await mkdtemp(join(await realpath(options.tempFolder), 'build-'));
  const remove = () => removeFolder(own);
  try {
    return { ...(await prepare(options, own)), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function prepare(options: ContextOptions, own: string): Promise<Omit<BuildContext, 'remove'>> {
  const { workspace, context, dockerfile, signal } = options;
  const root = await contextFolder(options);
  const ignore = await findIgnoreFile(workspace, context, dockerfile.path);
  const rules = readIgnoreFile(ignore.bytes, ignore.name);
  const never = await neverSent(root, [...options.neverSent, options.tempFolder, own]);
  const walk = { root, rules, neverSent: never, signal };
  const walked = await walkContext(walk);
  const entries = walked.entries.map((entry) => withoutGitLogins(root, entry));
  const files = entries.filter(({ kind }) => kind === 'file');
  const digest = digestOf(entries, await hashContents(root, files, signal));
  const copy = join(own, safeName(dockerfile.path));
  // As it is, whatever its bytes: the text is what could be made of them.
  await writeFile(copy, await dockerfileBytes(workspace, dockerfile));
  const ignoreFile = `${copy}.dockerignore`;
  await writeFile(ignoreFile, ignoreText(ignore.bytes, walked.withheld));
  const stage = once(async () => {
    await stageContext(root, entries, join(own, STAGED), signal);
    await writeFile(ignoreFile, NOTHING_IGNORED);
    return join(own, STAGED);
  });
  return {
    folder: walked.sendsGit || hasUnknownFrontend(dockerfile.text) ? await stage() : root,
    dockerfile: copy,
    ignoreFile,
    digest,
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    largest: largestOf(files),
    withheld: walked.withheld
      .filter(({ path, ignored }) => !ignored && path.raw !== rawOf(relative(root, own)))
      .map(({ path }) => path.text.toWellFormed()),
    stage,
    changed: async () => (await firstChange(walk, walked.entries))?.text.toWellFormed(),
  };
}

/** The file's own bytes, where they still say what was planned by; else the text. */
async function dockerfileBytes(workspace: string, { path, text }: ContextOptions['dockerfile']) {
  if (path === undefined) return text;
  const bytes = await readFile(resolve(workspace, path)).catch(() => undefined);
  return bytes?.toString('utf8') === text ? bytes : text;
}

function once<T>(action: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= action();
    return result;
  };
}

/** Name of the copy's folder beside the Dockerfile. */
const STAGED = 'context';

/** An empty file might be taken for none. */
const NOTHING_IGNORED = '# The folder holds what is sent, and nothing else.\n';

/** As many as fit on a line of a log. */
const LARGEST = 5;

function largestOf(files: readonly Entry[]): BuildContext['largest'] {
  return files
    .toSorted((one, other) => other.size - one.size)
    .slice(0, LARGEST)
    .map(({ path, size }) => ({ path: path.text.toWellFormed(), bytes: size }));
}

/** The builder's messages name the Dockerfile by this name. */
function safeName(path: string | undefined): string {
  const name = basename(path ?? 'Dockerfile');
  return /^\w[\w.-]{0,99}$/.test(name) && name !== STAGED ? name : 'Dockerfile';
}

async function contextFolder({ workspace, context }: ContextOptions): Promise<string> {
  try {
    return await mustBeInside(workspace, resolve(workspace, context));
  } catch (cause) {
    const message = `The context ${shown(context)} cannot be used: ${messageOf(cause)}. Name a folder of the workspace.`;
    throw new UserError(message, { cause });
  }
}
