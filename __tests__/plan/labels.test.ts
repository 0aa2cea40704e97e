import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { faultText } from '../../src/faults.ts';
import type { RunContext } from '../../src/inputs/run-context.ts';
import { checkLabels, jobLabels } from '../../src/plan/labels.ts';
import { RUN } from './run.ts';

const IDENTITY = { series: 's'.repeat(32), key: 'k'.repeat(32), repository: 'r'.repeat(32), step: 't'.repeat(32) };
const labels = (own: Record<string, string>, run: Partial<RunContext> = {}) =>
  jobLabels({
    own: new Map(Object.entries(own)),
    context: { ...RUN, ...run },
    identity: IDENTITY,
    requestHash: 'r'.repeat(32),
  });
const check = (own: Record<string, string>) => checkLabels(new Map(Object.entries(own))).map(faultText);

const OURS = {
  'train-on-vertex-series': IDENTITY.series,
  'train-on-vertex-repository': IDENTITY.repository,
  'train-on-vertex-key': IDENTITY.key,
  'train-on-vertex-step': IDENTITY.step,
  'train-on-vertex-attempt': '1',
  'train-on-vertex-request': 'r'.repeat(32),
};

describe("a job's labels", () => {
  test('name the run', () => {
    expect(labels({ team: 'vision' })).toEqual({
      'managed-by': 'train-on-vertex',
      commit: RUN.sha,
      'run-id': '700',
      'run-attempt': '1',
      workflow: 'train',
      ref: 'main',
      repository: 'octo-digits',
      team: 'vision',
      ...OURS,
    });
  });

  test("the user's go over the run's, and the identity's over all", () => {
    expect(labels({ workflow: 'mine', 'train-on-vertex-key': 'forged' })).toMatchObject({ workflow: 'mine', ...OURS });
  });

  test.each([
    { name: 'a branch with slashes', run: { ref: 'refs/heads/feature/Neu_1' }, ref: 'feature-neu_1' },
    { name: 'a tag', run: { ref: 'refs/tags/v1.2.3' }, ref: 'v1-2-3' },
    { name: 'a pull request', run: { ref: 'refs/pull/12/merge' }, ref: 'refs-pull-12-merge' },
    { name: 'a hostile branch', run: { ref: 'refs/heads/"$(x)`\n::error::' }, ref: 'x-error' },
    { name: 'a long branch', run: { ref: `refs/heads/${'a'.repeat(62)}-b` }, ref: 'a'.repeat(62) },
    { name: 'nothing that a label may hold', run: { ref: 'refs/heads/привет' }, ref: undefined },
  ])('$name', ({ run, ref }) => {
    expect(labels({}, run)['ref']).toBe(ref);
  });

  test('hold what labels may hold, whatever the run is called', () => {
    const text = fc.string({ unit: 'binary', maxLength: 90 });
    fc.assert(
      fc.property(text, text, text, (workflow, ref, repository) => {
        for (const [key, value] of Object.entries(labels({}, { workflow, ref, repository }))) {
          expect(key).toMatch(/^[a-z][a-z-]{0,62}$/);
          expect(value).toMatch(/^[a-z0-9_][a-z0-9_-]{0,62}$/);
        }
      }),
    );
  });
});

describe('labels of the user', () => {
  test.each<{ name: string; own: Record<string, string>; faults: string[] }>([
    { name: 'none', own: {}, faults: [] },
    { name: 'good ones', own: { team: 'a_b-1', größe: 'große', leer: '' }, faults: [] },
    { name: 'the longest', own: { ['k'.repeat(64)]: 'v'.repeat(64) }, faults: [] },
    {
      name: 'a reserved key',
      own: { 'train-on-vertex-key': 'x' },
      faults: ['labels: "train-on-vertex-key" is set by this action. Choose another key. [label-reserved]'],
    },
    {
      name: 'a key with capitals and a value with a point',
      own: { Team: 'v1.2' },
      faults: [
        'labels: "Team" is no label key: a lower-case letter, then up to 63 of lower-case letters, digits, _ and -. [label-key]',
        'labels: "v1.2" (of "Team") is no label value: up to 64 lower-case letters, digits, _ and -. [label-value]',
      ],
    },
    {
      name: 'a key that begins with a digit',
      own: { '1a': 'x' },
      faults: [
        'labels: "1a" is no label key: a lower-case letter, then up to 63 of lower-case letters, digits, _ and -. [label-key]',
      ],
    },
    {
      name: 'an empty key',
      own: { '': 'x' },
      faults: [
        'labels: "" is no label key: a lower-case letter, then up to 63 of lower-case letters, digits, _ and -. [label-key]',
      ],
    },
    {
      name: 'a value of 65 characters',
      own: { a: 'v'.repeat(65) },
      faults: [
        `labels: "${'v'.repeat(65)}" (of "a") is no label value: up to 64 lower-case letters, digits, _ and -. [label-value]`,
      ],
    },
  ])('$name', ({ own, faults }) => {
    expect(check(own)).toEqual(faults);
  });

  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`l${index}`, 'x']));

  test('as many as surely fit', () => {
    expect(check(many(51))).toEqual([]);
    expect(Object.keys(labels(many(51))).length).toBeLessThanOrEqual(64);
    expect(check(many(53))).toEqual([expect.stringContaining('[label-count]')]);
    expect(Object.keys(labels(many(53))).length).toBeGreaterThan(64);
  });

  test('as many as just fit', () => {
    expect(Object.keys(labels(many(51)))).toHaveLength(64);
    expect(check(many(51))).toEqual([]);
  });
});
