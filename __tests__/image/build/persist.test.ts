import { describe, expect, test } from '@jest/globals';
import type { Failure } from '../../../src/image/build/failure.ts';
import { persist } from '../../../src/image/build/persist.ts';
import { DockerFailure } from '../../../src/image/build/run.ts';
import { SimulatedClock } from '../../ground/clock.ts';
import { recordingLog } from '../../ground/recording-log.ts';
import { told } from './samples.ts';

const failure = (kind: Failure) => new DockerFailure('push', 1, told(`error: ${kind}`), kind);

interface Scene {
  /** What each attempt ends in; the last one again and again. */
  readonly outcomes: readonly (Failure | 'done')[];
  /** How long each attempt takes, in milliseconds. */
  readonly tookMs?: number;
}

async function push({ outcomes, tookMs = 0 }: Scene) {
  const clock = new SimulatedClock();
  const log = recordingLog();
  const seen: string[] = [];
  const once = async () => {
    const outcome = outcomes[Math.min(seen.filter((each) => each === 'push').length, outcomes.length - 1)];
    seen.push('push');
    await clock.sleep(tookMs);
    if (outcome !== 'done') throw failure(outcome ?? 'final');
    return 'pushed';
  };
  const signIn = async () => {
    seen.push('login');
  };
  const signal = new AbortController().signal;
  const outcome = await persist(once, { clock, log, signal, signIn, random: () => 1 }).catch((error: unknown) => error);
  return { outcome, seen: seen.join(' '), waits: clock.slept.filter((ms) => ms !== tookMs), log };
}

describe('a push', () => {
  test.each<{ name: string; scene: Scene; seen: string; waits: readonly number[]; ends: 'pushed' | Failure }>([
    { name: 'that succeeds', scene: { outcomes: ['done'] }, seen: 'push', waits: [], ends: 'pushed' },
    {
      name: 'whose login has expired',
      scene: { outcomes: ['login', 'done'] },
      seen: 'push login push',
      waits: [],
      ends: 'pushed',
    },
    { name: 'that may not be', scene: { outcomes: ['login'] }, seen: 'push login push', waits: [], ends: 'login' },
    {
      name: 'whose logins expire again and again while it goes on',
      scene: { outcomes: ['login', 'login', 'login', 'done'], tookMs: 300_000 },
      seen: 'push login push login push login push',
      waits: [],
      ends: 'pushed',
    },
    {
      name: 'whose logins never last',
      scene: { outcomes: ['login'], tookMs: 300_000 },
      seen: `push ${Array(6).fill('login push').join(' ')}`,
      waits: [],
      ends: 'login',
    },
    {
      name: 'that is cut off',
      scene: { outcomes: ['transient', 'transient', 'done'] },
      seen: 'push push push',
      waits: [3_000, 6_000],
      ends: 'pushed',
    },
    {
      name: 'to a registry that does not come back',
      scene: { outcomes: ['transient'] },
      seen: 'push push push push',
      waits: [3_000, 6_000, 12_000],
      ends: 'transient',
    },
    {
      name: 'that is cut off and whose login has expired meanwhile',
      scene: { outcomes: ['transient', 'login', 'transient', 'done'] },
      seen: 'push push login push push',
      waits: [3_000, 6_000],
      ends: 'pushed',
    },
    { name: 'that fails for good', scene: { outcomes: ['final'] }, seen: 'push', waits: [], ends: 'final' },
    { name: 'whose cache fails', scene: { outcomes: ['cache'] }, seen: 'push', waits: [], ends: 'cache' },
  ])('$name', async ({ scene, seen, waits, ends }) => {
    const pushed = await push(scene);
    const { outcome } = pushed;
    expect(outcome instanceof DockerFailure ? outcome.failure : outcome).toBe(ends);
    expect([pushed.seen, pushed.waits]).toEqual([seen, waits]);
  });

  test('tells why it is tried again', async () => {
    const { log } = await push({ outcomes: ['transient', 'login', 'done'] });
    expect(log.said).toEqual([
      ['warning', 'The push failed, and is tried again in 3.0 s: error: transient'],
      ['info', 'The registry refused the login, which may have expired: signs in again. error: login'],
    ]);
  });

  test('that fails in a way of its own is not tried again', async () => {
    const error = new Error('no docker');
    const edges = { clock: new SimulatedClock(), log: recordingLog(), signal: new AbortController().signal };
    let count = 0;
    const once = async () => {
      count += 1;
      throw error;
    };
    await expect(persist(once, { ...edges, signIn: async () => {} })).rejects.toBe(error);
    expect(count).toBe(1);
  });

  test('ends with the signal while it waits', async () => {
    const controller = new AbortController();
    const clock = new SimulatedClock();
    clock.at(100, () => controller.abort('stop'));
    const edges = { clock, log: recordingLog(), signal: controller.signal, signIn: async () => {} };
    await expect(persist(() => Promise.reject(failure('transient')), edges)).rejects.toBe('stop');
  });

  test('whose new login cannot be made ends with that', async () => {
    const edges = { clock: new SimulatedClock(), log: recordingLog(), signal: new AbortController().signal };
    const signIn = () => Promise.reject(new Error('no token'));
    await expect(persist(() => Promise.reject(failure('login')), { ...edges, signIn })).rejects.toThrow('no token');
  });
});
