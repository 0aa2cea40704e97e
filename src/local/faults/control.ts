import { ApiError } from '../api/errors.ts';
import type { ApiRequest } from '../http/request.ts';
import type { JobRecord } from '../resources/store.ts';
import { type Finding, refuse } from '../validation/findings.ts';
import type { ShiftedClock } from './clock.ts';
import { readRule } from './read-rule.ts';
import { readEnd, readScript, readStatus } from './read-script.ts';
import { Reading } from './reading.ts';
import { type Asked, callOf } from './requests.ts';
import type { Rule } from './rules.ts';
import type { PreemptedHow, ScriptedEnd } from './script.ts';
import { CALM, type FaultState, meet, ordered } from './state.ts';
import type { Conditions } from './views.ts';

/** Where tests speak to the service about faults. */
export const CONTROL_PATH = '/-/faults';

/** What is done at once to a job that runs. */
export interface JobOrder {
  /** Full resource name. */
  readonly name: string;
  readonly state?: string | number | undefined;
  readonly end?: ScriptedEnd | undefined;
  readonly preempt?: Exclude<PreemptedHow, 'replica'> | undefined;
}

/** What reaches into the running jobs. */
export interface JobControl {
  /** Throws NOT_FOUND where no such job runs. */
  act(order: JobOrder): void;
}

/** A request as reports tell of it. */
interface Noted {
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly call: string;
  /** The kind of the fault that met it. */
  readonly fault?: string;
}

/** So many requests are told of in a report, the last ones. */
const MOST_NOTED = 10_000;

function readConditions(read: Reading): Conditions {
  return {
    listLagMs: read.whole('listLagMs'),
    entries: read.inner('entries', (inner) => ({
      lateEvery: inner.whole('lateEvery', { least: 1 }),
      lateMs: inner.whole('lateMs'),
      doubledEvery: inner.whole('doubledEvery', { least: 1 }),
      shuffled: inner.whole('shuffled'),
    })),
    uploads: read.inner('uploads', (inner) => ({
      takeMs: inner.whole('takeMs'),
      error: inner.inner('error', readStatus),
    })),
  };
}

function readJobOrder(read: Reading): JobOrder {
  const order = {
    name: read.text('name') ?? read.wrong('name', 'The name of a job is required.') ?? '',
    state: read.state('state'),
    end: read.inner('end', readEnd),
    preempt: read.oneOf('preempt', ['job', 'fail']),
  } as const;
  const acts = (['state', 'end', 'preempt'] as const).filter((name) => read.has(name));
  if (acts.length !== 1) read.wrong('', `One of state, end and preempt is required, not ${acts.length}.`);
  return order;
}

/** Skews are signed; they reach at most a hundred years. */
const FARTHEST_MS = 100 * 365 * 24 * 3_600_000;

function readClock(read: Reading): { readonly advanceMs?: number; readonly skewMs?: number } {
  const advanceMs = read.whole('advanceMs');
  const skewMs = read.whole('skewMs', { least: -FARTHEST_MS, most: FARTHEST_MS });
  return { ...(advanceMs === undefined ? {} : { advanceMs }), ...(skewMs === undefined ? {} : { skewMs }) };
}

/** What tests have set, and the endpoint by which they set it. */
export class Control {
  readonly #clock: ShiftedClock;
  readonly #jobs: JobControl;
  readonly #onChange: (state: FaultState) => void;
  #state: FaultState;
  #noted: Noted[] = [];
  readonly #held: (() => void)[] = [];

  constructor(clock: ShiftedClock, state: FaultState, jobs: JobControl, onChange: (state: FaultState) => void) {
    this.#clock = clock;
    this.#state = state;
    this.#jobs = jobs;
    this.#onChange = onChange;
  }

  get state(): FaultState {
    return this.#state;
  }

  /** Resolves once a test lets go on what is held. */
  released(): Promise<void> {
    return new Promise((resolve) => this.#held.push(resolve));
  }

  /** What meets a request, which is counted. */
  meet(asked: Asked, token: string): Rule | 'expired' | undefined {
    const { state, met } = meet(this.#state, asked, token, this.#clock.unskewed());
    this.#put(state);
    const fault = met === 'expired' ? 'expired-token' : met?.fault.kind;
    const { method, path } = asked;
    const noted = { atMs: this.#clock.now(), method, path, call: callOf(asked), ...(fault && { fault }) };
    if (this.#noted.length >= 2 * MOST_NOTED) this.#noted = this.#noted.slice(-MOST_NOTED);
    this.#noted.push(noted);
    return met;
  }

  /**
   * The answer to a request to the endpoint. Throws `ApiError`: an order of a wrong form changes nothing, and one to a job
   * that does not run nothing but the jobs named before it.
   */
  answer({ method, body }: ApiRequest, records: readonly JobRecord[]): object {
    if (method === 'GET') return this.#report(records);
    if (method === 'DELETE') {
      this.#put({ ...CALM, clock: this.#state.clock });
      this.#noted = [];
      return {};
    }
    if (method !== 'POST') throw new ApiError('NOT_FOUND', `${CONTROL_PATH} knows GET, POST and DELETE.`);
    this.#order(body);
    return {};
  }

  #order(body: unknown): void {
    const findings: Finding[] = [];
    const read = new Reading(body, '', findings);
    const orders = {
      rules: read.list('rules', readRule),
      conditions: read.inner('conditions', readConditions),
      scripts: read.map('scripts', readScript),
    };
    const clock = read.inner('clock', readClock);
    const jobs = read.list('jobs', readJobOrder) ?? [];
    const release = read.flag('release');
    read.end();
    refuse(findings);
    for (const order of jobs) this.#jobs.act(order);
    if (clock !== undefined) this.#clock.move(clock);
    this.#put({ ...ordered(this.#state, orders, this.#clock.unskewed()), clock: this.#clock.shift });
    if (release === true) for (const go of this.#held.splice(0)) go();
  }

  #report(records: readonly JobRecord[]): object {
    return {
      nowMs: this.#clock.now(),
      rules: this.#state.rules.map(({ rule, seen, fired }) => ({ ...rule, seen, fired })),
      conditions: this.#state.conditions,
      requests: this.#noted.slice(-MOST_NOTED),
      jobs: records.map(({ resource: { name, displayName, labels, state, createTime, endTime, error } }) => ({
        name,
        displayName,
        labels: labels ?? {},
        state,
        createTime,
        ...(endTime === undefined ? {} : { endTime }),
        ...(error === undefined ? {} : { error }),
      })),
    };
  }

  #put(state: FaultState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#onChange(state);
  }
}
