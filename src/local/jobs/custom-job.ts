import type { CustomJob, Status } from '../../vertex/types.ts';
import { clusterId } from '../api/ids.ts';
import { timestampOf } from '../api/timestamps.ts';
import { exitStatus, JobStopped, stoppedEnding, troubleStatus } from '../containers/failure.ts';
import { type JobContext, tellsForAll } from '../containers/replica/environment.ts';
import { gpusOf } from '../containers/replica/replica-plan.ts';
import { type Runtime, sleepLong, update } from '../containers/runtime.ts';
import type { LogSource } from '../logging/store.ts';
import type { JobRecord } from '../resources/store.ts';
import { durationMs } from '../validation/scalars.ts';

export interface CustomJobRun {
  readonly record: JobRecord<CustomJob>;
  /** Aborts to cancel the job. */
  readonly signal: AbortSignal;
  /** For a trial: its id, and the tuning job under whose id its log stands. */
  readonly trial?: { readonly id: string; readonly tuningJobId: string };
}

const WEEK = '604800s';

function contextOf({ record, trial }: CustomJobRun): JobContext {
  return {
    spec: record.resource.jobSpec,
    projectNumber: record.place.projectNumber,
    region: record.place.location,
    // For a trial too: whether the service gives the trial's own job or the tuning job here is not documented.
    jobId: record.id,
    clusterId: clusterId(record.id),
    trialId: trial?.id,
  };
}

function sourceOf({ record, trial }: CustomJobRun): Omit<LogSource, 'task'> {
  if (trial === undefined) return { place: record.place, jobId: record.id };
  return { place: record.place, jobId: trial.tuningJobId, labels: { 'ml.googleapis.com/trial_id': trial.id } };
}

/** Whether GPUs are to be given; says so in the log when they are wanted and there are none. */
async function gpusFor(runtime: Runtime, run: CustomJobRun): Promise<boolean> {
  const { jobSpec } = run.record.resource;
  const wanted = jobSpec.workerPoolSpecs.flatMap((pool) =>
    gpusOf(pool) === 0 ? [] : `${gpusOf(pool)} ${pool.machineSpec?.acceleratorType}`,
  );
  if (wanted.length === 0) return false;
  if (await runtime.backend.hasGpus(runtime, jobSpec)) return true;
  const text = `This engine has no GPU: the job asks for ${wanted.join(' and ')} and runs without.`;
  if (tellsForAll({ trialId: run.trial?.id })) runtime.logs.service(sourceOf(run), text, 'WARNING');
  return false;
}

/** How the containers ended the job: with the error, if one, and when, if before now. */
interface Outcome {
  readonly error: Status | undefined;
  /** Milliseconds since the epoch. */
  readonly endedMs: number | undefined;
}

/** Runs the containers to the job's end. */
async function outcome(runtime: Runtime, run: CustomJobRun, stop: AbortController): Promise<Outcome> {
  const { record } = run;
  const source = sourceOf(run);
  const say = run.trial === undefined ? (text: string) => runtime.logs.service(source, text) : () => {};
  const over = new AbortController();
  const signal = AbortSignal.any([run.signal, stop.signal]);
  let isTimed = false;
  const onRunning = () => {
    const now = runtime.clock.now();
    const { startTime = timestampOf(now), jobSpec } = record.resource;
    update(runtime, record, { state: 'JOB_STATE_RUNNING', startTime });
    say('Job is running.');
    if (isTimed) return;
    isTimed = true;
    const { timeout = WEEK } = jobSpec.scheduling ?? {};
    const late = new JobStopped('timeout', `The job ran longer than its timeout of ${timeout}.`);
    sleepLong(runtime.clock, (durationMs(timeout) ?? 0) - (now - Date.parse(startTime)), over.signal).then(
      () => stop.abort(late),
      () => {},
    );
  };
  try {
    say('Waiting for job to be provisioned.');
    say(
      'Vertex AI is provisioning job running framework. First time usage might take couple of minutes, and subsequent runs can be much faster.',
    );
    const tell = (text: string) => runtime.logs.service(source, text);
    await runtime.backend.prepare(runtime, { record, spec: record.resource.jobSpec, signal, say: tell });
    say('Vertex AI is setting up this job.');
    const withGpus = await gpusFor(runtime, run);
    say('Waiting for training program to start.');
    say('Job is preparing.');
    const pools = { record, job: contextOf(run), source, withGpus, signal, onRunning };
    const decision = await runtime.backend.run(runtime, pools);
    const { exitCode } = decision.exit;
    const reason = exitCode === 0 ? 'SUCCEEDED' : 'FAILED';
    const textPayload = `Task completed. Exit code (${exitCode}). Exit reason (${reason})`;
    runtime.logs.append({ ...source, task: decision.replica }, [{ severity: 'INFO', textPayload }]);
    say('Tearing down training program.');
    say('Finished tearing down training program.');
    const error = exitCode === 0 ? undefined : exitStatus(decision.replica, decision.exit, source.jobId);
    return { error, endedMs: decision.endedMs };
  } finally {
    over.abort();
  }
}

/** Runs a custom job to its end. Whatever goes wrong is told in the resource; nothing is thrown. */
export async function runCustomJob(runtime: Runtime, run: CustomJobRun): Promise<void> {
  const { record } = run;
  const say = run.trial === undefined ? runtime.logs.service.bind(runtime.logs, sourceOf(run)) : () => {};
  const end = (change: Partial<CustomJob>, atMs = runtime.clock.now()) =>
    update(runtime, record, { ...change, endTime: timestampOf(atMs) });
  const fail = (error: Status, atMs?: number) => {
    say(error.message ?? 'Job failed.', 'ERROR');
    end({ state: 'JOB_STATE_FAILED', error }, atMs);
  };
  const stop = new AbortController();
  try {
    const { error, endedMs } = await outcome(runtime, run, stop);
    if (error !== undefined) return fail(error, endedMs);
    say('Job completed successfully.');
    end({ state: 'JOB_STATE_SUCCEEDED' }, endedMs);
  } catch (error) {
    // The state, code and text after a timeout are not documented: FAILED with DEADLINE_EXCEEDED is our choice.
    if (!run.signal.aborted || stop.signal.aborted)
      return fail(troubleStatus(stop.signal.aborted ? stop.signal.reason : error));
    const { state, error: status, text, severity } = stoppedEnding(run.signal.reason);
    say(text, severity);
    end({ state: `JOB_STATE_${state}`, ...(status && { error: status }) });
  }
}
