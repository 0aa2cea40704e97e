import type { CustomJobSpec, Measurement, StudySpec } from '../../vertex/types.ts';
import { replicaName, seatsOf } from '../containers/replica/environment.ts';
import type { Runtime } from '../containers/runtime.ts';
import {
  measurementsOf,
  parseReports,
  type Report,
  reportsOf,
  type Verdict,
  verdictOf,
} from '../study/metrics-file.ts';
import { ReportLog } from '../study/report-log.ts';

/** Between two looks at the metric file. How often the real service looks is not documented. */
export const LOOK_EVERY_MS = 500;
/** Of so many measurements those that are new are told half as often. */
const TOLD_RARER = 50;

interface TrialMetricsOptions {
  readonly runtime: Runtime;
  readonly study: StudySpec;
  /** Of the trial's own job. */
  readonly jobId: string;
  readonly spec: CustomJobSpec;
  /** When the trial began, in milliseconds since the Unix epoch. */
  readonly startMs: number;
  /** What an earlier process of the service read. */
  readonly earlier: readonly Measurement[] | undefined;
}

/**
 * What a trial reports, read from its replicas' metric files while it runs. Every reading counts; but all measurements are
 * kept and answered anew at each change, so the more there are, the less often new ones are told.
 */
export class TrialMetrics {
  readonly #options: TrialMetricsOptions;
  readonly #log = new ReportLog();
  #isUntold = false;
  #nextMs = Number.NEGATIVE_INFINITY;

  constructor(options: TrialMetricsOptions) {
    this.#options = options;
    this.#log.add(reportsOf(options.earlier, options.startMs / 1000));
  }

  /** Whether there were so many that some were left out. */
  get isThinned(): boolean {
    return this.#log.isThinned;
  }

  /** Takes in what the files hold now; gives all measurements where there are new ones to tell. */
  async look(): Promise<readonly Measurement[] | undefined> {
    const { runtime, jobId, spec } = this.#options;
    for (const seat of seatsOf(spec)) {
      const text = await runtime.folders.metricText(jobId, replicaName(seat));
      if (this.#log.add(parseReports(text))) this.#isUntold = true;
    }
    return this.#isUntold && runtime.clock.now() >= this.#nextMs ? this.#told() : undefined;
  }

  /** The same at the trial's end, where all that is new is told. */
  async lastLook(prediction: Report | undefined): Promise<readonly Measurement[] | undefined> {
    this.#nextMs = Number.NEGATIVE_INFINITY;
    const read = await this.look();
    if (prediction === undefined) return read;
    // The prediction's time counts from the trial's start.
    this.#log.add([{ ...prediction, timestamp: prediction.timestamp + this.#startSeconds }]);
    return this.#told();
  }

  verdict(): Verdict {
    return verdictOf(this.#options.study, this.#log.all(), this.#startSeconds);
  }

  get #startSeconds(): number {
    return this.#options.startMs / 1000;
  }

  #told(): readonly Measurement[] | undefined {
    const { runtime, study } = this.#options;
    const measurements = measurementsOf(study, this.#log.all(), this.#startSeconds);
    this.#isUntold = false;
    this.#nextMs = runtime.clock.now() + (LOOK_EVERY_MS * measurements.length) / TOLD_RARER;
    return measurements.length > 0 ? measurements : undefined;
  }
}
