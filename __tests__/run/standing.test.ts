import { describe, expect, test } from '@jest/globals';
import type { Base } from '../../src/run/run.ts';
import { followStanding } from '../../src/run/standing.ts';
import type { Given } from '../inputs/given.ts';
import { answers, job, TUNING, trial, vertex } from '../job/jobs.ts';
import { worldOf } from './world.ts';

/** A step that follows a study that minimises its loss, and has ended. */
async function followed(given: Given) {
  const study = { metrics: [{ metricId: 'loss', goal: 'MINIMIZE' as const }], maxTrials: 1 };
  const ended = job('SUCCEEDED', { name: TUNING, study, trials: [trial('1', 'SUCCEEDED', { loss: 0.2 })] });
  const { base, log, outputs } = worldOf({
    given,
    over: {
      saveState: () => {},
      github: () => async () => ({ status: 200, headers: {}, data: {} }),
      drained: async () => {},
      startedAt: 0,
    } as Partial<Base>,
  });
  const region = { ...base.region, vertexIn: () => vertex({ get: answers(ended) }) };
  const tempFolder = '/nowhere';
  const step = { ...base.step, tempFolder };
  const run = followStanding({ ...base, region, step } as Base, { name: TUNING, region: 'us-central1' });
  await run.catch(() => {});
  return { warnings: log.texts('warning').filter((text) => text.startsWith('gate')), outputs };
}

describe('a step that follows a job', () => {
  const GATE = { gate: 'loss >= 0.1' };

  test('is warned of a gate that holds the study to the worse side', async () => {
    const { warnings, outputs } = await followed(GATE);
    expect(warnings).toEqual([expect.stringMatching(/^gate holds "loss" from below .* \[gate-against-goal\]$/)]);
    expect(outputs.state).toBe('SUCCEEDED');
  });

  test('is not, where that is ignored', async () => {
    expect((await followed({ ...GATE, ignore: 'gate-against-goal' })).warnings).toEqual([]);
  });
});
