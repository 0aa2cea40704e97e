import { isLoopback } from '../google/endpoints.ts';

/** Docker Hub's name in references; an image without a host is one of its. */
export const DOCKER_HUB = 'docker.io';
/** The key under which Docker keeps a login at Docker Hub. */
const DOCKER_HUB_KEY = 'https://index.docker.io/v1/';

/** The registry that an image's name means, with its port: the first part counts as a host only if it looks like one. */
export function registryOf(repository: string): string {
  const [first = '', ...rest] = repository.split('/');
  const isHost = rest.length > 0 && (first.includes('.') || first.includes(':') || first === 'localhost');
  return isHost ? first : DOCKER_HUB;
}

/** The key of a registry in Docker's configuration file. */
export const configKey = (registry: string) => (registry === DOCKER_HUB ? DOCKER_HUB_KEY : registry);

/**
 * Whether a Google access token may be sent to a registry as its password: to Google's own, and to one on this machine
 * only when Vertex AI is on this machine too.
 */
export function takesGoogleToken(registry: string, vertexOnLoopback: boolean): boolean {
  const host = registry.toLowerCase();
  if (host.endsWith('.pkg.dev') || host === 'gcr.io' || host.endsWith('.gcr.io')) return true;
  return vertexOnLoopback && isLoopback(host.replace(/:\d+$/, ''));
}
