import { describe, expect, test } from '@jest/globals';
import { GithubError } from '../../src/github/error.ts';
import type { WorkflowRun } from '../../src/github/runs.ts';
import type { KnownRun } from '../../src/sweep/decide.ts';
import { lookUpRuns } from '../../src/sweep/runs.ts';

const FAILED: WorkflowRun = { status: 'completed', conclusion: 'failure' };

/** Looks up runs where GitHub answers by a function. */
async function looked(runIds: readonly string[], answer: (runId: string) => WorkflowRun | GithubError | 'gone') {
  const asked: string[] = [];
  const known = await lookUpRuns(runIds, {
    get: async (runId) => {
      asked.push(runId);
      const given = answer(runId);
      if (given instanceof GithubError) throw given;
      return given;
    },
  });
  const of = Object.fromEntries(runIds.map((runId): [string, KnownRun] => [runId, known.of(runId)]));
  return { asked, of, faults: known.faults };
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

  test('and known to be gone', async () => {
    expect(await looked(['1', '2'], (runId) => (runId === '1' ? 'gone' : FAILED))).toMatchObject({
      of: { 1: 'gone', 2: FAILED },
      faults: [],
    });
  });

  test.each(['unanswered', 'missing', 'refused'] as const)('and given up, without harm to others: %s', async (kind) => {
    const { asked, of, faults } = await looked(
      Array.from({ length: 9 }, (_, index) => `${index + 1}`),
      (runId) => (runId === '1' ? new GithubError('GitHub gave no answer.', kind) : FAILED),
    );
    expect([asked.length, of['1'], of['9']]).toEqual([9, 'unknown', FAILED]);
    expect(faults).toEqual([
      'Workflow run 1 could not be looked up, so that its jobs are left alone: GitHub gave no answer.',
    ]);
  });

  test.each(['limited', 'denied', 'unauthorised'] as const)(
    'no longer once GitHub refuses to answer; what it told before counts: %s',
    async (kind) => {
      const runIds = Array.from({ length: 40 }, (_, index) => `${index + 1}`);
      const { asked, of, faults } = await looked(runIds, (runId) =>
        Number(runId) <= 6 ? FAILED : new GithubError('The limit is reached.', kind),
      );
      // Those that are on their way when the first refusal comes, and none after it.
      expect(asked.length).toBeLessThanOrEqual(6 + 4);
      expect(Object.values(of).filter((run) => run === FAILED)).toHaveLength(6);
      expect(Object.values(of).filter((run) => run === 'unknown')).toHaveLength(34);
      expect(faults).toEqual([
        expect.stringMatching(/^Workflow runs 7, 8, .*, 40 could not .*: The limit is reached\.$/),
      ]);
    },
  );

  test('with the reason told once for each', async () => {
    const { faults } = await looked(
      ['3', '1', '2'],
      (runId) => new GithubError(runId === '2' ? 'B.' : 'A.', 'refused'),
    );
    expect(faults).toEqual([
      'Workflow runs 1, 3 could not be looked up, so that their jobs are left alone: A.',
      'Workflow run 2 could not be looked up, so that its jobs are left alone: B.',
    ]);
  });

  test('by whatever else goes wrong in an error', async () => {
    const github = { get: () => Promise.reject(new Error('a fault of this program')) };
    await expect(lookUpRuns(['1'], github)).rejects.toThrow('a fault');
  });
});
