import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judgeTrials, type MissingMetric, missingMetricText } from '../../../src/job/metrics/judge.ts';
import { endByJob, endByTrial, type ProgramEnd } from '../../../src/job/metrics/program.ts';
import { metricWatch, missingMetricOf } from '../../../src/job/metrics/watch.ts';
import type { Job } from '../../../src/vertex/jobs.ts';
import { type MetricSpec, TRIAL_STATES, type Trial, type TrialState } from '../../../src/vertex/types.ts';
import { recordingLog } from '../../ground/recording-log.ts';
import { job, trial } from '../jobs.ts';

const ACCURACY: MetricSpec[] = [{ metricId: 'accuracy', goal: 'MAXIMIZE' }];
const BOTH: MetricSpec[] = [...ACCURACY, { metricId: 'latency', goal: 'MINIMIZE' }];
const CRASH = 'The replica workerpool0-0 exited with a non-zero status of 1. Termination reason: Error.';
// The local service's words.
const NONE = 'The trial ended without a value for every metric of the study (accuracy): it reported none.';
const OTHER = 'The trial ended without a value for every metric of the study (accuracy): it reported acc, loss.';
const customJob = (id: string) => `projects/1/locations/us-central1/customJobs/${id}`;

const infeasible = (id: string, infeasibleReason?: string, more: Partial<Trial> = {}) =>
  trial(id, 'INFEASIBLE', undefined, {
    customJob: customJob(id),
    ...(infeasibleReason === undefined ? {} : { infeasibleReason }),
    ...more,
  });

describe('how the program of a trial ended', () => {
  test.each<{ name: string; seen: Trial; end: ProgramEnd }>([
    { name: 'that succeeded', seen: trial('1', 'SUCCEEDED', { accuracy: 1 }), end: 'well' },
    { name: 'that runs', seen: trial('1', 'ACTIVE'), end: 'unknown' },
    { name: 'that is infeasible without a word', seen: infeasible('1'), end: 'unknown' },
    { name: 'that is infeasible in unknown words', seen: infeasible('1', 'No.'), end: 'unknown' },
    { name: 'that crashed', seen: infeasible('1', CRASH), end: 'crashed' },
    {
      name: 'that ran out of memory',
      seen: infeasible('1', 'The replica workerpool0-0 ran out of memory and exited with a non-zero status of 137.'),
      end: 'crashed',
    },
    {
      name: 'that had no machine',
      seen: infeasible('1', 'Resources are insufficient in region: us-central1.'),
      end: 'crashed',
    },
    { name: 'that ran out of time', seen: infeasible('1', 'DEADLINE_EXCEEDED: The job ran for 60 s.'), end: 'crashed' },
    {
      name: 'that was cancelled',
      seen: infeasible('1', 'CANCELED: The job was cancelled by the user.'),
      end: 'crashed',
    },
    { name: 'that reported nothing', seen: infeasible('1', NONE), end: 'well' },
    { name: 'that reported something else', seen: infeasible('1', OTHER), end: 'well' },
  ])('$name', ({ seen, end }) => {
    expect(endByTrial(seen)).toBe(end);
  });

  test.each<[string, ProgramEnd]>([
    ['SUCCEEDED', 'well'],
    ['FAILED', 'crashed'],
    ['CANCELLED', 'crashed'],
    ['EXPIRED', 'crashed'],
    ['RUNNING', 'unknown'],
    ['CANCELLING', 'unknown'],
    ['ODD', 'unknown'],
  ])('by a job that is %s: %s', (state, end) => {
    expect(endByJob({ state })).toBe(end);
  });
});

describe('a study of trials', () => {
  const ends = (all: Record<string, ProgramEnd>) => new Map(Object.entries(all));

  test.each<{
    name: string;
    trials: Trial[];
    metrics?: MetricSpec[];
    known?: Record<string, ProgramEnd>;
    verdict: MissingMetric | undefined;
    ask?: string[];
  }>([
    {
      name: 'that all measured',
      trials: [trial('1', 'SUCCEEDED', { accuracy: 1 }), trial('2', 'ACTIVE')],
      verdict: undefined,
    },
    {
      name: 'that measured what is no number',
      trials: [trial('1', 'SUCCEEDED', { accuracy: Number.NaN })],
      verdict: undefined,
    },
    {
      name: 'of which one crashed',
      trials: [infeasible('1', CRASH), trial('2', 'SUCCEEDED', { accuracy: 1 })],
      verdict: undefined,
    },
    { name: 'of which all crashed', trials: [infeasible('1', CRASH), infeasible('2', CRASH)], verdict: undefined },
    {
      name: 'of which one succeeded without a measurement',
      trials: [trial('1', 'SUCCEEDED')],
      verdict: { trial: '1', missing: ['accuracy'], found: [] },
    },
    {
      name: 'of which one measured something else',
      trials: [trial('1', 'SUCCEEDED', { acc: 1, loss: 2 })],
      verdict: { trial: '1', missing: ['accuracy'], found: ['acc', 'loss'] },
    },
    {
      name: 'of which one measured something else on its way',
      trials: [infeasible('1', NONE, { measurements: [{ metrics: [{ metricId: 'acc', value: 1 }] }] })],
      verdict: { trial: '1', missing: ['accuracy'], found: ['acc'] },
    },
    {
      name: 'whose service tells what came',
      trials: [infeasible('1', OTHER)],
      verdict: { trial: '1', missing: ['accuracy'], found: ['acc', 'loss'] },
    },
    {
      name: 'whose service tells that nothing came',
      trials: [infeasible('1', NONE)],
      verdict: { trial: '1', missing: ['accuracy'], found: [] },
    },
    {
      name: 'that measured one metric of two',
      trials: [trial('1', 'SUCCEEDED', { accuracy: 1 })],
      metrics: BOTH,
      verdict: { trial: '1', missing: ['latency'], found: [] },
    },
    {
      name: 'that measured both metrics',
      trials: [trial('1', 'SUCCEEDED', { latency: 1, accuracy: 1 })],
      metrics: BOTH,
      verdict: undefined,
    },
    {
      name: 'of which nobody knows how they ended',
      trials: [infeasible('10'), infeasible('9')],
      verdict: undefined,
      ask: ['9', '10'],
    },
    {
      name: 'whose jobs tell that they crashed',
      trials: [infeasible('1'), infeasible('2')],
      known: { 1: 'crashed', 2: 'crashed' },
      verdict: undefined,
    },
    {
      name: 'of which the second ended well',
      trials: [infeasible('1'), infeasible('2')],
      known: { 1: 'crashed', 2: 'well' },
      verdict: { trial: '2', missing: ['accuracy'], found: [] },
    },
    {
      name: 'of which several lack it: the lowest number is named',
      trials: [trial('10', 'SUCCEEDED'), trial('9', 'SUCCEEDED')],
      verdict: { trial: '9', missing: ['accuracy'], found: [] },
    },
    {
      name: 'that still run',
      trials: [trial('1', 'ACTIVE'), trial('2', 'STOPPING'), trial('3', 'REQUESTED')],
      verdict: undefined,
    },
  ])('$name', ({ trials, metrics = ACCURACY, known = {}, verdict, ask = [] }) => {
    const judged = judgeTrials(trials, metrics, ends(known));
    expect(judged.verdict).toEqual(verdict);
    expect(judged.toAsk.map(({ id }) => id)).toEqual(ask);
  });

  test('is never judged for a crash, nor for what was measured', () => {
    const outcome = fc.record({
      state: fc.constantFrom<TrialState>(...TRIAL_STATES),
      crashed: fc.boolean(),
      measured: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(outcome), (outcomes) => {
        const trials = outcomes.map(({ state, crashed, measured }, index) =>
          trial(
            String(index),
            state,
            measured ? { accuracy: 1 } : undefined,
            crashed ? { infeasibleReason: CRASH } : {},
          ),
        );
        const { verdict } = judgeTrials(trials, ACCURACY, new Map());
        const named = trials.find(({ id }) => id === verdict?.trial);
        if (named !== undefined) {
          expect(named.finalMeasurement).toBeUndefined();
          expect(named.state === 'INFEASIBLE' && named.infeasibleReason === CRASH).toBe(false);
        }
      }),
    );
  });
});

describe('in words', () => {
  const text = (missing: MissingMetric, tagsInCode: string[] = [], mode: 'stop' | 'warn' | 'ended' = 'ended') =>
    missingMetricText(missing, { mode, tagsInCode });

  test.each<{ name: string; missing: MissingMetric; code?: string[]; words: string }>([
    {
      name: 'nothing came',
      missing: { trial: '1', missing: ['accuracy'], found: [] },
      words:
        "Trial 1 ended well but left no measurement to go by: the metric accuracy was expected, none of that name came. The program has to report it with hypertune's report_hyperparameter_tuning_metric(hyperparameter_metric_tag='accuracy', …), before it ends.",
    },
    {
      name: 'another tag came',
      missing: { trial: '3', missing: ['accuracy'], found: ['acc'] },
      words:
        'Trial 3 ended well but left no measurement to go by: the metric accuracy was expected, acc came. The tag that the program reports and the name in metrics have to be the same.',
    },
    {
      name: "hypertune's own tag came",
      missing: { trial: '3', missing: ['accuracy'], found: ['training/hptuning/metric'] },
      words:
        "Trial 3 ended well but left no measurement to go by: the metric accuracy was expected, training/hptuning/metric came. Give report_hyperparameter_tuning_metric the argument hyperparameter_metric_tag='accuracy'; without it the tag is training/hptuning/metric.",
    },
    {
      name: 'several are missing',
      missing: { trial: '1', missing: ['accuracy', 'latency'], found: ['acc', 'time'] },
      words:
        'Trial 1 ended well but left no measurement to go by: the metrics accuracy, latency were expected, acc, time came. The tag that the program reports and the name in metrics have to be the same.',
    },
    {
      name: 'only the code tells which tag it is',
      missing: { trial: '1', missing: ['accuracy'], found: [] },
      code: ['acc'],
      words:
        'Trial 1 ended well but left no measurement to go by: the metric accuracy was expected, none of that name came. The training code reports acc. The tag that the program reports and the name in metrics have to be the same.',
    },
  ])('$name', ({ missing, code = [], words }) => {
    expect(text(missing, code)).toBe(words);
  });

  test('what becomes of the study', () => {
    const missing = { trial: '1', missing: ['accuracy'], found: [] };
    expect(text(missing, [], 'stop')).toMatch(
      /The study is stopped, as every trial would be in vain; on_missing_metric: warn lets it go on\.$/,
    );
    expect(text(missing, [], 'warn')).toMatch(/The study goes on, as on_missing_metric is warn\.$/);
  });
});

describe('the watch', () => {
  function scene(mode: 'stop' | 'warn', states: Record<string, string | Error> = {}) {
    const log = recordingLog();
    const asked: string[] = [];
    const get = async (name: string): Promise<Job> => {
      asked.push(name);
      const state = states[name.slice(name.lastIndexOf('/') + 1)] ?? 'RUNNING';
      if (state instanceof Error) throw state;
      return job(state, { name });
    };
    const until = metricWatch({ api: { get }, log, metrics: ACCURACY, mode, tagsInCode: [] });
    const look = async (...trials: Trial[]) => {
      const due = until.due({ job: job('RUNNING', { trials }), now: 0, fresh: true });
      await new Promise((resolve) => setImmediate(resolve));
      return due;
    };
    return { log, asked, look, until };
  }

  test('stops the study with the first such trial', async () => {
    const { look, asked } = scene('stop');
    expect(await look(trial('1', 'ACTIVE'))).toBeUndefined();
    expect(await look(trial('1', 'SUCCEEDED', { acc: 1 }))).toEqual({
      kind: 'missing-metric',
      message: expect.stringContaining('acc came'),
    });
    expect(asked).toEqual([]);
  });

  test('asks the job of a trial that does not tell, and stops with the next look', async () => {
    const { look, asked } = scene('stop', { 1: 'SUCCEEDED' });
    expect(await look(infeasible('1'))).toBeUndefined();
    expect(await look(infeasible('1'))).toMatchObject({ kind: 'missing-metric' });
    expect(asked).toEqual([customJob('1')]);
  });

  test('lets a study of crashed trials go on, and asks after each of them once', async () => {
    const { look, asked } = scene('stop', { 1: 'FAILED', 2: 'FAILED' });
    for (let times = 0; times < 5; times += 1) expect(await look(infeasible('1'), infeasible('2'))).toBeUndefined();
    expect(asked).toEqual([customJob('1'), customJob('2')]);
  });

  test('asks again where the job has not ended or cannot be read, a few at a time', async () => {
    const { look, asked, log } = scene('stop', { 1: new Error('busy') });
    const trials = Array.from({ length: 9 }, (_, index) => infeasible(String(index + 1)));
    await look(...trials);
    expect(asked).toHaveLength(4);
    await look(...trials);
    expect(asked).toHaveLength(8);
    expect(log.texts('debug')[0]).toBe('busy; asked again with the next look');
  });

  test('warns once where it is told to', async () => {
    const { look, log } = scene('warn');
    for (const id of ['1', '2', '3']) expect(await look(trial(id, 'SUCCEEDED', { acc: 1 }))).toBeUndefined();
    expect(log.texts('warning')).toEqual([expect.stringContaining('Trial 1 ended well but left no measurement')]);
  });

  test('judges nothing by what was seen before, and nothing of a job that is no study', () => {
    const seen = { job: job('RUNNING', { trials: [trial('1', 'SUCCEEDED')] }), now: 0 };
    expect(scene('stop').until.due({ ...seen, fresh: false })).toBeUndefined();
    const none = metricWatch({
      api: { get: async () => job('RUNNING') },
      log: recordingLog(),
      metrics: [],
      mode: 'stop',
      tagsInCode: [],
    });
    expect(none.due({ ...seen, fresh: true })).toBeUndefined();
    expect(none.at(seen.job)).toBeUndefined();
  });
});

describe('a study that ended by itself', () => {
  const of = (trials: Trial[], states: Record<string, string | Error>) =>
    missingMetricOf(
      { trials },
      {
        api: {
          get: async (name) => {
            const state = states[name.slice(name.lastIndexOf('/') + 1)];
            if (state === undefined || state instanceof Error) throw state ?? new Error('not foreseen');
            return job(state);
          },
        },
        metrics: ACCURACY,
        tagsInCode: [],
      },
    );

  test.each<{ name: string; trials: Trial[]; states: Record<string, string | Error>; text: string | undefined }>([
    {
      name: 'for want of its metric',
      trials: [infeasible('1')],
      states: { 1: 'SUCCEEDED' },
      text: 'Trial 1 ended well',
    },
    { name: 'for a crash', trials: [infeasible('1')], states: { 1: 'FAILED' }, text: undefined },
    { name: 'for what cannot be read', trials: [infeasible('1')], states: { 1: new Error('gone') }, text: undefined },
    { name: 'and measured', trials: [trial('1', 'SUCCEEDED', { accuracy: 1 })], states: {}, text: undefined },
  ])('$name', async ({ trials, states, text }) => {
    const found = await of(trials, states);
    if (text === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(text);
  });
});
