import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { newscaster } from '../../../src/job/watch/news.ts';
import type { Job } from '../../../src/vertex/jobs.ts';
import { type MetricSpec, TRIAL_STATES, type Trial, type TrialState } from '../../../src/vertex/types.ts';
import { job, trial } from '../jobs.ts';

const NOW = Date.parse('2026-11-01T12:00:00Z');
const MINUTE = 60_000;
const ACCURACY: MetricSpec[] = [{ metricId: 'accuracy', goal: 'MAXIMIZE' }];
const time = (minutes: number) => new Date(NOW + minutes * MINUTE).toISOString();

/** Looks one after the other, each with the lines that it brought. */
function told(
  looks: readonly (readonly [minutes: number, job: Job])[],
  metrics = ACCURACY,
  maxTrials?: number,
): string[][] {
  const news = newscaster({ metrics, maxTrials });
  return looks.map(([minutes, seen]) => [...news(seen, NOW + minutes * MINUTE)]);
}

const measured = (...values: number[]): Partial<Trial> => ({
  measurements: values.map((value, index) => ({
    stepCount: String((index + 1) * 100),
    metrics: [{ metricId: 'accuracy', value }],
  })),
});
const running = (...trials: Trial[]) => job('RUNNING', { createTime: time(-30), startTime: time(-20), trials });

describe('the job', () => {
  test('from its queue to its end, with the times', () => {
    const createTime = time(0);
    const startTime = time(3);
    const endTime = time(128);
    expect(
      told([
        [0, job('QUEUED', { createTime })],
        [1, job('PENDING', { createTime })],
        [2, job('PENDING', { createTime })],
        [4, job('RUNNING', { createTime, startTime })],
        [5, job('RUNNING', { createTime, startTime })],
        [129, job('SUCCEEDED', { createTime, startTime, endTime })],
      ]),
    ).toEqual([
      ['Job is QUEUED: it waits for its turn, or for quota of the project that is in use.'],
      ['Job is PENDING: its machines are being prepared.'],
      [],
      ['Job is RUNNING after 3 min in the queue.'],
      [],
      ['Job is SUCCEEDED after 2 h 5 min of running and 3 min in the queue.'],
    ]);
  });

  test('that never ran', () => {
    const createTime = time(0);
    expect(
      told([
        [0, job('PENDING', { createTime })],
        [20, job('FAILED', { createTime, endTime: time(20) })],
      ])[1],
    ).toEqual(['Job is FAILED after 20 min in the queue; it never ran.']);
  });

  test('that is held, changed, and in a state of which nobody has heard', () => {
    const looks = ['RUNNING', 'PAUSED', 'RUNNING', 'UPDATING', 'RUNNING', 'HIBERNATING', 'HIBERNATING', 'RUNNING'];
    expect(told(looks.map((state, index) => [index, job(state, { startTime: time(-60) })])).flat()).toEqual([
      'Job is RUNNING, for 1 h now.',
      'Job is PAUSED: it was stopped and can be resumed; it is waited on, and ends only if it is cancelled or resumed.',
      'Job is RUNNING again.',
      'Job is UPDATING: it is being changed, and goes on after that.',
      'Job is RUNNING again.',
      'Job is HIBERNATING: a state that this version does not know; it is waited on.',
      'Job is RUNNING again.',
    ]);
  });
});

test.each([
  { selection: undefined, line: '2 trials are done; best so far: trial 2, accuracy = 0.7' },
  { selection: 'BEST_MEASUREMENT', line: '2 trials are done; best so far: trial 1, accuracy = 0.9' },
])('the best so far goes by the measurements that the study selects: $selection', ({ selection, line }) => {
  const trials = [
    trial('1', 'SUCCEEDED', undefined, measured(0.9, 0.5)),
    trial('2', 'SUCCEEDED', undefined, measured(0.7)),
  ];
  const study = { metrics: ACCURACY, maxTrials: 2, selection };
  expect(told([[0, { ...running(...trials), study }]])[0]).toContain(line);
});

describe('trials', () => {
  test('start, measure and end, with the best so far', () => {
    const start: Partial<Trial> = {
      startTime: time(0),
      parameters: [
        { parameterId: 'lr', value: 0.1 },
        { parameterId: 'optimizer', value: 'sgd' },
      ],
    };
    const end: Partial<Trial> = { ...start, endTime: time(12) };
    const looks = told(
      [
        [0, running()],
        [1, running(trial('1', 'REQUESTED'), trial('2', 'REQUESTED'))],
        [2, running(trial('2', 'ACTIVE', undefined, start), trial('1', 'ACTIVE', undefined, start))],
        [3, running(trial('1', 'ACTIVE', undefined, { ...start, ...measured(0.5) }), trial('2', 'ACTIVE'))],
        [12, running(trial('1', 'STOPPING'), trial('2', 'SUCCEEDED', { accuracy: 0.95 }, end))],
        [
          13,
          running(
            trial('1', 'INFEASIBLE', undefined, { infeasibleReason: 'exit 1\nTraceback' }),
            trial('2', 'SUCCEEDED', { accuracy: 0.95 }, end),
          ),
        ],
      ],
      ACCURACY,
      20,
    );
    expect(looks.slice(1)).toEqual([
      [],
      ['Trial 1 started: lr=0.1, optimizer=sgd', 'Trial 2 started: lr=0.1, optimizer=sgd'],
      ['Trial 1 at step 100: accuracy = 0.5'],
      [
        'Trial 2 SUCCEEDED after 12 min: accuracy = 0.95',
        '1 of 20 trials are done; best so far: trial 2, accuracy = 0.95',
      ],
      ['Trial 1 INFEASIBLE: exit 1', '2 of 20 trials are done; best so far: trial 2, accuracy = 0.95'],
    ]);
  });

  test('that ended between two looks are told as ended, in the order of their numbers', () => {
    expect(
      told([
        [0, running()],
        [1, running(trial('10', 'SUCCEEDED', { accuracy: 1 }), trial('9', 'SUCCEEDED'))],
      ])[1],
    ).toEqual([
      'Trial 9 SUCCEEDED: no measurement',
      'Trial 10 SUCCEEDED: accuracy = 1',
      '2 trials are done; best so far: trial 10, accuracy = 1',
    ]);
  });

  test('of a study that is joined on its way are told in one line, and only those that run are named', () => {
    const ended = Array.from({ length: 11 }, (_, index) =>
      trial(`${index + 1}`, 'SUCCEEDED', { accuracy: index / 20 }),
    );
    expect(told([[0, running(...ended, trial('12', 'ACTIVE'))]], ACCURACY, 20)[0]).toEqual([
      '11 of 20 trials are done; best so far: trial 11, accuracy = 0.5',
      'Trial 12 started',
      'Job is RUNNING, for 20 min now.',
    ]);
  });

  test('of several metrics have no best', () => {
    const metrics: MetricSpec[] = [...ACCURACY, { metricId: 'latency', goal: 'MINIMIZE' }];
    expect(
      told(
        [
          [0, running()],
          [1, running(trial('1', 'SUCCEEDED', { accuracy: 1, latency: 2 }))],
        ],
        metrics,
      )[1],
    ).toEqual(['Trial 1 SUCCEEDED: accuracy = 1, latency = 2', '1 trial is done']);
  });

  test('with texts without end are told in one line of a bounded length', () => {
    const long = { infeasibleReason: `\n${'x'.repeat(10_000)}\rsecond line` };
    const [line = ''] =
      told([
        [0, running()],
        [1, running(trial('1', 'INFEASIBLE', undefined, long))],
      ])[1] ?? [];
    expect(line).toHaveLength(301);
    expect(line).not.toMatch(/[\r\n]/);
  });
});

describe('measurements on the way', () => {
  test('are told a minute apart, the newest of them', () => {
    const values = [0.1, 0.2, 0.3, 0.4, 0.5];
    const looks = values.map((_, index): [number, Job] => [
      index * 0.3,
      running(trial('1', 'ACTIVE', undefined, measured(...values.slice(0, index + 1)))),
    ]);
    expect(
      told([[-1, running(trial('1', 'ACTIVE'))], ...looks])
        .flat()
        .filter((line) => line.includes('step')),
    ).toEqual(['Trial 1 at step 100: accuracy = 0.1', 'Trial 1 at step 500: accuracy = 0.5']);
  });

  test('are rarer the more trials run: some four lines a minute in all', () => {
    const news = newscaster({ metrics: ACCURACY, maxTrials: 100 });
    const ids = Array.from({ length: 50 }, (_, index) => String(index + 1));
    let lines = 0;
    for (let minute = 0; minute < 60; minute += 0.5) {
      const values = Array.from({ length: Math.floor(minute * 2) }, (_, index) => index / 1_000);
      const trials = ids.map((id) => trial(id, 'ACTIVE', undefined, measured(...values)));
      lines += news(running(...trials), NOW + minute * MINUTE).filter((line) => line.includes('step')).length;
    }
    expect(lines).toBeGreaterThan(50);
    expect(lines).toBeLessThan(4.5 * 60 + 50);
  });

  test('of no step and of no value', () => {
    const odd = (...measurements: NonNullable<Trial['measurements']>) =>
      running(trial('1', 'ACTIVE', undefined, { measurements }));
    expect(
      told([
        [-1, running(trial('1', 'ACTIVE'))],
        [0, odd({ stepCount: '0', metrics: [{ metricId: 'accuracy', value: Number.NaN }] })],
        [5, odd({}, {})],
      ])
        .flat()
        .slice(-2),
    ).toEqual(['Trial 1: accuracy = NaN', 'Trial 1: no measurement']);
  });
});

const looks = fc.array(
  fc.record({
    state: fc.constantFrom('QUEUED', 'PENDING', 'RUNNING', 'PAUSED', 'ODD', 'SUCCEEDED', 'FAILED'),
    trials: fc.uniqueArray(
      fc.record({
        id: fc.nat({ max: 6 }),
        state: fc.constantFrom<TrialState>(...TRIAL_STATES),
        steps: fc.nat({ max: 4 }),
      }),
      {
        selector: ({ id }) => id,
      },
    ),
  }),
  { maxLength: 30 },
);

test('no start and no end is told twice, whatever the service answers in whichever order', () => {
  fc.assert(
    fc.property(looks, (all) => {
      const news = newscaster({ metrics: ACCURACY, maxTrials: 7 });
      const lines = all.flatMap(({ state, trials }, index) => {
        const seen = trials.map(({ id, state: each, steps }) =>
          trial(String(id), each, undefined, measured(...Array(steps).fill(0.5))),
        );
        return [...news(job(state, { trials: seen }), NOW + index * 10 * MINUTE)];
      });
      for (const id of [0, 1, 2, 3, 4, 5, 6]) {
        const of = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
        expect(of(new RegExp(`^Trial ${id} started`))).toBeLessThanOrEqual(1);
        expect(of(new RegExp(`^Trial ${id} (?:SUCCEEDED|INFEASIBLE)`))).toBeLessThanOrEqual(1);
        const ends = lines.findIndex((line) => new RegExp(`^Trial ${id} (?:SUCCEEDED|INFEASIBLE)`).test(line));
        if (ends !== -1) expect(lines.slice(ends + 1).filter((line) => line.startsWith(`Trial ${id} `))).toEqual([]);
        for (const step of [100, 200, 300, 400])
          expect(of(new RegExp(`^Trial ${id} at step ${step}:`))).toBeLessThanOrEqual(1);
      }
      const stateLines = lines.filter((line) => line.startsWith('Job is '));
      stateLines.forEach((line, index) => {
        expect(line.split(/[ ,.:]/)[2]).not.toBe(stateLines[index - 1]?.split(/[ ,.:]/)[2]);
      });
    }),
    { numRuns: 500 },
  );
});
