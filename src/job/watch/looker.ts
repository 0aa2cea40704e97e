import { messageOf, UserError } from '../../faults.ts';
import type { VertexApi } from '../../google/vertex.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../retry.ts';
import { spanText } from '../../span.ts';
import type { Job } from '../../vertex/jobs.ts';
import { epochOf } from '../../vertex/times.ts';
import { ask, mayAskAgain, retryAfterOf } from './ask.ts';
import { nextWaitMs, type Pace } from './interval.ts';
import { Sleeper } from './sleeper.ts';
import type { Look, Until } from './until.ts';
import type { Wake } from './wake.ts';

interface LookerOptions {
  readonly api: Pick<VertexApi, 'get'>;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly deadline?: ((job: Job) => number | undefined) | undefined;
  readonly wake?: Wake | undefined;
  readonly random?: (() => number) | undefined;
  readonly patienceMs?: number | undefined;
}

/** The client gives up on a call after 60 s, and a pipeline takes two; this is for one that does not. */
const ANSWER_MS = 125_000;
/** A region can be out of reach for long, and the job runs on meanwhile. */
const PATIENCE_MS = 60 * 60_000;
/** A silence of this length is worth a warning, in milliseconds. */
const SILENCE_MS = 5 * 60_000;

/** A time in which the service did not answer. */
interface Outage {
  readonly since: number;
  readonly count: number;
  readonly retryAfterMs: number | undefined;
  readonly warned: boolean;
}

/** Looks at one job again and again, at the pace that its state asks for. */
export class Looker {
  readonly #options: LookerOptions;
  readonly #sleeper: Sleeper;
  readonly #random: () => number;
  readonly #forget: (() => void) | undefined;
  #job: Job;
  #changedAt: number;
  #heardAt: number | undefined;
  #lookedAt: number;
  #outage: Outage | undefined;

  constructor(first: Job, options: LookerOptions) {
    const { clock, signal, wake, random = Math.random } = options;
    this.#options = options;
    this.#sleeper = new Sleeper(clock, signal);
    this.#random = random;
    this.#job = first;
    this.#lookedAt = clock.now();
    // A job that was joined may have been in its state for long.
    const known = Math.max(epochOf(first.createTime) ?? 0, epochOf(first.startTime) ?? 0);
    this.#changedAt = Math.min(this.#lookedAt, known === 0 ? this.#lookedAt : known);
    this.#forget = wake?.listen(() => {
      this.#heardAt = clock.now();
      if (this.#outage === undefined) this.#sleeper.wake();
    });
  }

  /** Hears of nothing any more. */
  close(): void {
    this.#forget?.();
  }

  /** The job as last seen. */
  get job(): Job {
    return this.#job;
  }

  /** The look that the watching begins with: at the job as it was handed over. */
  first(): Look {
    this.#options.signal.throwIfAborted();
    return { job: this.#job, now: this.#lookedAt, fresh: true };
  }

  /** Waits until it is time, and looks. Throws the signal's reason; see watchJob for the rest. */
  async next(until: Pick<Until<unknown>, 'at'> | undefined): Promise<Look> {
    const asked = await this.#wait(until?.at(this.#job));
    const fresh = asked && (await this.#look());
    return { job: this.#job, now: this.#options.clock.now(), fresh };
  }

  /** False where the wait ended for what is due, at a time at which the service must not be asked yet. */
  async #wait(dueAt: number | undefined): Promise<boolean> {
    const { clock, pace } = this.#options;
    const start = clock.now();
    const waitMs = this.#waitMs(start);
    const cut = dueAt !== undefined && dueAt > start && dueAt < start + waitMs;
    if (await this.#sleeper.sleep(cut ? dueAt - start : waitMs)) return !cut || this.#outage === undefined;
    const early = this.#lookedAt + pace.minMs - clock.now();
    if (early > 0) await this.#sleeper.sleep(early);
    return true;
  }

  #waitMs(now: number): number {
    const { pace, deadline } = this.#options;
    return nextWaitMs(
      {
        now,
        job: this.#job,
        changedAt: this.#changedAt,
        heardAt: this.#heardAt,
        deadline: deadline?.(this.#job),
        failure: this.#outage,
        random: this.#random(),
      },
      pace,
    );
  }

  /** Whether the service answered. */
  async #look(): Promise<boolean> {
    const { api, clock, signal } = this.#options;
    const { name } = this.#job;
    this.#lookedAt = clock.now();
    try {
      const job = await ask(`get ${name}`, () => api.get(name), { clock, signal, withinMs: ANSWER_MS });
      this.#answered(job);
      return true;
    } catch (error) {
      signal.throwIfAborted();
      this.#unanswered(error);
      return false;
    }
  }

  #answered(job: Job): void {
    const now = this.#options.clock.now();
    if (this.#outage?.warned) {
      this.#options.log.info(`Vertex AI answers again, after ${spanText(now - this.#outage.since)}.`);
    }
    this.#outage = undefined;
    if (job.state !== this.#job.state) this.#changedAt = now;
    this.#job = job;
  }

  #unanswered(error: unknown): void {
    const { clock, log, patienceMs = PATIENCE_MS } = this.#options;
    const now = clock.now();
    const { since = now, count = 0, warned = false } = this.#outage ?? {};
    if (!mayAskAgain(error, count + 1)) throw error;
    const span = spanText(now - since);
    if (now - since >= patienceMs) {
      throw new UserError(
        `For ${span} Vertex AI did not tell of ${this.#job.name}. It was ${this.#job.state} when last seen and may still be running; look for it in the console, and cancel it if it is not wanted.`,
        { cause: error },
      );
    }
    log.debug(`${messageOf(error)}; it is asked for again`);
    const warn = !warned && now - since >= SILENCE_MS;
    if (warn) log.warning(`For ${span} Vertex AI has not told of the job, which runs on: ${messageOf(error)}`);
    this.#outage = { since, count: count + 1, retryAfterMs: retryAfterOf(error), warned: warned || warn };
  }
}
