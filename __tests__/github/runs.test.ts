import { describe, expect, test } from '@jest/globals';
import { defaultBranchOf } from '../../src/github/default-branch.ts';
import { askGithub } from '../../src/github/request.ts';
import { githubRuns } from '../../src/github/runs.ts';
import type { GithubMishap } from '../e2e/parts/github.ts';
import { failureOf, githubs, optionsFor } from './given.ts';

const newGithub = githubs();
const OWN = '999';

/** GitHub with the run that asks. */
async function opened() {
  const api = await newGithub();
  api.runs.set(OWN, { status: 'in_progress', conclusion: null });
  const ask = askGithub(optionsFor(api.url));
  const asked = () => api.requests().map(({ path }) => path.split('/').at(-1));
  return { api, ask, asked, runs: githubRuns(ask, { ownRunId: OWN, input: 'github_token' }) };
}

describe('a run', () => {
  test('is asked for by its id alone, so that its latest attempt is told', async () => {
    const { api, runs } = await opened();
    api.runs.set('700', { status: 'completed', conclusion: 'failure' });
    expect(await runs.get('700')).toEqual({
      status: 'completed',
      conclusion: 'failure',
      event: 'push',
      branch: 'main',
    });
    expect(api.requests().map(({ method, path, query }) => [method, path, query.size])).toEqual([
      ['GET', '/repos/octo-org/digits/actions/runs/700', 0],
    ]);
    expect(api.problems).toEqual([]);
  });

  test('that goes on has no conclusion', async () => {
    const { api, runs } = await opened();
    api.runs.set('700', { status: 'in_progress', conclusion: null, event: 'schedule' });
    expect(await runs.get('700')).toEqual({
      status: 'in_progress',
      conclusion: undefined,
      event: 'schedule',
      branch: 'main',
    });
  });

  test('is asked for once', async () => {
    const { api, runs, asked } = await opened();
    api.runs.set('700', { status: 'completed', conclusion: 'success' });
    await Promise.all([runs.get('700'), runs.get('700'), runs.get('701'), runs.get('702'), runs.get(OWN)]);
    expect(asked().sort()).toEqual(['700', '701', '702', OWN]);
  });

  test('that is not there is gone, where the token sees the run that asks', async () => {
    const { runs, asked } = await opened();
    expect([await runs.get('700'), asked()]).toEqual(['gone', ['700', OWN]]);
  });

  test('that is not there may be hidden, where the token does not even see the run that asks', async () => {
    const { api, runs } = await opened();
    api.runs.clear();
    const error = await failureOf(runs.get('700'));
    expect([error.kind, error.message]).toEqual([
      'denied',
      "GitHub does not even show the run that asks to this token. Give the job 'permissions: actions: read' (beside id-token: write), or give another token in the input github_token.",
    ]);
  });

  test('that is not there is unknown, where it cannot be told which', async () => {
    const { api, runs } = await opened();
    api.goWrong(`/runs/${OWN}`, { status: 410, body: { message: 'gone' } });
    expect((await failureOf(runs.get('700'))).message).toBe('GitHub answered HTTP 410: gone.');
  });

  test('that may not be seen is told with the permission', async () => {
    const { api, runs } = await opened();
    api.world.rights = new Set();
    const error = await failureOf(runs.get(OWN));
    expect([error.kind, error.message]).toEqual(['denied', expect.stringContaining("'permissions: actions: read'")]);
  });

  test.each<{ name: string; body: unknown }>([
    { name: 'a list', body: [] },
    { name: 'no status', body: { id: 700 } },
    { name: 'another run', body: { id: 701, status: 'completed', conclusion: 'failure' } },
  ])('is none that is told as $name', async ({ body }) => {
    const { api, runs } = await opened();
    const mishap: GithubMishap = { status: 200, body };
    api.goWrong('/runs/700', mishap);
    const { message, kind } = await failureOf(runs.get('700'));
    expect([message, kind]).toEqual(['GitHub answered with something that is not this workflow run.', 'refused']);
  });
});

describe('the default branch', () => {
  test('is the one that the event tells', async () => {
    const { api, ask } = await opened();
    expect(await defaultBranchOf({ defaultBranch: 'trunk' }, ask)).toBe('trunk');
    expect(api.requests()).toEqual([]);
  });

  test('is asked for where the event does not tell it', async () => {
    const { api, ask } = await opened();
    api.world.defaultBranch = 'release/1.x';
    expect(await defaultBranchOf({ defaultBranch: undefined }, ask)).toBe('release/1.x');
    expect(api.problems).toEqual([]);
  });

  test.each([{}, { default_branch: '' }, { default_branch: 5 }])('is none that is told as %j', async (body) => {
    const { api, ask } = await opened();
    api.goWrong('GET', { status: 200, body });
    const { message } = await failureOf(defaultBranchOf({ defaultBranch: undefined }, ask));
    expect(message).toBe('GitHub answered with something that names no default branch.');
  });
});
