import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GithubError } from '../../src/github/error.ts';
import type { WorkflowRun } from '../../src/github/runs.ts';
import { ApiError } from '../../src/google/api-error.ts';
import { escaped } from '../../src/report/markdown.ts';
import type { SweptPlace } from '../../src/sweep/list.ts';
import { sweep } from '../../src/sweep/sweep.ts';
import { SweepError } from '../../src/sweep/tell.ts';
import type { Job } from '../../src/vertex/jobs.ts';
import { SimulatedClock } from '../ground/clock.ts';
import { recordingLog } from '../ground/recording-log.ts';
import { CALLER, labelsOf, nameOf, ours, placeOf, placeWith, REPOSITORY_ID } from './given.ts';

const over = (conclusion: string): WorkflowRun => ({ status: 'completed', conclusion });
const RUNS: Readonly<Record<string, WorkflowRun | GithubError>> = {
  1: over('failure'),
  2: over('success'),
  3: { status: 'in_progress', conclusion: undefined },
  4: over('cancelled'),
  6: new GithubError('GitHub answered HTTP 410: x.', 'refused'),
  999: { status: 'in_progress', conclusion: undefined },
};

interface World {
  readonly jobs?: readonly Job[];
  readonly places?: (cancel: (name: string) => Promise<void>) => readonly SweptPlace[];
  readonly runs?: Readonly<Record<string, WorkflowRun | GithubError>>;
  readonly cancel?: boolean;
}

async function swept({ jobs = [], places, runs = RUNS, cancel = true }: World) {
  const log = recordingLog();
  const ended: string[] = [];
  const outputs: Record<string, string> = {};
  let summary = '';
  const end = async (name: string) => {
    ended.push(name);
  };
  const failure = await sweep({
    projectId: 'my-project',
    cancel,
    places: places?.(end) ?? [placeWith(jobs, { cancel: end })],
    repositoryId: REPOSITORY_ID,
    caller: CALLER,
    github: {
      get: async (runId) => {
        const run = runs[runId];
        if (run instanceof GithubError) throw run;
        return run ?? 'gone';
      },
    },
    runUrl: (runId) => `https://github.com/octo-org/digits/actions/runs/${runId}`,
    clock: new SimulatedClock(),
    log,
    report: {
      outputs: (values) => void Object.assign(outputs, values),
      summary: async (markdown) => {
        summary = markdown;
      },
    },
  }).then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  return { log, ended, outputs, summary, failure };
}

const EVERY = [
  ours(1, '1', { createTime: '2026-11-02T00:00:00Z' }),
  ours(2, '2', { createTime: '2026-11-01T00:00:00Z', state: 'PENDING' }),
  ours(3, '3'),
  ours(4, '4', { createTime: '2026-11-03T00:00:00Z' }),
  ours(5, '5', { createTime: undefined }),
];

describe('leftovers', () => {
  test('of runs that came to a bad end are ended, and told of with those that are left', async () => {
    const { ended, outputs, failure, log, summary } = await swept({ jobs: EVERY });
    expect([failure, ended.sort()]).toEqual([undefined, [nameOf(1), nameOf(4)]]);
    expect(Object.keys(outputs).sort()).toEqual(['cancelled', 'count', 'leftovers']);
    expect(JSON.parse(outputs['cancelled'] ?? '')).toEqual([nameOf(1), nameOf(4)]);
    expect(outputs['count']).toBe('4');
    // Oldest first; the run that GitHub does not have any more has no conclusion.
    expect(JSON.parse(outputs['leftovers'] ?? '')).toEqual([
      {
        job: nameOf(2),
        state: 'PENDING',
        run_id: '2',
        run_url: 'https://github.com/octo-org/digits/actions/runs/2',
        conclusion: 'success',
        created: '2026-11-01T00:00:00Z',
        course: 'leave',
        why: 'its workflow run ended in success: it was left to run on',
      },
      expect.objectContaining({ job: nameOf(1), conclusion: 'failure', course: 'end' }),
      expect.objectContaining({ job: nameOf(4), conclusion: 'cancelled', course: 'end' }),
      expect.objectContaining({ job: nameOf(5), conclusion: null, created: null, course: 'leave' }),
    ]);
    expect(log.texts('notice')).toEqual(['Leftovers asked to end: 2.']);
    expect(log.texts('warning')).toEqual([]);
    expect(log.texts('info').slice(0, 6)).toEqual([
      '4 jobs live though their workflow runs are over:',
      `- ${nameOf(2)} (PENDING, created 2026-11-01T00:00:00Z): its workflow run ended in success: it was left to run on. https://github.com/octo-org/digits/actions/runs/2`,
      `- ${nameOf(1)} (RUNNING, created 2026-11-02T00:00:00Z): its workflow run ended in failure. https://github.com/octo-org/digits/actions/runs/1`,
      `- ${nameOf(4)} (RUNNING, created 2026-11-03T00:00:00Z): its workflow run ended in cancelled. https://github.com/octo-org/digits/actions/runs/4`,
      `- ${nameOf(5)} (RUNNING): GitHub has its workflow run no more. https://github.com/octo-org/digits/actions/runs/5`,
      'Jobs whose run goes on, or that are ending: 1.',
    ]);
    expect(summary).toBe(`### ⏳ 4 leftovers, 2 asked to end

| Job | State | Created | Workflow run | What becomes of it |
| --- | --- | --- | --- | --- |
| [2](https://console.cloud.google.com/ai/platform/locations/us-central1/training/2?project=my-project) | PENDING | ${escaped('2026-11-01T00:00:00Z')} | [2](https://github.com/octo-org/digits/actions/runs/2) | ${escaped('left alone: its workflow run ended in success: it was left to run on')} |
| [1](https://console.cloud.google.com/ai/platform/locations/us-central1/training/1?project=my-project) | RUNNING | ${escaped('2026-11-02T00:00:00Z')} | [1](https://github.com/octo-org/digits/actions/runs/1) | asked to end: its workflow run ended in failure |
| [4](https://console.cloud.google.com/ai/platform/locations/us-central1/training/4?project=my-project) | RUNNING | ${escaped('2026-11-03T00:00:00Z')} | [4](https://github.com/octo-org/digits/actions/runs/4) | asked to end: its workflow run ended in cancelled |
| [5](https://console.cloud.google.com/ai/platform/locations/us-central1/training/5?project=my-project) | RUNNING |  | [5](https://github.com/octo-org/digits/actions/runs/5) | left alone: GitHub has its workflow run no more |
`);
  });

  test('are only listed where that is asked, and what cancel would do is told', async () => {
    const { ended, outputs, failure, log, summary } = await swept({ jobs: EVERY, cancel: false });
    expect([failure, ended, outputs['count'], outputs['cancelled']]).toEqual([undefined, [], '4', '[]']);
    expect(log.texts('warning')).toEqual([
      'Leftovers of runs that were cancelled or failed: 2. They run on; cancel: true ends them.',
    ]);
    expect(summary).toContain('### ⏳ 4 leftovers\n');
    expect(summary).toContain('| ends with cancel: true: its workflow run ended in failure |');
  });

  test('may be none', async () => {
    const { ended, outputs, failure, log, summary } = await swept({ jobs: [ours(3, '3')] });
    expect([failure, ended, log.texts('warning')]).toEqual([undefined, [], []]);
    expect(outputs).toEqual({ leftovers: '[]', count: '0', cancelled: '[]' });
    expect(summary).toBe('### ✅ No leftovers\n');
    expect(log.texts('info')[0]).toBe('No job of this repository is left over from a workflow run that is over.');
  });

  test('are none whose labels do not prove the run', async () => {
    const forged = ours(8, '1', { labels: { ...labelsOf('2'), 'run-id': '1' } });
    const { ended, outputs, log, failure } = await swept({ jobs: [forged] });
    expect([failure, ended, outputs['count']]).toEqual([undefined, [], '0']);
    expect(log.texts('warning')).toEqual([
      `${nameOf(8)} is left alone: its labels do not say for sure which workflow run made it.`,
    ]);
  });
});

describe('what cannot be done fails the step in one list, once all else is done', () => {
  test('in every part of the sweep', async () => {
    const denied = (what: string) => new ApiError(`${what}: HTTP 400: no`, 400);
    const { ended, failure, summary, log } = await swept({
      places: (end) => [
        placeWith([...EVERY, ours(6, '6')], {
          cancel: async (name) => (name === nameOf(4) ? Promise.reject(denied(name)) : end(name)),
          get: async (name) => ours(4, '4', { name }),
        }),
        placeOf({ list: () => Promise.reject(denied('list')) }, 'europe-west4'),
      ],
    });
    expect(ended).toEqual([nameOf(1)]);
    expect(failure).toBeInstanceOf(SweepError);
    const lines = [
      'The jobs in europe-west4 could not all be listed: list: HTTP 400: no.',
      'Workflow run 6 could not be looked up, so that its jobs are left alone: GitHub answered HTTP 410: x.',
      `${nameOf(4)} could not be ended: ${nameOf(4)}: HTTP 400: no.`,
    ];
    expect(failure?.message).toBe(['3 things could not be done:', ...lines.map((line) => `- ${line}`)].join('\n'));
    expect(log.texts('info')).toContain('Jobs left alone, as their run could not be looked up: 1.');
    expect(summary).toContain('### ❌ 4 leftovers, 1 asked to end');
    expect(summary).toContain('| could not be ended: its workflow run ended in cancelled |');
    expect(summary).toContain(`What could not be done:\n\n\`\`\`text\n${lines.join('\n')}\n\`\`\``);
  });
});

test('whatever jobs there are, each is ended if and only if its own run came to a bad end', async () => {
  const ids = ['1', '2', '3', '4', '5', '6'];
  const jobs = fc.uniqueArray(
    fc.record({
      id: fc.integer({ min: 1, max: 40 }),
      run: fc.constantFrom(...ids),
      label: fc.constantFrom(...ids, undefined),
      state: fc.constantFrom('QUEUED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING', 'SUCCEEDED', 'EXPIRED', 'NEW'),
    }),
    { selector: ({ id }) => id },
  );
  await fc.assert(
    fc.asyncProperty(jobs, async (all) => {
      const given = all.map(({ id, run, label, state }) => {
        const labels = labelsOf(run, `series-${id}`);
        return ours(id, run, { state, labels: { ...labels, ...(label === undefined ? {} : { 'run-id': label }) } });
      });
      const { ended } = await swept({ jobs: given });
      const due = all.filter(
        ({ run, label, state }) =>
          ['1', '4'].includes(run) &&
          (label === undefined || label === run) &&
          !['CANCELLING', 'SUCCEEDED', 'EXPIRED'].includes(state),
      );
      expect(ended.sort()).toEqual(due.map(({ id }) => nameOf(id)).sort());
    }),
    { numRuns: 60 },
  );
});
