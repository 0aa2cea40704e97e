import { describe, expect, test } from '@jest/globals';
import { InputError, UserError } from '../../src/faults.ts';
import { dryRunSummary, JobFailedError, requestText, tellFailure, tellPlan } from '../../src/report/tell.ts';
import { recordingLog } from '../ground/recording-log.ts';
import { job } from '../job/jobs.ts';
import { planOf } from '../plan/run.ts';

const WITHOUT_LINES = { message: 'm', source: undefined, lines: [], exitCode: undefined, meaning: undefined };

describe('a failure', () => {
  const told = (error: unknown) => {
    const log = recordingLog();
    tellFailure(error, log);
    return log.said;
  };

  test('of the job shows the lines of its cause first, and ends with the cause', () => {
    const cause = {
      message: 'The replica workerpool0-0 exited.',
      source: 'workerpool0-0',
      lines: ['Traceback', '::error::x'],
      exitCode: 1,
      meaning: undefined,
    };
    expect(told(new JobFailedError(job('FAILED'), cause))).toEqual([
      ['info', 'Last lines of workerpool0-0:'],
      ['untrusted', 'workerpool0-0: Traceback\n::error::x'],
      ['error', 'The job ended in state FAILED: The replica workerpool0-0 exited.'],
    ]);
  });

  test('of the job without lines is its cause alone', () => {
    expect(told(new JobFailedError(job('EXPIRED'), WITHOUT_LINES))).toEqual([
      ['error', 'The job ended in state EXPIRED: m'],
    ]);
  });

  test('of the job ends with what it means, where that is known', () => {
    const meaning = { rule: 'out-of-memory', text: 'The kernel ended it.' };
    expect(told(new JobFailedError(job('FAILED'), { ...WITHOUT_LINES, meaning }))).toEqual([
      ['error', 'The job ended in state FAILED: m\nThe kernel ended it.'],
    ]);
  });

  test('of a job that has not ended yet does not say that it has', () => {
    const [said] = told(new JobFailedError(job('CANCELLING'), WITHOUT_LINES));
    expect(said).toEqual(['error', 'The job was asked to end and is CANCELLING: m']);
  });

  test.each([
    {
      name: 'one fault',
      faults: [{ rule: 'r', input: 'wait', message: 'a.' }],
      many: 'One fault',
      lines: ['- wait: a. [r]'],
    },
    {
      name: 'several faults',
      faults: [
        { rule: 'r', input: 'wait', message: 'is a.' },
        { rule: 's', place: { file: 'Dockerfile', line: 2 }, message: 'b.' },
      ],
      many: '2 faults',
      lines: ['- wait is a. [r]', '- Dockerfile:2: b. [s]'],
    },
  ])('of the input lists $name', ({ faults, many, lines }) => {
    // Faults of files come before it, each at its place.
    expect(told(new InputError(faults)).slice(-1)).toEqual([
      [
        'error',
        [`${many} in what this step was given; nothing was built or asked of the network:`, ...lines].join('\n'),
      ],
    ]);
  });

  test.each([
    { name: 'for the user', error: new UserError('Mend it.'), message: 'Mend it.' },
    { name: 'with a cause', error: new UserError('No.', { cause: new Error('why') }), message: 'No. The cause: why' },
    { name: 'of any kind', error: 'text', message: 'text' },
  ])('$name is told as it is', ({ error, message }) => {
    expect(told(error)).toEqual([['error', message]]);
  });
});

test('a plan is told in a group, and its warnings at their places', async () => {
  const log = recordingLog();
  const plan = planOf({ machine_type: 'z9-hyperscale-128' }, {}, 'FROM x');
  await tellPlan({ plan, errors: [], warnings: plan.warnings, notes: plan.notes }, log);
  expect(log.said.map(([kind]) => kind)).toEqual(['group', ...Array(8).fill('info'), 'warning', 'warning']);
  expect(log.said.at(-1)).toEqual([
    'warning',
    expect.stringMatching(/^the Dockerfile does not take BASE_IMAGE .* \[base-image-unused\]$/),
    { file: 'Dockerfile', line: 1 },
  ]);
  expect(log.texts('warning')[0]).toMatch(/^machine_type: "z9-hyperscale-128" /);
});

test('what was found besides errors is told without a plan too', async () => {
  const log = recordingLog();
  const fault = (rule: string) => ({ rule, input: 'region', message: 'x' });
  await tellPlan({ plan: undefined, errors: [fault('c')], warnings: [fault('a')], notes: [fault('b')] }, log);
  expect(log.said.map(([kind, text]) => [kind, text])).toEqual([
    ['info', 'Ignored: region: x [b]'],
    ['warning', 'region: x [a]'],
  ]);
});

test('faults of files are annotations there, before the one error that lists all', () => {
  const log = recordingLog();
  const place = { file: 'train.py', line: 3, column: 5 };
  tellFailure(
    new InputError([
      { rule: 'a', place, message: 'x' },
      { rule: 'b', input: 'wait', message: 'y' },
    ]),
    log,
  );
  expect(log.said).toEqual([
    ['error', 'x [a]', place],
    ['error', expect.stringMatching(/^2 faults [\s\S]*\n- train\.py:3:5: x \[a\]\n- wait: y \[b\]$/)],
  ]);
});

describe('a dry run', () => {
  const plan = planOf({ args: '```\n::error::x' });

  test('shows the request as it would be sent', () => {
    const [line, ...json] = requestText(plan).split('\n');
    expect(line).toBe('POST /v1/projects/my-project/locations/us-central1/customJobs');
    expect(JSON.parse(json.join('\n'))).toEqual(plan.job.resource);
  });

  test('has a summary that its own values cannot break', () => {
    const summary = dryRunSummary(plan);
    expect(summary.startsWith('### Dry run: nothing was built, pushed or submitted\n\n```text\nCustom job in ')).toBe(
      true,
    );
    expect(summary).toContain('````text\nPOST /v1/');
  });
});
