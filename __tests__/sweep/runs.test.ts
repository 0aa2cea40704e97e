import { describe, expect, test } from '@jest/globals';
import type { KnownRun, WorkflowRun } from '../../src/sweep/decide.ts';
import { GithubError } from '../../src/sweep/github.ts';
import { lookUpRuns } from '../../src/sweep/runs.ts';
import { SimulatedClock } from '../ground/clock.ts';

const OWN = '999';
const FAILED: WorkflowRun = { status: 'completed', conclusion: 'failure' };

/** Looks up runs where GitHub answers by a function, which hears how often it was asked for that run. */
async function looked(
  runIds: readonly string[],
  answer: (runId: string, count: number) => WorkflowRun | GithubError | undefined,
) {
  const asked: string[] = [];
  const github = {
    get: async (runId: string) => {
      asked.push(runId);
      const given = answer(runId, asked.filter((each) => each === runId).length);
      if (given instanceof GithubError) throw given;
      return given;
    },
  };
  const clock = new SimulatedClock();
  const known = await lookUpRuns(runIds, { github, ownRunId: OWN, clock });
  const of = Object.fromEntries(runIds.map((runId): [string, KnownRun] => [runId, known.of(runId)]));
  return { asked, of, faults: known.faults, slept: clock.slept.length };
}

describe('workflow runs are looked up', () => {
  test('each once, however many jobs it has', async () => {
    const { asked, of, faults } = await looked(['1', '2', '1', '2', '1'], () => FAILED);
    expect(asked.sort()).toEqual(['1', '2']);
    expect([of, faults]).toEqual([{ 1: FAILED, 2: FAILED }, []]);
  });

  test('not at all where there are none', async () => {
    expect(await looked([], () => FAILED)).toMatchObject({ asked: [], faults: [] });
  });

  test('again where that may help', async () => {
    const { asked, of, slept } = await looked(['1'], (_, count) =>
      count < 3 ? new GithubError('no answer', 'again') : FAILED,
    );
    expect([asked, of, slept]).toEqual([['1', '1', '1'], { 1: FAILED }, 2]);
  });

  test('and given up after a while, without harm to others', async () => {
    const { asked, of, faults } = await looked(['1', '2'], (runId) =>
      runId === '1' ? new GithubError('GitHub gave no answer.', 'again') : FAILED,
    );
    expect(asked.filter((runId) => runId === '1')).toHaveLength(4);
    expect(of).toEqual({ 1: 'unknown', 2: FAILED });
    expect(faults).toEqual([
      'Workflow run 1 could not be looked up, so that its jobs are left alone: GitHub gave no answer.',
    ]);
  });

  test('no longer once GitHub refuses to answer; what it told before counts', async () => {
    const runIds = Array.from({ length: 40 }, (_, index) => `${index + 1}`);
    const { asked, of, faults } = await looked(runIds, (runId) =>
      Number(runId) <= 6 ? FAILED : new GithubError('The limit is reached.', 'nothing'),
    );
    // Those that are on their way when the first refusal comes, and none after it.
    expect(asked.length).toBeLessThanOrEqual(6 + 4);
    expect(Object.values(of).filter((run) => run === FAILED)).toHaveLength(6);
    expect(Object.values(of).filter((run) => run === 'unknown')).toHaveLength(34);
    expect(faults).toEqual([
      expect.stringMatching(/^Workflow runs 7, 8, .*, 40 could not .*: The limit is reached\.$/),
    ]);
  });

  test('with the reason told once for each', async () => {
    const { faults } = await looked(['3', '1', '2'], (runId) => new GithubError(runId === '2' ? 'B.' : 'A.', 'other'));
    expect(faults).toEqual([
      'Workflow runs 1, 3 could not be looked up, so that their jobs are left alone: A.',
      'Workflow run 2 could not be looked up, so that its jobs are left alone: B.',
    ]);
  });

  test('by whatever else goes wrong in an error', async () => {
    const github = { get: () => Promise.reject(new Error('a fault of this program')) };
    await expect(lookUpRuns(['1'], { github, ownRunId: OWN, clock: new SimulatedClock() })).rejects.toThrow('a fault');
  });
});

describe('a run that GitHub does not show', () => {
  test('is gone, where the token sees the run that sweeps', async () => {
    const { asked, of, faults } = await looked(['1', '2'], (runId) => (runId === OWN ? FAILED : undefined));
    expect([asked.sort(), of, faults]).toEqual([['1', '2', OWN], { 1: 'gone', 2: 'gone' }, []]);
  });

  test('is not looked for by the run that sweeps twice', async () => {
    const { asked, of } = await looked([OWN, '1'], (runId) => (runId === OWN ? FAILED : undefined));
    expect([asked.sort(), of]).toEqual([['1', OWN], { 1: 'gone', [OWN]: FAILED }]);
  });

  test('is unknown, where the token sees nothing', async () => {
    const { of, faults } = await looked(['1', '2'], (runId) => (runId === '2' ? FAILED : undefined));
    expect(of).toEqual({ 1: 'unknown', 2: FAILED });
    expect(faults).toEqual([
      "Workflow run 1 could not be looked up, so that its jobs are left alone: GitHub does not even show the run that sweeps to this token. Give the job 'permissions: actions: read' (beside id-token: write), or give another token in the input token.",
    ]);
  });

  test('is unknown, where it cannot be told which', async () => {
    const { of, faults } = await looked(['1'], (runId) =>
      runId === OWN ? new GithubError('No.', 'nothing') : undefined,
    );
    expect([of, faults]).toEqual([
      { 1: 'unknown' },
      ['Workflow run 1 could not be looked up, so that its jobs are left alone: No.'],
    ]);
  });
});
