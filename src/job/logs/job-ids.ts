import { idOf, type Job } from '../../vertex/jobs.ts';

/** Whose entries are to be read: the job's own, and those of its trials' jobs, of which a study may have a thousand. */
export interface JobIds {
  /** Hears of the job as it is now, when entries received up to `newestMs` had been read. */
  see(job: Job, newestMs: number | undefined): void;
  /** Jobs whose entries were not read yet: all of theirs are to be, whenever received. */
  readonly fresh: readonly string[];
  /** Jobs that still write, or whose last entries may still come, read before. */
  readonly current: readonly string[];
  /** All that were read before. */
  readonly all: readonly string[];
  /** All entries of these that are readable have been read. */
  read(ids: Iterable<string>): void;
  /** Everything received before `startMs` is settled: trials that had ended by then need no more reading. */
  settle(startMs: number): void;
}

/** A trial's last lines are received this long after its end was seen, at the latest, in milliseconds. */
const LAST_LINES_MS = 120_000;

/** Knows no job at first. */
export function watchedJobs(): JobIds {
  const known = new Map<string, { isRead: boolean; endedMs: number | undefined }>();
  const retired = new Set<string>();

  const see = (id: string, hasEnded: boolean, newestMs: number | undefined) => {
    const before = known.get(id);
    const endedMs = hasEnded ? (before?.endedMs ?? newestMs) : undefined;
    known.set(id, { isRead: before?.isRead ?? false, endedMs });
  };
  const where = (wanted: (id: string, isRead: boolean) => boolean) =>
    [...known].filter(([id, { isRead }]) => wanted(id, isRead)).map(([id]) => id);

  return {
    see: (job, newestMs) => {
      see(idOf(job.backing ?? job.name), false, newestMs);
      for (const { customJob, state } of job.trials) {
        if (customJob !== undefined) see(idOf(customJob), state === 'SUCCEEDED' || state === 'INFEASIBLE', newestMs);
      }
    },
    get fresh() {
      return where((_, isRead) => !isRead);
    },
    get current() {
      return where((id, isRead) => isRead && !retired.has(id));
    },
    get all() {
      return where((_, isRead) => isRead);
    },
    read: (ids) => {
      for (const id of ids) {
        const job = known.get(id);
        if (job !== undefined) job.isRead = true;
      }
    },
    settle: (startMs) => {
      for (const [id, { isRead, endedMs }] of known) {
        if (isRead && endedMs !== undefined && endedMs + LAST_LINES_MS < startMs) retired.add(id);
      }
    },
  };
}
