import { compare, type Position } from './position.ts';

/** A run of whole lines of the log's file, and between which positions its entries lie. */
export interface Block {
  /** In bytes from the file's beginning. */
  readonly start: number;
  readonly end: number;
  /** Of the earliest entry and of the latest. */
  readonly least: Position;
  readonly most: Position;
}

/** Bytes after which a new block begins. */
const BLOCK_BYTES = 64 * 1024;

/** Which entries may be wanted; each bound may be open. */
export interface Bounds {
  readonly jobId: string | undefined;
  /** Nanoseconds since the epoch, inclusive. */
  readonly since: bigint | undefined;
  readonly until: bigint | undefined;
  /** Exclusive. */
  readonly after: Position | undefined;
  readonly before: Position | undefined;
}

function mayHold({ least, most }: Block, { since, until, after, before }: Bounds): boolean {
  if (since !== undefined && most.nanos < since) return false;
  if (until !== undefined && least.nanos > until) return false;
  if (after !== undefined && compare(most, after) <= 0) return false;
  return before === undefined || compare(least, before) < 0;
}

interface Range {
  start: number;
  end: number;
}

/** What memory holds of a log: where in its file each job's entries begin and end, and which times lie where. */
export class LogIndex {
  readonly #blocks: { start: number; end: number; least: Position; most: Position }[] = [];
  readonly #ranges = new Map<string, Range>();
  #size = 0;

  /** Of the file, in bytes. */
  get size(): number {
    return this.#size;
  }

  /** A line has been put at the file's end: of so many bytes, with an entry of that job and position. */
  add(jobId: string, position: Position, bytes: number): void {
    const start = this.#size;
    this.#size += bytes;
    const range = this.#ranges.get(jobId);
    if (range === undefined) this.#ranges.set(jobId, { start, end: this.#size });
    else range.end = this.#size;
    const last = this.#blocks.at(-1);
    if (last === undefined || last.end - last.start >= BLOCK_BYTES) {
      this.#blocks.push({ start, end: this.#size, least: position, most: position });
      return;
    }
    last.end = this.#size;
    if (compare(position, last.least) < 0) last.least = position;
    if (compare(position, last.most) > 0) last.most = position;
  }

  /** Where entries within the bounds may lie. */
  blocks(bounds: Bounds): Block[] {
    const { jobId } = bounds;
    const range = jobId === undefined ? { start: 0, end: this.#size } : this.#ranges.get(jobId);
    if (range === undefined) return [];
    return this.#blocks
      .filter((block) => block.start < range.end && block.end > range.start && mayHold(block, bounds))
      .map(({ start, end, ...times }) => ({
        start: Math.max(start, range.start),
        end: Math.min(end, range.end),
        ...times,
      }));
  }
}
