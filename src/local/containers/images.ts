import { messageOf } from '../../faults.ts';
import type { CustomJobSpec } from '../../vertex/types.ts';
import { ImageError } from './failure.ts';
import { imageName, isImageId } from './image-name.ts';
import { registryAuthFrom } from './registry-auth.ts';
import type { Runtime } from './runtime.ts';

function notFound(image: string, cause: unknown): ImageError {
  const reason = cause === undefined ? 'the engine has no image of that id' : messageOf(cause);
  const message = `Failed to read the container uri [${image}]. Please make sure that the image exists: ${reason}`;
  return new ImageError(message, { cause });
}

async function ensureImage(
  runtime: Runtime,
  image: string,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  if (await runtime.engine.hasImage(image, signal)) return;
  if (isImageId(image)) throw notFound(image, undefined);
  say(`Pulling image ${image}.`);
  const auth = await registryAuthFrom(runtime.dockerConfig, imageName(image).registry);
  try {
    await runtime.engine.pull(image, auth, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw notFound(image, error);
  }
}

/** Sees to it that the engine has every image of the job. Throws `ImageError` where it cannot. */
export async function ensureImages(
  runtime: Runtime,
  spec: CustomJobSpec,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const images = new Set(spec.workerPoolSpecs.flatMap((pool) => pool.containerSpec?.imageUri ?? []));
  for (const image of images) await ensureImage(runtime, image, signal, say);
}
