import { messageOf } from '../../faults.ts';
import type { CustomJobSpec } from '../../vertex/types.ts';
import { imageName, isImageId } from './engine/image-name.ts';
import { registryAuthFrom } from './engine/registry-auth.ts';
import { ImageError } from './failure.ts';
import { containerOf } from './replica/python-package.ts';
import type { Runtime } from './runtime.ts';

interface Wanted {
  readonly uri: string;
  /** It runs a Python package. */
  readonly isExecutor: boolean;
}

/** In the real service's words; what mends it is ours to say. */
function notFound(image: Wanted, cause: unknown): ImageError {
  const reason = cause === undefined ? 'the engine has no image of that id' : messageOf(cause);
  const message = `Failed to read the container uri [${image.uri}]. Please make sure that the image exists: ${reason}`;
  return new ImageError(image.isExecutor ? `${message}\n${executorNote(image.uri)}` : message, { cause });
}

function executorNote(uri: string): string {
  return (
    'A Python package runs in the image that its executorImageUri names, and this engine has not got that one. Where ' +
    `its registry can be reached, bring it here: docker pull ${uri}`
  );
}

async function ensureImage(
  runtime: Runtime,
  image: Wanted,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const { uri } = image;
  if (await runtime.engine.hasImage(uri, signal)) return;
  if (isImageId(uri)) throw notFound(image, undefined);
  say(`Pulling image ${uri}.`);
  const auth = await registryAuthFrom(runtime.dockerConfig, imageName(uri).registry);
  try {
    await runtime.engine.pull(uri, auth, signal);
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
  const images = new Map<string, Wanted>();
  for (const pool of spec.workerPoolSpecs) {
    const uri = containerOf(pool)?.imageUri;
    if (uri !== undefined) images.set(uri, { uri, isExecutor: pool.pythonPackageSpec !== undefined });
  }
  for (const image of images.values()) await ensureImage(runtime, image, signal, say);
}
