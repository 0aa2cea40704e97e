import { type EngineAddress, EngineError, engineCall } from '../../engine/http.ts';
import { messageOf } from '../../faults.ts';
import { isRecord, textAt } from '../../json.ts';
import { registryWords } from './errors.ts';
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

/** What the engine answered when it was asked for an image; `unasked` where it did not answer, or with a fault of its own. */
export type AtEngine =
  | { readonly kind: 'found'; readonly image: EngineImage }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unasked'; readonly reason: string };

/** Asks the engine for an image, for the platform where one is asked for. Throws the signal's reason. */
export async function engineImage(
  address: EngineAddress,
  reference: Reference,
  platform: string | undefined,
  signal?: AbortSignal,
): Promise<AtEngine> {
  const deadline = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const answer = await engineCall(address, {
      method: 'GET',
      path: `/images/${referenceText(reference)}/json`,
      signal: AbortSignal.any([deadline, ...(signal === undefined ? [] : [signal])]),
    });
    const image = readImage(answer, reference, platform);
    return image === undefined ? { kind: 'missing' } : { kind: 'found', image };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof EngineError) return withoutAnswer(error);
    if (deadline.aborted) return { kind: 'unasked', reason: `no answer in ${TIMEOUT_MS / 1000} s` };
    throw error;
  }
}

function withoutAnswer(error: EngineError): AtEngine {
  if (error.status === 404) return { kind: 'missing' };
  return { kind: 'unasked', reason: registryWords(messageOf(error.cause ?? error)) };
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
