import type { Fault } from '../faults.ts';
import type { Builder } from './build/builder.ts';
import { judgeDisk } from './build/disk.ts';
import { freeSpace, type SpaceEdges } from './build/free-space.ts';
import type { RegistryClient } from './registry/client.ts';
import { RegistryError } from './registry/errors.ts';
import { resolve } from './registry/existing.ts';
import { referenceOf } from './registry/reference.ts';
import type { BuildSource } from './source.ts';

export interface SpaceOptions extends SpaceEdges {
  readonly client: RegistryClient;
  readonly platform: string | undefined;
}

/** What is wrong where the builder's disk cannot take the base image and the context; undefined where it can, or nobody knows. */
export async function lackOfSpace(
  source: Pick<BuildSource, 'base' | 'context'>,
  builder: Builder,
  options: SpaceOptions,
): Promise<Fault | undefined> {
  const freeBytes = await freeSpace(builder, options);
  if (freeBytes === undefined) return undefined;
  return judgeDisk({ freeBytes, baseBytes: await baseBytes(source.base, options), contextBytes: source.context.bytes });
}

/** The base's compressed layers; 0 where the engine holds it already. */
async function baseBytes(
  { image, source }: BuildSource['base'],
  { client, platform = 'linux/amd64' }: SpaceOptions,
): Promise<number | undefined> {
  if (source !== 'registry') return source === 'engine' ? 0 : undefined;
  try {
    return (await resolve(client, referenceOf(image), platform, { attempts: 1 }))?.size;
  } catch (error) {
    // The build itself will tell what is wrong with the registry.
    if (error instanceof RegistryError) return undefined;
    throw error;
  }
}
