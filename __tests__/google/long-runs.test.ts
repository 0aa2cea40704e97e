import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { UserError } from '../../src/faults.ts';
import { isTransient } from '../../src/google/api-error.ts';
import { requestTokenEnded } from '../../src/inputs/id-token.ts';
import { tempFolders } from '../ground/temp-folder.ts';
import { capturedStdout } from '../runner/capture.ts';
import { federation, JOB } from './federation.ts';
import { loopbacks } from './loopback.ts';

const newServer = loopbacks();
const newFolder = tempFolders();
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-11-01T12:00:00Z');
/** As measured of GitHub's: six hours and ten minutes after the step. */
const TOKEN_END = START + 6 * HOUR + 10 * MINUTE;

capturedStdout();
const before = { ...process.env };
beforeEach(() => {
  process.env = { ...before };
  // The library reads Date alone; sockets keep real time.
  const doNotFake = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'];
  const others = ['nextTick', 'queueMicrotask', 'performance', 'hrtime'];
  jest.useFakeTimers({ now: START, doNotFake: [...doNotFake, ...others] as 'setTimeout'[] });
});
afterEach(() => {
  jest.useRealTimers();
  process.env = before;
});

const pass = (ms: number) => jest.setSystemTime(Date.now() + ms);

type Scene = Awaited<ReturnType<typeof federation>>;

const look = (scene: Scene) => scene.vertex.get(JOB);
const read = (scene: Scene) => scene.logging.list({ project: 'p', filter: 'f' });

/** Asks for the job so often, and for its log as often, for so long. */
async function follow(scene: Scene, forMs: number, everyMs = 20 * SECOND): Promise<void> {
  for (const end = Date.now() + forMs; Date.now() < end; pass(everyMs / 2)) {
    await look(scene);
    pass(everyMs / 2);
    await read(scene);
  }
}

describe('six hours of calls', () => {
  test('with tokens of five minutes take one exchange for each four of them, and none is refused', async () => {
    const scene = await federation(newServer, { requestTokenEnd: TOKEN_END });
    await follow(scene, 6 * HOUR);
    const { counts } = scene;
    expect([counts.call, counts.refused, counts.impersonate]).toEqual([6 * 60 * 6, 0, 0]);
    expect(counts.sts).toBeGreaterThanOrEqual(85);
    expect(counts.sts).toBeLessThanOrEqual(91);
    expect(counts.oidc).toBe(counts.sts);
  }, 60_000);

  test.each([
    { name: 'right', aheadMs: 0 },
    { name: 'ten minutes ahead', aheadMs: 10 * MINUTE },
    { name: 'ten minutes behind', aheadMs: -10 * MINUTE },
  ])(
    'of an account take an exchange an hour, with Google clock $name',
    async ({ aheadMs }) => {
      const scene = await federation(newServer, { requestTokenEnd: TOKEN_END, impersonated: true, aheadMs });
      await follow(scene, 6 * HOUR);
      const { counts } = scene;
      expect([counts.call, counts.refused]).toEqual([6 * 60 * 6, 0]);
      expect(counts.impersonate).toBeGreaterThanOrEqual(6);
      expect(counts.impersonate).toBeLessThanOrEqual(7);
      expect([counts.oidc, counts.sts]).toEqual([counts.impersonate, counts.impersonate]);
    },
    60_000,
  );
});

test('while nothing is asked nothing is exchanged, and one exchange serves all who ask at once after that', async () => {
  const scene = await federation(newServer, { requestTokenEnd: TOKEN_END });
  await look(scene);
  pass(3 * HOUR);
  expect(scene.counts.sts).toBe(1);
  await Promise.all([look(scene), read(scene), look(scene), scene.credentials.accessToken()]);
  expect([scene.counts.sts, scene.counts.refused]).toEqual([2, 0]);
});

describe('a token that Google refuses before its end', () => {
  test.each([
    { name: 'of the federation', impersonated: false },
    { name: 'of an account', impersonated: true },
  ])('($name) is renewed at once, and the calls are made again', async ({ impersonated }) => {
    const scene = await federation(newServer, { requestTokenEnd: TOKEN_END, impersonated });
    await follow(scene, 10 * MINUTE);
    const { sts } = scene.counts;
    scene.revoke();
    expect((await look(scene)).state).toBe('RUNNING');
    expect([scene.counts.sts - sts, scene.counts.refused]).toEqual([1, 1]);
    scene.revoke();
    await read(scene);
    expect([scene.counts.sts - sts, scene.counts.refused]).toEqual([2, 2]);
    await follow(scene, 3 * MINUTE);
    expect([scene.counts.sts - sts, scene.counts.refused]).toEqual([2, 2]);
  });

  test('is renewed once for a call: a right that is missing is told as that', async () => {
    const scene = await federation(newServer, { requestTokenEnd: TOKEN_END });
    await look(scene);
    const forbidden = { status: 403, body: { error: { code: 403, message: 'PERMISSION_DENIED: no' } } };
    scene.fail(`/v1/${JOB}`, 2, forbidden);
    await expect(look(scene)).rejects.toMatchObject({ httpStatus: 403 });
    expect(scene.counts.sts).toBe(2);
  });
});

describe('a renewal that fails', () => {
  const oh = { status: 500, body: { message: 'oh' } };
  const reset = { body: '', lack: 'reset' } as const;

  test.each([
    { name: 'an error of GitHub', path: '/oidc', answer: oh },
    { name: 'a broken connection to GitHub', path: '/oidc', answer: reset },
    { name: 'an error of STS', path: '/v1/token', answer: oh },
    { name: 'a broken connection to STS', path: '/v1/token', answer: reset },
  ])('by $name is made again', async ({ path, answer }) => {
    const scene = await federation(newServer, { requestTokenEnd: TOKEN_END });
    await look(scene);
    scene.fail(path, 1, answer);
    pass(5 * MINUTE);
    expect((await look(scene)).state).toBe('RUNNING');
    expect([scene.counts.sts, scene.counts.refused]).toEqual([2, 0]);
  });

  test.each([
    { name: 'GitHub breaks off', path: '/oidc', times: 4, answer: reset },
    {
      name: 'GitHub fails',
      path: '/oidc',
      times: 4,
      answer: oh,
      text: /GitHub gave this step no OIDC token: HTTP 500: oh$/,
    },
    {
      name: 'STS fails',
      path: '/v1/token',
      times: 4,
      answer: { status: 503, body: {} },
      text: /: sign in to Google Cloud: HTTP 503: /,
    },
  ])(
    'for longer, as $name, is told as what may pass, of either call, and the next goes on',
    async (fault) => {
      const { path, times, answer, text = /no OIDC token/ } = fault;
      const scene = await federation(newServer, { requestTokenEnd: TOKEN_END });
      for (const ask of [look, read]) {
        pass(5 * MINUTE);
        scene.fail(path, times, answer);
        const error: unknown = await ask(scene).catch((thrown: unknown) => thrown);
        expect([isTransient(error), (error as Error).message]).toEqual([true, expect.stringMatching(text)]);
        await ask(scene);
      }
      expect(scene.counts.refused).toBe(0);
    },
    30_000,
  );

  test('because the trust was withdrawn is final, and says what to look at', async () => {
    const scene = await federation(newServer, { requestTokenEnd: TOKEN_END });
    await look(scene);
    const denied = { error: 'unauthorized_client', error_description: 'rejected by the attribute condition' };
    for (const ask of [look, read]) {
      scene.fail('/v1/token', 1, { status: 400, body: denied });
      pass(5 * MINUTE);
      const error: unknown = await ask(scene).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).message).toContain('Check workload_identity_provider');
      expect(String((error as UserError).cause)).toContain('rejected by the attribute condition');
    }
  });
});

describe('the end of the request token', () => {
  test.each([
    { name: 'of the federation', impersonated: false, lastMs: 5 * MINUTE },
    { name: 'of an account', impersonated: true, lastMs: HOUR },
  ])('strikes once the last token $name has run out, is final and told as that', async ({ impersonated, lastMs }) => {
    const requestTokenEnd = START + 20 * MINUTE;
    const scene = await federation(newServer, { requestTokenEnd, impersonated });
    await follow(scene, 20 * MINUTE);
    const told = requestTokenEnded(process.env, requestTokenEnd);
    expect(told).toBeInstanceOf(UserError);
    pass(lastMs);
    const { oidc } = scene.counts;
    const asked = scene.server.seen.length;
    for (const ask of [look, read, () => scene.credentials.accessToken()]) {
      await expect(ask(scene)).rejects.toEqual(told);
    }
    // Once for each, and nothing is sent to Google.
    expect([scene.counts.oidc - oidc, scene.server.seen.length - asked]).toEqual([0, 3]);
  });

  test('is told of the sign-in that google-github-actions/auth left, whose tokens of five minutes are renewed till then', async () => {
    const requestTokenEnd = START + HOUR;
    const credentialsFile = join(newFolder(), 'gha-creds-1.json');
    const scene = await federation(newServer, { requestTokenEnd, credentialsFile });
    scene.fail('/oidc', 1, { status: 500, body: { message: 'oh' } });
    await follow(scene, HOUR);
    expect([scene.counts.sts >= 14, scene.counts.sts <= 16, scene.counts.refused]).toEqual([true, true, 0]);
    pass(5 * MINUTE);
    const told = requestTokenEnded(process.env, requestTokenEnd);
    for (const ask of [look, read]) await expect(ask(scene)).rejects.toEqual(told);
  });

  test('is not waited for while the last token is good', async () => {
    const scene = await federation(newServer, { requestTokenEnd: START + MINUTE, impersonated: true });
    await follow(scene, 50 * MINUTE);
    expect(scene.counts.oidc).toBe(1);
  });
});
