import type { CustomJob, HyperparameterTuningJob } from '../../vertex/types.ts';
import { type Runtime, update } from '../containers/runtime.ts';
import { type JobRecord, recordName } from '../resources/store.ts';
import { isTerminal } from '../resources/types.ts';
import { isWithin, type Resources } from './resources.ts';
import type { Fit, Scheduler } from './scheduler.ts';

function isCustomJob(record: JobRecord): record is JobRecord<CustomJob> {
  return record.collection === 'customJobs';
}

const words = ({ cpus, memoryGiB }: Resources) => `${cpus} CPUs and ${Number(memoryGiB.toFixed(1))} GiB of memory`;

/** What the log of a job says that has to wait; `who` is `This job` or `Each trial`. */
export function waitNote(who: string, { need, total }: Fit): string {
  const until = isWithin(need, total)
    ? 'running jobs leave it that much'
    : 'no other job runs: it asks for more than all';
  return `${who} needs ${words(need)} and waits until ${until} of this region's ${words(total)}.`;
}

/** What it says of one that is larger than all there is. */
export function aloneNote(who: string, { need, total }: Fit): string {
  return `${who} asks for ${words(need)}, which is more than this region's ${words(total)}: it runs alone, with what there is.`;
}

/** Who asks to be let in. */
export interface Applicant {
  readonly record: JobRecord<CustomJob>;
  /** Aborts when the job is to end; one that waits goes to its end at once. */
  readonly signal: AbortSignal;
  /** For the log: `This job` or `Each trial`. */
  readonly who: string;
  readonly say: (line: string) => void;
  readonly run: () => Promise<void>;
}

/** Lets jobs run when there is room for them, and knows which have it. */
export class Admission {
  readonly #runtime: Runtime;
  readonly #scheduler: Scheduler | undefined;
  /** Jobs that ran already when they were taken up: how each leaves the room that it has. */
  readonly #adopted = new Map<JobRecord, () => void>();

  /** Without a scheduler there is room for every job at once. */
  constructor(runtime: Runtime, scheduler: Scheduler | undefined) {
    this.#runtime = runtime;
    this.#scheduler = scheduler;
  }

  /**
   * Gives a job of an earlier process of the service its room at once, if it is a custom job or a trial that had begun to
   * run, and so may have containers. To be called before any other job asks.
   */
  adopt(record: JobRecord): void {
    if (this.#scheduler === undefined || !isCustomJob(record)) return;
    const { startTime, jobSpec } = record.resource;
    if (startTime === undefined || isTerminal(record.resource)) return;
    this.#adopted.set(record, this.#scheduler.adopt(jobSpec));
  }

  /** Runs a job once there is room for it; until then it is QUEUED. One that is cancelled before goes to its end at once. */
  async run({ record, signal, who, say, run }: Applicant): Promise<void> {
    const adopted = this.#adopted.get(record);
    this.#adopted.delete(record);
    if (adopted !== undefined) return run().finally(adopted);
    if (this.#scheduler === undefined) return run();
    const leave = await this.#scheduler.enter(record.resource.jobSpec, signal, {
      onWait: (fit) => {
        say(waitNote(who, fit));
        update(this.#runtime, record, { state: 'JOB_STATE_QUEUED' });
      },
      onAlone: (fit) => say(aloneNote(who, fit)),
    });
    if (!signal.aborted && record.resource.state === 'JOB_STATE_QUEUED') {
      update(this.#runtime, record, { state: 'JOB_STATE_PENDING' });
    }
    await run().finally(leave);
  }

  /** Leaves the room of those trials that were adopted and never came to their turn, as their tuning job failed before. */
  disown({ resource: { trials = [] } }: JobRecord<HyperparameterTuningJob>): void {
    const names = new Set(trials.map(({ customJob }) => customJob));
    for (const [record, leave] of this.#adopted) {
      if (!names.has(recordName(record))) continue;
      this.#adopted.delete(record);
      leave();
    }
  }
}
