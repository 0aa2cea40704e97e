import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { messageOf, UserError } from '../../faults.ts';
import { lockFolder } from './lock.ts';

/**
 * The folder of a service that listens at a port, for whoever names none: the same at the next start, so that it finds its
 * jobs. In XDG's folder for state, whose variable counts only with an absolute path (XDG Base Directory Specification).
 */
export function stateFolder(port: number, env: Readonly<Record<string, string | undefined>>, home: string): string {
  const { XDG_STATE_HOME: given = '' } = env;
  const state = isAbsolute(given) ? given : join(home, '.local', 'state');
  return join(state, 'train-on-vertex', `local-${port}`);
}

/** The folder that a service works in, as long as it does. */
export interface DataFolder {
  /** Absolute: the engine takes no others. */
  readonly path: string;
  /** Whether a later process of the service finds it again. */
  readonly isKept: boolean;
  /** Lets go of it; a folder that is not kept is removed. */
  release(): Promise<void>;
}

/** Opens the folder given, for this process alone, or makes a fresh one. Throws UserError where it cannot be had. */
export async function openDataFolder(given: string | undefined): Promise<DataFolder> {
  if (given === undefined) {
    const path = await mkdtemp(join(tmpdir(), 'train-on-vertex-'));
    return { path, isKept: false, release: () => rm(path, { recursive: true, force: true }) };
  }
  const path = resolve(given);
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const unlock = lockFolder(path);
    return { path, isKept: true, release: async () => unlock() };
  } catch (error) {
    if (error instanceof UserError) throw error;
    const message = `The data folder ${path} cannot be used: ${messageOf(error)}. Name one with --data that can be written to.`;
    throw new UserError(message, { cause: error });
  }
}
