import { readFile, realpath } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { messageOf, UserError } from '../../faults.ts';
import { isRecord } from '../../json.ts';

export interface IgnoreSource {
  /** Path from the workspace, for messages. */
  readonly name: string;
  readonly bytes: Buffer;
}

/**
 * The ignore file that BuildKit would take: `<Dockerfile>.dockerignore` beside the Dockerfile, else `.dockerignore` of
 * the context; without a line where there is none. `dockerfile` is a path from the workspace, if there is a file.
 * Throws UserError where it cannot be read, or is a link that leads out of the workspace.
 */
export async function findIgnoreFile(
  workspace: string,
  context: string,
  dockerfile: string | undefined,
): Promise<IgnoreSource> {
  const beside = dockerfile === undefined ? [] : [`${resolve(workspace, dockerfile)}.dockerignore`];
  for (const path of [...beside, join(resolve(workspace, context), '.dockerignore')]) {
    const name = relative(workspace, path);
    try {
      await mustBeInside(workspace, path);
      return { name, bytes: await readFile(path) };
    } catch (cause) {
      if (!isMissing(cause))
        throw new UserError(
          `${name} cannot be read: ${messageOf(cause)}. Make it a text file of the workspace, or remove it.`,
          { cause },
        );
    }
  }
  return { name: '.dockerignore', bytes: Buffer.alloc(0) };
}

/** Gives where a path leads. */
export async function mustBeInside(workspace: string, path: string): Promise<string> {
  const [inside, real] = await Promise.all([realpath(workspace), realpath(path)]);
  if (real === inside || real.startsWith(`${inside}${sep}`)) return real;
  throw new Error(`it leads to ${real}, which is outside the workspace`);
}

const isMissing = (error: unknown) => isRecord(error) && error['code'] === 'ENOENT';
