import type { ObjectBytes, ReadOptions } from '../../google/object-bytes.ts';

/** A slice waits in memory until those before it are written. */
export const SLICE = 8 * 1024 * 1024;

interface AheadOptions {
  readonly size: number;
  readonly from: number;
  /** How many slices come at a time, and are in memory at most. */
  readonly width: number;
  readonly signal: AbortSignal;
}

/**
 * An object's bytes from a place to its end, in their order, over several connections: one alone is slower than the network. Where the
 * service does not know ranges, all of it comes over one. `read` throws, and so do the chunks, as ObjectsApi.read does.
 */
export async function readAhead(
  read: (options: ReadOptions) => Promise<ObjectBytes>,
  { size, from, width, signal }: AheadOptions,
): Promise<ObjectBytes> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const slice = (start: number) => read({ from: start, to: Math.min(size, start + SLICE), signal: both });
  const head = await slice(from);
  if (head.from !== from || head.to === size) return head;
  return { from, to: size, chunks: inOrder(head, { slice, size, width, stop }) };
}

interface Order {
  readonly slice: (from: number) => Promise<ObjectBytes>;
  readonly size: number;
  readonly width: number;
  readonly stop: AbortController;
}

async function* inOrder(head: ObjectBytes, { slice, size, width, stop }: Order): AsyncGenerator<Uint8Array> {
  const coming: Promise<readonly Uint8Array[]>[] = [];
  let next = head.to;
  const begin = () => {
    for (; coming.length < width - 1 && next < size; next += SLICE) {
      const whole = gathered(slice(next));
      // Its failure is met when its turn comes, or by nobody.
      whole.catch(() => {});
      coming.push(whole);
    }
  };
  try {
    begin();
    yield* head.chunks;
    for (let first = coming.shift(); first !== undefined; first = coming.shift()) {
      const chunks = await first;
      begin();
      yield* chunks;
    }
  } finally {
    stop.abort();
    await Promise.allSettled(coming);
  }
}

async function gathered(asked: Promise<ObjectBytes>): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await asked).chunks) chunks.push(chunk);
  return chunks;
}
