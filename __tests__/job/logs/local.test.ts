import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { LoggingApi } from '../../../src/google/logging.ts';
import { LOCAL_READ_PACE } from '../../../src/job/logs/budget.ts';
import { followLogs } from '../../../src/job/logs/follow.ts';
import { projectNumber } from '../../../src/local/api/ids.ts';
import { lineContent } from '../../../src/local/logging/output-line.ts';
import { LogStore } from '../../../src/local/logging/store.ts';
import { SimulatedClock } from '../../ground/clock.ts';
import { recordingLog } from '../../ground/recording-log.ts';
import { job, TUNING, trial } from '../jobs.ts';
import { START } from './entries.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-store-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('the log of the service on this machine is followed through its own filters and pages', async () => {
  const clock = new SimulatedClock(START);
  const store = new LogStore(join(folder, 'log'), clock);
  const project = 'my-project';
  const place = { project, projectNumber: projectNumber(project), location: 'us-central1' };
  const api: LoggingApi = {
    list: async ({ filter, pageToken, pageSize = 1_000 }) => {
      const projects = [projectNumber(project)];
      const page = await store.list({
        projects,
        filter,
        descending: false,
        pageSize: Math.min(50, pageSize),
        pageToken,
      });
      return { entries: page.entries, nextPageToken: page.nextPageToken };
    },
  };
  const told: string[] = [];
  const follower = followLogs({
    api,
    project,
    job: job('RUNNING', { name: TUNING }),
    clock,
    log: recordingLog(),
    mode: 'all',
    pace: LOCAL_READ_PACE,
    tell: (source, text) => {
      for (const line of text.split('\n')) told.push(`${source}| ${line}`);
    },
  });
  const say = (jobId: string, task: string, stream: 'stdout' | 'stderr', ...lines: string[]) =>
    store.append(
      { place, jobId, task },
      lines.map((line) => lineContent(line, stream)),
    );
  const study = job('RUNNING', {
    name: TUNING,
    trials: [trial('1', 'ACTIVE', undefined, { customJob: 'projects/1/locations/us-central1/customJobs/501' })],
  });
  const expected: string[] = [];
  for (let step = 0; step < 60; step += 1) {
    const lines = Array.from({ length: 9 }, (_, index) => `step ${step} line ${index}`);
    say('501', 'workerpool0-0', step % 2 === 0 ? 'stdout' : 'stderr', ...lines);
    expected.push(...lines.map((line) => `trial 1| ${line}`));
    await follower.poll(step === 0 ? job('RUNNING', { name: TUNING }) : study);
    await clock.sleep(500);
  }
  const cause = ['Traceback (most recent call last):', '  File "x.py", line 1', 'ValueError: no'];
  say('501', 'workerpool0-0', 'stderr', ...cause);
  store.service({ place, jobId: '88' }, 'Trial 1 failed', 'ERROR');
  say('other', 'workerpool0-0', 'stdout', 'of another job');
  await follower.sweep({ ...study, state: 'FAILED' }, new AbortController().signal);
  store.close();
  expect(told).toEqual([...expected, ...cause.map((line) => `trial 1| ${line}`), 'service| Trial 1 failed']);
  expect(follower.errors()).toEqual([
    { source: 'trial 1', lines: cause },
    { source: 'service', lines: ['Trial 1 failed'] },
  ]);
  // Thirty seconds of steps, and the second or so that nothing new came in.
  expect(clock.now() - START).toBeLessThan(33_000);
});
