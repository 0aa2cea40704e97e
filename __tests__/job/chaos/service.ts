import { ApiError } from '../../../src/google/api-error.ts';
import type { VertexApi } from '../../../src/google/vertex.ts';
import type { Collection, Job, JobResource } from '../../../src/vertex/jobs.ts';
import { hasEnded } from '../../../src/vertex/jobs.ts';
import type { FaultyWire } from './faults.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './time.ts';

/** What a job does from its creation on: each state, and how long it stays, in milliseconds; the last one is its end. */
export type Course = readonly (readonly [state: string, ms: number])[];

export interface ServiceOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  /** Lists are up to so many milliseconds behind. */
  readonly listLagMs: number;
  /** The service's clock is ahead by so much, and ticks this coarsely, in milliseconds: creation times may be equal. */
  readonly skewMs: number;
  readonly tickMs: number;
  readonly course: (random: Random) => Course;
  readonly trace: (line: string) => void;
}

/** A job as the service has it. */
export interface StoredJob {
  readonly name: string;
  readonly collection: Collection;
  readonly labels: Readonly<Record<string, string>>;
  readonly createTime: string;
  readonly createdAt: number;
  /** All states with their beginnings. */
  readonly states: { readonly at: number; readonly state: string }[];
}

const stateOf = ({ states }: StoredJob) => states.at(-1)?.state ?? 'UNSPECIFIED';

/** Vertex AI's jobs in memory: created, listed late, run through their states, cancelled in their own time. */
export class Service {
  readonly jobs: StoredJob[] = [];
  readonly #options: ServiceOptions;

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /** The API as a process reaches it over a wire. */
  over(wire: FaultyWire): VertexApi {
    return {
      create: (parent, collection, resource) =>
        wire.send(`create ${collection}`, () => this.#told(this.create(parent, collection, resource))),
      get: (name) => wire.send(`get ${name}`, () => this.#told(this.#find(name))),
      list: (parent, collection, filter) =>
        wire.send(`list ${collection}`, () => this.#list(parent, collection, filter)),
      cancel: (name) => wire.send(`cancel ${name}`, () => this.#cancel(this.#find(name))),
      modelExists: async () => false,
    };
  }

  create(parent: string, collection: Collection, { labels = {} }: JobResource, course?: Course): StoredJob {
    const { time, random, skewMs, tickMs, trace } = this.#options;
    const ticks = Math.floor((time.now() + skewMs) / tickMs) * tickMs;
    // Ids come in no order: ties of creation times are broken by what has nothing to do with age.
    const name = `${parent}/${collection}/${random.whole(1e9, 9e9)}`;
    const stored: StoredJob = {
      name,
      collection,
      labels,
      createTime: new Date(ticks).toISOString(),
      createdAt: time.now(),
      states: [],
    };
    this.jobs.push(stored);
    trace(`created ${name} by attempt ${labels['train-on-vertex-attempt']}`);
    this.#run(stored, course ?? this.#options.course(random), 0);
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
    stored.states.push({ at: this.#options.time.now(), state });
  }

  /** Somebody ends the job by hand. */
  cancelByHand(name: string): void {
    this.#cancel(this.#find(name));
  }

  #cancel(stored: StoredJob): void {
    const { time, random, trace } = this.#options;
    const state = stateOf(stored);
    trace(`asked to cancel ${stored.name}, which is ${state}`);
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
    const passes = reader(filter);
    return this.jobs.flatMap((stored) => {
      if (!stored.name.startsWith(`${parent}/${collection}/`)) return [];
      // Each list may come from another copy of the data, which is as old as it is.
      const state = stateAt(stored, time.now() - random.between(0, listLagMs));
      return state !== undefined && passes(stored.labels, state) ? [{ ...this.#told(stored), state }] : [];
    });
  }

  #told(stored: StoredJob): Job {
    const { name, labels, createTime } = stored;
    const state = stateOf(stored);
    return {
      name,
      labels,
      createTime,
      state,
      error: state === 'SUCCEEDED' || !hasEnded({ state }) ? undefined : { code: 3, message: 'it did not succeed' },
      startTime: undefined,
      endTime: undefined,
      trials: [],
      backing: undefined,
    };
  }
}

/** The state at a moment; undefined where the job was not there yet. */
export function stateAt({ states }: StoredJob, at: number): string | undefined {
  return states.findLast((entry) => entry.at <= at)?.state;
}

/** The part of the filter grammar that is used here; anything else is refused, as the service would. */
function reader(filter: string): (labels: StoredJob['labels'], state: string) => boolean {
  const tests = filter.split(' AND ').map((part) => {
    const label = /^labels\.([a-z-]+)="([^"]*)"$/.exec(part);
    if (label !== null) return (labels: StoredJob['labels']) => labels[label[1] ?? ''] === label[2];
    const state = /^state!="(?:JOB|PIPELINE)_STATE_([A-Z_]+)"$/.exec(part);
    if (state !== null) return (_: StoredJob['labels'], now: string) => now !== state[1];
    throw new ApiError(`Invalid filter: ${filter}`, 400);
  });
  return (labels, state) => tests.every((test) => test(labels, state));
}
