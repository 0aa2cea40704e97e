import { describe, expect, test } from '@jest/globals';
import { InputError } from '../../src/faults.ts';
import { escaped } from '../../src/report/markdown.ts';
import type { Leftover } from '../../src/sweep/leftovers.ts';
import { failureText, leftoverOutputs, SweepError, summaryOf } from '../../src/sweep/tell.ts';
import type { Job } from '../../src/vertex/jobs.ts';
import { nameOf, ours, placeWith } from './given.ts';

const SCOPE = { projectId: 'example.com:p', cancel: true, runUrl: (id: string) => `https://github.com/o/r/runs/${id}` };
const NOTHING = { cancelled: [], faults: [] };

const leftover = (job: Job, why = 'because', region = 'us-central1'): Leftover => ({
  job,
  place: placeWith([], {}, region),
  runId: '700',
  run: { status: 'completed', conclusion: 'success' },
  verdict: { course: 'leave', why },
});

const cellsOf = (markdown: string) =>
  markdown
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) => line.slice(2, -2).split(' | '));

describe('the summary', () => {
  test('shows text from outside as it is, in its own cell, whatever it holds', () => {
    const why = 'its workflow run ended in a | b\n### [x](javascript:1) <img src=x> @octocat\r| c |';
    const job = ours(1, '700', { state: '**RUNNING**\n| x |', createTime: '`now`' });
    const rows = cellsOf(summaryOf([leftover(job, why)], NOTHING, SCOPE));
    expect(rows).toHaveLength(1);
    expect(rows[0]).toHaveLength(5);
    const text = rows[0]?.slice(1).join(' ') ?? '';
    expect(text.replace('[700](https://github.com/o/r/runs/700)', '')).not.toMatch(/[<>`*[\]@\\]/);
  });

  test('keeps a fault of many lines in its block', () => {
    const markdown = summaryOf([], { cancelled: [], faults: ['a\n```\n# b'] }, SCOPE);
    expect(markdown).toBe('### ❌ No leftovers\n\nWhat could not be done:\n\n````text\na\n```\n# b\n````\n');
  });

  test.each<{ name: string; job: Job; region?: string; cell: string }>([
    {
      name: 'to its page',
      job: ours(1, '700'),
      cell: '[1](https://console.cloud.google.com/ai/platform/locations/us-central1/training/1?project=example.com%3Ap)',
    },
    {
      name: 'nowhere on this machine',
      job: ours(1, '700', { name: nameOf(1, 'customJobs', 'local') }),
      region: 'local',
      cell: '1',
    },
    {
      name: 'nowhere by a name that is no job of Vertex AI’s',
      job: ours(1, '700', { name: 'projects/1/locations/x)](/y/customJobs/1' }),
      cell: '1',
    },
    {
      name: 'nowhere by an id that is none',
      job: ours(1, '700', { name: `${nameOf('1')}) [a](b` }),
      cell: escaped('1) [a](b'),
    },
  ])('links a job $name', ({ job, region, cell }) => {
    expect(cellsOf(summaryOf([leftover(job, 'x', region)], NOTHING, SCOPE))[0]?.[0]).toBe(cell);
  });

  test('stays within what GitHub shows, however many there are and however long their texts', () => {
    const all = Array.from({ length: 5_000 }, (_, index) => leftover(ours(index + 1, '700'), '|'.repeat(10_000)));
    const markdown = summaryOf(all, NOTHING, SCOPE);
    expect(Buffer.byteLength(markdown)).toBeLessThan(700_000);
    const shown = cellsOf(markdown).length;
    expect(shown).toBeGreaterThan(100);
    expect(markdown).toContain(`\n\n${5_000 - shown} more are in the output leftovers.\n`);
  });
});

test('the outputs hold text from outside as JSON on one line', () => {
  const { leftovers, count } = leftoverOutputs([leftover(ours(1, '700'), 'a\nb"c')], SCOPE);
  expect(count).toBe('1');
  expect(leftovers).not.toContain('\n');
  expect(JSON.parse(leftovers)).toMatchObject([{ why: 'a\nb"c' }]);
});

describe('a failure is told', () => {
  test('as the list of what is wrong with the inputs', () => {
    const faults = [
      { rule: 'a', input: 'region', message: 'is missing.' },
      { rule: 'b', input: 'token', message: 'is empty.' },
    ];
    expect(failureText(new InputError(faults))).toBe(
      '2 faults in what this step was given; nothing was asked of the network:\n- region is missing. [a]\n- token is empty. [b]',
    );
  });

  test('as the list of what could not be done', () => {
    expect(failureText(new SweepError(['a.']))).toBe('One thing could not be done:\n- a.');
  });

  test('with its cause', () => {
    expect(failureText(new Error('a', { cause: new Error('b') }))).toBe('a: b');
  });
});
