import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { trialsFile } from '../../src/results/trials-file.ts';
import type { Measurement, Trial } from '../../src/vertex/types.ts';
import { trial } from '../job/jobs.ts';

const read = (trials: readonly Trial[], selecting?: Parameters<typeof trialsFile>[1]) =>
  JSON.parse(trialsFile(trials, selecting));

const metric = (metricId: string, value: number) => ({ metricId, value });

describe('the file of all trials', () => {
  test('has everything of a trial', () => {
    const measurements: Measurement[] = [
      { stepCount: '1', elapsedDuration: '1.5s', metrics: [metric('loss', 2), metric('accuracy', Number.NaN)] },
      { stepCount: '2', elapsedDuration: '3s', metrics: [metric('loss', 1)] },
    ];
    const one = trial('7', 'SUCCEEDED', undefined, {
      parameters: [
        { parameterId: 'rate', value: 0.1 },
        { parameterId: 'optimizer', value: '1e3' },
      ],
      measurements,
      finalMeasurement: { stepCount: '2', elapsedDuration: '3s', metrics: [metric('loss', 1)] },
      startTime: '2026-11-01T00:00:00.123456789Z',
      endTime: '2026-11-01T01:00:00Z',
      customJob: 'projects/1/locations/l/customJobs/5',
    });
    expect(read([one])).toEqual([
      {
        id: '7',
        state: 'SUCCEEDED',
        parameters: { rate: 0.1, optimizer: '1e3' },
        metrics: { loss: 1 },
        finalMeasurement: { step: 2, elapsedSeconds: 3, metrics: { loss: 1 } },
        measurements: [
          { step: 1, elapsedSeconds: 1.5, metrics: { loss: 2, accuracy: 'NaN' } },
          { step: 2, elapsedSeconds: 3, metrics: { loss: 1 } },
        ],
        startTime: '2026-11-01T00:00:00.123456789Z',
        endTime: '2026-11-01T01:00:00Z',
        customJob: 'projects/1/locations/l/customJobs/5',
      },
    ]);
  });

  test('has what there is of a trial that came to nothing', () => {
    const one = trial('1', 'INFEASIBLE', undefined, { infeasibleReason: 'out of memory' });
    expect(read([one])).toEqual([
      {
        id: '1',
        state: 'INFEASIBLE',
        parameters: {},
        metrics: {},
        measurements: [],
        infeasibleReason: 'out of memory',
      },
    ]);
  });

  test('has the metrics that the study goes by', () => {
    const measurements = [3, 5, 4].map((value) => ({ metrics: [metric('m', value)] }));
    const one = trial('1', 'SUCCEEDED', undefined, { measurements });
    const metrics = [{ metricId: 'm', goal: 'MAXIMIZE' as const }];
    expect(read([one], { metrics })[0].metrics).toEqual({ m: 4 });
    expect(read([one], { metrics, selection: 'BEST_MEASUREMENT' })[0].metrics).toEqual({ m: 5 });
  });

  test('has numbers that JSON lacks as texts, in final metrics too', () => {
    const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
    const one = trial('1', 'SUCCEEDED', { a: nan, b: infinity, c: -infinity, d: -0, e: 1e-300 });
    const metrics = { a: 'NaN', b: 'Infinity', c: '-Infinity', d: 0, e: 1e-300 };
    expect(read([one])[0]).toMatchObject({ metrics, finalMeasurement: { metrics } });
  });

  test.each<{ stepCount: string | undefined; elapsedDuration: string | undefined; record: object }>([
    { stepCount: undefined, elapsedDuration: undefined, record: {} },
    { stepCount: '0', elapsedDuration: '0s', record: { step: 0, elapsedSeconds: 0 } },
    {
      stepCount: '9223372036854775807',
      elapsedDuration: '0.000000001s',
      record: { step: '9223372036854775807', elapsedSeconds: 1e-9 },
    },
    { stepCount: 'x', elapsedDuration: 'soon', record: { step: 'x' } },
    { stepCount: '', elapsedDuration: '5', record: { step: '' } },
  ])('has step $stepCount after $elapsedDuration', ({ stepCount, elapsedDuration, record }) => {
    const measurement = {
      metrics: [],
      ...(stepCount === undefined ? {} : { stepCount }),
      ...(elapsedDuration === undefined ? {} : { elapsedDuration }),
    };
    const [{ measurements }] = read([trial('1', 'ACTIVE', undefined, { measurements: [measurement] })]);
    expect(measurements).toEqual([{ metrics: {}, ...record }]);
  });

  test('is by id and ends with a line end; of no trials it is an empty list', () => {
    expect(read(['10', '9', '1'].map((id) => trial(id, 'ACTIVE'))).map(({ id }: Trial) => id)).toEqual([
      '1',
      '9',
      '10',
    ]);
    expect(trialsFile([])).toBe('[]\n');
  });

  test('gives back every name and finite value as it was', () => {
    const name = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', 'toString'));
    const value = fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => each + 0);
    const entries = fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 8 });
    fc.assert(
      fc.property(entries, (all) => {
        const metrics = all.map(([metricId, each]) => metric(metricId, each));
        const parameters = all.map(([parameterId, each]) => ({ parameterId, value: each }));
        const one = trial('1', 'SUCCEEDED', undefined, {
          parameters,
          finalMeasurement: { metrics },
          measurements: [{ metrics }],
        });
        const [found] = read([one]);
        for (const part of [
          found.parameters,
          found.metrics,
          found.finalMeasurement.metrics,
          found.measurements[0].metrics,
        ]) {
          expect(new Map(Object.entries(part))).toEqual(new Map(all));
        }
      }),
    );
  });
});
