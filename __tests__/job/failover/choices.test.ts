import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Choice,
  choicesOf,
  choiceText,
  type Hardware,
  nextChoice,
  type Tried,
  triedText,
} from '../../../src/job/failover/choices.ts';
import type { FailureKind, NextStep } from '../../../src/job/failover/verdict.ts';

const hardware = (name: string, quotaGroup = name): Hardware<string> => ({ value: name, name, quotaGroup });
const T4 = hardware('t4');
const BIG_T4 = hardware('big-t4', 't4');
const L4 = hardware('l4');

const tried = (choice: Choice<string>, course: NextStep, kind: FailureKind = 'capacity'): Tried<string> => ({
  choice,
  verdict: { kind, course, message: `no ${choiceText(choice)}` },
  job: undefined,
});

/** All that is tried, if each brings the course that `courseOf` gives. */
function run(choices: readonly Choice<string>[], courseOf: (choice: Choice<string>) => NextStep): string[] {
  const all: Tried<string>[] = [];
  for (let choice = nextChoice(choices, all); choice !== undefined; choice = nextChoice(choices, all)) {
    all.push(tried(choice, courseOf(choice)));
    if (all.length > 1_000) throw new Error('there is no end to it');
  }
  return all.map(({ choice }) => choiceText(choice));
}

test('choices are the hardware in order, region by region, without doubles', () => {
  expect(choicesOf(['a', 'b', 'a'], [T4, L4, T4]).map(choiceText)).toEqual([
    't4 in a',
    'l4 in a',
    't4 in b',
    'l4 in b',
  ]);
  expect(choicesOf([], [T4])).toEqual([]);
});

describe('what is tried', () => {
  const choices = choicesOf(['a', 'b'], [T4, BIG_T4, L4]);

  test.each<{ name: string; courseOf: (choice: Choice<string>) => NextStep; order: string[] }>([
    {
      name: 'without capacity anywhere, is everything in order',
      courseOf: () => 'next-choice',
      order: ['t4 in a', 'big-t4 in a', 'l4 in a', 't4 in b', 'big-t4 in b', 'l4 in b'],
    },
    {
      name: 'without quota, is the next region; then what counts against other quotas',
      courseOf: ({ hardware: { quotaGroup } }) => (quotaGroup === 't4' ? 'next-region' : 'next-choice'),
      order: ['t4 in a', 't4 in b', 'l4 in a', 'l4 in b'],
    },
    {
      name: 'without quota in one region and capacity in the other, goes through the other first',
      courseOf: ({ region }) => (region === 'a' ? 'next-region' : 'next-choice'),
      order: ['t4 in a', 't4 in b', 'big-t4 in b', 'l4 in b', 'l4 in a'],
    },
    { name: 'after what no choice mends, is nothing', courseOf: () => 'stop', order: ['t4 in a'] },
  ])('$name', ({ courseOf, order }) => {
    expect(run(choices, courseOf)).toEqual(order);
  });

  test('is nothing where there is no choice', () => {
    expect(nextChoice([], [])).toBeUndefined();
  });

  test('is never the same twice, comes to an end, and leaves nothing out that capacity alone ruled out', () => {
    const names = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 5 });
    const machines = fc.array(fc.constantFrom(T4, BIG_T4, L4, hardware('a100')), { maxLength: 5 });
    const course = fc.func(fc.constantFrom<NextStep>('next-choice', 'next-region', 'stop'));
    fc.assert(
      fc.property(names, machines, course, (regions, kinds, courseOf) => {
        const all = choicesOf(regions, kinds);
        const order = run(all, (choice) => courseOf(choiceText(choice)));
        expect(new Set(order).size).toBe(order.length);
        expect(order.every((text) => all.some((choice) => choiceText(choice) === text))).toBe(true);
        expect(run(all, () => 'next-choice')).toHaveLength(all.length);
      }),
    );
  });
});

describe('what was tried, in words', () => {
  const [first, second] = choicesOf(['a', 'b'], [T4]);

  test('is everything, and what else might help', () => {
    if (first === undefined || second === undefined) throw new Error('no choices');
    expect(triedText([tried(first, 'next-choice'), tried(second, 'next-region', 'quota')]).split('\n')).toEqual([
      'None of the 2 choices could be had:',
      '- t4 in a: no t4 in a',
      '- t4 in b: no t4 in b',
      expect.stringMatching(/^Name further regions in region or other hardware/),
    ]);
    expect(triedText([tried(first, 'next-region', 'quota')]).split('\n')).toEqual([
      'Nothing else is left to try:',
      '- t4 in a: no t4 in a',
    ]);
  });
});
