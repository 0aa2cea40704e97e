import { DOCKER_INDEX, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST } from '../../../src/image/registry/manifests.ts';
import { type MemoryRegistry, sha256 } from './memory-registry.ts';

export const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json';
const DOCKER_CONFIG = 'application/vnd.docker.container.image.v1+json';

/** The two families of media types. */
export const FAMILIES = [
  { family: 'OCI', manifest: OCI_MANIFEST, index: OCI_INDEX, config: OCI_CONFIG },
  { family: 'Docker', manifest: DOCKER_MANIFEST, index: DOCKER_INDEX, config: DOCKER_CONFIG },
] as const;

export type Family = (typeof FAMILIES)[number];

/** An image's configuration as builders write it. */
export function configOf(env: readonly string[], architecture = 'amd64') {
  return {
    architecture,
    config: {
      Env: env,
      Cmd: ['python3', 'train.py'],
      Labels: { 'org.opencontainers.image.created': '2026-11-02T00:00:00Z' },
    },
    created: '1970-01-01T00:00:00Z',
    history: [{ created: '1970-01-01T00:00:00Z', created_by: 'COPY . .' }],
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: [sha256('layer')] },
  };
}

/** Puts an image into a registry; gives its descriptor. */
export function putImage(registry: MemoryRegistry, family: Family, config: object | string, tag?: string) {
  const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: sha256('layer'), size: 1000 };
  const manifest = {
    schemaVersion: 2,
    mediaType: family.manifest,
    config: registry.putBlob(family.config, config),
    layers: [layer],
    annotations: { kept: 'yes' },
  };
  return registry.put(family.manifest, manifest, tag);
}

/** Puts an index of an image for linux/amd64, one for linux/arm64, and the provenance of each. */
export function putIndex(registry: MemoryRegistry, family: Family, env: readonly string[], tag?: string) {
  const images = ['amd64', 'arm64'].map((architecture) => {
    const image = putImage(registry, family, configOf(env, architecture));
    return { ...image, platform: { os: 'linux', architecture } };
  });
  const attestations = images.map(({ digest }) => ({
    ...putImage(registry, family, { attests: digest }),
    annotations: { 'vnd.docker.reference.type': 'attestation-manifest', 'vnd.docker.reference.digest': digest },
    platform: { os: 'unknown', architecture: 'unknown' },
  }));
  const manifests = [...images, ...attestations];
  const index = registry.put(family.index, { schemaVersion: 2, mediaType: family.index, manifests }, tag);
  return { index, manifests, amd64: images[0]?.digest ?? '', arm64: images[1]?.digest ?? '' };
}
