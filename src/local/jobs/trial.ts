import type { CustomJob, CustomJobSpec, HyperparameterTuningJob, Trial } from '../../vertex/types.ts';
import { timestampOf } from '../api/timestamps.ts';
import { replicaName, seatsOf } from '../containers/environment.ts';
import type { Runtime } from '../containers/runtime.ts';
import type { JobRecord } from '../resources/store.ts';
import { measurementsOf, parseReports, ReportLog, verdictOf } from '../study/metrics-file.ts';

/** Makes and runs the custom job of a trial. */
export interface TrialHost {
  /**
   * Gives the job's record at once, and a promise that resolves when the job has ended. A trial that names its job
   * already, since an earlier process of the service began it, keeps that.
   */
  startTrialJob(
    tuning: JobRecord<HyperparameterTuningJob>,
    trial: Pick<Trial, 'id' | 'customJob'>,
    spec: CustomJobSpec,
    signal: AbortSignal,
  ): { readonly record: JobRecord<CustomJob>; readonly name: string; readonly ended: Promise<void> };
}

export interface TrialRun {
  readonly tuning: JobRecord<HyperparameterTuningJob>;
  readonly trial: Trial;
  readonly spec: CustomJobSpec;
  readonly signal: AbortSignal;
  readonly host: TrialHost;
  readonly onChange: (trial: Trial) => void;
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

/** Looks again and again until `until` aborts. */
async function watch(runtime: Runtime, until: AbortSignal, lookOnce: () => Promise<void>): Promise<void> {
  while (!until.aborted) {
    await lookOnce();
    await runtime.clock.sleep(LOOK_EVERY_MS, until).catch(() => {});
  }
}

/** Runs one trial to its end and gives it in its last state. */
export async function runTrial(runtime: Runtime, run: TrialRun): Promise<Trial> {
  const { studySpec } = run.tuning.resource;
  const { startTime = timestampOf(runtime.clock.now()) } = run.trial;
  const startMs = Date.parse(startTime);
  const job = run.host.startTrialJob(run.tuning, run.trial, run.spec, run.signal);
  let trial: Trial = { ...run.trial, state: 'ACTIVE', startTime, customJob: job.name };
  const put = (change: Partial<Trial>) => {
    trial = { ...trial, ...change };
    run.onChange(trial);
    return trial;
  };
  put({});
  const onAbort = () => put({ state: 'STOPPING' });
  run.signal.addEventListener('abort', onAbort, { once: true });
  const log = new ReportLog();
  const lookOnce = async () => {
    if (!(await look(runtime, job.record.id, run.spec, log))) return;
    const measurements = measurementsOf(studySpec, log.all(), startMs / 1000);
    if (measurements.length > 0) put({ measurements });
  };
  const over = new AbortController();
  const watching = watch(runtime, over.signal, lookOnce);
  await job.ended;
  over.abort();
  await watching;
  await lookOnce();
  run.signal.removeEventListener('abort', onAbort);
  return put({ ...conclusion(run, job.record.resource, log, startMs), endTime: timestampOf(runtime.clock.now()) });
}

function conclusion(run: TrialRun, job: CustomJob, log: ReportLog, startMs: number): Partial<Trial> {
  if (job.state !== 'JOB_STATE_SUCCEEDED') {
    return { state: 'INFEASIBLE', infeasibleReason: job.error?.message ?? 'The trial was stopped.' };
  }
  const verdict = verdictOf(run.tuning.resource.studySpec, log.all(), startMs / 1000);
  if ('infeasible' in verdict) return { state: 'INFEASIBLE', infeasibleReason: verdict.infeasible };
  return { state: 'SUCCEEDED', finalMeasurement: verdict.finalMeasurement };
}
