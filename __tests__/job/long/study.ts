import type { Job } from '../../../src/vertex/jobs.ts';
import type { Trial } from '../../../src/vertex/types.ts';
import { CUSTOM, job } from '../jobs.ts';
import { seeded } from '../logs/random.ts';
import { plannedStudy } from '../watch/simulated-service.ts';
import type { Planned } from './log-store.ts';
import { DAY, followLong, HOUR, MINUTE, START } from './scene.ts';

/**
 * Follows a study of a thousand trials, twenty at a time, in simulated time, and prints as JSON what that came to. One trial
 * in fifty crashes, in words that only the trial's own job explains; each trial logs a line a minute.
 */

const TRIALS = 1_000;
const PARALLEL = 20;
const METRICS = [{ metricId: 'accuracy', goal: 'MAXIMIZE' }] as const;
const course = plannedStudy(TRIALS, PARALLEL, seeded(42));
const trials = course.trials ?? [];
const crashes = (id: string) => Number(id) % 50 === 0;

const jobIdOf = (id: string) => `${5_000 + Number(id)}`;
const jobNameOf = (id: string) => CUSTOM.replace(/\d+$/, jobIdOf(id));
const trialOfJob = new Map(trials.map(({ id }) => [jobIdOf(id), id]));

const dressed = new WeakMap<Trial, Trial>();

/** Trials of jobs of their own, of which some crash. */
function dress(seen: Job): Job {
  const all = seen.trials.map((trial) => {
    const known = dressed.get(trial) ?? dressTrial(trial);
    dressed.set(trial, known);
    return known;
  });
  return { ...seen, trials: all };
}

function dressTrial(trial: Trial): Trial {
  const own = { ...trial, customJob: jobNameOf(trial.id) };
  if (trial.state !== 'SUCCEEDED' || !crashes(trial.id)) return own;
  const { finalMeasurement: _, ...rest } = own;
  return { ...rest, state: 'INFEASIBLE', infeasibleReason: 'The trial came to no result.' };
}

function lines(): Planned[] {
  const task = 'workerpool0-0';
  return trials.flatMap(({ id, start, end }) => {
    const count = Math.ceil((end - start) / MINUTE);
    return Array.from({ length: count }, (_, minute) => ({
      at: START + start + minute * MINUTE,
      jobId: jobIdOf(id),
      task,
    }));
  });
}

/** The best value of the trials that had ended by then, in milliseconds from the start. */
function bestBy(sinceMs: number): number {
  return Math.max(...trials.filter(({ id, end }) => end <= sinceMs && !crashes(id)).map(({ value }) => value));
}

const counts = { started: 0, measured: 0, ended: 0, infeasible: 0, progress: 0 };
const distinct = { started: new Set<string>(), measured: new Set<string>(), ended: new Set<string>() };
const wrongBest: string[] = [];
const others: string[] = [];

function hear(kind: string, text: string, sinceMs: number): void {
  const [, id = '', what = ''] = /^Trial (\d+) (started|at step|SUCCEEDED|INFEASIBLE)/.exec(text) ?? [];
  const [, value] = /^\d+ of 1000 trials are done(?:; best so far: trial \d+, accuracy = (.+))?$/.exec(text) ?? [];
  if (what === 'INFEASIBLE') counts.infeasible += 1;
  if (id !== '') {
    const stage = what === 'started' ? 'started' : what === 'at step' ? 'measured' : 'ended';
    counts[stage] += 1;
    distinct[stage].add(id);
  } else if (value !== undefined) {
    counts.progress += 1;
    if (Number(value) !== bestBy(sinceMs)) wrongBest.push(text);
  } else {
    others.push(`${kind}: ${text}`);
  }
}

const run = await followLong({
  seed: 11,
  course,
  lines: lines(),
  sourceOf: ({ jobId }) => `trial ${trialOfJob.get(jobId)}`,
  limit: { timeoutMs: DAY, trials: { count: TRIALS, parallel: PARALLEL } },
  study: { metrics: METRICS, maxTrials: TRIALS, onMissingMetric: 'stop', tagsInCode: [] },
  dress,
  others: (name) => job('FAILED', { name }),
  hear,
  measureEveryMs: HOUR,
});
const { started, measured, ended } = distinct;
const news = {
  ...counts,
  distinct: { started: started.size, measured: measured.size, ended: ended.size },
  wrongBest: wrongBest.slice(0, 5),
  others: others.slice(-10),
};
process.stdout.write(`${JSON.stringify({ ...run, news })}\n`);
