import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { messageOf, shown, UserError } from '../../faults.ts';
import { hashContents } from './contents.ts';
import { digestOf } from './digest.ts';
import type { Entry } from './entry.ts';
import { cleaned, gitEntry } from './git.ts';
import { readIgnoreFile } from './ignore-file.ts';
import { ignoreText } from './ignore-text.ts';
import { neverSent } from './never-sent.ts';
import { stageContext } from './stage.ts';
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
  /** The folder to name as the context: the user's own, or a copy where .git is sent. */
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
  /** Removes the copies. */
  remove(): Promise<void>;
}

/**
 * Reads the context once and prepares it for the build. Throws InputError for faults in the ignore file, UserError for
 * what cannot be read.
 */
export async function openContext(options: ContextOptions): Promise<BuildContext> {
  const own = await mkdtemp(join(await realpath(options.tempFolder), 'build-'));
  const remove = () => rm(own, { recursive: true, force: true });
  try {
    return { ...(await prepare(options, own)), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function prepare(options: ContextOptions, own: string): Promise<Omit<BuildContext, 'remove'>> {
  const { dockerfile, signal } = options;
  const root = await contextFolder(options);
  const ignore = await findIgnoreFile(options, root);
  const rules = readIgnoreFile(ignore.bytes, ignore.name);
  const never = await neverSent(root, [...options.neverSent, options.tempFolder, own]);
  const walked = await walkContext({ root, rules, neverSent: never, signal });
  const entries = walked.entries.map((entry) =>
    entry.inGit && gitEntry(entry.path.text, entry.kind) === 'without credentials' ? cleaned(root, entry) : entry,
  );
  const files = entries.filter(({ kind }) => kind === 'file');
  const digest = digestOf(entries, await hashContents(root, files, signal));
  const copy = join(own, safeName(dockerfile.path));
  await writeFile(copy, dockerfile.text);
  const staged = walked.sendsGit;
  const folder = staged ? join(own, 'context') : root;
  if (staged) await stageContext(root, entries, folder);
  // What is staged is sent whole; an empty ignore file might be taken for none.
  const lines = staged ? '# The folder holds only what is sent.\n' : ignoreText(ignore.bytes, walked.withheld);
  await writeFile(`${copy}.dockerignore`, lines);
  return {
    folder,
    dockerfile: copy,
    ignoreFile: `${copy}.dockerignore`,
    digest,
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    largest: largestOf(files),
    withheld: walked.withheld.map(({ text }) => text.toWellFormed()),
  };
}

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
  return /^[\w.-]{1,100}$/.test(name) && name !== 'context' && !/^\.+$/.test(name) ? name : 'Dockerfile';
}

async function contextFolder({ workspace, context }: ContextOptions): Promise<string> {
  try {
    const [root, inside] = [await realpath(resolve(workspace, context)), await realpath(workspace)];
    if (root === inside || root.startsWith(`${inside}${sep}`)) return root;
    throw new UserError(`leads to ${root}, which is outside the workspace`);
  } catch (cause) {
    throw new UserError(
      `The context ${shown(context)} cannot be used: ${messageOf(cause)}. Name a folder of the workspace.`,
      { cause },
    );
  }
}

interface IgnoreFile {
  /** Path from the workspace, for messages. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** `<Dockerfile>.dockerignore` beside the Dockerfile, else `.dockerignore` of the context; empty where there is none. */
async function findIgnoreFile({ workspace, dockerfile }: ContextOptions, root: string): Promise<IgnoreFile> {
  const beside = dockerfile.path === undefined ? [] : [`${resolve(workspace, dockerfile.path)}.dockerignore`];
  for (const path of [...beside, join(root, '.dockerignore')]) {
    const name = relative(workspace, path);
    try {
      return { name, bytes: await readFile(path) };
    } catch (cause) {
      if (!isMissing(cause)) throw new UserError(`${name} cannot be read: ${messageOf(cause)}.`, { cause });
    }
  }
  return { name: '.dockerignore', bytes: Buffer.alloc(0) };
}

const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT';
