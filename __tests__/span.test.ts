import { expect, test } from '@jest/globals';
import { momentText, spanText } from '../src/span.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [-5, '0 s'],
  [0, '0 s'],
  [999, '0 s'],
  [45_500, '45 s'],
  [3 * MINUTE + 59_000, '3 min'],
  [HOUR, '1 h'],
  [2 * HOUR + 5 * MINUTE, '2 h 5 min'],
  [DAY, '1 day'],
  [6 * DAY + 23 * HOUR + 59 * MINUTE, '6 days 23 h'],
])('a span of %d ms is told as %s', (ms, text) => {
  expect(spanText(ms)).toBe(text);
});

test('a moment is told to the minute, in a time zone that is named', () => {
  expect(momentText(Date.parse('2026-11-01T12:05:59Z'))).toBe('2026-11-01 12:05 UTC');
});
