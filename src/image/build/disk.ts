import { bytesText } from '../../bytes.ts';
import type { Fault } from '../../faults.ts';

/** What frees space where builds usually run. */
export const DISK_MEND =
  "Free space on the engine's disk before this step: docker system prune --all, remove a hosted runner's preinstalled toolchains (/usr/share/dotnet, /usr/local/lib/android, /opt/ghc, /opt/hostedtoolcache), or use a runner with a larger disk.";

export interface DiskNeeds {
  /** Bytes that the engine may still write where it stores images. */
  readonly freeBytes: number;
  /** The base image's compressed layers together, as its manifest tells them; 0 where the engine holds it. */
  readonly baseBytes: number | undefined;
  /** The context's files together. */
  readonly contextBytes: number;
  /** What is known to be installed by the build, unpacked. */
  readonly packagesBytes?: number | undefined;
}

/** nvidia/cuda's layers and those of slim Python unpack to about twice their compressed size, and more. */
const UNPACKED = 2;
/** The context lies in the builder's copy and in the layer that COPY makes of it. */
const COPIES = 2;

/**
 * Says when the build cannot fit. What it needs is reckoned low, without what RUN is not known to install, so that no
 * build is refused that would have fitted.
 */
export function judgeDisk({ freeBytes, baseBytes = 0, contextBytes, packagesBytes = 0 }: DiskNeeds): Fault | undefined {
  const needed = baseBytes * UNPACKED + contextBytes * COPIES + packagesBytes;
  if (freeBytes >= needed) return undefined;
  const parts = [
    ...(baseBytes > 0 ? [`the base image ${bytesText(baseBytes * UNPACKED)} unpacked`] : []),
    ...(contextBytes > 0 ? [`the context ${bytesText(contextBytes * COPIES)} in its two copies`] : []),
    ...(packagesBytes > 0 ? [`packages ${bytesText(packagesBytes)}`] : []),
  ];
  const message = `the disk where images are built has ${bytesText(freeBytes)} free, and this build needs at least ${bytesText(needed)} (${parts.join(', ')}). ${DISK_MEND}`;
  return { rule: 'disk-space', message };
}
