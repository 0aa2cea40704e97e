import { describe, expect, test } from '@jest/globals';
import { logLine, trialsByJob } from '../../src/job/log-lines.ts';
import type { LogEntry } from '../../src/vertex/types.ts';
import { job, trial } from './jobs.ts';

const OF_JOB = new Map([['5', '3']]);
const at = (task: string | undefined, id = '77') => ({
  labels: { job_id: id, ...(task === undefined ? {} : { task_name: task }) },
});

describe('who says a line', () => {
  test.each<{ name: string; entry: LogEntry; source: string }>([
    { name: 'a worker', entry: { resource: at('workerpool1-2') }, source: 'workerpool1-2' },
    { name: 'the service', entry: { resource: at('service') }, source: 'service' },
    { name: 'nobody known', entry: {}, source: 'job' },
    { name: 'no task', entry: { resource: at(undefined) }, source: 'job' },
    { name: "a trial, by its own job's id", entry: { resource: at('workerpool0-0', '5') }, source: 'trial 3' },
    { name: "a trial's service", entry: { resource: at('service', '5') }, source: 'trial 3' },
    { name: "a trial's worker", entry: { resource: at('workerpool1-0', '5') }, source: 'trial 3 workerpool1-0' },
    {
      name: "a trial, by the entry's label, which goes first",
      entry: { labels: { 'ml.googleapis.com/trial_id': '9' }, resource: at('workerpool0-0', '5') },
      source: 'trial 9',
    },
  ])('$name', ({ entry, source }) => {
    expect(logLine(entry, OF_JOB).source).toBe(source);
  });
});

describe('what a line says', () => {
  test.each<{ name: string; entry: LogEntry; text: string }>([
    { name: 'a text', entry: { textPayload: 'a\nb' }, text: 'a\nb' },
    { name: 'a message', entry: { jsonPayload: { message: 'm', attrs: {} } }, text: 'm' },
    { name: 'a message goes first', entry: { jsonPayload: { message: 'm' }, textPayload: 't' }, text: 'm' },
    {
      name: 'a text beside an object without a message',
      entry: { jsonPayload: { a: 1 }, textPayload: 't' },
      text: 't',
    },
    { name: 'an object without a message, whole', entry: { jsonPayload: { loss: 0.5 } }, text: '{"loss":0.5}' },
    { name: 'an object whose message is no text', entry: { jsonPayload: { message: 5 } }, text: '{"message":5}' },
    { name: 'an empty text', entry: { textPayload: '' }, text: '' },
    { name: 'nothing', entry: {}, text: '' },
  ])('$name', ({ entry, text }) => {
    expect(logLine(entry, OF_JOB).text).toBe(text);
  });
});

test("trials are found by their own jobs' ids", () => {
  const trials = [
    trial('1', 'ACTIVE', undefined, { customJob: 'projects/1/locations/l/customJobs/5' }),
    trial('2', 'REQUESTED'),
  ];
  expect([...trialsByJob(job('RUNNING', { trials }))]).toEqual([['5', '1']]);
});
