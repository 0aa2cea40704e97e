import type { FileHandle } from 'node:fs/promises';
import type { LogEntry } from '../../vertex/types.ts';
import type { Block } from './log-index.ts';
import { compare, type Position, positionOfEntry } from './position.ts';

/** An entry as the file has it: with where it came from, if from a container. */
export interface FiledEntry extends LogEntry {
  readonly origin?: string;
}

/** An entry with where it stands. */
export interface Ordered extends Position {
  readonly entry: LogEntry;
}

async function textOf(file: FileHandle, { start, end }: Block): Promise<string> {
  const bytes = Buffer.alloc(end - start);
  let read = 0;
  while (read < bytes.length) {
    const { bytesRead } = await file.read(bytes, read, bytes.length - read, start + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes.toString('utf8', 0, read);
}

async function entriesIn(file: FileHandle, block: Block, wanted: (entry: LogEntry) => boolean): Promise<Ordered[]> {
  const found: Ordered[] = [];
  for (const line of (await textOf(file, block)).split('\n')) {
    if (line === '') continue;
    const { origin: _origin, ...entry } = JSON.parse(line) as FiledEntry;
    if (!wanted(entry)) continue;
    found.push({ ...positionOfEntry(entry), entry });
  }
  return found;
}

/**
 * The entries of some blocks by their times, earliest or latest first. Entries may have come in any order: a block is opened
 * once no entry of it can be left out any longer, so that memory holds those alone whose times overlap.
 */
export async function* inOrder(
  file: FileHandle,
  blocks: readonly Block[],
  { descending, wanted }: { readonly descending: boolean; readonly wanted: (entry: LogEntry) => boolean },
): AsyncGenerator<Ordered> {
  const sign = descending ? -1 : 1;
  const order = (left: Position, right: Position) => sign * compare(left, right);
  const edge = ({ least, most }: Block) => (descending ? most : least);
  const queue = blocks.toSorted((left, right) => order(edge(left), edge(right)));
  let waiting: Ordered[] = [];
  for (const [index, block] of queue.entries()) {
    waiting.push(...(await entriesIn(file, block, wanted)));
    waiting.sort(order);
    const next = queue[index + 1];
    const held = next === undefined ? -1 : waiting.findIndex((each) => order(each, edge(next)) >= 0);
    const ready = held === -1 ? waiting.length : held;
    yield* waiting.slice(0, ready);
    waiting = waiting.slice(ready);
  }
}
