import type { CustomJobSpec } from '../../vertex/types.ts';
import { ApiError } from '../api/errors.ts';
import { cpuMetric, MEMORY, quotaText } from './quota.ts';
import { isWithin, needOf, type Resources } from './resources.ts';
import { Room } from './room.ts';

export interface SchedulerOptions {
  /** What the engine's machine has; asked when the first job comes. */
  readonly machine: () => Promise<Resources>;
  /** The quota of CPUs, in place of the machine's number: fewer, or more so that jobs share them. */
  readonly maxCpus?: number | undefined;
  /** The same of memory, in GiB. */
  readonly maxMemoryGiB?: number | undefined;
}

/** What a job needs, and what all jobs together have. */
export interface Fit {
  readonly need: Resources;
  readonly total: Resources;
}

/** Hears what becomes of a job that asks for room. */
export interface Listener {
  /** There is none yet. */
  readonly onWait: (fit: Fit) => void;
  /** It has come in, and is larger than all there is. */
  readonly onAlone: (fit: Fit) => void;
}

/**
 * Runs as many jobs at a time as the machine has CPUs and memory for, counted as the catalog's machine types have them. The
 * machine itself gives way: a job of a machine type larger than it runs alone. A quota that was set does not: a job that
 * exceeds it by itself is refused. Jobs that exceed it only together wait; the service is known to do both.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  #room: Promise<Room> | undefined;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** Throws RESOURCE_EXHAUSTED for a job, or a trial, that will never fit into a quota that was set. */
  check(spec: CustomJobSpec): void {
    const { maxCpus = Number.POSITIVE_INFINITY, maxMemoryGiB = Number.POSITIVE_INFINITY } = this.#options;
    const { cpus, memoryGiB } = needOf(spec);
    const exceeded = [...(cpus > maxCpus ? [cpuMetric(spec)] : []), ...(memoryGiB > maxMemoryGiB ? [MEMORY] : [])];
    if (exceeded.length > 0) throw new ApiError('RESOURCE_EXHAUSTED', quotaText(exceeded));
  }

  /** As `Room.enter` does it. A job that needs nothing waits for nothing. Where the machine cannot be asked there is always room: the job finds out by itself. */
  async enter(spec: CustomJobSpec, signal: AbortSignal, listener: Listener): Promise<(() => void) | undefined> {
    const need = needOf(spec);
    if (need.cpus === 0) return () => {};
    const room = await this.#open();
    const fit = { need, total: room.total };
    const leave = await room.enter(need, signal, () => listener.onWait(fit));
    if (leave !== undefined && !isWithin(need, room.total)) listener.onAlone(fit);
    return leave;
  }

  /**
   * Takes room for a job whose containers run already, since an earlier process of the service started them, and gives
   * the function that leaves it again. It never waits and is never refused, also where it does not fit any more because
   * the quota is lower now. Those that are adopted before the first job asks to enter are inside before it.
   */
  adopt(spec: CustomJobSpec): () => void {
    const need = needOf(spec);
    if (need.cpus === 0) return () => {};
    const held = this.#open().then((room) => room.hold(need));
    return () => void held.then((leave) => leave());
  }

  /** The machine's room; where the machine could not be asked, one without end, and it is asked again the next time. */
  #open(): Promise<Room> {
    this.#room ??= this.#measured().catch(() => {
      this.#room = undefined;
      return new Room({ cpus: Number.POSITIVE_INFINITY, memoryGiB: Number.POSITIVE_INFINITY });
    });
    return this.#room;
  }

  async #measured(): Promise<Room> {
    const { machine, maxCpus, maxMemoryGiB } = this.#options;
    if (maxCpus !== undefined && maxMemoryGiB !== undefined) {
      return new Room({ cpus: maxCpus, memoryGiB: maxMemoryGiB });
    }
    const { cpus, memoryGiB } = await machine();
    return new Room({ cpus: maxCpus ?? cpus, memoryGiB: maxMemoryGiB ?? memoryGiB });
  }
}
