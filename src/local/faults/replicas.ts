import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ContainerExit } from '../containers/engine/engine-exit.ts';
import type { PoolsRun } from '../containers/pools/pools-run.ts';
import { replicaName, seatsOf } from '../containers/replica/environment.ts';
import { type Runtime, sleepLong } from '../containers/runtime.ts';
import type { LogContent } from '../logging/store.ts';
import type { Decision } from '../resources/types.ts';
import { bucketOf } from '../storage/buckets.ts';
import { MOST_RESTARTS, Preempted } from './attempts.ts';
import { contentsOf, exitMs, type Occurrence, occurrences, programOf, reportLines } from './program.ts';
import type { Program, Script } from './script.ts';

/** One start of all replicas of a job. */
interface Performance {
  readonly run: PoolsRun;
  readonly script: Script;
  readonly attempt: number;
  /** When it starts, by the service's clock. */
  readonly startMs: number;
  readonly signal: AbortSignal;
}

/** Lines are put into the log by so many, and other work has its turn in between. */
const MOST_AT_ONCE = 1_000;

/** cloudml-hypertune keeps the last hundred. */
const MOST_REPORTS = 100;

/** The exit code of a program that was killed: 128 and the number of SIGKILL. */
const KILLED = 137;

/** A replica's program from its start to its exit. */
class Player {
  readonly #runtime: Runtime;
  readonly #performance: Performance;
  readonly #replica: string;
  readonly #program: Program;
  readonly #startMs: number;
  #lines: LogContent[] = [];
  #reports: string[] = [];

  constructor(runtime: Runtime, performance: Performance, replica: string, attempt: number, startMs: number) {
    this.#runtime = runtime;
    this.#performance = performance;
    this.#replica = replica;
    this.#startMs = startMs;
    const trial = performance.run.job.trialId;
    this.#program = programOf(performance.script, { replica, trial, attempt });
  }

  /** Gives how the program ended. Throws `Preempted`, and the signal's reason. */
  async play(): Promise<ContainerExit> {
    const { events = [], exit } = this.#program;
    const end = exitMs(this.#program);
    const due = occurrences(events);
    for (let next = due.next(); !next.done; next = due.next()) {
      const { value } = next;
      if (end !== undefined && value.atMs > end) break;
      await this.#until(value.atMs);
      await this.#perform(value);
    }
    if (end === undefined) return this.#forever();
    await this.#until(end);
    this.#flush();
    const { code = 0, outOfMemory = false } = exit === 'never' ? {} : (exit ?? {});
    return { exitCode: outOfMemory && code === 0 ? KILLED : code, oomKilled: outOfMemory };
  }

  async #perform(occurrence: Occurrence): Promise<void> {
    const { event, atMs } = occurrence;
    this.#lines.push(...contentsOf(occurrence, this.#startMs));
    if (this.#lines.length >= MOST_AT_ONCE) {
      this.#flush();
      await nextTurn();
      this.#performance.signal.throwIfAborted();
    }
    if (event.measure !== undefined) await this.#report(occurrence);
    if (event.write !== undefined) await this.#write(event.write, this.#startMs + atMs);
    if (event.preempt === undefined) return;
    this.#flush();
    throw new Preempted(event.preempt, this.#replica, this.#startMs + atMs);
  }

  async #until(atMs: number): Promise<void> {
    const { clock } = this.#runtime;
    const left = this.#startMs + atMs - clock.now();
    if (left <= 0) return;
    this.#flush();
    await sleepLong(clock, left, this.#performance.signal);
  }

  async #forever(): Promise<never> {
    this.#flush();
    for (;;) await sleepLong(this.#runtime.clock, Number.MAX_SAFE_INTEGER, this.#performance.signal);
  }

  #flush(): void {
    const { source } = this.#performance.run;
    this.#runtime.logs.append({ ...source, task: this.#replica }, this.#lines);
    this.#lines = [];
  }

  /** Reports as cloudml-hypertune does, where the job is a trial's: the service reads metrics of no other. */
  async #report(occurrence: Occurrence): Promise<void> {
    const { jobId, trialId } = this.#performance.run.job;
    if (trialId === undefined) return;
    this.#reports = [...this.#reports, ...reportLines(occurrence, this.#startMs, trialId)].slice(-MOST_REPORTS);
    const folder = await this.#runtime.folders.metrics(jobId, this.#replica);
    await writeFile(join(folder, 'output.metrics'), `${this.#reports.join('\n')}\n`);
  }

  async #write({ path, text }: { readonly path: string; readonly text: string }, atMs: number): Promise<void> {
    const base = this.#performance.run.job.spec.baseOutputDirectory?.outputUriPrefix ?? '';
    const bucket = bucketOf(base);
    if (bucket === undefined) return;
    const gcs = await this.#runtime.folders.buckets([bucket]);
    const file = join(gcs, base.slice('gs://'.length), path);
    // The folder that the job names may climb; a program could go no further than its bucket.
    if (!file.startsWith(join(gcs, bucket, sep))) return;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    // A microsecond more: seconds in binary may else come out below the millisecond.
    const seconds = (atMs + 0.001) / 1000;
    await utimes(file, seconds, seconds);
  }
}

/** Plays a replica's program, from the start again whenever its own machine is taken. */
async function playOn(runtime: Runtime, performance: Performance, replica: string): Promise<ContainerExit> {
  let { startMs, attempt } = performance;
  for (;;) {
    try {
      return await new Player(runtime, performance, replica, attempt, startMs).play();
    } catch (error) {
      if (!(error instanceof Preempted) || error.how !== 'replica') throw error;
      attempt += 1;
      if (attempt > performance.attempt + MOST_RESTARTS) throw new Preempted('fail', replica, error.atMs);
      startMs = error.atMs + (performance.script.restartMs ?? 0);
      await sleepLong(runtime.clock, startMs - runtime.clock.now(), performance.signal);
    }
  }
}

/** Plays all replicas until one decides the job, as containers do. Throws `Preempted`, and the signal's reason. */
export async function perform(runtime: Runtime, performance: Performance): Promise<Decision> {
  const over = new AbortController();
  const own = { ...performance, signal: AbortSignal.any([performance.signal, over.signal]) };
  const decisions = seatsOf(performance.run.job.spec).map(async (seat, index): Promise<Decision> => {
    const replica = replicaName(seat);
    const exit = await playOn(runtime, own, replica);
    if (index > 0 && exit.exitCode === 0) return new Promise<Decision>(() => {});
    return { replica, exit };
  });
  try {
    return await Promise.race(decisions);
  } finally {
    over.abort();
  }
}
