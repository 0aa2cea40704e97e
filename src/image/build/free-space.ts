import { statfs } from 'node:fs/promises';
import { type EngineAddress, EngineError, engineCall } from '../../engine/http.ts';
import { isRecord, textAt } from '../../json.ts';

/** Where containerd keeps images for an engine that uses its store. */
const CONTAINERD_ROOT = '/var/lib/containerd';

/**
 * Bytes that this machine's engine may still write where it stores images: the least of its folders. Undefined where that
 * cannot be known from here: an engine elsewhere or in a machine of its own (Docker Desktop), or none.
 */
export async function freeSpace(address: EngineAddress, signal?: AbortSignal): Promise<number | undefined> {
  // A port may lead to another machine.
  if (!('socketPath' in address)) return undefined;
  let info: unknown;
  try {
    info = await engineCall(address, { method: 'GET', path: '/info', signal });
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
  const root = textAt(info, 'DockerRootDir');
  if (root === undefined) return undefined;
  const inContainerd = JSON.stringify(isRecord(info) ? info['DriverStatus'] : '').includes('io.containerd.');
  const free = await Promise.all([root, ...(inContainerd ? [CONTAINERD_ROOT] : [])].map(freeAt));
  if (free[0] === undefined) return undefined;
  return Math.min(...free.filter((bytes) => bytes !== undefined));
}

async function freeAt(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    // Not a folder of this machine: nothing is known.
    return undefined;
  }
}
