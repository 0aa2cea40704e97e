import { registryClient } from './client.ts';
import { RegistryError } from './errors.ts';
import { type AccessFinding, finding } from './findings.ts';
import { DOCKER_HUB, isGoogleRegistry, isLocalRegistry, referenceOf } from './reference.ts';
import type { RegistryOptions } from './transport.ts';

/**
 * Whether anybody may pull an image that was pushed, as Vertex AI has to where it has no login: everywhere but at
 * Artifact Registry. An error at Docker Hub, which it is documented to pull from; elsewhere a warning. Undefined where
 * all is well, or there is nothing to ask.
 */
export async function checkPublicPull(
  image: string,
  options: Omit<RegistryOptions, 'credentials'>,
): Promise<AccessFinding | undefined> {
  const reference = referenceOf(image);
  const { registry } = reference;
  if (isGoogleRegistry(registry) || isLocalRegistry(registry)) return undefined;
  const nobody = registryClient({ ...options, credentials: async () => undefined });
  try {
    if ((await nobody.headManifest(reference)) !== undefined) return undefined;
    return refused(image, registry, 'it is not there');
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    if (error.status === 401 || error.status === 403) return refused(image, registry, error.reason);
    const message = `could not be checked: whether ${registry} lets everybody pull ${image} (${error.reason}).`;
    return finding('note', 'image-pull', message);
  }
}

function refused(image: string, registry: string, reason: string): AccessFinding {
  const message = `${registry} refuses to let everybody pull ${image} (${reason}), and Vertex AI has no login for it. Make the repository public, or push to Artifact Registry: LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE.`;
  return finding(registry === DOCKER_HUB ? 'error' : 'warning', 'image-pull', message);
}
