import { expect, test } from '@jest/globals';
import { requestTokenEnded } from '../../../src/inputs/id-token.ts';
import { detachMoment } from '../../../src/job/watch/detach.ts';
import { atMoment } from '../../../src/job/watch/until.ts';
import { CUSTOM } from '../jobs.ts';
import { DAY, followLong, HOUR, MINUTE, type SceneOptions, SECOND, START } from './scene.ts';

/** As measured of GitHub's: six hours and ten minutes after the step. */
const TOKEN_END = START + 6 * HOUR + 10 * MINUTE;
const claims = JSON.stringify({ exp: TOKEN_END / SECOND });
const ENV = { ACTIONS_ID_TOKEN_REQUEST_TOKEN: `e30.${Buffer.from(claims).toString('base64url')}.c2ln` };
const END = 2 * DAY;

const jobId = CUSTOM.split('/').at(-1) ?? '';
const lines = Array.from({ length: END / MINUTE }, (_, minute) => ({
  at: START + minute * MINUTE,
  jobId,
  task: 'workerpool0-0',
}));

/** A job of two days, followed by a step whose request token ends after six hours. */
async function follow(more: Partial<SceneOptions>) {
  const told: string[] = [];
  const run = await followLong({
    seed: 3,
    course: {
      states: [
        { at: 0, state: 'PENDING' },
        { at: MINUTE, state: 'RUNNING' },
        { at: END, state: 'SUCCEEDED' },
      ],
    },
    lines,
    sourceOf: ({ task }) => task,
    limit: { timeoutMs: 8 * DAY, trials: undefined },
    github: (now) => {
      const ended = requestTokenEnded(ENV, now);
      if (ended !== undefined) throw ended;
    },
    hear: (kind, text) => told.push(`${kind}: ${text}`),
    measureEveryMs: Number.POSITIVE_INFINITY,
    ...more,
  });
  return { run, told };
}

test('a step leaves its job twenty minutes before the request token ends, with all that it logged till then', async () => {
  const { at, because } = detachMoment({ startedAt: START, tokenEnd: TOKEN_END, after: undefined });
  const { run, told } = await follow({ until: atMoment(at, because) });
  expect([run.state, run.stopped, run.error]).toEqual(['RUNNING', 'token', undefined]);
  expect(Math.abs(run.hours - (5 + 50 / 60))).toBeLessThan(1 / 60);
  expect(told.filter((line) => !line.startsWith('info: Job is'))).toEqual([]);
  expect(run.lines.wrong).toEqual([]);
  // The newest are not readable yet, or come with the next reading.
  expect(run.lines.once).toBeGreaterThan(run.hours * 60 - 15);
});

test('a step that stayed for longer ends with the one reason, after its last token ran out', async () => {
  const { run, told } = await follow({});
  expect(run.error).toBe(requestTokenEnded(ENV, TOKEN_END)?.message);
  expect([run.tokens.refused, run.sleeping]).toEqual([0, 0]);
  const late = START + run.hours * HOUR - TOKEN_END;
  expect(late).toBeGreaterThan(0);
  expect(late).toBeLessThan(5 * MINUTE);
  expect(told.filter((line) => !line.startsWith('info: Job is'))).toEqual([]);
});
