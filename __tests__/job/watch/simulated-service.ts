import type { Clock } from '../../../src/retry.ts';
import type { Job } from '../../../src/vertex/jobs.ts';
import type { Trial } from '../../../src/vertex/types.ts';
import { job, TUNING } from '../jobs.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** What a job is at which moment; `at` in milliseconds from its creation, ascending, the first 0. */
export interface Course {
  readonly states: readonly { readonly at: number; readonly state: string }[];
  readonly trials?: readonly PlannedTrial[];
}

export interface PlannedTrial {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly value: number;
}

/** Between two measurements of a trial, in milliseconds. */
const MEASURE_EVERY = 2 * MINUTE;

const timeOf = (ms: number) => new Date(ms).toISOString();

/** The job as the service tells of it `since` its creation at `created`, both in milliseconds. */
export function jobAt({ states, trials = [] }: Course, created: number, since: number): Job {
  const reached = states.filter(({ at }) => at <= since);
  const state = reached.at(-1)?.state ?? 'QUEUED';
  const started = reached.find((each) => each.state === 'RUNNING');
  const ended = /^(?:SUCCEEDED|FAILED|CANCELLED)$/.test(state) ? reached.at(-1) : undefined;
  return job(state, {
    ...(trials.length > 0 ? { name: TUNING } : {}),
    createTime: timeOf(created),
    startTime: started && timeOf(created + started.at),
    endTime: ended && timeOf(created + ended.at),
    trials: trials.flatMap((trial) => (trial.start <= since ? [trialAt(trial, created, since)] : [])),
  });
}

/** Trials that have ended stay as they are. */
const over = new WeakMap<PlannedTrial, { readonly created: number; readonly trial: Trial }>();

function trialAt(planned: PlannedTrial, created: number, since: number): Trial {
  const known = over.get(planned);
  if (known?.created === created && since >= planned.end) return known.trial;
  const trial = trialNow(planned, created, since);
  if (since >= planned.end) over.set(planned, { created, trial });
  return trial;
}

function trialNow({ id, start, end, value }: PlannedTrial, created: number, since: number): Trial {
  const count = Math.floor((Math.min(end, since) - start) / MEASURE_EVERY);
  const measurements = Array.from({ length: count }, (_, index) => ({
    stepCount: String((index + 1) * 100),
    elapsedDuration: `${((index + 1) * MEASURE_EVERY) / SECOND}s`,
    metrics: [{ metricId: 'accuracy', value: (value * (index + 1)) / (count + 1) }],
  }));
  const common = {
    id,
    parameters: [
      { parameterId: 'lr', value: value / 10 },
      { parameterId: 'optimizer', value: 'adam' },
    ],
    measurements,
    startTime: timeOf(created + start),
    customJob: `projects/1/locations/us-central1/customJobs/${id}`,
  };
  if (since < end) return { ...common, state: 'ACTIVE' };
  return {
    ...common,
    state: 'SUCCEEDED',
    endTime: timeOf(created + end),
    finalMeasurement: { metrics: [{ metricId: 'accuracy', value }] },
  };
}

/** A study of `count` trials, `parallel` at a time, each of a length from `random`. */
export function plannedStudy(count: number, parallel: number, random: () => number): Course {
  const lanes = Array.from({ length: parallel }, () => 5 * MINUTE);
  const trials = Array.from({ length: count }, (_, index): PlannedTrial => {
    const lane = lanes.indexOf(Math.min(...lanes));
    const start = lanes[lane] ?? 0;
    const end = start + (5 + random() * 20) * MINUTE;
    lanes[lane] = end + 40 * SECOND;
    return { id: String(index + 1), start, end, value: random() };
  });
  const last = Math.max(...trials.map(({ end }) => end));
  return {
    trials,
    states: [
      { at: 0, state: 'PENDING' },
      { at: 4 * MINUTE, state: 'RUNNING' },
      { at: last + MINUTE, state: 'SUCCEEDED' },
    ],
  };
}

/** Counts how often a token is fetched that lives `lifeMs`, and is renewed `earlyMs` before its end. */
export function tokenSource(clock: Clock, lifeMs: number, earlyMs: number) {
  let good = Number.NEGATIVE_INFINITY;
  const source = {
    fetched: 0,
    /** Resolves with a token that is good now. */
    get: async (): Promise<void> => {
      if (clock.now() < good) return;
      source.fetched += 1;
      good = clock.now() + lifeMs - earlyMs;
    },
  };
  return source;
}

/** A service on which one job takes its course, from the clock's present on. */
export function simulatedService(course: Course, clock: Clock, token: () => Promise<void>) {
  const created = clock.now();
  const service = {
    created,
    gets: 0,
    polls: 0,
    now: () => jobAt(course, created, clock.now() - created),
    /** Every call takes a while, as over a network. */
    get: async (): Promise<Job> => {
      service.gets += 1;
      await token();
      await clock.sleep(120);
      return service.now();
    },
    poll: async (): Promise<number> => {
      service.polls += 1;
      await token();
      await clock.sleep(200);
      return service.polls % 3 === 0 ? 5 : 0;
    },
  };
  return service;
}

/** Numbers from [0, 1) that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
