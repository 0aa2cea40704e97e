import { isRecord, textAt } from '../../json.ts';

const DIGEST = /^sha256:[0-9a-f]{64}$/;

export const isDigest = (text: unknown): text is string => typeof text === 'string' && DIGEST.test(text);

/** The digest in what `docker buildx build --metadata-file` wrote; an index's own where attestations are attached. */
export function digestInMetadata(text: string): string | undefined {
  const digest = textAt(parsed(text), 'containerimage.digest');
  return isDigest(digest) ? digest : undefined;
}

/** The digest in the output of `docker push`: `TAG: digest: sha256:… size: 1234`. */
export function digestInPush(lines: readonly string[]): string | undefined {
  const found = lines.map((line) => /\bdigest: (sha256:[0-9a-f]{64})(?: |$)/.exec(line)?.[1]);
  return found.findLast((digest) => digest !== undefined);
}

/** The digest of the image in that repository, from the JSON of an image's RepoDigests. */
export function digestInRepository(repoDigests: string, repository: string): string | undefined {
  const list = parsed(repoDigests);
  const own = `${repository}@`;
  const found = Array.isArray(list)
    ? list.find((each) => typeof each === 'string' && each.startsWith(own) && isDigest(each.slice(own.length)))
    : undefined;
  return typeof found === 'string' ? found.slice(own.length) : undefined;
}

/** Whether a manifest is an index of others. */
export function isIndex(manifest: string): boolean {
  const value = parsed(manifest);
  return isRecord(value) && Array.isArray(value['manifests']);
}

/**
 * The digest of the image's own manifest in an index, which also holds its attestations. `platform` undefined takes the
 * only image there is. Undefined where the text is no such index.
 */
export function digestInIndex(index: string, platform: string | undefined): string | undefined {
  const value = parsed(index);
  const manifests = isRecord(value) && Array.isArray(value['manifests']) ? value['manifests'] : [];
  const images = manifests.filter((each) => isImage(each) && (platform === undefined || isFor(each, platform)));
  const digest = images.length === 1 ? textAt(images[0], 'digest') : undefined;
  return isDigest(digest) ? digest : undefined;
}

function isImage(manifest: unknown): boolean {
  const annotations = isRecord(manifest) ? manifest['annotations'] : undefined;
  return isRecord(manifest) && textAt(annotations, 'vnd.docker.reference.type') !== 'attestation-manifest';
}

function isFor(manifest: unknown, platform: string): boolean {
  const of = isRecord(manifest) ? manifest['platform'] : undefined;
  const [os, architecture, variant] = platform.split('/');
  return (
    textAt(of, 'os') === os &&
    textAt(of, 'architecture') === architecture &&
    (variant === undefined || textAt(of, 'variant') === variant)
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
