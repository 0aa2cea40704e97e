import { messageOf } from '../faults.ts';
import type { LoggingApi } from '../google/logging.ts';
import type { VertexApi } from '../google/vertex.ts';
import { isRecord } from '../json.ts';
import { type Log, splitLines } from '../log.ts';
import type { Clock } from '../retry.ts';
import { hasEnded, type Job } from '../vertex/jobs.ts';
import type { MetricSpec } from '../vertex/types.ts';
import { type Cause, causeOf, causeWith } from './cause/cause.ts';
import { followLogs, type LogFollower, type LogsMode } from './logs/follow.ts';
import type { OnMissingMetric } from './metrics/judge.ts';
import { type MetricStop, metricWatch, missingMetricOf } from './metrics/watch.ts';
import { OtherJobError } from './submit/survivor.ts';
import type { Tempo } from './tempo.ts';
import { cancelJob, leaveJob, type OnCancel, STEP_CANCEL_MS } from './watch/cancel.ts';
import { strikesAt, type TimeLimit } from './watch/deadline.ts';
import { newscaster } from './watch/news.ts';
import { anyOf, type Until } from './watch/until.ts';
import { heraldsChange, newWake } from './watch/wake.ts';
import { watchJob } from './watch/watch.ts';

/** What a study is to measure, and what happens where it does not. */
export interface StudyWatch {
  readonly metrics: readonly MetricSpec[];
  readonly maxTrials: number | undefined;
  readonly onMissingMetric: OnMissingMetric;
  /** Tags that the training code was seen to report. */
  readonly tagsInCode: readonly string[];
}

/** What following a job takes. */
export interface FollowOptions<T> {
  readonly api: VertexApi;
  readonly logging: LoggingApi;
  readonly project: string;
  readonly clock: Clock;
  readonly tempo: Tempo;
  readonly log: Log;
  /** Ends the following at once; what becomes of the job, `onCancel` says. */
  readonly signal: AbortSignal;
  readonly onCancel: OnCancel;
  /** Which lines of the job's log are told. */
  readonly logs: LogsMode;
  /** Tells lines of the job's log and resolves once they are on their way; without it, `log.untrusted`. */
  readonly tell?: ((source: string, text: string) => void | Promise<void>) | undefined;
  /** Undefined for a job that is no study. */
  readonly study: StudyWatch | undefined;
  /** The service's own time limit, where it is known. */
  readonly limit: TimeLimit | undefined;
  /** What ends the following though the job has not ended. */
  readonly until?: Until<T> | undefined;
  /** Hears of every state in which the job was seen. */
  readonly onSeen: (job: Job) => void;
  /** From [0, 1). */
  readonly random?: (() => number) | undefined;
}

/** What following a job came to. */
export interface Followed<T = never> {
  /** As last seen: at its end, cancelled and perhaps still on its way there, or left. */
  readonly job: Job;
  /** Why the following ended though the job had not. */
  readonly stopped: T | undefined;
  /** Why the job did not succeed; undefined where it did, or runs on. */
  readonly cause: Cause | undefined;
}

/** How long the end of a study that is stopped is waited for, in milliseconds. */
const STOP_MS = 60_000;

/**
 * Follows the job to its end, telling its log; until something is due; or until the signal aborts: then the job is cancelled,
 * or left where `onCancel` says so. Throws as watchJob does, but for the signal's reason.
 */
export async function followJob<T = never>(first: Job, options: FollowOptions<T>): Promise<Followed<T>> {
  const { signal, onSeen } = options;
  const wake = newWake();
  const logs = logFollower(first, options, wake.call);
  let last = first;
  const seen = (job: Job) => {
    last = job;
    onSeen(job);
  };
  try {
    const { job, stopped } = await watchJob<T | MetricStop>(first, {
      ...options,
      logs: { poll: (job) => logs.poll(job, signal), sweep: logs.sweep },
      pace: options.tempo.looks,
      logPace: options.tempo.logs,
      news: newscaster({ metrics: options.study?.metrics ?? [], maxTrials: options.study?.maxTrials }),
      onSeen: seen,
      until: untilOf(options),
      deadline: options.limit && ((job) => options.limit && strikesAt(options.limit, job)),
      wake,
    });
    if (stopped === undefined) return await concluded(job, logs, options);
    await logs.flush();
    return isMetricStop(stopped) ? await stoppedStudy(job, stopped, seen, options) : { job, stopped, cause: undefined };
  } catch (error) {
    if (!signal.aborted) throw error;
    return await afterAbort(last, error, logs, options);
  }
}

/** The job is cancelled, or left where `onCancel` says so, unless it has ended; what is held of its log is told. */
async function afterAbort<T>(
  last: Job,
  error: unknown,
  logs: LogFollower,
  options: FollowOptions<T>,
): Promise<Followed<T>> {
  const { signal, log, onSeen } = options;
  let job = last;
  if (!hasEnded(job)) {
    log.info(messageOf(error));
    // Another job stands for the step: this one is a double, whatever becomes of that one.
    const onCancel = signal.reason instanceof OtherJobError ? 'cancel' : options.onCancel;
    job = await leaveJob(job, onCancel, { ...options, withinMs: STEP_CANCEL_MS });
    onSeen(job);
  }
  await logs.flush();
  if (hasEnded(job)) return ended(job, logs);
  // Of a job that is on its way to its end the step itself is the cause.
  return { job, stopped: undefined, cause: causeWith(messageOf(signal.reason)) };
}

function logFollower<T>(job: Job, options: FollowOptions<T>, herald: () => void): LogFollower {
  const { logging, project, clock, log, tempo, random } = options;
  const { tell = (source: string, text: string) => log.untrusted(source, text) } = options;
  return followLogs({
    api: logging,
    project,
    job,
    clock,
    log,
    mode: options.logs,
    pace: tempo.reads,
    random,
    tell: async (source, text) => {
      await tell(source, text);
      if (splitLines(text).some((line) => heraldsChange(source, line))) herald();
    },
  });
}

function untilOf<T>({ api, log, study, until }: FollowOptions<T>): Until<T | MetricStop> | undefined {
  const all: Until<T | MetricStop>[] = until === undefined ? [] : [until];
  if (study !== undefined) all.push(metricWatch({ ...study, api, log, mode: study.onMissingMetric }));
  return all.length === 0 ? undefined : anyOf(...all);
}

const isMetricStop = (stopped: unknown): stopped is MetricStop =>
  isRecord(stopped) && stopped['kind'] === 'missing-metric';

/** Ends a study in which every trial would be in vain. */
async function stoppedStudy<T>(
  job: Job,
  { message }: MetricStop,
  seen: (job: Job) => void,
  { api, clock, random }: FollowOptions<T>,
): Promise<Followed<T>> {
  const { accepted, job: last = job, error } = await cancelJob(job.name, { api, clock, withinMs: STOP_MS, random });
  seen(last);
  const failure = error === undefined ? '' : `: ${messageOf(error)}`;
  const text = accepted ? message : `${message} The request to cancel it was not taken${failure}.`;
  return { job: last, stopped: undefined, cause: causeWith(text) };
}

/** The end of the job; a study may have failed for want of its metric before the watching could stop it. */
async function concluded<T>(job: Job, logs: LogFollower, { api, study }: FollowOptions<T>): Promise<Followed<T>> {
  const told =
    study === undefined || job.state !== 'FAILED' ? undefined : await missingMetricOf(job, { api, ...study });
  return told === undefined ? ended(job, logs) : { job, stopped: undefined, cause: causeWith(told) };
}

function ended<T>(job: Job, logs: LogFollower): Followed<T> {
  return { job, stopped: undefined, cause: job.state === 'SUCCEEDED' ? undefined : causeOf(job, logs) };
}
