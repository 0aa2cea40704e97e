import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Clock } from '../../retry.ts';
import type { LogEntry } from '../../vertex/types.ts';
import { type Place, projectNumber } from '../api/ids.ts';
import { pageToken, positionOf } from '../api/paging.ts';
import { timestampOf } from '../api/timestamps.ts';
import { logFilter } from './filter.ts';
import type { StreamName } from './frames.ts';

/** Whose entries they are. */
export interface LogSource {
  readonly place: Place;
  readonly jobId: string;
  /** `service`, or a replica's name. */
  readonly task: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export type LogContent = Pick<LogEntry, 'severity' | 'textPayload' | 'jsonPayload'>;

/** Which container wrote a line, and to which of its streams: what the file holds of it beside the entry. */
export interface Origin {
  readonly container: string;
  readonly stream: StreamName;
}

/** How many lines of a container's streams are in the log. */
export type Told = Readonly<Record<StreamName, number>>;

const originText = ({ container, stream }: Origin) => `${container}/${stream}`;

export interface LogQuery {
  /** The projects' numbers. */
  readonly projects: readonly string[];
  readonly filter: string;
  readonly descending: boolean;
  readonly pageSize: number;
  readonly pageToken: string | undefined;
}

export interface LogPage {
  readonly entries: readonly LogEntry[];
  readonly nextPageToken?: string;
}

interface Found {
  readonly entry: LogEntry;
  /** Where the entry's line starts in the file, in bytes. */
  readonly offset: number;
}

/** An entry as the file has it: with where it came from, if from a container. */
export interface FiledEntry extends LogEntry {
  readonly origin?: string;
}

/** JSON without the two characters that it may hold unescaped and that a reader of lines takes for line ends. */
function oneLine(entry: FiledEntry): string {
  return JSON.stringify(entry)
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
}

/** A file of entries that an earlier process of the service wrote. */
export interface EarlierLog {
  /** In bytes. */
  readonly size: number;
  readonly count: number;
  /** Of the last entry, milliseconds since the epoch. */
  readonly lastMs: number;
  /** Where each job's entries begin and end. */
  readonly ranges: ReadonlyMap<string, { readonly start: number; readonly end: number }>;
  /** Whether the file holds this content of that source already: told once for each time that it does. */
  readonly holds: (source: LogSource, content: LogContent) => boolean;
  /** How many lines it holds of each origin. */
  readonly told: ReadonlyMap<string, number>;
}

/** Bytes between two marks that say how late it was at a place of the file. */
const MARK_EVERY = 64 * 1024;

/**
 * All log entries, in one file that only grows: a line for each entry, in the order of their times. Memory holds no
 * entries, only where in the file each job's begin and end, and some times.
 */
export class LogStore {
  readonly #clock: Clock;
  readonly #path: string;
  readonly #file: number;
  readonly #ranges = new Map<string, { start: number; end: number }>();
  readonly #marks: { readonly ms: number; readonly offset: number }[] = [];
  readonly #earlier: EarlierLog | undefined;
  #size = 0;
  #count = 0;
  #lastMs = 0;
  #closed = false;

  /** With `earlier` the file is gone on with, and what it holds is not written a second time. */
  constructor(path: string, clock: Clock, earlier?: EarlierLog) {
    this.#path = path;
    this.#clock = clock;
    this.#file = openSync(path, earlier === undefined ? 'w' : 'a', 0o600);
    this.#earlier = earlier;
    if (earlier === undefined) return;
    this.#size = earlier.size;
    this.#count = earlier.count;
    this.#lastMs = earlier.lastMs;
    for (const [jobId, range] of earlier.ranges) this.#ranges.set(jobId, { ...range });
  }

  /**
   * Lines of a container are written with their origin, and as they come: whoever reads on after a restart knows how many
   * there are.
   */
  append(source: LogSource, given: readonly LogContent[], origin?: Origin): void {
    const isNew = (content: LogContent) => this.#earlier?.holds(source, content) !== true;
    const contents = origin === undefined ? given.filter(isNew) : given;
    if (this.#closed || contents.length === 0) return;
    this.#lastMs = Math.max(this.#lastMs, this.#clock.now());
    if (this.#size >= (this.#marks.at(-1)?.offset ?? 0) + MARK_EVERY) {
      this.#marks.push({ ms: this.#lastMs, offset: this.#size });
    }
    const mark = origin === undefined ? {} : { origin: originText(origin) };
    const lines = contents.map((content) => `${oneLine({ ...this.#entry(source, content), ...mark })}\n`);
    const bytes = Buffer.from(lines.join(''));
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#file, bytes, written);
    const range = this.#ranges.get(source.jobId) ?? { start: this.#size, end: 0 };
    this.#size += bytes.length;
    this.#ranges.set(source.jobId, { start: range.start, end: this.#size });
  }

  /** How many lines of a container an earlier process of the service has told. */
  toldOf(container: string): Told {
    const told = (stream: StreamName) => this.#earlier?.told.get(originText({ container, stream })) ?? 0;
    return { stdout: told('stdout'), stderr: told('stderr') };
  }

  /** The platform's own line about a job. */
  service(source: Omit<LogSource, 'task'>, text: string, severity = 'INFO'): void {
    this.append({ ...source, task: 'service' }, [{ severity, textPayload: text }]);
  }

  #entry({ place, jobId, task, labels }: LogSource, content: LogContent): LogEntry & { readonly logName: string } {
    this.#count += 1;
    const timestamp = timestampOf(this.#lastMs);
    return {
      // Ids of one length in rising order, so that entries of one millisecond keep their order.
      insertId: this.#count.toString(36).padStart(10, '0'),
      logName: `projects/${place.project}/logs/ml.googleapis.com%2F${jobId}`,
      resource: { type: 'ml_job', labels: { job_id: jobId, task_name: task, project_id: place.project } },
      timestamp,
      receiveTimestamp: timestamp,
      ...(labels === undefined ? {} : { labels }),
      ...content,
    };
  }

  /** One page of the entries that a query asks for. */
  async list(query: LogQuery): Promise<LogPage> {
    const { matches, jobId, since } = logFilter(query.filter);
    const request = [query.projects, query.filter, query.descending];
    const given = positionOf(query.pageToken, request);
    const position = typeof given === 'number' ? given : undefined;
    const jobRange = jobId === undefined ? { start: 0, end: this.#size } : this.#ranges.get(jobId);
    if (jobRange === undefined) return { entries: [] };
    // Everything before a mark is no later than the mark.
    const early = this.#marks.findLast((mark) => mark.ms < since)?.offset ?? 0;
    const range = { start: Math.max(jobRange.start, early), end: jobRange.end };
    const wanted = (entry: LogEntry) => {
      const project = entry.resource?.labels?.['project_id'];
      return matches(entry) && project !== undefined && query.projects.includes(projectNumber(project));
    };
    const found = query.descending
      ? await this.#before(Math.min(range.end, position ?? range.end), range.start, query.pageSize + 1, wanted)
      : await this.#after(Math.max(range.start, position ?? 0), range.end, query.pageSize + 1, wanted);
    const page = found.slice(0, query.pageSize);
    const beyond = found[query.pageSize];
    const last = page.at(-1);
    const entries = page.map((item) => item.entry);
    if (beyond === undefined || last === undefined) return { entries };
    return { entries, nextPageToken: pageToken(query.descending ? last.offset : beyond.offset, request) };
  }

  async #after(start: number, end: number, most: number, wanted: (entry: LogEntry) => boolean): Promise<Found[]> {
    const found: Found[] = [];
    for await (const item of this.#read(start, end)) {
      if (!wanted(item.entry)) continue;
      found.push(item);
      if (found.length >= most) break;
    }
    return found;
  }

  /** The last matches before `end`, latest first. */
  async #before(end: number, start: number, most: number, wanted: (entry: LogEntry) => boolean): Promise<Found[]> {
    const found: Found[] = [];
    for await (const item of this.#read(start, end)) {
      if (!wanted(item.entry)) continue;
      found.push(item);
      if (found.length > most) found.shift();
    }
    return found.reverse();
  }

  async *#read(start: number, end: number): AsyncGenerator<Found> {
    if (start >= end) return;
    const stream = createReadStream(this.#path, { start, end: end - 1, encoding: 'utf8' });
    let offset = start;
    try {
      for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
        const { origin: _origin, ...entry } = JSON.parse(line) as FiledEntry;
        yield { entry, offset };
        offset += Buffer.byteLength(line) + 1;
      }
    } finally {
      stream.destroy();
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#file);
  }
}
