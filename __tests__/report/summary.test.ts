import { describe, expect, test } from '@jest/globals';
import type { MadeImage } from '../../src/image/image.ts';
import { type SummaryParts, summaryOf } from '../../src/report/summary.ts';
import type { Job } from '../../src/vertex/jobs.ts';
import type { MetricSpec, Trial } from '../../src/vertex/types.ts';
import { job as jobOf, TUNING as TUNING_JOB, trial } from '../job/jobs.ts';

const IMAGE = 'us-central1-docker.pkg.dev/my-project/training/mnist@sha256:abc';
const MADE: MadeImage = {
  reference: IMAGE,
  base: { image: 'python:3.12-slim', why: 'no GPU is asked for' },
  fingerprint: 'f'.repeat(64),
  reused: false,
};
const PAGE = 'https://console.cloud.google.com/x';
const METRICS: MetricSpec[] = [{ metricId: 'accuracy', goal: 'MAXIMIZE' }];
const MACHINES = ['Machine: n1-standard-4: the default without accelerators'];
const NOW = Date.parse('2026-11-01T00:30:00Z');
const ENDED = { endTime: '2026-11-01T01:00:00Z' };

const job = (state: string, more: Partial<Job> = {}) => jobOf(state, { displayName: 'octo/digits Train #7', ...more });

const summary = (parts: Partial<SummaryParts>) =>
  summaryOf({
    job: job('SUCCEEDED'),
    metrics: [],
    machines: MACHINES,
    image: MADE,
    consoleUrl: PAGE,
    cause: undefined,
    now: NOW,
    ...parts,
  });

const measured = (id: string, accuracy: number, rate: number, optimizer: string): Trial =>
  trial(
    id,
    'SUCCEEDED',
    { accuracy },
    {
      parameters: [
        { parameterId: 'rate', value: rate },
        { parameterId: 'optimizer', value: optimizer },
      ],
    },
  );

test('a tuning job that succeeded', () => {
  const trials = [
    measured('10', 0.9123456789, 0.1, 'sgd'),
    measured('2', 0.95, 0.012345678, 'adam'),
    trial('3', 'INFEASIBLE', undefined, { parameters: [{ parameterId: 'rate', value: 5 }] }),
  ];
  expect(
  summary({ metrics: METRICS, job: job('SUCCEEDED', { name: TUNING_JOB, trials, ...ENDED }) })
).toMatchInlineSnapshot(`
"### ✅ Hyperparameter tuning job SUCCEEDED: [octo/digits Train &#35;&#8203;7](https://console.cloud.google.com/x)

Best trial: **2**, accuracy = **0.95**

| Parameter | Value |
| --- | --- |
| rate | 0.012345678 |
| optimizer | adam |

|  |  |
| --- | --- |
| Job | projects/1/locations/us-central1/hyperparameterTuningJobs/88 |
| Image | us-central1-docker.pkg.dev/my-project/training/mnist&#64;&#8203;sha256:abc |
| Base image | no GPU is asked for: python:3.12-slim |
| Machine | n1-standard-4: the default without accelerators |
| Created | 2026-11-01T00&#58;&#8203;00:00Z |
| Waited in the queue | 1 h |
| Ended | 2026-11-01T01&#58;&#8203;00:00Z |

<details><summary>All 3 trials</summary>

| Trial | State | accuracy | rate | optimizer |
| --- | --- | --- | --- | --- |
| 2 | SUCCEEDED | 0.95 | 0.0123457 | adam |
| 3 | INFEASIBLE |  | 5 |  |
| 10 | SUCCEEDED | 0.912346 | 0.1 | sgd |

</details>
"
`);
});

test('a custom job that succeeded', () => {
  expect(summary({ job: job('SUCCEEDED', ENDED) })).toMatchInlineSnapshot(`
"### ✅ Custom job SUCCEEDED: [octo/digits Train &#35;&#8203;7](https://console.cloud.google.com/x)

|  |  |
| --- | --- |
| Job | projects/1/locations/us-central1/customJobs/77 |
| Image | us-central1-docker.pkg.dev/my-project/training/mnist&#64;&#8203;sha256:abc |
| Base image | no GPU is asked for: python:3.12-slim |
| Machine | n1-standard-4: the default without accelerators |
| Created | 2026-11-01T00&#58;&#8203;00:00Z |
| Waited in the queue | 1 h |
| Ended | 2026-11-01T01&#58;&#8203;00:00Z |
"
`);
});

test('a custom job that failed, with its cause', () => {
  const cause = {
    message: 'The replica workerpool0-0 exited with a non-zero status of 1.',
    source: 'workerpool0-0',
    lines: ['Traceback (most recent call last):', '```', '::error::ValueError: <b>'],
    exitCode: 137,
    meaning: { rule: 'out-of-memory', text: 'Out of <memory>: take more.' },
  };
  expect(summary({ job: job('FAILED', ENDED), cause })).toMatchInlineSnapshot(`
"### ❌ Custom job FAILED: [octo/digits Train &#35;&#8203;7](https://console.cloud.google.com/x)

The replica workerpool0-0 exited with a non-zero status of 1.

**Out of &lt;memory&gt;: take more.**

Last lines of workerpool0-0 (exit code 137):

\`\`\`\`text
Traceback (most recent call last):
\`\`\`
\\::error::ValueError: <b>
\`\`\`\`

|  |  |
| --- | --- |
| Job | projects/1/locations/us-central1/customJobs/77 |
| Image | us-central1-docker.pkg.dev/my-project/training/mnist&#64;&#8203;sha256:abc |
| Base image | no GPU is asked for: python:3.12-slim |
| Machine | n1-standard-4: the default without accelerators |
| Created | 2026-11-01T00&#58;&#8203;00:00Z |
| Waited in the queue | 1 h |
| Ended | 2026-11-01T01&#58;&#8203;00:00Z |
"
`);
});

test('queue time and run time are told apart', () => {
  const times = {
    createTime: '2026-11-01T00:00:00Z',
    startTime: '2026-11-01T00:12:30Z',
    endTime: '2026-11-01T02:13:00Z',
  };
  const text = summary({ job: job('SUCCEEDED', times) });
  expect(text).toContain('| Waited in the queue | 12 min |\n| Ran for | 2 h |\n');
});

test('a job that runs on', () => {
  expect(summary({ job: job('PENDING'), consoleUrl: '' })).toMatchInlineSnapshot(`
"### ⏳ Custom job PENDING: octo/digits Train &#35;&#8203;7

|  |  |
| --- | --- |
| Job | projects/1/locations/us-central1/customJobs/77 |
| Image | us-central1-docker.pkg.dev/my-project/training/mnist&#64;&#8203;sha256:abc |
| Base image | no GPU is asked for: python:3.12-slim |
| Machine | n1-standard-4: the default without accelerators |
| Created | 2026-11-01T00&#58;&#8203;00:00Z |
| Waited in the queue | 30 min |
"
`);
});

test('a tuning job whose every trial was infeasible', () => {
  const trials = ['1', '2'].map((id) => trial(id, 'INFEASIBLE', undefined, { infeasibleReason: 'exit 1' }));
  const cause = {
    message: 'Too many trials failed.',
    source: 'trial 1',
    lines: ['boom'],
    exitCode: undefined,
    meaning: undefined,
  };
  expect(
  summary({ metrics: METRICS, job: job('FAILED', { name: TUNING_JOB, trials, ...ENDED }), cause })
).toMatchInlineSnapshot(`
"### ❌ Hyperparameter tuning job FAILED: [octo/digits Train &#35;&#8203;7](https://console.cloud.google.com/x)

Too many trials failed.

Last lines of trial 1:

\`\`\`text
boom
\`\`\`

|  |  |
| --- | --- |
| Job | projects/1/locations/us-central1/hyperparameterTuningJobs/88 |
| Image | us-central1-docker.pkg.dev/my-project/training/mnist&#64;&#8203;sha256:abc |
| Base image | no GPU is asked for: python:3.12-slim |
| Machine | n1-standard-4: the default without accelerators |
| Created | 2026-11-01T00&#58;&#8203;00:00Z |
| Waited in the queue | 1 h |
| Ended | 2026-11-01T01&#58;&#8203;00:00Z |

<details><summary>All 2 trials</summary>

| Trial | State | accuracy |
| --- | --- | --- |
| 1 | INFEASIBLE |  |
| 2 | INFEASIBLE |  |

</details>
"
`);
});

/** GitHub drops a summary of more than this, whole. */
const LIMIT = 1024 * 1024;

describe('a summary that could grow too long', () => {
  test('of 1,200 trials shows them all', () => {
    const trials = Array.from({ length: 1_200 }, (_, index) => measured(`${index + 1}`, index / 1_200, 0.1, 'sgd'));
    const text = summary({ metrics: METRICS, job: job('SUCCEEDED', { name: TUNING_JOB, trials }) });
    expect(text.match(/^\| \d+ \| SUCCEEDED \|/gm)).toHaveLength(1_200);
    expect(text).not.toContain('trials_file');
    expect(Buffer.byteLength(text)).toBeLessThan(LIMIT);
  });

  test('of 30,000 trials shows the first of them, and says where the others are', () => {
    const trials = Array.from({ length: 30_000 }, (_, index) => measured(`${index + 1}`, index / 30_000, 0.1, 'sgd'));
    const text = summary({ metrics: METRICS, job: job('SUCCEEDED', { name: TUNING_JOB, trials }) });
    expect(text).toContain(
      '<details><summary>All 30000 trials</summary>\n\n| Trial | State | accuracy | rate | optimizer |',
    );
    const shown = text.match(/^\| \d+ \| SUCCEEDED \|/gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(1_000);
    expect(text).toContain(`\n\n${30_000 - shown} more are in trials_file.\n\n</details>\n`);
    expect(text).toContain('Best trial: **30000**');
    expect(Buffer.byteLength(text)).toBeLessThan(LIMIT);
  });

  test('of a thousand trials with long values stays below what GitHub shows', () => {
    const trials = Array.from({ length: 1_000 }, (_, index) =>
      trial(
        `${index + 1}`,
        'SUCCEEDED',
        { accuracy: 1 },
        {
          parameters: Array.from({ length: 10 }, (_, each) => ({ parameterId: `p${each}`, value: 'x_'.repeat(100) })),
        },
      ),
    );
    const text = summary({ metrics: METRICS, job: job('SUCCEEDED', { name: TUNING_JOB, trials }) });
    expect(Buffer.byteLength(text)).toBeLessThan(LIMIT);
  });

  // Cloud Logging takes lines of up to 256 KB.
  test('of a cause with very long lines stays below what GitHub shows', () => {
    const cause = {
      message: 'm',
      source: 'workerpool0-0',
      lines: Array.from({ length: 30 }, () => 'x'.repeat(100_000)),
      exitCode: 1,
      meaning: undefined,
    };
    expect(Buffer.byteLength(summary({ job: job('FAILED'), cause }))).toBeLessThan(LIMIT);
  });
});

test('names from outside are shown and do nothing', () => {
  const trials = [
    trial(
      '1',
      'SUCCEEDED',
      { accuracy: 1, '<img src=x>': 2 },
      {
        parameters: [
          { parameterId: 'a|b`', value: '<script>' },
          { parameterId: '@team', value: '[x](http://y)\n# z' },
        ],
      },
    ),
  ];
  const text = summary({
    metrics: METRICS,
    job: job('SUCCEEDED', { name: TUNING_JOB, trials, displayName: '](http://evil) <b> @octocat' }),
  });
  expect(text).not.toMatch(/<(?!\/?(?:details|summary)>)/);
  expect(text).not.toContain('@octocat');
  expect(text).not.toContain('@team');
  expect(text).not.toContain('http://');
  expect(text.split('\n').filter((line) => line.startsWith('#'))).toHaveLength(1);
});
