import { ApiError } from '../../../src/google/api-error.ts';
import { followLogs, type LogFollowerOptions } from '../../../src/job/logs/follow.ts';
import { splitLines } from '../../../src/log.ts';
import type { Job } from '../../../src/vertex/jobs.ts';
import type { Trial } from '../../../src/vertex/types.ts';
import { SimulatedClock } from '../../ground/clock.ts';
import { recordingLog } from '../../ground/recording-log.ts';
import { job, TUNING, trial } from '../jobs.ts';
import { type Behaviour, type Stored, simulatedLogging } from './cloud-logging.ts';
import { type Dice, dice, seeded } from './random.ts';

export const START = Date.parse('2026-11-01T00:00:00Z');
const SECOND = 1_000;
const MINUTE = 60_000;

export interface Scene {
  readonly seed: number;
  readonly minutes: number;
  readonly entries: number;
  /** Draws how long after its receipt an entry is readable. */
  readonly delay: (roll: Dice) => number;
  /** Entries that are received before the end are readable so long after it, at the latest. */
  readonly atEndMs: number;
  readonly behaviour: Partial<Behaviour>;
  readonly options?: Partial<LogFollowerOptions>;
}

interface Written extends Stored {
  readonly text: string;
  readonly source: string;
  readonly receivedMs: number;
  /** When it was written, as far as can be known: no later than its receipt. */
  readonly atMs: number;
}

const TRIALS = 3;
const trialJob = (number: number) => `projects/1/locations/us-central1/customJobs/${500 + number}`;

/** A trial still writes so long after its end. */
const LAST_WORDS = 60 * SECOND;

/** When a trial begins, and when the job's answer names it: later. */
const trialBegins = (number: number, endMs: number) => START + (number * (endMs - START)) / (TRIALS + 1);

function write(scene: Scene, roll: Dice, number: number, endMs: number, before: readonly Written[]): Written {
  const atMs = START + roll.between(0, endMs - START - 1);
  const receivedMs = Math.min(endMs, atMs + roll.between(0, 3 * SECOND));
  const visibleMs = Math.min(receivedMs + scene.delay(roll), Math.max(receivedMs, endMs + scene.atEndMs));
  const trials = Array.from({ length: TRIALS }, (_, index) => index + 1).filter(
    (each) => trialBegins(each, endMs) <= atMs && atMs <= trialBegins(each + 1, endMs) + LAST_WORDS,
  );
  const trialNumber = trials.length > 0 && roll.chance(0.4) ? roll.pick(trials) : undefined;
  const task = roll.pick(['workerpool0-0', 'workerpool0-0', 'workerpool1-0', 'workerpool1-1']);
  const dated = roll.chance(0.04)
    ? atMs + roll.pick([-1, 1]) * roll.between(MINUTE, 20 * 60 * MINUTE)
    : roll.chance(0.1)
      ? Math.floor(atMs / SECOND) * SECOND
      : atMs;
  const timestamp = new Date(dated).toISOString();
  const old = before.length > 0 && roll.chance(0.1) ? roll.pick(before).entry : undefined;
  // The same insertId is another entry, as long as its time is another.
  const isTaken = before.some(({ entry }) => entry.timestamp === timestamp && entry.insertId === old?.insertId);
  const insertId = old?.insertId === undefined || isTaken ? `i${roll.between(0, 9)}-${number}` : old.insertId;
  const text = `line ${number}`;
  const severity = roll.pick(['INFO', 'ERROR']);
  const isJson = severity === 'INFO' && roll.chance(0.4);
  return {
    text,
    source:
      trialNumber === undefined
        ? task
        : task === 'workerpool0-0'
          ? `trial ${trialNumber}`
          : `trial ${trialNumber} ${task}`,
    atMs: Math.min(dated, receivedMs),
    receivedMs,
    visibleMs,
    entry: {
      timestamp,
      insertId,
      receiveTimestamp: new Date(receivedMs).toISOString(),
      severity,
      resource: {
        type: 'ml_job',
        labels: { job_id: trialNumber === undefined ? '88' : `${500 + trialNumber}`, task_name: task },
      },
      ...(isJson ? { jsonPayload: { message: text } } : { textPayload: text }),
    },
  };
}

/** What a follower told of a job that ran in simulated time, and what the job wrote. */
export async function follow(scene: Scene) {
  const roll = dice(seeded(scene.seed));
  const clock = new SimulatedClock(START);
  const endMs = START + scene.minutes * MINUTE;
  const logging = simulatedLogging(clock, {
    page: 1_000,
    answerMs: 100,
    quota: 60,
    repeats: 0,
    empties: 0,
    faults: 0,
    fault: () => new ApiError('list log entries: HTTP 503: busy', 503),
    dice: roll,
    ...scene.behaviour,
  });
  const written: Written[] = [];
  for (let number = 0; number < scene.entries; number += 1) written.push(write(scene, roll, number, endMs, written));
  logging.store.push(...written);
  const log = recordingLog();
  const told: { readonly source: string; readonly text: string; readonly atMs: number }[] = [];
  const first = job('RUNNING', { name: TUNING, createTime: new Date(START).toISOString() });
  const follower = followLogs({
    api: logging.api,
    project: 'my-project',
    job: first,
    clock,
    log,
    mode: 'all',
    random: roll.random,
    tell: (source, text) => {
      for (const line of splitLines(text)) told.push({ source, text: line, atMs: clock.now() });
    },
    ...scene.options,
  });
  const thrown: unknown[] = [];
  let now: Job = first;
  while (clock.now() < endMs) {
    now = { ...first, trials: trialsAt(clock.now(), endMs, roll) };
    await follower.poll(now).catch((error: unknown) => thrown.push(error));
    await clock.sleep(10 * SECOND);
  }
  const ended = { ...now, trials: trialsAt(clock.now() + MINUTE, endMs, roll), state: 'SUCCEEDED' };
  await follower.poll(ended).catch((error: unknown) => thrown.push(error));
  await follower.sweep({ ...ended, endTime: new Date(endMs).toISOString() }, new AbortController().signal);
  return { written, told, log, follower, thrown, reads: logging.reads, endMs, clock };
}

/** Trials are named some time after they began. */
function trialsAt(now: number, endMs: number, roll: Dice): Trial[] {
  const lag = roll.between(0, 90 * SECOND);
  return Array.from({ length: TRIALS }, (_, index) => index + 1)
    .filter((number) => trialBegins(number, endMs) <= now - lag)
    .map((number) => {
      const hasEnded = trialBegins(number + 1, endMs) <= now - lag;
      return trial(`${number}`, hasEnded ? 'SUCCEEDED' : 'ACTIVE', undefined, { customJob: trialJob(number) });
    });
}
