import type { LoggingApi } from '../google/logging.ts';
import { splitLines } from '../log.ts';
import type { Job } from '../vertex/jobs.ts';
import { idOf } from '../vertex/jobs.ts';
import type { LogEntry } from '../vertex/types.ts';
import { logLine, trialsByJob } from './log-lines.ts';

export interface LogFollowerOptions {
  readonly api: LoggingApi;
  readonly project: string;
  readonly job: Job;
  readonly now: () => number;
  /** Hears every line once, in order of arrival. */
  readonly tell: (source: string, text: string) => void;
}

/** Reads a job's entries as they arrive, each once. */
export interface LogFollower {
  /** Reads what is new; the number of entries told. Throws ApiError. */
  poll(job: Job): Promise<number>;
  /** The last lines of a source, to show a cause with. */
  tail(source: string): readonly string[];
}

/** Entries become visible late and out of order: each poll looks back this far behind the newest, in milliseconds. */
const LOOK_BACK_MS = 30_000;
const TAIL_LINES = 30;
/** Sources whose last lines are kept. */
const TAIL_SOURCES = 64;
/** A filter may hold 20,000 characters; so many job ids fit with room to spare. */
const MOST_JOB_IDS = 200;

export function followLogs({ api, project, job: first, now, tell }: LogFollowerOptions): LogFollower {
  const seen = new Map<string, number>();
  const tails = new Map<string, string[]>();
  let newest = Date.parse(first.createTime ?? '') || 0;

  const take = (entry: LogEntry, trialOfJob: ReadonlyMap<string, string>): number => {
    const time = Date.parse(entry.timestamp ?? '') || newest;
    const key = `${entry.timestamp} ${entry.insertId}`;
    if (seen.has(key)) return 0;
    seen.set(key, time);
    // A program may date its entries as it likes; one from tomorrow must not hide today's.
    newest = Math.max(newest, Math.min(time, Date.parse(entry.receiveTimestamp ?? '') || now()));
    const { source, text } = logLine(entry, trialOfJob);
    tell(source, text);
    remember(tails, source, splitLines(text));
    return 1;
  };

  return {
    poll: async (job) => {
      const trialOfJob = trialsByJob(job);
      const filter = entriesFilter([idOf(job.backing ?? job.name), ...trialOfJob.keys()], newest - LOOK_BACK_MS);
      let told = 0;
      let pageToken: string | undefined;
      do {
        const page = await api.list({ project, filter, pageToken });
        for (const entry of page.entries) told += take(entry, trialOfJob);
        pageToken = page.nextPageToken;
      } while (pageToken !== undefined);
      for (const [key, time] of seen) if (time < newest - 2 * LOOK_BACK_MS) seen.delete(key);
      return told;
    },
    tail: (source) => tails.get(source) ?? [],
  };
}

/** The entries of a job and of its trials' own jobs; by resource, as the log's name is nowhere promised. */
export function entriesFilter(jobIds: readonly string[], sinceMs: number): string {
  const [own, ...others] = jobIds;
  const ids = [own, ...others.slice(-MOST_JOB_IDS)].map((id) => `resource.labels.job_id="${id}"`).join(' OR ');
  const since = new Date(Math.max(0, sinceMs)).toISOString();
  return `resource.type="ml_job" AND (${ids}) AND timestamp>="${since}"`;
}

function remember(tails: Map<string, string[]>, source: string, lines: readonly string[]): void {
  const tail = tails.get(source) ?? [];
  tails.delete(source);
  tails.set(source, [...tail, ...lines].slice(-TAIL_LINES));
  if (tails.size <= TAIL_SOURCES) return;
  const [oldest] = tails.keys();
  if (oldest !== undefined) tails.delete(oldest);
}
