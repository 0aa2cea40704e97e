import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { candidatesOf, refusalOf } from '../../src/baseline/candidates.ts';
import type { WorkflowRun } from '../../src/github/runs.ts';
import { keyOf } from '../../src/plan/identity.ts';
import type { Job } from '../../src/vertex/jobs.ts';
import { job } from '../job/jobs.ts';
import { labelsOf, nameOf } from '../sweep/given.ts';

const ASKER = { series: 'series', ownRunId: '999' };

/** A succeeded job of a run, made at a minute of an hour. */
const of = (id: number, run: string, more: Partial<Job> = {}): Job =>
  job('SUCCEEDED', {
    name: nameOf(id),
    labels: labelsOf(run),
    createTime: `2026-11-01T00:${String(id).padStart(2, '0')}:00Z`,
    ...more,
  });

const idsOf = (jobs: readonly { readonly job: Job }[]) => jobs.map((each) => Number(each.job.name.split('/').at(-1)));

describe('what may be a baseline', () => {
  test.each<{ name: string; jobs: readonly Job[]; candidates: readonly number[]; whys: readonly string[] }>([
    { name: 'none', jobs: [], candidates: [], whys: [] },
    {
      name: 'succeeded jobs, the newest first, whatever their order',
      jobs: [of(2, '2'), of(9, '1'), of(5, '3')],
      candidates: [9, 5, 2],
      whys: [],
    },
    {
      name: 'no job of this run',
      jobs: [of(1, '999'), of(2, '1')],
      candidates: [2],
      whys: ['this workflow run made it'],
    },
    {
      name: 'no job of an earlier attempt of this run',
      jobs: [of(1, '999', { labels: { ...labelsOf('999'), 'train-on-vertex-attempt': '7' } })],
      candidates: [],
      whys: ['this workflow run made it'],
    },
    {
      name: 'no job that did not succeed',
      jobs: ['FAILED', 'CANCELLED', 'RUNNING', 'PARTIALLY_SUCCEEDED', 'NEW'].map((state, index) =>
        of(index + 1, `${index}`, { state }),
      ),
      candidates: [],
      whys: ['it is NEW', 'it is PARTIALLY_SUCCEEDED', 'it is RUNNING', 'it is CANCELLED', 'it is FAILED'],
    },
    {
      name: 'no job that names a run of another',
      jobs: [of(1, '1', { labels: { ...labelsOf('2'), 'run-id': '1' } })],
      candidates: [],
      whys: ['its labels do not say for sure which workflow run made it'],
    },
    {
      name: 'no job of another series, though it was listed',
      jobs: [of(1, '1', { labels: labelsOf('1', 'other') })],
      candidates: [],
      whys: [],
    },
    {
      name: 'a study, not the trials behind it',
      jobs: [of(1, '1', { name: nameOf(1, 'hyperparameterTuningJobs') }), of(2, '1'), of(3, '1')],
      candidates: [1],
      whys: [],
    },
    {
      name: 'nothing behind a pipeline that failed, though it succeeded',
      jobs: [of(1, '1', { name: nameOf(1, 'trainingPipelines'), state: 'FAILED' }), of(2, '1')],
      candidates: [],
      whys: ['it is FAILED'],
    },
    {
      name: 'each job of a run that made several',
      jobs: [of(1, '1'), of(2, '1', { labels: { ...labelsOf('1'), 'train-on-vertex-attempt': '2' } })],
      candidates: [2, 1],
      whys: [],
    },
  ])('$name', ({ jobs, candidates, whys }) => {
    const sorted = candidatesOf(jobs, ASKER);
    expect([idsOf(sorted.candidates), sorted.passedOver.map(({ why }) => why)]).toEqual([candidates, whys]);
  });

  test('whatever is listed, is a succeeded job of the series whose run is proven and another one', () => {
    const run = fc.constantFrom('1', '2', '999', 'x', '');
    const series = fc.constantFrom('series', 'other');
    const anyJob = fc.record({
      id: fc.integer({ min: 1, max: 59 }),
      state: fc.constantFrom('SUCCEEDED', 'FAILED', 'RUNNING', 'CANCELLED'),
      series,
      run,
      keyed: fc.constantFrom('1', '2', '999'),
      kind: fc.constantFrom('customJobs', 'trainingPipelines', 'hyperparameterTuningJobs'),
    });
    fc.assert(
      fc.property(fc.array(anyJob), (all) => {
        const jobs = all.map((each) => {
          const labels = { ...labelsOf(each.keyed, each.series), 'run-id': each.run };
          return of(each.id, each.run, { name: nameOf(each.id, each.kind as 'customJobs'), labels, state: each.state });
        });
        const { candidates } = candidatesOf(jobs, ASKER);
        for (const { job: one, runId } of candidates) {
          expect([one.state, one.labels['train-on-vertex-series'], runId]).toEqual([
            'SUCCEEDED',
            'series',
            expect.any(String),
          ]);
          expect(runId).not.toBe('999');
          expect(one.labels['train-on-vertex-key']).toBe(keyOf('series', runId));
        }
        const times = candidates.map(({ job: one }) => one.createTime ?? '');
        expect(times).toEqual([...times].sort().reverse());
      }),
    );
  });
});

test.each<{ name: string; run: WorkflowRun | 'gone'; why: string | undefined }>([
  { name: 'that ended well', run: { status: 'completed', conclusion: 'success', event: 'push' }, why: undefined },
  { name: 'of which no event is known', run: { status: 'completed', conclusion: 'success' }, why: undefined },
  { name: 'that is gone', run: 'gone', why: 'GitHub has its workflow run no more' },
  {
    name: 'that failed',
    run: { status: 'completed', conclusion: 'failure' },
    why: 'its workflow run ended in failure',
  },
  { name: 'that runs again', run: { status: 'queued', conclusion: undefined }, why: 'its workflow run is queued' },
  {
    name: 'without a conclusion',
    run: { status: 'completed', conclusion: undefined },
    why: 'its workflow run ended in no conclusion',
  },
  {
    name: 'for a pull request on the default branch’s ref',
    run: { status: 'completed', conclusion: 'success', event: 'pull_request_target' },
    why: 'its workflow run is that of a pull request',
  },
])('a run $name', ({ run, why }) => {
  expect(refusalOf(run)).toBe(why);
});
