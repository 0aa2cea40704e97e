import { messageOf } from '../../../src/faults.ts';
import { ApiError } from '../../../src/google/api-error.ts';
import { followJob, type StudyWatch } from '../../../src/job/follow.ts';
import { CLOUD_TEMPO } from '../../../src/job/tempo.ts';
import type { TimeLimit } from '../../../src/job/watch/deadline.ts';
import type { Until } from '../../../src/job/watch/until.ts';
import type { Log } from '../../../src/log.ts';
import type { Job } from '../../../src/vertex/jobs.ts';
import { vertex } from '../jobs.ts';
import { dice, seeded } from '../logs/random.ts';
import { type Course, jobAt } from '../watch/simulated-service.ts';
import { VirtualClock } from '../watch/virtual-clock.ts';
import { logStore, type Planned, toldLines } from './log-store.ts';
import { letDateFollow, signedIn } from './signed-in.ts';

export const START = Date.parse('2026-11-01T00:00:00Z');
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** From and until when, in milliseconds from the start. */
export type Span = readonly [from: number, until: number];

export interface SceneOptions {
  readonly seed: number;
  readonly course: Course;
  readonly lines: readonly Planned[];
  readonly sourceOf: (line: Planned) => string;
  readonly limit: TimeLimit;
  readonly study?: StudyWatch;
  readonly until?: Until<string>;
  /** The job as the service tells of it, where that is not all in the course. */
  readonly dress?: (job: Job) => Job;
  /** What the service tells of other jobs. */
  readonly others?: (name: string) => Job;
  /** Hears every line but those of the job's log, with the moment. */
  readonly hear: (kind: string, text: string, sinceMs: number) => void;
  /** Throws where GitHub gives no OIDC token at that moment. */
  readonly github?: (now: number) => void;
  /** When neither Vertex AI nor Cloud Logging answers, and when GitHub gives no OIDC tokens. */
  readonly outages?: readonly Span[];
  readonly tokenless?: readonly Span[];
  /** When the heap is measured, in milliseconds from the start; besides every so often. */
  readonly measureAt?: readonly number[];
  readonly measureEveryMs: number;
}

/** What the following of a long job came to. */
export interface LongRun {
  readonly state: string;
  readonly stopped: string | undefined;
  /** What was thrown, if anything. */
  readonly error: string | undefined;
  readonly hours: number;
  /** From the job's end until it was seen, and until the following was over, in milliseconds. */
  readonly endLateMs: number;
  readonly overLateMs: number;
  /** Requests for the job, and for others. */
  readonly gets: number;
  readonly otherGets: number;
  readonly reads: { readonly reads: number; readonly mostInAMinute: number; readonly throttled: number };
  readonly tokens: {
    readonly oidc: number;
    readonly exchanges: number;
    readonly calls: number;
    readonly refused: number;
  };
  readonly lines: { readonly written: number; readonly once: number; readonly wrong: readonly string[] };
  /** Megabytes in use after a collection: at the first measurement, at the last, and at most. */
  readonly heap: { readonly first: number; readonly last: number; readonly most: number };
  /** Who still sleeps when all is over. */
  readonly sleeping: number;
  readonly cpuSeconds: number;
}

/** Follows a job through its course in simulated time, with the real loop, logs and credentials. Wants --expose-gc. */
export async function followLong(options: SceneOptions): Promise<LongRun> {
  const { course, limit, study, hear, github = () => {} } = options;
  const clock = new VirtualClock(START);
  const restoreDate = letDateFollow(clock);
  const end = START + (course.states.at(-1)?.at ?? 0);
  const roll = dice(seeded(options.seed));
  const store = logStore(options.lines, end, clock, roll);
  const told = toldLines(store.lines, options.sourceOf);
  const isWithin = (spans: readonly Span[] = []) =>
    spans.some(([from, until]) => clock.now() - START >= from && clock.now() - START < until);
  const { counts: tokens, admit } = await signedIn({
    clock,
    github: () => {
      if (isWithin(options.tokenless)) throw new Error('GitHub gave this step no OIDC token: HTTP 500');
      github(clock.now());
    },
  });
  const answered = async (ms: number) => {
    await admit();
    await clock.sleep(ms);
    if (isWithin(options.outages)) throw new ApiError('HTTP 503: out of reach', 503);
    if (roll.chance(0.002)) throw new ApiError('no answer: ECONNRESET', undefined);
  };
  const { dress = (job) => job, others } = options;
  const now = () => dress(jobAt(course, START, clock.now() - START));
  const gets = { own: 0, others: 0 };
  const first = now();
  const get = async (name: string): Promise<Job> => {
    gets[name === first.name ? 'own' : 'others'] += 1;
    await answered(120);
    if (name === first.name) return now();
    if (others === undefined) throw new Error(`${name} was not expected`);
    return others(name);
  };
  const heap = heapMeter(options, () => clock.now() - START);
  let endSeenAt = 0;
  let error: string | undefined;
  const before = process.cpuUsage();
  const followed = await followJob<string>(first, {
    api: vertex({ get }),
    logging: {
      list: async (request) => {
        await answered(200);
        return store.list(request);
      },
    },
    project: 'my-project',
    clock,
    tempo: CLOUD_TEMPO,
    log: hearing((kind, text) => hear(kind, text, clock.now() - START)),
    signal: new AbortController().signal,
    onCancel: 'cancel',
    logs: 'all',
    tell: told.tell,
    study,
    limit,
    until: options.until,
    onSeen: ({ endTime }) => {
      if (endTime !== undefined) endSeenAt = clock.now();
      heap.tick();
    },
    random: roll.random,
  }).catch((thrown: unknown) => {
    error = messageOf(thrown);
    return undefined;
  });
  restoreDate();
  const { user, system } = process.cpuUsage(before);
  return {
    state: followed?.job.state ?? '',
    stopped: followed?.stopped,
    error,
    hours: (clock.now() - START) / HOUR,
    endLateMs: endSeenAt - end,
    overLateMs: clock.now() - end,
    gets: gets.own,
    otherGets: gets.others,
    reads: store.counts,
    tokens,
    lines: { written: store.lines.length, once: told.count(1), wrong: told.wrong.slice(0, 5) },
    heap: heap.result(),
    sleeping: clock.sleeping,
    cpuSeconds: (user + system) / 1e6,
  };
}

function hearing(hear: (kind: string, text: string) => void): Log {
  const kind = (name: string) => (text: string) => hear(name, text);
  return {
    debug: () => {},
    info: kind('info'),
    notice: kind('notice'),
    warning: kind('warning'),
    error: kind('error'),
    untrusted: kind('untrusted'),
    group: (_, body) => body(),
    mask: () => {},
  };
}

function heapMeter({ measureEveryMs, measureAt = [] }: SceneOptions, sinceMs: () => number) {
  const due = [...measureAt].sort((a, b) => a - b);
  let next = measureEveryMs;
  const all: number[] = [];
  return {
    tick: () => {
      if (sinceMs() < Math.min(next, due[0] ?? next)) return;
      if (sinceMs() >= next) next += measureEveryMs;
      else due.shift();
      if (globalThis.gc === undefined) throw new Error('start this with --expose-gc');
      globalThis.gc();
      all.push(process.memoryUsage().heapUsed / 2 ** 20);
    },
    result: () => ({ first: all[0] ?? Number.NaN, last: all.at(-1) ?? Number.NaN, most: Math.max(...all) }),
  };
}
