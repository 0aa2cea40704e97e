import { ApiError } from '../../../src/google/api-error.ts';
import type { VertexApi } from '../../../src/google/vertex.ts';
import type { SubmitOptions } from '../../../src/job/submit/submit.ts';
import type { JobPlan } from '../../../src/plan/job.ts';
import { ATTEMPT_LABEL, KEY_LABEL, REQUEST_LABEL, SERIES_LABEL } from '../../../src/plan/labels.ts';
import type { Collection, Job } from '../../../src/vertex/jobs.ts';
import { SimulatedClock } from '../../ground/clock.ts';
import { recordingLog } from '../../ground/recording-log.ts';
import { job } from '../jobs.ts';

export const PARENT = 'projects/p/locations/us-central1';
const LABELS = { [SERIES_LABEL]: 'series', [KEY_LABEL]: 'key', [REQUEST_LABEL]: 'asked' };

export interface Made {
  readonly attempt?: number;
  readonly request?: string;
  readonly at?: string;
  readonly collection?: Collection;
  readonly parent?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A job of the step: of attempt 1 and the same request, where nothing else is said. */
export function stepJob(id: string, state: string, made: Made = {}): Job {
  const {
    attempt = 1,
    request = 'asked',
    at = '2026-11-01T00:00:00Z',
    collection = 'customJobs',
    parent = PARENT,
  } = made;
  const labels = { ...LABELS, [ATTEMPT_LABEL]: String(attempt), [REQUEST_LABEL]: request, ...made.labels };
  return job(state, { name: `${parent}/${collection}/${id}`, labels, createTime: at });
}

export function requestOf(attempt: number, request = 'asked'): JobPlan {
  const labels = { ...LABELS, [ATTEMPT_LABEL]: String(attempt), [REQUEST_LABEL]: request };
  return {
    parent: PARENT,
    collection: 'customJobs',
    resource: { displayName: 'x', labels, jobSpec: { workerPoolSpecs: [] } },
  };
}

/** Vertex AI in memory: what it has, and what it was asked. */
export class Shelf {
  readonly jobs = new Map<string, Job>();
  /** `verb name` of every call but lists. */
  readonly calls: string[] = [];
  /** Names that lists do not show. */
  readonly hidden = new Set<string>();
  lists = 0;
  readonly filters: { readonly collection: Collection; readonly filter: string }[] = [];
  /** Called before each call; what it throws is the answer. */
  fault: (call: string) => void = () => {};
  /** The state that a job goes to when it is cancelled. */
  cancelledIs = 'CANCELLED';
  #made = 0;

  constructor(...jobs: readonly Job[]) {
    for (const each of jobs) this.put(each);
  }

  put(each: Job): void {
    this.jobs.set(each.name, each);
  }

  set(id: string, state: string): void {
    const found = [...this.jobs.values()].find(({ name }) => name.endsWith(`/${id}`));
    if (found === undefined) throw new Error(`no job ${id}`);
    this.put({ ...found, state });
  }

  states(): Record<string, string> {
    return Object.fromEntries(
      [...this.jobs.values()].map(({ name, state }) => [name.slice(name.lastIndexOf('/') + 1), state]),
    );
  }

  readonly api: VertexApi = {
    create: async (parent, collection, { labels = {} }) => {
      this.#called(`create ${parent}/${collection}`);
      this.#made += 1;
      const at = `2026-11-02T00:00:0${this.#made}Z`;
      const made = stepJob(`new${this.#made}`, 'QUEUED', { at, collection, parent, labels });
      this.put({ ...made, labels });
      return { ...made, labels };
    },
    get: async (name) => {
      this.#called(`get ${name}`);
      return this.#found(name);
    },
    list: async (parent, collection, filter) => {
      this.lists += 1;
      this.filters.push({ collection, filter });
      this.fault(`list ${collection}`);
      const labels = [...filter.matchAll(/labels\.([a-z-]+)="([^"]*)"/g)];
      return [...this.jobs.values()].filter(
        (each) =>
          each.name.startsWith(`${parent}/${collection}/`) &&
          !this.hidden.has(each.name) &&
          labels.every(([, key = '', value]) => each.labels[key] === value),
      );
    },
    cancel: async (name) => {
      this.#called(`cancel ${name}`);
      this.put({ ...this.#found(name), state: this.cancelledIs });
    },
    modelExists: async () => false,
  };

  #called(call: string): void {
    this.calls.push(call.replace(`${PARENT}/customJobs/`, ''));
    this.fault(call.replace(`${PARENT}/customJobs/`, ''));
  }

  #found(name: string): Job {
    const found = this.jobs.get(name);
    if (found === undefined) throw new ApiError(`${name} is not found`, 404);
    return found;
  }
}

/** A call of submission in its surroundings. */
export function scene(shelf: Shelf, more: Partial<SubmitOptions> = {}) {
  const clock = new SimulatedClock(1_000_000);
  const log = recordingLog();
  const controller = new AbortController();
  const told: string[] = [];
  const options: SubmitOptions = {
    api: shelf.api,
    clock,
    log,
    signal: controller.signal,
    random: () => 0.5,
    request: requestOf(1),
    onRerun: 'attach',
    supersede: false,
    runNumber: 7,
    onJob: ({ name }) => told.push(name.slice(name.lastIndexOf('/') + 1)),
    ...more,
  };
  return { clock, log, controller, told, options };
}
