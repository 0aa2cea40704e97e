import { describe, expect, it } from '@jest/globals';
import type { Runtime } from '../../../src/local/containers/runtime.ts';
import { TrialMetrics } from '../../../src/local/jobs/trial-metrics.ts';
import type { Measurement, StudySpec } from '../../../src/vertex/types.ts';

const study: StudySpec = { metrics: [{ metricId: 'm', goal: 'MINIMIZE' }], parameters: [] };
const spec = { workerPoolSpecs: [{ containerSpec: { imageUri: 'i' } }] };

/** The file of a trial that began at second 100, as cloudml-hypertune keeps it: the last hundred lines. */
function watched(earlier?: readonly Measurement[]) {
  const lines: string[] = [];
  let nowMs = 100_000;
  const clock = { now: () => nowMs, sleep: () => Promise.resolve() };
  const folders = { metricText: async () => lines.slice(-100).join('') };
  const runtime = { clock, folders } as unknown as Runtime;
  return {
    metrics: new TrialMetrics({ runtime, study, jobId: '1', spec, startMs: 100_000, earlier }),
    report(value: number, step = value) {
      const timestamp = nowMs / 1000;
      lines.push(`${JSON.stringify({ m: String(value), global_step: String(step), timestamp })}\n`);
    },
    pass(ms: number) {
      nowMs += ms;
    },
  };
}

const stepsOf = (measurements: readonly Measurement[] | undefined) => measurements?.map(({ stepCount }) => stepCount);

describe('TrialMetrics', () => {
  it('tells all measurements when there is a new one, and nothing otherwise', async () => {
    const { metrics, report, pass } = watched();
    expect(await metrics.look()).toBeUndefined();
    report(1);
    expect(stepsOf(await metrics.look())).toEqual(['1']);
    expect(await metrics.look()).toBeUndefined();
    pass(500);
    report(2);
    expect(stepsOf(await metrics.look())).toEqual(['1', '2']);
    expect(await metrics.lastLook(undefined)).toBeUndefined();
    expect(metrics.verdict()).toMatchObject({ finalMeasurement: { stepCount: '2' } });
  });

  it('goes on from what was read before', async () => {
    const { metrics, report, pass } = watched([
      { stepCount: '1', elapsedDuration: '0.500s', metrics: [{ metricId: 'm', value: 9 }] },
    ]);
    pass(1000);
    report(2);
    expect(stepsOf(await metrics.look())).toEqual(['1', '2']);
  });

  it('reads on while it tells rarer, misses no best value, and tells all at the end', async () => {
    const { metrics, report, pass } = watched();
    let told = 0;
    for (let step = 1; step <= 800; step += 1) {
      report(step === 400 ? -1 : step, step);
      pass(10);
      if (step % 50 !== 0) continue;
      if ((await metrics.look()) !== undefined) told += 1;
    }
    expect(told).toBeGreaterThan(1);
    expect(told).toBeLessThan(8);
    report(801);
    const last = await metrics.lastLook(undefined);
    expect(last).toHaveLength(801);
    expect(last?.[399]?.metrics).toEqual([{ metricId: 'm', value: -1 }]);
  });

  it('ends with what is predicted, where a rule predicts', async () => {
    const { metrics, report, pass } = watched();
    pass(2000);
    report(1);
    await metrics.look();
    const last = await metrics.lastLook({ metricId: 'm', value: 0.5, step: 20n, timestamp: 2 });
    expect(last?.at(-1)).toEqual({ stepCount: '20', elapsedDuration: '2s', metrics: [{ metricId: 'm', value: 0.5 }] });
    expect(metrics.verdict()).toEqual({ finalMeasurement: last?.at(-1) });
  });
});
