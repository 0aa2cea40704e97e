/** A run of whole lines of the log's file, and between which times its entries lie. */
export interface Block {
  /** In bytes from the file's beginning. */
  readonly start: number;
  readonly end: number;
  /** Nanoseconds since the epoch, of the earliest entry and of the latest. */
  readonly least: bigint;
  readonly most: bigint;
}

/** Bytes after which a new block begins. */
const BLOCK_BYTES = 64 * 1024;

interface Range {
  start: number;
  end: number;
}

/** What memory holds of a log: where in its file each job's entries begin and end, and which times lie where. */
export class LogIndex {
  readonly #blocks: { start: number; end: number; least: bigint; most: bigint }[] = [];
  readonly #ranges = new Map<string, Range>();
  #size = 0;

  /** Of the file, in bytes. */
  get size(): number {
    return this.#size;
  }

  /** A line has been put at the file's end: of so many bytes, with an entry of that job and time. */
  add(jobId: string, nanos: bigint, bytes: number): void {
    const start = this.#size;
    this.#size += bytes;
    const range = this.#ranges.get(jobId);
    if (range === undefined) this.#ranges.set(jobId, { start, end: this.#size });
    else range.end = this.#size;
    const last = this.#blocks.at(-1);
    if (last === undefined || last.end - last.start >= BLOCK_BYTES) {
      this.#blocks.push({ start, end: this.#size, least: nanos, most: nanos });
      return;
    }
    last.end = this.#size;
    if (nanos < last.least) last.least = nanos;
    if (nanos > last.most) last.most = nanos;
  }

  /** Where entries of a job, or of all, may lie from one time to another; each end may be open. */
  blocks(jobId: string | undefined, since: bigint | undefined, until: bigint | undefined): Block[] {
    const range = jobId === undefined ? { start: 0, end: this.#size } : this.#ranges.get(jobId);
    if (range === undefined) return [];
    return this.#blocks
      .filter(({ start, end }) => start < range.end && end > range.start)
      .filter(({ least, most }) => (since === undefined || most >= since) && (until === undefined || least <= until))
      .map(({ start, end, least, most }) => ({
        start: Math.max(start, range.start),
        end: Math.min(end, range.end),
        least,
        most,
      }));
  }
}
