import { describe, expect, test } from '@jest/globals';
import { exitOf, headline, quotedLines, type ReplicaExit } from '../../../src/job/cause/exit.ts';

const VIEWER =
  'To find out more about why your job exited please check the logs: https://console.cloud.google.com/logs/viewer?project=1&resource=ml_job%2Fjob_id%2F77&advancedFilter=resource.type%3D%22ml_job%22%0Aresource.labels.job_id%3D%2277%22';
const TRACEBACK =
  'Traceback (most recent call last):\n  [...]\n  File "/trainer/task.py", line 7, in main\n    raise ValueError("x")\nValueError: x';
const PREBUILT = `The replica workerpool0-0 exited with a non-zero status of 1. Termination reason: Error. \n${TRACEBACK}\n\n${VIEWER}`;
const START =
  'The replica workerpool0-0 exited with a non-zero status of 128. Termination reason: StartError. \n Termination log message: failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "trainer.task": executable file not found in $PATH: unknown';

// The service's own messages, as recorded of it and as its documents print them.
test.each<{ name: string; message: string; exit: ReplicaExit | undefined }>([
  {
    name: 'a prebuilt image',
    message: PREBUILT,
    exit: { replica: 'workerpool0-0', code: 1, reason: 'Error', outOfMemory: false },
  },
  {
    name: 'a custom container',
    message: `The replica workerpool1-3 exited with a non-zero status of 127. ${VIEWER}`,
    exit: { replica: 'workerpool1-3', code: 127, reason: undefined, outOfMemory: false },
  },
  {
    name: 'out of memory, as documented',
    message: 'The replica workerpool0-0 ran out of memory and exited with a non-zero status of 137.',
    exit: { replica: 'workerpool0-0', code: 137, reason: undefined, outOfMemory: true },
  },
  {
    name: 'out of memory, by its reason',
    message: 'The replica workerpool0-0 exited with a non-zero status of 137. Termination reason: OOMKilled.',
    exit: { replica: 'workerpool0-0', code: 137, reason: 'OOMKilled', outOfMemory: true },
  },
  {
    name: 'out of memory on the old AI Platform',
    message: 'The replica master 0 ran out-of-memory and exited with a non-zero status of 9(SIGKILL)',
    exit: { replica: undefined, code: 9, reason: undefined, outOfMemory: true },
  },
  {
    name: 'a container that did not start',
    message: START,
    exit: { replica: 'workerpool0-0', code: 128, reason: 'StartError', outOfMemory: false },
  },
  {
    name: 'a container that could not be made here',
    message: 'The replica workerpool0-0 could not be started: HTTP 400: exec: "x": no such file',
    exit: { replica: 'workerpool0-0', code: undefined, reason: undefined, outOfMemory: false },
  },
  { name: 'no exit at all', message: 'Resources are insufficient in region: us-central1.', exit: undefined },
  { name: 'nothing', message: '', exit: undefined },
])('$name', ({ message, exit }) => {
  expect(exitOf(message)).toEqual(exit);
});

describe('of a message', () => {
  test('the address of the log viewer and the traceback are not shown', () => {
    expect(headline(PREBUILT)).toBe(
      'The replica workerpool0-0 exited with a non-zero status of 1. Termination reason: Error.',
    );
    expect(headline(`The replica workerpool0-0 exited with a non-zero status of 1. ${VIEWER}`)).toBe(
      'The replica workerpool0-0 exited with a non-zero status of 1.',
    );
    expect(headline(START)).toBe(START);
    // The local service gives a filter in place of an address.
    expect(headline('It failed. To find out more about why your job exited please check the logs: a="b" c="d"')).toBe(
      'It failed.',
    );
  });

  test('the traceback is kept for where the logs have none', () => {
    expect(quotedLines(PREBUILT).join('\n')).toBe(TRACEBACK);
    expect(quotedLines(START)).toEqual([]);
  });
});
