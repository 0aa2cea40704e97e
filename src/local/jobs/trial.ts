import type { CustomJob, CustomJobSpec, HyperparameterTuningJob, Trial } from '../../vertex/types.ts';
import { timestampOf } from '../api/timestamps.ts';
import type { Runtime } from '../containers/runtime.ts';
import type { JobRecord } from '../resources/store.ts';
import type { Report, Verdict } from '../study/metrics-file.ts';
import { MOST_REPORTS } from '../study/report-log.ts';
import type { Stop } from '../study/stopping/early-stopping.ts';
import { stoppedTrial } from './study-watch.ts';
import { LOOK_EVERY_MS, TrialMetrics } from './trial-metrics.ts';

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
  /** Whether the custom job of a trial that succeeded was ended before its program was: the trial was stopped early. */
  wasStopped(trial: Pick<Trial, 'customJob'>): boolean;
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
  // It was told to end before the service was started again, and its container may not know.
  if (run.trial.state === 'STOPPING') stop.abort(stoppedTrial('before the service was started again'));
  await job.begun;
  const { startTime = timestampOf(runtime.clock.now()) } = trial;
  const startMs = Date.parse(startTime);
  if (!signal.aborted) put({ state: 'ACTIVE', startTime });
  const { studySpec: study } = run.tuning.resource;
  const metrics = new TrialMetrics({
    runtime,
    study,
    jobId: job.record.id,
    spec: run.spec,
    startMs,
    earlier: trial.measurements,
  });
  let predicted: Report | undefined;
  const lookOnce = async () => {
    const wasThinned = metrics.isThinned;
    const measurements = await metrics.look();
    if (metrics.isThinned && !wasThinned) run.say(thinnedNote(trial.id));
    if (measurements === undefined) return;
    put({ measurements });
    const decision = signal.aborted || over.signal.aborted ? undefined : run.stopOf(trial);
    if (decision === undefined) return;
    predicted = decision.prediction;
    stop.abort(stoppedTrial(`early by ${decision.why}`));
  };
  const watching = watch(runtime, over.signal, lookOnce);
  await job.ended;
  over.abort();
  await watching;
  // One whose job had come to its own end by then was not stopped.
  const isEarly = early.aborted || run.trial.state === 'STOPPING';
  const isStopped = isEarly && !run.signal.aborted && job.record.resource.state === 'JOB_STATE_CANCELLED';
  const measurements = await metrics.lastLook(isStopped ? predicted : undefined);
  signal.removeEventListener('abort', onAbort);
  const end = conclusion(run, isStopped ? undefined : job.record.resource, metrics.verdict());
  const endTime = timestampOf(runtime.clock.now());
  return put({ ...(measurements && { measurements }), ...end, endTime });
}

/**
 * How the trial ends after its job, which is undefined where the trial was stopped early: that ends by what it had
 * reported, since only one without a final measurement is INFEASIBLE (the proto's comment).
 */
function conclusion(run: TrialRun, job: CustomJob | undefined, verdict: Verdict): Partial<Trial> {
  if (job !== undefined && job.state !== 'JOB_STATE_SUCCEEDED') {
    return { state: 'INFEASIBLE', infeasibleReason: job.error?.message ?? 'The trial was stopped.' };
  }
  if ('infeasible' in verdict) {
    const why = job === undefined && run.halt.reason instanceof Error ? `${run.halt.reason.message} ` : '';
    return { state: 'INFEASIBLE', infeasibleReason: `${why}${verdict.infeasible}` };
  }
  return { state: 'SUCCEEDED', finalMeasurement: verdict.finalMeasurement };
}
