import { describe, expect, test } from '@jest/globals';
import { decideReuse, type ReuseAnswer, type ReuseQuestion } from '../../src/image/reuse.ts';

const NOW = Date.parse('2026-11-30T00:00:00Z');
const DAY = 86_400;
const ask = (question: Partial<ReuseQuestion>) =>
  decideReuse({
    mode: 'auto',
    existing: undefined,
    maxAgeSeconds: undefined,
    nowMs: NOW,
    name: 'r:content-1',
    ...question,
  });
const aged = (seconds: number) => ({ createdMs: NOW - seconds * 1000 });

describe('whether the image that is there will do', () => {
  const unchanged: ReuseAnswer = { reuse: true, why: 'nothing that the build reads has changed' };
  test.each<{ name: string; question: Partial<ReuseQuestion>; answer: ReuseAnswer }>([
    { name: 'none is there', question: {}, answer: { reuse: false, why: 'there is no r:content-1 yet', fresh: false } },
    { name: 'one is there', question: { existing: aged(400 * DAY) }, answer: unchanged },
    { name: 'as old as allowed', question: { existing: aged(7 * DAY), maxAgeSeconds: 7 * DAY }, answer: unchanged },
    {
      name: 'older',
      question: { existing: aged(8 * DAY), maxAgeSeconds: 7 * DAY },
      answer: { reuse: false, why: 'the image is 8 days old, and max_image_age is 7 days', fresh: true },
    },
    {
      name: 'older by a little',
      question: { existing: aged(3_601), maxAgeSeconds: 3_600 },
      answer: { reuse: false, why: 'the image is 1 hour old, and max_image_age is 1 hour', fresh: true },
    },
    { name: 'of unknown age', question: { existing: { createdMs: undefined }, maxAgeSeconds: 1 }, answer: unchanged },
    {
      name: 'from the future, by another clock',
      question: { existing: aged(-60), maxAgeSeconds: 1 },
      answer: unchanged,
    },
    {
      name: 'always',
      question: { mode: 'always', existing: aged(1) },
      answer: { reuse: false, why: 'build is always', fresh: false },
    },
    { name: 'never, but there', question: { mode: 'never', existing: aged(9), maxAgeSeconds: 1 }, answer: unchanged },
  ])('$name', ({ question, answer }) => {
    expect(ask(question)).toEqual(answer);
  });

  test('never, and none is there', () => {
    expect(() => ask({ mode: 'never' })).toThrow(
      'build is never, and there is no image r:content-1: what the build reads has changed, or was never built. Build it with build: auto first.',
    );
  });
});
