import { recordingLog } from '../__tests__/ground/recording-log.ts';
import {
  type Course,
  plannedStudy,
  seeded,
  simulatedService,
  tokenSource,
} from '../__tests__/job/watch/simulated-service.ts';
import { VirtualClock } from '../__tests__/job/watch/virtual-clock.ts';
import { CLOUD_LOG_PACE, CLOUD_PACE } from '../src/job/watch/interval.ts';
import { newscaster } from '../src/job/watch/news.ts';
import { newWake } from '../src/job/watch/wake.ts';
import { watchJob } from '../src/job/watch/watch.ts';
import type { Job } from '../src/vertex/jobs.ts';

/**
 * How late a change of a job's state is seen, and what that costs in requests: this project's pace against the five seconds
 * that Google's Python client polls at, on the same simulated jobs with the same latency of the network.
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-11-01T00:00:00Z');
const SDK_MS = 5 * SECOND;
/** The service's lines stand in the log so long after a change; gcloud too leaves five seconds for entries that arrive late. */
const LOG_DELAY_MS = 5 * SECOND;

interface Kind {
  readonly name: string;
  readonly jobs: number;
  readonly course: (random: () => number) => Course;
}

/** A job that waits some minutes, runs about so long, and takes a minute to be torn down. */
function lasting(ms: number, random: () => number): Course {
  const running = (2 + 4 * random()) * MINUTE;
  return {
    states: [
      { at: 0, state: 'QUEUED' },
      { at: (20 + 20 * random()) * SECOND, state: 'PENDING' },
      { at: running, state: 'RUNNING' },
      { at: running + ms * (0.7 + 0.6 * random()), state: 'SUCCEEDED' },
    ],
  };
}

const KINDS: readonly Kind[] = [
  { name: 'job of 2 min', jobs: 200, course: (random) => lasting(2 * MINUTE, random) },
  { name: 'job of 20 min', jobs: 200, course: (random) => lasting(20 * MINUTE, random) },
  { name: 'job of 6 h', jobs: 40, course: (random) => lasting(6 * HOUR, random) },
  { name: 'job of 7 days', jobs: 12, course: (random) => lasting(168 * HOUR, random) },
  { name: 'study of 100 trials', jobs: 20, course: (random) => plannedStudy(100, 10, random) },
  { name: 'study of 1,000 trials', jobs: 4, course: (random) => plannedStudy(1_000, 20, random) },
];

/** What one watching came to. */
interface Outcome {
  readonly requests: number;
  readonly hours: number;
  /** Milliseconds from the end of the job until that was seen. */
  readonly endLate: number;
  /** The same of every change of its state. */
  readonly late: readonly number[];
  /** CPU milliseconds. */
  readonly cpu: number;
}

type Watcher = (
  service: ReturnType<typeof simulatedService>,
  clock: VirtualClock,
  onSeen: (job: Job) => void,
) => Promise<unknown>;

/** Google's client: a get, then five seconds of sleep (google-cloud-aiplatform, jobs.py). */
const sdk: Watcher = async (service, clock, onSeen) => {
  for (;;) {
    const job = await service.get();
    onSeen(job);
    if (job.state === 'SUCCEEDED') return;
    await clock.sleep(SDK_MS);
  }
};

/** `hears`: whether the platform's lines in the job's log are followed too. */
const ours =
  (course: Course, hears: boolean, random: () => number): Watcher =>
  (service, clock, onSeen) => {
    const wake = newWake();
    let heard = 0;
    const poll = async () => {
      const told = await service.poll();
      const since = clock.now() - service.created - LOG_DELAY_MS;
      const visible = course.states.filter(({ at }) => at <= since).length;
      if (hears && visible > heard) wake.call();
      heard = visible;
      return told;
    };
    return watchJob(service.now(), {
      api: service,
      logs: { poll, sweep: async () => {} },
      clock,
      pace: CLOUD_PACE,
      logPace: CLOUD_LOG_PACE,
      log: recordingLog(),
      signal: new AbortController().signal,
      news: newscaster({ metrics: [{ metricId: 'accuracy', goal: 'MAXIMIZE' }], maxTrials: undefined }),
      onSeen,
      wake,
      random,
    });
  };

async function run(course: Course, watcher: Watcher): Promise<Outcome> {
  const clock = new VirtualClock(START);
  const service = simulatedService(course, clock, tokenSource(clock, HOUR, 5 * MINUTE).get);
  const seenAt = new Map<string, number>();
  const before = process.cpuUsage();
  await watcher(service, clock, ({ state }) => {
    if (!seenAt.has(state)) seenAt.set(state, clock.now() - START);
  });
  const { user, system } = process.cpuUsage(before);
  // A state that was over before anybody looked was never seen; it is not late.
  const late = course.states.slice(1).flatMap(({ at, state }) => {
    const seen = seenAt.get(state);
    return seen === undefined ? [] : [seen - at];
  });
  const hours = (clock.now() - START) / HOUR;
  return { requests: service.gets, hours, endLate: late.at(-1) ?? 0, late, cpu: (user + system) / 1_000 };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const seconds = (ms: number) => `${(ms / SECOND).toFixed(1)} s`;

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function line(name: string, outcomes: readonly Outcome[]): string {
  const late = outcomes.flatMap((each) => each.late);
  const ends = outcomes.map(({ endLate }) => endLate);
  const requests = sum(outcomes.map((each) => each.requests));
  return [
    name.padEnd(24),
    (requests / sum(outcomes.map(({ hours }) => hours))).toFixed(0).padStart(9),
    (requests / outcomes.length).toFixed(0).padStart(9),
    seconds(sum(late) / late.length).padStart(9),
    seconds(sum(ends) / ends.length).padStart(9),
    seconds(quantile(ends, 0.95)).padStart(9),
    seconds(quantile(ends, 1)).padStart(9),
    `${(sum(outcomes.map(({ cpu }) => cpu)) / outcomes.length).toFixed(0)} ms`.padStart(9),
  ].join(' ');
}

const HEADER = ['', 'req/h', 'req/job', 'any mean', 'end mean', 'end p95', 'end max', 'CPU/job'];
process.stdout.write(`How late a change of state, and the end, is seen\n`);
for (const { name, jobs, course } of KINDS) {
  const random = seeded(1);
  const courses = Array.from({ length: jobs }, () => course(random));
  const all = async (watcherOf: (course: Course) => Watcher) => {
    const outcomes: Outcome[] = [];
    for (const each of courses) outcomes.push(await run(each, watcherOf(each)));
    return outcomes;
  };
  process.stdout.write(
    `\n${name} (${jobs})\n${HEADER.map((word, index) => (index === 0 ? word.padEnd(24) : word.padStart(9))).join(' ')}\n`,
  );
  process.stdout.write(`${line('every 5 s', await all(() => sdk))}\n`);
  process.stdout.write(`${line('this pace', await all((each) => ours(each, false, random)))}\n`);
  process.stdout.write(`${line('this pace, hearing logs', await all((each) => ours(each, true, random)))}\n`);
}
