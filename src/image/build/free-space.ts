import { type EngineAddress, EngineError, engineCall } from '../../engine/http.ts';
import { freeBytesAt } from '../../free-bytes.ts';
import { isRecord, textAt } from '../../json.ts';
import type { Builder } from './builder.ts';
import type { BuildEdges } from './types.ts';
import { storesInContainerd } from './versions.ts';

/** Where containerd keeps images for an engine that uses its store. */
const CONTAINERD_ROOT = '/var/lib/containerd';

export interface SpaceEdges extends Pick<BuildEdges, 'programs' | 'env' | 'signal'> {
  /** Where the engine listens; undefined where there is none. */
  readonly engine: EngineAddress | undefined;
}

/**
 * Bytes that the builder may still write where it stores images. Undefined where that cannot be known from here: it
 * builds on another machine, in a machine of its own (Docker Desktop), or does not tell.
 */
export async function freeSpace(
  { kind, driver }: Pick<Builder, 'kind' | 'driver'>,
  { programs, env, engine, signal }: SpaceEdges,
): Promise<number | undefined> {
  if (kind === 'podman') {
    const { exitCode, stdout } = await programs.run('docker', ['info', '--format', '{{.Store.GraphRoot}}'], { env });
    return exitCode === 0 ? freeBytesAt(stdout.trim()) : undefined;
  }
  // A builder in a container has its files in one of the engine's volumes.
  const inEngine = driver === 'docker' || driver === 'docker-container';
  return inEngine && engine !== undefined ? engineSpace(engine, signal) : undefined;
}

/** The least of the folders that the engine stores images in. */
async function engineSpace(address: EngineAddress, signal: AbortSignal): Promise<number | undefined> {
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
  const inContainerd = storesInContainerd(JSON.stringify((isRecord(info) ? info['DriverStatus'] : undefined) ?? ''));
  const free = await Promise.all([root, ...(inContainerd ? [CONTAINERD_ROOT] : [])].map(freeBytesAt));
  if (free[0] === undefined) return undefined;
  return Math.min(...free.filter((bytes) => bytes !== undefined));
}
