import { ApiError } from '../../../src/google/api-error.ts';
import type { VertexApi } from '../../../src/google/vertex.ts';
import type { Collection, Job, JobResource } from '../../../src/vertex/jobs.ts';
import { hasEnded } from '../../../src/vertex/jobs.ts';
import type { Status } from '../../../src/vertex/types.ts';
import type { FaultyWire } from './faults.ts';
import { passing } from './filter.ts';
import { type Fare, type Market, placeOf, REFUSALS, WORDS } from './market.ts';
import type { Random } from './random.ts';
import { type Course, type StoredJob, stateAt, stateOf } from './stored-job.ts';
import type { VirtualTime } from './time.ts';

export interface ServiceOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  /** Lists are up to so many milliseconds behind. */
  readonly listLagMs: number;
  /** The service's clock is ahead by so much, and ticks this coarsely, in milliseconds: creation times may be equal. */
  readonly skewMs: number;
  readonly tickMs: number;
  readonly course: (random: Random) => Course;
  readonly market: Market;
  /** Hears of each job that begins to run. */
  readonly onRun: (job: StoredJob) => void;
  readonly trace: (line: string) => void;
}

/** Vertex AI's jobs in memory: created, listed late, run through their states, cancelled in their own time. */
export class Service {
  readonly jobs: StoredJob[] = [];
  /** Requests that were refused for want of machines, of a right or of sense. */
  readonly refusals: { readonly by: string; readonly fare: Fare }[] = [];
  readonly #options: ServiceOptions;

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /** The API as a process reaches it over a wire. */
  over(wire: FaultyWire, by: string): VertexApi {
    return {
      create: (parent, collection, resource) =>
        wire.send(`create ${collection}`, () => this.#told(this.#ask(parent, collection, resource, by))),
      get: (name) => wire.send(`get ${name}`, () => this.#told(this.#find(name))),
      list: (parent, collection, filter) =>
        wire.send(`list ${collection}`, () => this.#list(parent, collection, filter)),
      cancel: (name) => wire.send(`cancel ${name}`, () => this.#cancel(this.#find(name), by)),
      modelExists: async () => false,
    };
  }

  /** Makes the job, where its machines are to be had. */
  #ask(parent: string, collection: Collection, resource: JobResource, by: string): StoredJob {
    const { time, market, course, random, trace } = this.#options;
    const fare = market(placeOf(parent, resource), time.now());
    const refusal = REFUSALS[fare];
    if (refusal !== undefined) {
      trace(`refused by ${by}: ${fare} at ${placeOf(parent, resource)}`);
      this.refusals.push({ by, fare });
      throw new ApiError(`create a job in ${parent}: HTTP ${refusal.status}: ${refusal.words}`, refusal.status);
    }
    const stored = this.create(parent, collection, resource, courseAt(fare, course(random), random), by);
    if (fare === 'stockout later') stored.error = { code: 8, message: WORDS.stockout };
    if (fare === 'quota later') stored.error = { code: 8, message: WORDS.quota };
    return stored;
  }

  create(parent: string, collection: Collection, resource: JobResource, course: Course, by = 'another run'): StoredJob {
    const { time, random, skewMs, tickMs, trace } = this.#options;
    const { labels = {} } = resource;
    const ticks = Math.floor((time.now() + skewMs) / tickMs) * tickMs;
    // Ids come in no order: ties of creation times are broken by what has nothing to do with age.
    const name = `${parent}/${collection}/${random.whole(1e9, 9e9)}`;
    const stored: StoredJob = {
      name,
      collection,
      labels,
      createTime: new Date(ticks).toISOString(),
      createdAt: time.now(),
      by,
      place: placeOf(parent, resource),
      cancels: [],
      lines: [],
      states: [],
      error: undefined,
    };
    this.jobs.push(stored);
    trace(`created ${name} by ${by}`);
    this.#run(stored, course, 0);
    return stored;
  }

  #run(stored: StoredJob, course: Course, step: number): void {
    const [state, ms] = course[step] ?? [];
    if (state === undefined || ms === undefined) return;
    this.#enter(stored, state);
    if (step + 1 < course.length) {
      this.#options.time.after(ms, () => {
        const now = stateOf(stored);
        if (now === state) this.#run(stored, course, step + 1);
      });
    }
  }

  #enter(stored: StoredJob, state: string): void {
    this.#options.trace(`${stored.name} is ${state}`);
    const first = state === 'RUNNING' && !stored.states.some((each) => each.state === state);
    stored.states.push({ at: this.#options.time.now(), state });
    if (first) this.#options.onRun(stored);
  }

  #cancel(stored: StoredJob, by: string): void {
    const { time, random, trace } = this.#options;
    const state = stateOf(stored);
    trace(`asked by ${by} to cancel ${stored.name}, which is ${state}`);
    stored.cancels.push({ at: time.now(), by });
    if (hasEnded({ state })) {
      // Which of the two the service answers is nowhere stated.
      if (random.chance(0.5)) throw new ApiError('the job has ended', 400);
      return;
    }
    if (state === 'CANCELLING') return;
    this.#enter(stored, 'CANCELLING');
    // A job that is about to be done may still get there (job_state.proto).
    const end = random.chance(0.9) ? 'CANCELLED' : random.pick(['SUCCEEDED', 'FAILED']);
    time.after(random.between(500, 90_000), () => this.#enter(stored, end));
  }

  #find(name: string): StoredJob {
    const stored = this.jobs.find((job) => job.name === name);
    if (stored === undefined) throw new ApiError(`${name} is not found`, 404);
    return stored;
  }

  #list(parent: string, collection: Collection, filter: string): readonly Job[] {
    const { time, random, listLagMs } = this.#options;
    const passes = passing(filter);
    return this.jobs.flatMap((stored) => {
      if (!stored.name.startsWith(`${parent}/${collection}/`)) return [];
      // Each list may come from another copy of the data, which is as old as it is.
      const state = stateAt(stored, time.now() - random.between(0, listLagMs));
      return state !== undefined && passes(stored.labels, state) ? [{ ...this.#told(stored), state }] : [];
    });
  }

  #stamp(at: number | undefined): string | undefined {
    return at === undefined ? undefined : new Date(at + this.#options.skewMs).toISOString();
  }

  #told(stored: StoredJob): Job {
    const { name, labels, createTime } = stored;
    const state = stateOf(stored);
    return {
      name,
      labels,
      createTime,
      state,
      error: state === 'SUCCEEDED' || !hasEnded({ state }) ? undefined : (stored.error ?? OWN_FAULT),
      startTime: this.#stamp(stored.states.find((entry) => entry.state === 'RUNNING')?.at),
      endTime: hasEnded({ state }) ? this.#stamp(stored.states.at(-1)?.at) : undefined,
      trials: [],
      backing: undefined,
    };
  }
}

const OWN_FAULT: Status = { code: 3, message: 'it did not succeed' };

/** How a job fares that asks for machines which are not to be had. */
function courseAt(fare: Fare, course: Course, random: Random): Course {
  if (fare === 'waits') return [['QUEUED', random.between(600_000, 5_400_000)], ...course];
  if (fare !== 'stockout later' && fare !== 'quota later') return course;
  return [
    ['QUEUED', random.between(1_000, 60_000)],
    ['FAILED', 0],
  ];
}
