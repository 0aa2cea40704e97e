import { type EngineAddress, EngineError, engineCall } from '../../engine/http.ts';
import { isRecord, textAt } from '../../json.ts';
import { normalPlatform, platformText } from './manifests.ts';
import { isDigest, parseReference, type Reference, referenceText } from './reference.ts';

/** What the engine knows of an image that it has. */
export interface EngineImage {
  readonly id: string;
  /** The digest by which its registry knows it; undefined for an image that was made here. */
  readonly digest: string | undefined;
  /** Bytes, unpacked. */
  readonly size: number | undefined;
}

const TIMEOUT_MS = 10_000;

/**
 * An image that the engine has, for the platform where one is asked for; undefined where it has none, or there is no
 * engine that answers.
 */
export async function engineImage(
  address: EngineAddress,
  reference: Reference,
  platform: string | undefined,
  signal?: AbortSignal,
): Promise<EngineImage | undefined> {
  const deadline = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const answer = await engineCall(address, {
      method: 'GET',
      path: `/images/${referenceText(reference)}/json`,
      signal: AbortSignal.any([deadline, ...(signal === undefined ? [] : [signal])]),
    });
    return readImage(answer, reference, platform);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof EngineError || deadline.aborted) return undefined;
    throw error;
  }
}

function readImage(answer: unknown, reference: Reference, platform: string | undefined): EngineImage | undefined {
  const id = textAt(answer, 'Id');
  if (!isRecord(answer) || !isDigest(id)) return undefined;
  const own = platformText(textAt(answer, 'Os') ?? '', textAt(answer, 'Architecture') ?? '', textAt(answer, 'Variant'));
  if (platform !== undefined && own !== normalPlatform(platform)) return undefined;
  const size = answer['Size'];
  return { id, digest: digestIn(answer['RepoDigests'], reference), size: typeof size === 'number' ? size : undefined };
}

function digestIn(digests: unknown, { registry, path }: Reference): string | undefined {
  const references = (Array.isArray(digests) ? digests : []).map((each) =>
    typeof each === 'string' ? parseReference(each) : undefined,
  );
  return references.find((each) => each?.registry === registry && each.path === path)?.digest;
}
