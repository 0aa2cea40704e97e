import { describe, expect, test } from '@jest/globals';
import { type Cause, type CauseLogs, causeOf } from '../../../src/job/cause/cause.ts';
import type { Job } from '../../../src/vertex/jobs.ts';
import { job, trial } from '../jobs.ts';

const EXIT = 'The replica workerpool0-0 exited with a non-zero status of 1. Termination reason: Error.';
const TRACEBACK = [
  'Traceback (most recent call last):',
  '  File "/app/train.py", line 3, in <module>',
  "ModuleNotFoundError: No module named 'hypertune'",
];
const NCCL = [
  'Traceback (most recent call last):',
  'torch.distributed.DistBackendError: NCCL error in: x.cpp:1, remote process exited',
];

/** Logs of the given last lines and errors. */
const logs = (tails: Record<string, string[]>, errors: [string, string[]][] = []): CauseLogs => ({
  tail: (source) => tails[source] ?? [],
  errors: () => errors.map(([source, lines]) => ({ source, lines })),
});
const failed = (message: string, more: Partial<Job> = {}) => job('FAILED', { error: { code: 3, message }, ...more });
const infeasible = (id: string, infeasibleReason: string, endTime?: string) =>
  trial(id, 'INFEASIBLE', undefined, { infeasibleReason, ...(endTime === undefined ? {} : { endTime }) });

describe('the part that failed', () => {
  test.each<{ name: string; ended: Job; said: CauseLogs; cause: Partial<Cause> }>([
    {
      name: 'the replica that the service names, by its last error',
      ended: failed(EXIT.replace('pool0-0', 'pool1-2')),
      said: logs({ 'workerpool1-2': ['epoch'], 'workerpool0-0': ['epoch'] }, [
        ['workerpool0-0', ['other']],
        ['workerpool1-2', ['early']],
        ['workerpool1-2', TRACEBACK],
      ]),
      cause: {
        source: 'workerpool1-2',
        lines: TRACEBACK,
        exitCode: 1,
        meaning: { rule: 'module-missing', text: expect.stringContaining('hypertune') as never },
      },
    },
    {
      name: 'its last lines, where it told no error',
      ended: failed(EXIT),
      said: logs({ 'workerpool0-0': ['one', 'two'] }, [['workerpool1-0', ['other']]]),
      cause: { source: 'workerpool0-0', lines: ['one', 'two'], meaning: undefined },
    },
    {
      name: 'its last lines, where the only error is the word that it failed',
      ended: failed(EXIT),
      said: logs({ 'workerpool0-0': ['one', 'two'] }, [
        ['workerpool0-0', ['Task completed. Exit code (1). Exit reason (FAILED)']],
      ]),
      cause: { source: 'workerpool0-0', lines: ['one', 'two'], meaning: undefined },
    },
    {
      name: 'what the service quotes, where the logs are empty',
      ended: failed(
        `${EXIT} \n${TRACEBACK.join('\n')}\n\nTo find out more about why your job exited please check the logs: https://x`,
      ),
      said: logs({}),
      cause: { message: EXIT, source: 'workerpool0-0', lines: TRACEBACK, exitCode: 1 },
    },
    {
      name: "another replica's error, where nothing else is at hand",
      ended: failed(EXIT),
      said: logs({}, [['workerpool1-0', ['ValueError: x']]]),
      cause: { source: 'workerpool1-0', lines: ['ValueError: x'] },
    },
    {
      name: 'nobody, where nothing was said',
      ended: failed(EXIT),
      said: logs({}),
      cause: { message: EXIT, source: undefined, lines: [] },
    },
    {
      name: 'the last lines, not an earlier error, where a signal ended the program',
      ended: failed('The replica workerpool0-0 exited with a non-zero status of 137.'),
      said: logs({ 'workerpool0-0': ['epoch 7'] }, [['workerpool0-0', TRACEBACK]]),
      cause: {
        lines: ['epoch 7'],
        exitCode: 137,
        meaning: { rule: 'out-of-memory', text: expect.stringContaining('SIGKILL') as never },
      },
    },
    {
      name: 'the one that failed first, where the named one only lost it',
      ended: failed(EXIT),
      said: logs({}, [
        ['workerpool1-0', TRACEBACK],
        ['workerpool0-0', NCCL],
      ]),
      cause: {
        source: 'workerpool1-0',
        lines: TRACEBACK,
        meaning: { rule: 'module-missing', text: expect.anything() as never },
      },
    },
    {
      name: 'the named one, where all lost each other',
      ended: failed(EXIT),
      said: logs({}, [
        ['workerpool1-0', NCCL],
        ['workerpool0-0', NCCL],
      ]),
      cause: { source: 'workerpool0-0', meaning: { rule: 'nccl', text: expect.anything() as never } },
    },
  ])('is $name', ({ ended, said, cause }) => {
    expect(causeOf(ended, said)).toMatchObject(cause);
  });
});

describe('the trial that failed', () => {
  test.each<{ name: string; ended: Job; source: string }>([
    {
      name: 'is the one that the service names',
      ended: failed(`The job has 2 failed trials. Trial 7: ${EXIT}`, {
        trials: [infeasible('3', EXIT), infeasible('7', EXIT)],
      }),
      source: 'trial 7',
    },
    {
      name: 'is the first that ended',
      ended: failed('', {
        trials: [infeasible('1', EXIT, '2026-11-01T02:00:00Z'), infeasible('2', EXIT, '2026-11-01T01:00:00Z')],
      }),
      source: 'trial 2',
    },
    {
      name: 'is the first by number, where no end is told',
      ended: failed('', { trials: [infeasible('10', EXIT), infeasible('9', EXIT)] }),
      source: 'trial 9',
    },
    {
      name: 'is one that crashed, not one that did not measure',
      ended: failed('', { trials: [infeasible('1', 'it reported none.'), infeasible('2', EXIT)] }),
      source: 'trial 2',
    },
    {
      name: 'names its worker, where that is not the first',
      ended: failed('', { trials: [infeasible('1', EXIT.replace('pool0-0', 'pool1-0'))] }),
      source: 'trial 1 workerpool1-0',
    },
  ])('$name', ({ ended, source }) => {
    expect(causeOf(ended, logs({ [source]: ['last'] }, [['trial 99', ['other']]]))).toMatchObject({
      source,
      lines: ['last'],
    });
  });

  test('tells its own reason beside the words of the job', () => {
    const ended = failed('Too many trials failed.', { trials: [infeasible('4', EXIT)] });
    expect(causeOf(ended, logs({})).message).toBe(`Too many trials failed. Trial 4: ${EXIT}`);
    expect(causeOf(job('FAILED', { trials: [infeasible('4', EXIT)] }), logs({}))).toMatchObject({
      message: `Trial 4: ${EXIT}`,
      exitCode: 1,
    });
  });

  test("is not told by another trial's error", () => {
    const ended = failed('', { trials: [infeasible('1', EXIT)] });
    const said = logs({}, [
      ['trial 12', ['ValueError: other']],
      ['trial 1 workerpool1-0', ['ValueError: own']],
    ]);
    expect(causeOf(ended, said)).toMatchObject({ source: 'trial 1 workerpool1-0', lines: ['ValueError: own'] });
  });
});

describe('a job that ended otherwise', () => {
  test.each<{ name: string; ended: Job; message: string }>([
    { name: 'without a word', ended: job('FAILED'), message: 'the job is FAILED, and the service names no cause.' },
    {
      name: 'by a cancel',
      ended: job('CANCELLED', { error: { code: 1, message: 'CANCELED: by the user.' } }),
      message: 'CANCELED: by the user.',
    },
    { name: 'not yet', ended: job('CANCELLING'), message: 'the job is CANCELLING.' },
    {
      name: 'for want of machines',
      ended: failed('Resources are insufficient in region: x.'),
      message: 'Resources are insufficient in region: x.',
    },
  ])('$name', ({ ended, message }) => {
    expect(causeOf(ended, logs({})).message).toBe(message);
  });

  test('is not explained by what its program said on the way', () => {
    expect(causeOf(job('CANCELLED'), logs({ 'workerpool0-0': TRACEBACK })).meaning).toBeUndefined();
  });
});

test('of a traceback without end the last lines are shown', () => {
  const long = [...Array.from({ length: 500 }, (_, index) => `  frame ${index}`), 'RecursionError: x'];
  const { lines } = causeOf(failed(EXIT), logs({}, [['workerpool0-0', long]]));
  expect([lines.length, lines.at(-1)]).toEqual([40, 'RecursionError: x']);
});
