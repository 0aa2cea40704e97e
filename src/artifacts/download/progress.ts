import { bytesText } from '../../bytes.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../retry.ts';

/** How far the downloads are, told now and then. */
export interface Progress {
  /** Bytes that came; negative where they were thrown away again. */
  add(bytes: number): void;
}

/** A tenth more is news, */
const STEPS = 10;
/** but not within this time of the last line, in milliseconds; */
const LEAST_MS = 5_000;
/** and after this time anything more is. */
const MOST_MS = 60_000;

interface ProgressOptions {
  /** Bytes that are to come. */
  readonly total: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'info'>;
}

/** At most a line every five seconds and, where it goes slowly, one a minute; the end is left to others to tell. */
export function progressOf({ total, clock, log }: ProgressOptions): Progress {
  const began = clock.now();
  let done = 0;
  let toldAt = began;
  let toldStep = 0;
  return {
    add: (bytes) => {
      done += bytes;
      const now = clock.now();
      const step = Math.floor((done * STEPS) / total);
      const due = step > toldStep ? LEAST_MS : MOST_MS;
      if (bytes <= 0 || done >= total || now - toldAt < due) return;
      toldAt = now;
      toldStep = step;
      const rate = bytesText((done * 1_000) / (now - began));
      log.info(
        `${Math.floor((done * 100) / total)} % downloaded: ${bytesText(done)} of ${bytesText(total)}, ${rate}/s`,
      );
    },
  };
}
