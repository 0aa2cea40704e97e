import type { CustomJob, HyperparameterTuningJob } from '../../vertex/types.ts';
import type { Runtime } from '../containers/runtime.ts';
import type { JobRecord } from '../resources/store.ts';
import type { Admission } from '../scheduling/admission.ts';
import { runCustomJob } from './custom-job.ts';

/** The trial that a custom job runs. */
interface TrialOf {
  readonly tuning: JobRecord<HyperparameterTuningJob>;
  readonly id: string;
  /** Called when the job has come out of the queue. */
  readonly onBegin: () => void;
}

/** Runs custom jobs, those of trials too, when there is room for them. */
export class CustomRuns {
  readonly #runtime: Runtime;
  readonly #admission: Admission;
  /** Tuning jobs whose log has told of trials that wait or run alone. */
  readonly #told = new WeakSet<JobRecord>();

  constructor(runtime: Runtime, admission: Admission) {
    this.#runtime = runtime;
    this.#admission = admission;
  }

  run(record: JobRecord<CustomJob>, signal: AbortSignal): Promise<void> {
    const say = (line: string) => this.#say(record, line);
    const run = () => runCustomJob(this.#runtime, { record, signal });
    return this.#admission.run({ record, signal, who: 'This job', say, run });
  }

  runTrial(record: JobRecord<CustomJob>, signal: AbortSignal, { tuning, id, onBegin }: TrialOf): Promise<void> {
    const run = () => {
      onBegin();
      return runCustomJob(this.#runtime, { record, signal, trial: { id, tuningJobId: tuning.id } });
    };
    const say = (line: string) => this.#sayOnce(tuning, line);
    return this.#admission.run({ record, signal, who: 'Each trial', say, run });
  }

  /** So that a study of many trials tells of the first one only. */
  #sayOnce(tuning: JobRecord, line: string): void {
    if (this.#told.has(tuning)) return;
    this.#told.add(tuning);
    this.#say(tuning, line);
  }

  #say({ place, id }: JobRecord, line: string): void {
    this.#runtime.logs.service({ place, jobId: id }, line);
  }
}
