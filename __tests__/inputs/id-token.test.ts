import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { UserError } from '../../src/faults.ts';
import { ID_TOKEN_MEND, idToken, requestTokenEnd, requestTokenEnded } from '../../src/inputs/id-token.ts';
import type { Clock } from '../../src/retry.ts';
import { type Answer, loopbacks } from '../google/loopback.ts';
import { capturedStdout } from '../runner/capture.ts';

const newServer = loopbacks();
const stdout = capturedStdout();
const END = Date.parse('2026-11-01T18:10:00Z');
const token = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
const ENDED = token({ exp: END / 1_000 });

describe('the end of the token that OIDC tokens are asked for with', () => {
  test.each([
    { name: 'is what it says', given: ENDED, end: END },
    { name: 'is not known where it says none', given: token({ sub: 'x' }), end: undefined },
    { name: 'is not known of a token of another form', given: 'TOKEN', end: undefined },
    { name: 'is not known where there is none', given: undefined, end: undefined },
  ])('$name', ({ given, end }) => {
    expect(requestTokenEnd({ ACTIONS_ID_TOKEN_REQUEST_TOKEN: given })).toBe(end);
  });

  test('is told with what can still be done, and not before it came', () => {
    const env = { ACTIONS_ID_TOKEN_REQUEST_TOKEN: ENDED };
    expect(requestTokenEnded(env, END - 1)).toBeUndefined();
    expect(requestTokenEnded({}, END)).toBeUndefined();
    expect(requestTokenEnded(env, END)).toEqual(
      new UserError(
        "GitHub gives this step no OIDC tokens any more: the token with which this workflow job asks for them ended at 2026-11-01 18:10 UTC. Without one this step can no longer sign in to Google Cloud. A job that it follows runs on: 'job: NAME' follows it to its end in a later step, job or workflow. Next time give a smaller detach_after, so that the step leaves in time.",
      ),
    );
  });
});

describe('an OIDC token', () => {
  const before = { ...process.env };
  beforeEach(() => {
    process.env = { ...before };
  });
  afterEach(() => {
    process.env = before;
  });

  const ANSWER_MS = 12_345;
  const GOOD: Answer = { body: { value: 'OIDC' } };

  /** GitHub's endpoint with an answer for each request in turn, the last one ever after; waits pass at once. */
  async function scene(all: readonly Answer[], { requestToken = 'REQUEST', now = END - 1, late = false } = {}) {
    const github = await newServer((_, index) => all[Math.min(index, all.length - 1)] ?? GOOD);
    process.env['ACTIONS_ID_TOKEN_REQUEST_URL'] = `${github.url}/token?x=1`;
    process.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] = requestToken;
    const waits: number[] = [];
    let lateAnswers = 0;
    const clock: Clock = {
      now: () => now,
      sleep: async (ms, signal) => {
        if (ms !== ANSWER_MS) {
          waits.push(ms);
          return;
        }
        if (!late) await new Promise((_, reject) => signal?.addEventListener('abort', reject));
        lateAnswers += 1;
        while (github.seen.length < lateAnswers) await setImmediate();
      },
    };
    const ask = () => idToken('https://audience', { clock, answerMs: ANSWER_MS });
    return { github, waits, ask };
  }

  test('is asked for with the request token and the audience, and masked', async () => {
    const { github, ask } = await scene([GOOD]);
    expect(await ask()).toBe('OIDC');
    expect(github.seen.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/token?x=1&audience=https%3A%2F%2Faudience', 'Bearer REQUEST'],
    ]);
    expect(stdout()).toContain('::add-mask::OIDC');
  });

  test.each<{ name: string; answer: Answer }>([
    { name: 'an error of the service', answer: { status: 500, body: { message: 'oh' } } },
    { name: 'a broken connection', answer: { body: '', lack: 'reset' } },
    { name: 'a refusal in a passing state of the job', answer: { status: 403, body: { message: "'Pending' state" } } },
    { name: 'an answer without a token', answer: { body: {} } },
    { name: 'an answer that is no JSON', answer: { body: '<html>' } },
  ])('is asked for again after $name, later each time', async ({ answer }) => {
    const { github, waits, ask } = await scene([answer, answer, answer, GOOD]);
    expect(await ask()).toBe('OIDC');
    expect(github.seen).toHaveLength(4);
    expect(waits.map((ms, index) => ms >= 250 * 2 ** index && ms <= 500 * 2 ** index)).toEqual([true, true, true]);
  });

  test('that hangs is given up', async () => {
    const { github, ask } = await scene([{ body: '', lack: 'hang' }], { late: true });
    await expect(ask()).rejects.toThrow('GitHub gave this step no OIDC token: no answer within 12 s');
    expect(github.seen).toHaveLength(4);
  });

  test.each<{ name: string; answer: Answer; text: RegExp; final: boolean }>([
    {
      name: 'an outage passes',
      answer: { status: 500, body: { message: 'oh' } },
      text: /^GitHub gave this step no OIDC token: HTTP 500: oh$/,
      final: false,
    },
    {
      name: 'a broken connection passes',
      answer: { body: '', lack: 'reset' },
      text: /^GitHub gave this step no OIDC token: .*(?:ECONNRESET|socket hang up)/s,
      final: false,
    },
    {
      name: 'a refusal does not',
      answer: { status: 403, body: { message: "Can't issue ID_TOKEN for job in 'Completed' state" } },
      text: /^GitHub gave this step no OIDC token: HTTP 403: Can't issue ID_TOKEN for job in 'Completed' state\.$/,
      final: true,
    },
    {
      name: 'a request token that is refused, whose end is not known, may have ended',
      answer: { status: 401, body: { message: 'Unauthorized' } },
      text: /^GitHub gave this step no OIDC token: HTTP 401: Unauthorized\. The token with which this workflow job asks for them may have ended\. .*'job: NAME'.*detach_after/,
      final: true,
    },
  ])('that does not come at all: $name', async ({ answer, text, final }) => {
    const { github, ask } = await scene([answer]);
    const error = await ask().catch((thrown: unknown) => thrown);
    expect((error as Error).message).toMatch(text);
    expect([error instanceof UserError, github.seen.length]).toEqual([final, 4]);
  });

  test('is asked for once after the end of the request token, and that is told', async () => {
    const answer = { status: 401, body: { message: 'Unauthorized' } };
    const { github, ask } = await scene([answer], { requestToken: ENDED, now: END });
    await expect(ask()).rejects.toEqual(requestTokenEnded(process.env, END));
    expect(github.seen).toHaveLength(1);
  });

  test('is taken where GitHub still gives it, though the request token has ended by this clock', async () => {
    const { ask } = await scene([GOOD], { requestToken: ENDED, now: END });
    expect(await ask()).toBe('OIDC');
  });

  test('is not asked for where the job has no right to it', async () => {
    const { github, ask } = await scene([GOOD], { requestToken: '' });
    await expect(ask()).rejects.toThrow(ID_TOKEN_MEND);
    expect(github.seen).toEqual([]);
  });
});
