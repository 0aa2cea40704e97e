import { CUSTOM } from '../jobs.ts';
import type { Planned } from './log-store.ts';
import { DAY, followLong, HOUR, MINUTE, SECOND, START } from './scene.ts';

/**
 * Follows a job of seven days in simulated time, and prints as JSON what that came to. It logs a line every twenty seconds and
 * hundreds each hour, falls silent for three hours a day, and once writes 20,000 lines in a minute; services fail now and then,
 * and for up to half an hour.
 */

const END = 7 * DAY + 3 * MINUTE;
const BURST = 3 * DAY + 5 * HOUR;
const RUNNING = 3 * MINUTE;
const TASKS = ['workerpool0-0', 'workerpool1-0', 'workerpool1-1', 'workerpool1-2'];
const jobId = CUSTOM.split('/').at(-1) ?? '';

const isSilent = (ms: number) => ms % DAY >= 12 * HOUR && ms % DAY < 15 * HOUR;

function lines(): Planned[] {
  const all: Planned[] = [];
  const add = (ms: number) => {
    if (ms < END) all.push({ at: START + ms, jobId, task: TASKS[all.length % TASKS.length] ?? '' });
  };
  for (let ms = RUNNING; ms < END; ms += 20 * SECOND) if (!isSilent(ms)) add(ms);
  for (let ms = HOUR; ms < END; ms += HOUR) {
    for (let index = 0; index < 200 && !isSilent(ms); index += 1) add(ms + index * 10);
  }
  for (let index = 0; index < 20_000; index += 1) add(BURST + index * 3);
  return all;
}

const told: string[] = [];
const run = await followLong({
  seed: 7,
  course: {
    states: [
      { at: 0, state: 'QUEUED' },
      { at: 40 * SECOND, state: 'PENDING' },
      { at: RUNNING, state: 'RUNNING' },
      { at: END, state: 'SUCCEEDED' },
    ],
  },
  lines: lines(),
  sourceOf: ({ task }) => task,
  limit: { timeoutMs: 8 * DAY, trials: undefined },
  hear: (kind, text) => told.push(`${kind}: ${text}`),
  outages: [[2 * DAY + HOUR, 2 * DAY + HOUR + 30 * MINUTE]],
  tokenless: [[4 * DAY + 2 * HOUR, 4 * DAY + 2 * HOUR + 12 * MINUTE]],
  measureEveryMs: 6 * HOUR,
  measureAt: [BURST + 2 * MINUTE, BURST + 5 * MINUTE],
});
process.stdout.write(`${JSON.stringify({ ...run, told })}\n`);
