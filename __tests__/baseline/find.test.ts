import { describe, expect, test } from '@jest/globals';
import { type BaselineOptions, findBaseline, MOST_RUNS } from '../../src/baseline/find.ts';
import { UserError } from '../../src/faults.ts';
import { GithubError } from '../../src/github/error.ts';
import { askGithub } from '../../src/github/request.ts';
import { githubRuns, runUrl } from '../../src/github/runs.ts';
import { ApiError } from '../../src/google/api-error.ts';
import type { VertexApi } from '../../src/google/vertex.ts';
import { readRunContext } from '../../src/inputs/run-context.ts';
import { listFilter } from '../../src/local/resources/list-filter.ts';
import { identityOf } from '../../src/plan/identity.ts';
import { jobLabels } from '../../src/plan/labels.ts';
import { collectionOf, type Job } from '../../src/vertex/jobs.ts';
import type { GithubApi } from '../e2e/parts/github.ts';
import { githubs, optionsFor } from '../github/given.ts';
import { SimulatedClock } from '../ground/clock.ts';
import { recordingLog } from '../ground/recording-log.ts';
import { job, vertex } from '../job/jobs.ts';
import { nameOf } from '../sweep/given.ts';

const newGithub = githubs();
const NOW = Date.parse('2026-11-23T05:00:00Z');
const COMMIT = '4f6b1c0d9e2a35b7c8d1e0f9a6b3c2d4e5f60718';

const context = (more: Readonly<Record<string, string>> = {}) =>
  readRunContext({
    GITHUB_REPOSITORY: 'octo-org/digits',
    GITHUB_REPOSITORY_ID: '700123456',
    GITHUB_WORKFLOW_REF: 'octo-org/digits/.github/workflows/train.yml@refs/heads/main',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_SHA: COMMIT,
    GITHUB_RUN_ID: '999',
    GITHUB_JOB: 'train',
    GITHUB_ACTION: 'train',
    ...more,
  });

/** A succeeded job as a run of this step makes it, so many days before now. */
function made(id: number, runId: string, days: number, more: Partial<Job> = {}, env: Record<string, string> = {}): Job {
  const of = context({ GITHUB_RUN_ID: runId, ...env });
  const labels = jobLabels({ own: new Map(), context: of, identity: identityOf(of, 'null', ''), requestHash: 'a' });
  const createTime = new Date(NOW - days * 24 * 3_600_000).toISOString();
  return job('SUCCEEDED', { name: nameOf(id), labels, createTime, ...more });
}

/** A region with these jobs, which takes the filter at its word, as the local service reads it; and what it is asked. */
function region(jobs: readonly Job[], calls: Partial<VertexApi> = {}) {
  const asked: string[] = [];
  const api = vertex({
    list: async (parent, collection, filter) => {
      asked.push(`${parent} ${collection} ${filter}`);
      const holds = listFilter(filter, collection);
      const shelf = jobs.filter(({ name }) => collectionOf(name) === collection);
      return shelf.filter(({ labels, createTime }) =>
        holds({ labels, ...(createTime === undefined ? {} : { createTime }) } as Parameters<typeof holds>[0]),
      );
    },
    get: async (name) => {
      const found = jobs.find((each) => each.name === name);
      if (found === undefined) throw new ApiError(`get ${name}: HTTP 404: not found`, 404);
      asked.push(`get ${name}`);
      return found;
    },
    ...calls,
  });
  return { api, asked };
}

const placeOf = ({ api }: { readonly api: VertexApi }, location = 'us-central1') => ({
  api,
  parent: `projects/1/locations/${location}`,
});

/** GitHub with the run that asks and runs that ended in success. */
async function github(...good: string[]): Promise<GithubApi> {
  const api = await newGithub();
  api.runs.set('999', { status: 'in_progress', conclusion: null });
  for (const runId of good) api.runs.set(runId, { status: 'completed', conclusion: 'success' });
  return api;
}

const failed = (api: GithubApi, ...runIds: string[]) => {
  for (const runId of runIds) api.runs.set(runId, { status: 'completed', conclusion: 'failure' });
};

function find(api: GithubApi, jobs: readonly Job[], more: Partial<BaselineOptions> = {}) {
  const log = recordingLog();
  return findBaseline({
    context: context(),
    matrix: 'null',
    jobKey: '',
    defaultBranch: async () => 'main',
    own: { ...placeOf(region(jobs)), collection: 'customJobs' },
    elsewhere: [],
    runs: githubRuns(askGithub(optionsFor(api.url)), { ownRunId: '999', input: 'github_token' }),
    runUrl: (runId) => runUrl('https://github.com', 'octo-org/digits', runId),
    metricsOf: async ({ name }) => ({ accuracy: Number(name.split('/').at(-1)) / 100 }),
    clock: new SimulatedClock(NOW),
    random: () => 0,
    signal: new AbortController().signal,
    log,
    ...more,
  });
}

const runsAsked = (api: GithubApi) => api.requests().map(({ path }) => path.split('/').at(-1));

describe('the baseline', () => {
  test('is the newest job on the default branch whose run ended well', async () => {
    const api = await github('1', '2');
    failed(api, '3');
    const outcome = await find(api, [made(11, '1', 3), made(12, '2', 2), made(13, '3', 1)]);
    expect(outcome).toEqual({
      kind: 'found',
      baseline: {
        job: nameOf(12),
        runId: '2',
        runUrl: 'https://github.com/octo-org/digits/actions/runs/2',
        commit: COMMIT,
        metrics: { accuracy: 0.12 },
      },
      notes: [],
    });
    expect([runsAsked(api), api.problems]).toEqual([['3', '2'], []]);
  });

  test.each<{ name: string; env: Record<string, string>; matrix?: string; jobKey?: string }>([
    { name: 'another branch', env: { GITHUB_REF: 'refs/heads/feature' } },
    { name: 'a tag of that name', env: { GITHUB_REF: 'refs/tags/main' } },
    { name: 'a pull request', env: { GITHUB_REF: 'refs/pull/7/merge' } },
    { name: 'another job', env: { GITHUB_JOB: 'other' } },
    { name: 'another step', env: { GITHUB_ACTION: 'other' } },
    {
      name: 'another workflow',
      env: { GITHUB_WORKFLOW_REF: 'octo-org/digits/.github/workflows/x.yml@refs/heads/main' },
    },
    { name: 'another repository', env: { GITHUB_REPOSITORY_ID: '8' } },
  ])('is none of $name', async ({ env }) => {
    const api = await github('1', '2');
    const outcome = await find(api, [made(11, '1', 3), made(12, '2', 1, {}, env)]);
    expect(outcome).toMatchObject({ kind: 'found', baseline: { runId: '1' } });
  });

  test('is that of the default branch for a run on a pull request, and is found by its name', async () => {
    const api = await github('1', '2');
    const trunk = { GITHUB_REF: 'refs/heads/release/1.x' };
    const outcome = await find(api, [made(11, '1', 3, {}, trunk), made(12, '2', 1)], {
      context: context({ GITHUB_REF: 'refs/pull/7/merge' }),
      defaultBranch: async () => 'release/1.x',
    });
    expect(outcome).toMatchObject({ kind: 'found', baseline: { runId: '1' } });
  });

  test('is never of the run that asks, whatever its attempt', async () => {
    const api = await github('1', '999');
    const own = made(12, '999', 1, {}, { GITHUB_RUN_ATTEMPT: '1' });
    const outcome = await find(api, [made(11, '1', 3), own], { context: context({ GITHUB_RUN_ATTEMPT: '2' }) });
    expect(outcome).toMatchObject({ kind: 'found', baseline: { runId: '1' } });
    expect(runsAsked(api)).toEqual(['1']);
  });

  test('is none of a pull_request_target run, whose ref is that of the default branch', async () => {
    const api = await github('1');
    api.runs.set('2', { status: 'completed', conclusion: 'success', event: 'pull_request_target' });
    expect(await find(api, [made(11, '1', 3), made(12, '2', 1)])).toMatchObject({ baseline: { runId: '1' } });
  });

  test('is found in each region and among each kind of job', async () => {
    const api = await github('1', '2', '3');
    const far = nameOf(12, 'hyperparameterTuningJobs', 'europe-west4');
    const here = region([made(11, '1', 3), made(13, '3', 2, { name: nameOf(13, 'trainingPipelines') })]);
    const there = region([made(12, '2', 1, { name: far })]);
    const outcome = await find(api, [], {
      own: { ...placeOf(here), collection: 'customJobs' },
      elsewhere: [placeOf(there, 'europe-west4')],
    });
    expect(outcome).toMatchObject({ kind: 'found', baseline: { job: far } });
    expect([here.asked.length, there.asked.length]).toEqual([3, 4]);
  });

  test('is asked for with its trials', async () => {
    const api = await github('1');
    const listed = made(11, '1', 3);
    const whole = { ...listed, trials: [{ id: '1', state: 'SUCCEEDED' as const, parameters: [] }] };
    const { api: vertexApi } = region([listed], { get: async () => whole });
    let given: Job | undefined;
    await find(api, [], {
      own: { ...placeOf({ api: vertexApi }), collection: 'customJobs' },
      metricsOf: async (one) => {
        given = one;
        return {};
      },
    });
    expect(given).toBe(whole);
  });

  test('stays the one whose metrics are not to be had', async () => {
    const api = await github('1', '2');
    const outcome = await find(api, [made(11, '1', 3), made(12, '2', 1)], { metricsOf: async () => undefined });
    expect(outcome).toMatchObject({ kind: 'found', baseline: { runId: '2', metrics: {} } });
    expect(outcome.kind === 'found' && outcome.notes).toEqual([
      `The baseline, ${nameOf(12)} of https://github.com/octo-org/digits/actions/runs/2, has no metrics that can be read.`,
    ]);
  });

  test('is the one before, where it was deleted since it was listed', async () => {
    const api = await github('1', '2');
    const kept = made(11, '1', 3);
    const { api: standing } = region([kept]);
    const { api: vertexApi } = region([kept, made(12, '2', 1)], { get: (name) => standing.get(name) });
    const outcome = await find(api, [], { own: { ...placeOf({ api: vertexApi }), collection: 'customJobs' } });
    expect(outcome).toMatchObject({ kind: 'found', baseline: { runId: '1' } });
  });

  test.each(['x', '4f6b1c0d', `${COMMIT}0`, '::error::x'])(
    'has no commit that its label does not tell: %s',
    async (commit) => {
      const api = await github('1');
      const one = made(11, '1', 3);
      const outcome = await find(api, [{ ...one, labels: { ...one.labels, commit } }]);
      expect(outcome).toMatchObject({ kind: 'found', baseline: { commit: undefined } });
    },
  );

  test('is looked for further back only where the last days have none', async () => {
    const api = await github('1', '2');
    const recent = region([made(11, '1', 400), made(12, '2', 29)]);
    const own = (place: { readonly api: VertexApi }) => ({ ...placeOf(place), collection: 'customJobs' as const });
    expect(await find(api, [], { own: own(recent) })).toMatchObject({ baseline: { runId: '2' } });
    const old = region([made(11, '1', 400)]);
    expect(await find(api, [], { own: own(old) })).toMatchObject({ baseline: { runId: '1' } });
    const lists = (asked: readonly string[]) => asked.filter((each) => !each.startsWith('get')).length;
    expect([lists(recent.asked), lists(old.asked)]).toEqual([3, 6]);
  });
});

describe('there is none', () => {
  test('where no other run has made a job of the step', async () => {
    const api = await github();
    expect(await find(api, [made(11, '999', 1)].slice(1))).toEqual({
      kind: 'none',
      notes: ['There is no baseline: no other run on main has made a job of this step. Gates on the baseline pass.'],
    });
    expect(api.requests()).toEqual([]);
  });

  test('where none has succeeded in a run that did', async () => {
    const api = await github('4');
    failed(api, '1', '2');
    const jobs = [made(11, '1', 3), made(12, '2', 50), made(13, '3', 2), made(14, '4', 1, { state: 'FAILED' })];
    expect(await find(api, jobs)).toEqual({
      kind: 'none',
      notes: [
        'There is no baseline: no job of this step on main has succeeded in a workflow run that did. Gates on the baseline pass.',
      ],
    });
    expect(runsAsked(api).sort()).toEqual(['1', '2', '3', '999']);
  });
});

describe('it is not known', () => {
  const errorOf = async (api: GithubApi, jobs: readonly Job[], more: Partial<BaselineOptions> = {}) => {
    const outcome = await find(api, jobs, more);
    return outcome.kind === 'unknown' ? outcome.error : undefined;
  };
  const JOBS = [made(11, '1', 3)];

  test('where the token may not see runs', async () => {
    const api = await github('1');
    api.world.rights = new Set();
    const error = await errorOf(api, JOBS);
    expect(error).toBeInstanceOf(GithubError);
    expect(error?.message).toContain("Give the job 'permissions: actions: read'");
  });

  test('where a private repository shows nothing to the token', async () => {
    const api = await github();
    api.runs.clear();
    expect((await errorOf(api, JOBS))?.message).toContain('does not even show the run that asks');
  });

  test('where the default branch is not to be had', async () => {
    const api = await github('1');
    const refusal = new GithubError('GitHub answered HTTP 401: Bad credentials.', 'unauthorised');
    expect(await errorOf(api, JOBS, { defaultBranch: () => Promise.reject(refusal) })).toBe(refusal);
  });

  test.each(['hang', 'reset', 'cut'] as const)('where GitHub does not answer: %s', async (mishap) => {
    const api = await github('1');
    api.goWrong('/runs/', mishap, 99);
    const ask = askGithub(optionsFor(api.url, { answerMs: 30 }));
    const runs = githubRuns(ask, { ownRunId: '999', input: 'github_token' });
    expect((await errorOf(api, JOBS, { runs }))?.message).toMatch(/^GitHub gave no answer: /);
  });

  test('where the jobs may not be listed', async () => {
    const api = await github('1');
    const denied = new ApiError('list: HTTP 403: no', 403);
    const { api: vertexApi } = region([], { list: () => Promise.reject(denied) });
    const own = { ...placeOf({ api: vertexApi }), collection: 'customJobs' as const };
    expect(await errorOf(api, [], { own })).toBe(denied);
  });

  test('where its metrics cannot be read for the time being', async () => {
    const api = await github('1');
    const away = new ApiError('get o: HTTP 503: busy', 503);
    expect(await errorOf(api, JOBS, { metricsOf: () => Promise.reject(away) })).toBe(away);
  });

  test('where the last runs have all failed: a gate that failed so often must not pass', async () => {
    const runIds = Array.from({ length: MOST_RUNS + 1 }, (_, index) => `${index + 1}`);
    const api = await github('1');
    failed(api, ...runIds.slice(1));
    const jobs = runIds.map((runId, index) => made(index + 1, runId, 20 - index / 10));
    const error = await errorOf(api, jobs);
    expect(error).toBeInstanceOf(UserError);
    expect(error?.message).toContain(`Of the last ${MOST_RUNS} workflow runs on main`);
    expect(api.requests()).toHaveLength(MOST_RUNS);
    // Where one of them did end well, it is the baseline.
    api.runs.set(String(MOST_RUNS + 1), { status: 'completed', conclusion: 'success' });
    expect(await find(api, jobs)).toMatchObject({ kind: 'found', baseline: { runId: String(MOST_RUNS + 1) } });
  });

  test('though what may pass is asked again', async () => {
    const api = await github('1');
    let count = 0;
    const { api: vertexApi } = region(JOBS);
    const flaky = {
      ...vertexApi,
      list: async (...given: Parameters<VertexApi['list']>) => {
        count += 1;
        if (count <= 3) throw new ApiError('list: HTTP 503: busy', 503);
        return await vertexApi.list(...given);
      },
    };
    api.goWrong('/runs/', { status: 502, body: {} }, 2);
    const own = { ...placeOf({ api: flaky }), collection: 'customJobs' as const };
    expect(await find(api, [], { own })).toMatchObject({ kind: 'found' });
  });

  test('and a fault of this program is thrown', async () => {
    const api = await github('1');
    await expect(find(api, JOBS, { metricsOf: () => Promise.reject(new TypeError('x')) })).rejects.toThrow(TypeError);
  });
});

describe('a step that is cancelled ends with its reason', () => {
  const reason = new UserError('cancelled');
  test('while GitHub is asked', async () => {
    const api = await github('1');
    const stop = new AbortController();
    api.before('/runs/', () => stop.abort(reason));
    api.goWrong('/runs/', 'hang');
    await expect(find(api, [made(11, '1', 3)], { signal: stop.signal })).rejects.toBe(reason);
  });

  test('while metrics are read', async () => {
    const api = await github('1');
    const stop = new AbortController();
    const metricsOf = () => {
      stop.abort(reason);
      return new Promise<undefined>(() => {});
    };
    await expect(find(api, [made(11, '1', 3)], { signal: stop.signal, metricsOf })).rejects.toBe(reason);
  });
});

describe('the baseline of a job that another step follows', () => {
  const follower = context({ GITHUB_ACTION: 'follow', GITHUB_JOB: 'later' });
  const PULL = { GITHUB_REF: 'refs/pull/7/merge' };
  const onPull = { status: 'completed', conclusion: 'success', event: 'pull_request', head_branch: 'main' };
  const followed = (job: Job) => ({ context: follower, followed: job });

  test('is that of the step that made it', async () => {
    const api = await github('1', '2');
    api.runs.set('3', onPull);
    const jobs = [made(10, '1', 3), made(20, '2', 2), made(30, '3', 1, {}, PULL), made(40, '999', 0, {}, PULL)];
    expect(await find(api, jobs, followed(made(40, '999', 0, {}, PULL)))).toMatchObject({
      kind: 'found',
      baseline: { runId: '2', metrics: { accuracy: 0.2 } },
    });
  });

  test('is not the job itself, whichever run follows it', async () => {
    const api = await github('1', '2');
    const jobs = [made(10, '1', 3), made(20, '2', 2)];
    expect(await find(api, jobs, followed(made(20, '2', 2)))).toMatchObject({ baseline: { runId: '1' } });
  });

  test.each([
    { name: 'another step', env: { GITHUB_ACTION: 'other' }, run: {} },
    { name: 'another branch', env: { GITHUB_REF: 'refs/heads/topic' }, run: { head_branch: 'topic' } },
    { name: 'a pull request from a branch of that name', env: PULL, run: { event: 'pull_request' } },
    { name: 'a pull request’s code on the branch', env: {}, run: { event: 'pull_request_target' } },
  ])('is none of $name', async ({ env, run }) => {
    const api = await github();
    api.runs.set('1', { status: 'completed', conclusion: 'success', ...run });
    const jobs = [made(10, '1', 3, {}, env)];
    expect(await find(api, jobs, followed(made(40, '999', 0, {}, PULL)))).toMatchObject({ kind: 'none' });
  });

  test('is unknown where the job does not tell its step, and among too many runs of other branches', async () => {
    const api = await github();
    const job = made(40, '999', 0);
    const { 'train-on-vertex-step': _step, ...labels } = job.labels;
    expect(await find(api, [], followed({ ...job, labels }))).toMatchObject({ kind: 'unknown' });
    const pulls = Array.from({ length: MOST_RUNS + 1 }, (_, index) => {
      api.runs.set(String(index + 1), onPull);
      return made(index + 1, String(index + 1), 1, {}, { GITHUB_REF: `refs/pull/${index}/merge` });
    });
    expect(await find(api, pulls, followed(job))).toMatchObject({ kind: 'unknown', error: expect.any(UserError) });
    expect(api.requests().length).toBeLessThanOrEqual(MOST_RUNS);
  });
});
