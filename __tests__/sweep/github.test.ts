import { getOctokit } from '@actions/github';
import { describe, expect, test } from '@jest/globals';
import { GithubError, githubRuns } from '../../src/sweep/github.ts';
import { type Answer, loopbacks } from '../google/loopback.ts';

const newServer = loopbacks();

/** GitHub's API as octokit meets it. */
async function asked(answer: Answer) {
  const server = await newServer(() => answer);
  const octokit = getOctokit('TOKEN', { baseUrl: server.url, log: SILENT });
  const runs = githubRuns((route, parameters) => octokit.request(route, { ...parameters }), 'octo-org/digits');
  return { server, runs };
}

const nothing = () => {};
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

const thrownBy = async (answer: Answer): Promise<GithubError> => {
  const { runs } = await asked(answer);
  const error = await runs.get('700').catch((thrown: unknown) => thrown);
  if (!(error instanceof GithubError)) throw new Error(`no GithubError: ${String(error)}`);
  return error;
};

test('a run is asked for by its id alone, so that its latest attempt is told', async () => {
  const { server, runs } = await asked({
    body: { id: 700, status: 'completed', conclusion: 'failure', run_attempt: 3 },
  });
  expect(await runs.get('700')).toEqual({ status: 'completed', conclusion: 'failure' });
  expect(server.seen.map(({ method, url, headers }) => [method, url, headers.authorization])).toEqual([
    ['GET', '/repos/octo-org/digits/actions/runs/700', 'token TOKEN'],
  ]);
});

test('a run that goes on has no conclusion', async () => {
  const { runs } = await asked({ body: { id: 700, status: 'in_progress', conclusion: null } });
  expect(await runs.get('700')).toEqual({ status: 'in_progress', conclusion: undefined });
});

test('a run that is not there is undefined', async () => {
  const { runs } = await asked({ status: 404, body: { message: 'Not Found' } });
  expect(await runs.get('700')).toBeUndefined();
});

describe('what GitHub refuses is told with what mends it, and whether more may be asked', () => {
  const LATER = 'sweep again later.';
  const RIGHTS =
    "Give the job 'permissions: actions: read' (beside id-token: write), or give another token in the input token.";
  const limits = (remaining: string) => ({ 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': '1795413600' });

  test.each<{ name: string; answer: Answer; message: string; prospect: string }>([
    {
      name: 'a right that the token lacks',
      answer: { status: 403, headers: limits('4999'), body: { message: 'Resource not accessible by integration' } },
      message: `GitHub answered HTTP 403: Resource not accessible by integration. ${RIGHTS}`,
      prospect: 'nothing',
    },
    {
      name: 'the hourly limit',
      answer: { status: 403, headers: limits('0'), body: { message: 'API rate limit exceeded for installation.' } },
      message: `GitHub answered HTTP 403: API rate limit exceeded for installation. Its rate limit is reached, until 2026-11-23T06:00:00.000Z: ${LATER}`,
      prospect: 'nothing',
    },
    {
      name: 'the hourly limit by its headers',
      answer: { status: 403, headers: limits('0'), body: { message: 'Forbidden' } },
      message: `HTTP 403: Forbidden. Its rate limit is reached, until 2026-11-23T06:00:00.000Z: ${LATER}`,
      prospect: 'nothing',
    },
    {
      name: 'the hourly limit by its status',
      answer: { status: 429, headers: limits('0'), body: { message: 'too much' } },
      message: `GitHub answered HTTP 429: too much. Its rate limit is reached, until 2026-11-23T06:00:00.000Z: ${LATER}`,
      prospect: 'nothing',
    },
    {
      name: 'the secondary limit',
      answer: {
        status: 403,
        headers: { ...limits('4000'), 'retry-after': '60' },
        body: { message: 'You have exceeded a secondary rate limit.' },
      },
      message: `GitHub answered HTTP 403: You have exceeded a secondary rate limit. Its rate limit is reached, for 60 s more: ${LATER}`,
      prospect: 'nothing',
    },
    {
      name: 'a limit whose headers are no numbers',
      answer: { status: 429, headers: { 'retry-after': '::error::x', 'x-ratelimit-remaining': '0' }, body: {} },
      message: `Its rate limit is reached: ${LATER}`,
      prospect: 'nothing',
    },
    {
      name: 'a token that is none',
      answer: { status: 401, body: { message: 'Bad credentials' } },
      message: 'GitHub answered HTTP 401: Bad credentials. The input token is none that GitHub takes now.',
      prospect: 'nothing',
    },
    { name: 'a passing failure', answer: { status: 502, body: '<html>' }, message: 'HTTP 502', prospect: 'again' },
    {
      name: 'another refusal',
      answer: { status: 410, body: { message: 'gone' } },
      message: 'HTTP 410',
      prospect: 'other',
    },
  ])('$name', async ({ answer, message, prospect }) => {
    const error = await thrownBy(answer);
    expect(error.message).toContain(message);
    expect(error.prospect).toBe(prospect);
  });

  test('no answer at all', async () => {
    const octokit = getOctokit('TOKEN', { baseUrl: 'http://127.0.0.1:1', log: SILENT });
    const runs = githubRuns((route, parameters) => octokit.request(route, { ...parameters }), 'octo-org/digits');
    await expect(runs.get('700')).rejects.toMatchObject({
      name: 'GithubError',
      message: expect.stringMatching(/^GitHub gave no answer: /),
      prospect: 'again',
    });
  });

  test.each<{ name: string; body: unknown }>([
    { name: 'no object', body: '[]' },
    { name: 'no JSON', body: '<html>' },
    { name: 'no status', body: { id: 700 } },
    { name: 'another run', body: { id: 701, status: 'completed', conclusion: 'failure' } },
  ])('an answer that is no such run: $name', async ({ body }) => {
    const error = await thrownBy({ body });
    expect([error.message, error.prospect]).toEqual([
      'GitHub answered with something that is not this workflow run.',
      'other',
    ]);
  });

  test('in one line that is no command, whatever GitHub says', async () => {
    const { message } = await thrownBy({ status: 410, body: { message: 'a\n::error::b\r##[error]c\u001b[31m' } });
    expect(message).toMatch(/^GitHub answered HTTP 410: a ::error::b ##\\\[error\]c\b[ -~]*$/);
  });
});
