import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { strikesAt } from '../../../src/job/watch/deadline.ts';
import { CLOUD_LOG_PACE, CLOUD_PACE } from '../../../src/job/watch/interval.ts';
import { newscaster } from '../../../src/job/watch/news.ts';
import { watchJob } from '../../../src/job/watch/watch.ts';
import type { MetricSpec } from '../../../src/vertex/types.ts';
import { recordingLog } from '../../ground/recording-log.ts';
import { type Course, plannedStudy, seeded, simulatedService, tokenSource } from './simulated-service.ts';
import { VirtualClock } from './virtual-clock.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MEGABYTE = 2 ** 20;
const START = Date.parse('2026-11-01T00:00:00Z');
const METRICS: MetricSpec[] = [{ metricId: 'accuracy', goal: 'MAXIMIZE' }];

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes on the heap that are in use. */
function heap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** Follows a course to its end with the real loop, in simulated time. */
async function follow(course: Course, { maxTrials, timeoutMs }: { maxTrials?: number; timeoutMs: number }) {
  const clock = new VirtualClock(START);
  const log = recordingLog();
  const random = seeded(7);
  // Federated directly, without an account: the shortest-lived tokens that there are.
  const tokens = tokenSource(clock, 5 * MINUTE, MINUTE);
  const service = simulatedService(course, clock, tokens.get);
  const heaps: number[] = [];
  let measureAt = START + HOUR;
  const limit = { timeoutMs, trials: maxTrials === undefined ? undefined : { count: maxTrials, parallel: 20 } };
  const { job } = await watchJob(service.now(), {
    api: service,
    logs: { poll: service.poll, sweep: async () => {} },
    clock,
    pace: CLOUD_PACE,
    logPace: CLOUD_LOG_PACE,
    log,
    signal: new AbortController().signal,
    news: newscaster({ metrics: METRICS, maxTrials }),
    onSeen: () => {},
    deadline: (seen) => strikesAt(limit, seen),
    onTick: ({ now }) => {
      if (now < measureAt) return;
      measureAt += (now - START) / 4;
      heaps.push(heap());
    },
    random,
  });
  const hours = (clock.now() - START) / HOUR;
  const [first = 0] = heaps;
  return { job, service, tokens, lines: log.texts('info'), hours, grown: Math.max(...heaps) - first, clock };
}

test('a job of seven days: requests, tokens and memory', async () => {
  const end = 7 * DAY + 3 * MINUTE;
  const course: Course = {
    states: [
      { at: 0, state: 'QUEUED' },
      { at: 40 * SECOND, state: 'PENDING' },
      { at: 3 * MINUTE, state: 'RUNNING' },
      { at: end, state: 'SUCCEEDED' },
    ],
  };
  const { job, service, tokens, lines, hours, grown, clock } = await follow(course, { timeoutMs: 8 * DAY });
  expect(job.state).toBe('SUCCEEDED');
  expect(clock.now() - START - end).toBeLessThanOrEqual(21 * SECOND);
  // 180 to 225 an hour, and some eighty more after each of three changes.
  expect(service.gets).toBeGreaterThan(180 * hours);
  expect(service.gets).toBeLessThan(225 * hours + 3 * 90);
  // Two to six readings of the logs a minute, of sixty that the project has.
  expect(service.polls).toBeLessThan(6 * 60 * hours);
  // One for each four minutes in which something is asked.
  expect(tokens.fetched).toBeLessThanOrEqual(Math.ceil((hours * 60) / 4) + 1);
  expect(grown).toBeLessThan(4 * MEGABYTE);
  expect(lines).toEqual([
    'Job is QUEUED: it waits for its turn, or for quota of the project that is in use.',
    'Job is PENDING: its machines are being prepared.',
    'Job is RUNNING after 3 min in the queue.',
    'Job is SUCCEEDED after 7 days of running and 3 min in the queue.',
  ]);
}, 60_000);

test('a study of a thousand trials: requests, news and memory', async () => {
  const course = plannedStudy(1_000, 20, seeded(42));
  const { job, service, lines, hours, grown } = await follow(course, { maxTrials: 1_000, timeoutMs: DAY });
  expect([job.state, job.trials.length]).toEqual(['SUCCEEDED', 1_000]);
  // Trials are looked for every ten to twenty seconds, the state after a change as with any job.
  expect(service.gets).toBeLessThan(360 * hours + 3 * 90);
  const count = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
  expect(count(/^Trial \d+ started/)).toBe(1_000);
  expect(count(/^Trial \d+ SUCCEEDED/)).toBe(1_000);
  expect(count(/^Trial \d+ at step/)).toBeLessThan(4.5 * 60 * hours + 1_000);
  expect(new Set(lines.filter((line) => line.startsWith('Trial'))).size).toBe(count(/^Trial/));
  expect(lines.at(-2)).toMatch(/^1000 of 1000 trials are done; best so far: trial \d+, accuracy = 0\.99/);
  // The lines that the test keeps are some of it.
  expect(grown).toBeLessThan(16 * MEGABYTE);
}, 60_000);
