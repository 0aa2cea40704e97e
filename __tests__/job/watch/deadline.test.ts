import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { limitText, longestRunMs, strikesAt, type TimeLimit, timeLimitOf } from '../../../src/job/watch/deadline.ts';
import { detachMoment, detachText, resumeLines } from '../../../src/job/watch/detach.ts';
import type { JobPlan } from '../../../src/plan/job.ts';
import type { CustomJobSpec } from '../../../src/vertex/types.ts';
import { CUSTOM, job, TUNING, trial } from '../jobs.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-11-01T12:00:00Z');
const at = (ms: number) => new Date(NOW + ms).toISOString();

const spec = (timeout?: string): CustomJobSpec => ({
  workerPoolSpecs: [],
  ...(timeout === undefined ? {} : { scheduling: { timeout } }),
});
const study = (count: number, parallel: number, timeout?: string) => ({
  studySpec: { metrics: [], parameters: [] },
  maxTrialCount: count,
  parallelTrialCount: parallel,
  trialJobSpec: spec(timeout),
});
type Sent = Pick<JobPlan, 'collection' | 'resource'>;
const custom = (timeout?: string): Sent => ({
  collection: 'customJobs',
  resource: { displayName: 'x', jobSpec: spec(timeout) },
});
const tuning = (count: number, parallel: number, timeout?: string): Sent => ({
  collection: 'hyperparameterTuningJobs',
  resource: { displayName: 'x', ...study(count, parallel, timeout) },
});
const pipeline = (inputs: CustomJobSpec | ReturnType<typeof study>): Sent => ({
  collection: 'trainingPipelines',
  resource: { displayName: 'x', trainingTaskDefinition: 'gs://x', trainingTaskInputs: inputs },
});

describe("the service's time limit", () => {
  test.each<{ name: string; sent: Sent; limit: TimeLimit }>([
    { name: 'of a custom job', sent: custom('86400s'), limit: { timeoutMs: DAY, trials: undefined } },
    { name: 'in fractions', sent: custom('90.5s'), limit: { timeoutMs: 90_500, trials: undefined } },
    { name: 'that is not given is a week', sent: custom(), limit: { timeoutMs: 7 * DAY, trials: undefined } },
    { name: 'of nothing is as if not given', sent: custom('0s'), limit: { timeoutMs: 7 * DAY, trials: undefined } },
    {
      name: 'of a study',
      sent: tuning(20, 4, '3600s'),
      limit: { timeoutMs: HOUR, trials: { count: 20, parallel: 4 } },
    },
    {
      name: 'of a study of fewer trials than may run at once',
      sent: tuning(2, 10, '3600s'),
      limit: { timeoutMs: HOUR, trials: { count: 2, parallel: 2 } },
    },
    { name: 'of a pipeline', sent: pipeline(spec('60s')), limit: { timeoutMs: MINUTE, trials: undefined } },
    {
      name: 'of a pipeline with a study',
      sent: pipeline(study(9, 2, '60s')),
      limit: { timeoutMs: MINUTE, trials: { count: 9, parallel: 2 } },
    },
  ])('$name', ({ sent, limit }) => {
    expect(timeLimitOf(sent)).toEqual(limit);
  });

  test.each([
    { count: 20, parallel: 4, rounds: 5 },
    { count: 21, parallel: 4, rounds: 6 },
    { count: 1, parallel: 1, rounds: 1 },
  ])('$count trials, $parallel at a time, take $rounds rounds', ({ count, parallel, rounds }) => {
    expect(longestRunMs({ timeoutMs: HOUR, trials: { count, parallel } })).toBe(rounds * HOUR);
  });

  test.each<{ name: string; limit: TimeLimit; text: string }>([
    {
      name: 'a job',
      limit: { timeoutMs: DAY, trials: undefined },
      text: 'Vertex AI ends the job once it has run for 1 day, whatever becomes of this runner: not before 2026-11-02 12:00 UTC.',
    },
    {
      name: 'a study',
      limit: { timeoutMs: DAY, trials: { count: 18, parallel: 4 } },
      text: 'Vertex AI ends each trial once it has run for 1 day, whatever becomes of this runner: 18 trials, 4 at a time, can run for 5 days, until 2026-11-06 12:00 UTC if none has to wait.',
    },
    {
      name: 'a study of one',
      limit: { timeoutMs: 2 * HOUR, trials: { count: 1, parallel: 1 } },
      text: 'Vertex AI ends each trial once it has run for 2 hours, whatever becomes of this runner: 1 trial, 1 at a time, can run for 2 hours, until 2026-11-01 14:00 UTC if none has to wait.',
    },
  ])('in the notice of $name', ({ limit, text }) => {
    expect(limitText(limit, NOW)).toBe(text);
  });

  test('strikes a job from its start on, and not before it has one', () => {
    const limit = { timeoutMs: DAY, trials: undefined };
    expect(strikesAt(limit, job('PENDING'))).toBeUndefined();
    expect(strikesAt(limit, job('RUNNING', { startTime: at(0) }))).toBe(NOW + DAY);
  });

  test('strikes the trial first that has run longest', () => {
    const limit = { timeoutMs: DAY, trials: { count: 9, parallel: 3 } };
    const trials = [
      trial('1', 'SUCCEEDED', { m: 1 }, { startTime: at(-5 * HOUR) }),
      trial('2', 'ACTIVE', undefined, { startTime: at(-HOUR) }),
      trial('3', 'ACTIVE', undefined, { startTime: at(-2 * HOUR) }),
      trial('4', 'REQUESTED'),
    ];
    expect(strikesAt(limit, job('RUNNING', { startTime: at(-9 * HOUR), trials }))).toBe(NOW - 2 * HOUR + DAY);
    expect(strikesAt(limit, job('RUNNING', { startTime: at(-9 * HOUR) }))).toBeUndefined();
  });
});

describe('the step leaves', () => {
  test.each([
    {
      name: 'twenty minutes before its token ends',
      end: 6 * HOUR,
      after: undefined,
      leaves: 6 * HOUR - 20 * MINUTE,
      because: 'token',
    },
    {
      name: 'after five hours where no end is known',
      end: undefined,
      after: undefined,
      leaves: 5 * HOUR,
      because: 'start',
    },
    { name: 'when it is told to', end: 6 * HOUR, after: 2 * HOUR, leaves: 2 * HOUR, because: 'input' },
    {
      name: 'when it is told to, days later, where no token ends',
      end: undefined,
      after: 4 * DAY,
      leaves: 4 * DAY,
      because: 'input',
    },
    {
      name: 'before its token ends, whatever it is told',
      end: 6 * HOUR,
      after: DAY,
      leaves: 6 * HOUR - 20 * MINUTE,
      because: 'token',
    },
    {
      name: 'at once where the token is about to end',
      end: 5 * MINUTE,
      after: undefined,
      leaves: -15 * MINUTE,
      because: 'token',
    },
  ])('$name', ({ end, after, leaves, because }) => {
    const moment = detachMoment({ startedAt: NOW, tokenEnd: end === undefined ? undefined : NOW + end, after });
    expect(moment).toMatchObject({ at: NOW + leaves, because });
    expect(moment.warning !== undefined).toBe(after !== undefined && end !== undefined && after > end);
  });

  test('and says beforehand that its token does not last as long as it is told to stay', () => {
    expect(detachMoment({ startedAt: NOW, tokenEnd: NOW + 6 * HOUR, after: DAY }).warning).toBe(
      'detach_after asks for 1 day, but the token with which this workflow job signs in ends at 2026-11-01 18:00 UTC: the step leaves at 2026-11-01 17:40 UTC instead.',
    );
  });

  test('never after the token is of no use, whatever is asked for', () => {
    const times = fc.integer({ min: 0, max: 10 * DAY });
    fc.assert(
      fc.property(times, fc.option(times, { nil: undefined }), (end, after) => {
        expect(detachMoment({ startedAt: NOW, tokenEnd: NOW + end, after }).at).toBeLessThanOrEqual(
          NOW + end - 20 * MINUTE,
        );
      }),
    );
  });

  test('with all that a later step needs', () => {
    expect(detachText({ job: job('RUNNING', { name: TUNING }), because: 'token' }).split('\n')).toEqual([
      'The job is RUNNING and runs on; this step leaves it now, before the token with which it signs in runs out. Its output finished is false.',
      'A later step, job or scheduled workflow follows it to its end and reports, with the same sign-in, project_id and region and:',
      `  job: ${TUNING}`,
      `To end it instead, cancel it in the console, or run: gcloud ai hp-tuning-jobs cancel ${TUNING}`,
    ]);
  });

  test.each([
    [CUSTOM, `To end it instead, cancel it in the console, or run: gcloud ai custom-jobs cancel ${CUSTOM}`],
    ['projects/1/locations/l/trainingPipelines/9', 'To end it instead, cancel it in the console.'],
  ])('and how %s is ended', (name, line) => {
    expect(resumeLines(name).at(-1)).toBe(line);
  });
});
