import { createHash } from 'node:crypto';

/** Everything that decides what comes out of a build. */
export interface FingerprintParts {
  /** BuildContext.digest. */
  readonly contextDigest: string;
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly target: string | undefined;
  /** Such as `linux/amd64`. */
  readonly platform: string | undefined;
  /** Digests of the base images by the names that the Dockerfile gives; undefined where only the name counts. */
  readonly bases: Readonly<Record<string, string | undefined>>;
  /** Options of the builder that reach the image, such as provenance or the ids of secrets. */
  readonly options: Readonly<Record<string, string | boolean | number | readonly string[] | undefined>>;
}

/** Raised when the same parts come to build something else, so that no image of before is taken for it. */
const FORMAT = 1;

/** The SHA-256 over all parts, in hex; the order of names does not count. */
export function fingerprintOf(parts: FingerprintParts): string {
  const options = Object.fromEntries(Object.entries(parts.options).filter(([, value]) => value !== undefined));
  const text = JSON.stringify(['train-on-vertex', FORMAT, ordered({ ...parts, options })]);
  return createHash('sha256').update(text).digest('hex');
}

/** The tag of the image with that fingerprint: short enough for any registry, long enough to be no other's. */
export function contentTag(fingerprint: string): string {
  return `content-${fingerprint.slice(0, 40)}`;
}

/** Objects as sorted pairs, so that their JSON is the same whatever order they were filled in; null for undefined. */
function ordered(value: unknown): unknown {
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return {
    pairs: Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, each]) => [name, ordered(each)]),
  };
}
