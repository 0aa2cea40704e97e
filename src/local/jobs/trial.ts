import type { CustomJob, CustomJobSpec, HyperparameterTuningJob, Trial } from '../../vertex/types.ts';
import { timestampOf } from '../api/timestamps.ts';
import { replicaName, seatsOf } from '../containers/environment.ts';
import type { Runtime } from '../containers/runtime.ts';
import type { JobRecord } from '../resources/store.ts';
import { measurementsOf, parseReports, type Report, reportsOf, verdictOf } from '../study/metrics-file.ts';
import { MOST_REPORTS, ReportLog } from '../study/report-log.ts';
import type { Stop } from '../study/stopping/early-stopping.ts';
import { stoppedTrial } from './study-watch.ts';

/** The custom job of a trial. */
export interface TrialJob {
  readonly record: JobRecord<CustomJob>;
  readonly name: string;
  /** Resolves when the job has come out of the queue, or has ended in it. */
  readonly begun: Promise<void>;
  readonly ended: Promise<void>;
}

/** Makes and runs the custom job of a trial. */
export interface TrialHost {
  /**
   * Gives the job at once. A trial that names its job already, since an earlier process of the service began it, keeps
   * that.
   */
  startTrialJob(
    tuning: JobRecord<HyperparameterTuningJob>,
    trial: Pick<Trial, 'id' | 'customJob'>,
    spec: CustomJobSpec,
    signal: AbortSignal,
  ): TrialJob;
}

export interface TrialRun {
  readonly tuning: JobRecord<HyperparameterTuningJob>;
  readonly trial: Trial;
  readonly spec: CustomJobSpec;
  readonly signal: AbortSignal;
  /** Aborts, with a `JobEnded`, when the study has ended and its trials with it. */
  readonly halt: AbortSignal;
  readonly host: TrialHost;
  readonly onChange: (trial: Trial) => void;
  /** For the tuning job's log. */
  readonly say: (line: string) => void;
  /** Asked at each new measurement: whether the trial is to be stopped early. */
  readonly stopOf: (trial: Trial) => Stop | undefined;
}

/** Between two looks at the metric file. How often the real service looks is not documented. */
const LOOK_EVERY_MS = 500;

/** Takes in what the replicas' metric files hold now; tells whether there is anything new. */
async function look(runtime: Runtime, jobId: string, spec: CustomJobSpec, log: ReportLog): Promise<boolean> {
  let isNew = false;
  for (const seat of seatsOf(spec)) {
    const text = await runtime.folders.metricText(jobId, replicaName(seat));
    if (log.add(parseReports(text))) isNew = true;
  }
  return isNew;
}

/** In the words of the service's predecessor (observed), which ended the job there. */
const thinnedNote = (id: string) =>
  `Too many hyperparameter tuning metrics were written by Hyperparameter Tuning Trial #${id}: of more than ${MOST_REPORTS} the older ones are kept in part.`;

/** Looks again and again until `until` aborts. */
async function watch(runtime: Runtime, until: AbortSignal, lookOnce: () => Promise<void>): Promise<void> {
  while (!until.aborted) {
    await lookOnce();
    await runtime.clock.sleep(LOOK_EVERY_MS, until).catch(() => {});
  }
}

/**
 * Runs one trial to its end and gives it in its last state. It is REQUESTED while its job waits for room, ACTIVE from then
 * on, and STOPPING when it has been told to end.
 */
export async function runTrial(runtime: Runtime, run: TrialRun): Promise<Trial> {
  const stop = new AbortController();
  const over = new AbortController();
  const early = AbortSignal.any([stop.signal, run.halt]);
  const signal = AbortSignal.any([run.signal, early]);
  const job = run.host.startTrialJob(run.tuning, run.trial, run.spec, signal);
  let trial: Trial = { ...run.trial, customJob: job.name };
  const put = (change: Partial<Trial>) => {
    trial = { ...trial, ...change };
    run.onChange(trial);
    return trial;
  };
  put({});
  const onAbort = () => put({ state: 'STOPPING' });
  signal.addEventListener('abort', onAbort, { once: true });
  await job.begun;
  const { startTime = timestampOf(runtime.clock.now()) } = trial;
  const startMs = Date.parse(startTime);
  if (!signal.aborted) put({ state: 'ACTIVE', startTime });
  const log = new ReportLog();
  log.add(reportsOf(trial.measurements, startMs / 1000));
  const putMeasurements = () => {
    const measurements = measurementsOf(run.tuning.resource.studySpec, log.all(), startMs / 1000);
    if (measurements.length > 0) put({ measurements });
  };
  let predicted: Report | undefined;
  const lookOnce = async () => {
    const wasThinned = log.isThinned;
    if (!(await look(runtime, job.record.id, run.spec, log))) return;
    if (log.isThinned && !wasThinned) run.say(thinnedNote(trial.id));
    putMeasurements();
    const decision = signal.aborted || over.signal.aborted ? undefined : run.stopOf(trial);
    if (decision === undefined) return;
    predicted = decision.prediction;
    stop.abort(stoppedTrial(`early by ${decision.why}`));
  };
  const watching = watch(runtime, over.signal, lookOnce);
  await job.ended;
  over.abort();
  await watching;
  await lookOnce();
  signal.removeEventListener('abort', onAbort);
  // One whose job had come to its own end by then was not stopped.
  const isStopped = early.aborted && !run.signal.aborted && job.record.resource.state === 'JOB_STATE_CANCELLED';
  if (isStopped && predicted !== undefined) {
    log.add([{ ...predicted, timestamp: predicted.timestamp + startMs / 1000 }]);
    putMeasurements();
  }
  const end = conclusion(run, isStopped ? undefined : job.record.resource, log, startMs);
  return put({ ...end, endTime: timestampOf(runtime.clock.now()) });
}

/**
 * How the trial ends after its job, which is undefined where the trial was stopped early: that ends by what it had
 * reported, since only one without a final measurement is INFEASIBLE (the proto's comment).
 */
function conclusion(run: TrialRun, job: CustomJob | undefined, log: ReportLog, startMs: number): Partial<Trial> {
  if (job !== undefined && job.state !== 'JOB_STATE_SUCCEEDED') {
    return { state: 'INFEASIBLE', infeasibleReason: job.error?.message ?? 'The trial was stopped.' };
  }
  const verdict = verdictOf(run.tuning.resource.studySpec, log.all(), startMs / 1000);
  if ('infeasible' in verdict) {
    const why = job === undefined && run.halt.reason instanceof Error ? `${run.halt.reason.message} ` : '';
    return { state: 'INFEASIBLE', infeasibleReason: `${why}${verdict.infeasible}` };
  }
  return { state: 'SUCCEEDED', finalMeasurement: verdict.finalMeasurement };
}
