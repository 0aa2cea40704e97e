import { closeSync, constants, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Clock } from '../../retry.ts';
import type { LogEntry } from '../../vertex/types.ts';
import { type Place, projectNumber } from '../api/ids.ts';
import { pageToken, positionOf } from '../api/paging.ts';
import { timestampOf } from '../api/timestamps.ts';
import { writeWhole } from '../life/write-whole.ts';
import { logFilter } from './filter.ts';
import type { StreamName } from './frames.ts';
import { type FiledEntry, inOrder, type Ordered } from './in-order.ts';
import { LogIndex } from './log-index.ts';
import { compare, positionOfEntry, positionText, readPosition } from './position.ts';

/** Whose entries they are. */
export interface LogSource {
  readonly place: Place;
  readonly jobId: string;
  /** `service`, or a replica's name. */
  readonly task: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** `timestamp` is the time that a program gives for its line, where it gives one. */
export type LogContent = Pick<LogEntry, 'severity' | 'textPayload' | 'jsonPayload' | 'timestamp'>;

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

/** JSON without the two characters that it may hold unescaped and that a reader of lines takes for line ends. */
function oneLine(entry: FiledEntry): string {
  return JSON.stringify(entry)
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
}

/** A file of entries that an earlier process of the service wrote. */
export interface EarlierLog {
  readonly index: LogIndex;
  readonly count: number;
  /** When the last entry came, milliseconds since the epoch. */
  readonly lastMs: number;
  /** Whether the file holds this content of that source already: told once for each time that it does. */
  readonly holds: (source: LogSource, content: LogContent) => boolean;
  /** How many lines it holds of each origin. */
  readonly told: ReadonlyMap<string, number>;
}

/** Cloud Logging shows no entry that is further ahead of its arrival, nor one that is older than it keeps any. */
const MOST_AHEAD_MS = 24 * 3600 * 1000;
const MOST_BEHIND_MS = 30 * 24 * 3600 * 1000;

const APPEND = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND;

/**
 * All log entries, in one file that only grows: a line for each entry, in the order in which they came. Memory holds no entries,
 * only where in the file which may be found. Lists are in the order of the entries' times: a program that gives a time for
 * its line (see `lineContent`) makes an entry that comes late, behind others that it belongs before.
 */
export class LogStore {
  readonly #clock: Clock;
  readonly #path: string;
  readonly #file: number;
  readonly #index: LogIndex;
  readonly #earlier: EarlierLog | undefined;
  #count = 0;
  #lastMs = 0;
  #closed = false;
  readonly #onLost: (error: unknown) => void;
  #isLosing = false;

  /**
   * With `earlier` the file is gone on with, and what it holds is not written a second time. `onLost` hears why lines cannot be
   * written (a full disk), once until some can be: a job goes on without them.
   */
  constructor(path: string, clock: Clock, earlier?: EarlierLog, onLost: (error: unknown) => void = () => {}) {
    this.#onLost = onLost;
    this.#path = path;
    this.#clock = clock;
    this.#file = openSync(path, earlier === undefined ? APPEND | constants.O_TRUNC : APPEND, 0o600);
    this.#earlier = earlier;
    this.#index = earlier?.index ?? new LogIndex();
    this.#count = earlier?.count ?? 0;
    this.#lastMs = earlier?.lastMs ?? 0;
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
    const mark = origin === undefined ? {} : { origin: originText(origin) };
    const entries = contents.map((content) => ({ ...this.#entry(source, content), ...mark }));
    const lines = entries.map((entry) => Buffer.from(`${oneLine(entry)}\n`));
    if (!this.#write(Buffer.concat(lines))) return;
    for (const [index, entry] of entries.entries()) {
      this.#index.add(source.jobId, positionOfEntry(entry), lines[index]?.length ?? 0);
    }
  }

  #write(bytes: Buffer): boolean {
    try {
      writeWhole(this.#file, bytes);
      this.#isLosing = false;
      return true;
    } catch (error) {
      if (!this.#isLosing) this.#onLost(error);
      this.#isLosing = true;
      return false;
    }
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

  /** The time that a program gives for its line, where it is near enough to that of its arrival. */
  #timeOf({ timestamp }: LogContent): string {
    const arrival = timestampOf(this.#lastMs);
    if (timestamp === undefined) return arrival;
    const aheadMs = Date.parse(timestamp) - this.#lastMs;
    return aheadMs <= MOST_AHEAD_MS && aheadMs >= -MOST_BEHIND_MS ? timestamp : arrival;
  }

  #entry({ place, jobId, task, labels }: LogSource, content: LogContent): LogEntry & { readonly logName: string } {
    this.#count += 1;
    const { timestamp: _given, ...payload } = content;
    return {
      // Ids of one length in rising order, so that entries of one time keep their order.
      insertId: this.#count.toString(36).padStart(10, '0'),
      logName: `projects/${place.project}/logs/ml.googleapis.com%2F${jobId}`,
      resource: { type: 'ml_job', labels: { job_id: jobId, task_name: task, project_id: place.project } },
      timestamp: this.#timeOf(content),
      receiveTimestamp: timestampOf(this.#lastMs),
      ...(labels === undefined ? {} : { labels }),
      ...payload,
    };
  }

  /** One page of the entries that a query asks for. */
  async list({ projects, filter, descending, pageSize, pageToken: token }: LogQuery): Promise<LogPage> {
    const { matches, jobId, since, until } = logFilter(filter);
    const request = [projects, filter, descending];
    const position = readPosition(positionOf(token, request));
    const [after, before] = descending ? [undefined, position] : [position, undefined];
    const blocks = this.#index.blocks({ jobId, since, until, after, before });
    if (blocks.length === 0) return { entries: [] };
    const wanted = (entry: LogEntry) => {
      const project = entry.resource?.labels?.['project_id'];
      return matches(entry) && project !== undefined && projects.includes(projectNumber(project));
    };
    const sign = descending ? -1 : 1;
    const page: Ordered[] = [];
    const file = await open(this.#path);
    try {
      for await (const found of inOrder(file, blocks, { descending, wanted })) {
        if (position !== undefined && sign * compare(found, position) <= 0) continue;
        const last = page.at(-1);
        if (page.length === pageSize && last !== undefined) {
          return { entries: page.map(({ entry }) => entry), nextPageToken: pageToken(positionText(last), request) };
        }
        page.push(found);
      }
    } finally {
      await file.close();
    }
    return { entries: page.map(({ entry }) => entry) };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#file);
  }
}
