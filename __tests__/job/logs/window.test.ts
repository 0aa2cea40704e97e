import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CLOUD_WINDOW, keyOf, logWindow } from '../../../src/job/logs/window.ts';
import { entry, START, stamp } from './entries.ts';

const MINUTE = 60_000;
/** Whatever was received may have been read before; nothing was. */
const ALL = Number.POSITIVE_INFINITY;
const NOTHING = 0;
const at = (seconds: number) => START + seconds * 1_000;

/** Entries whose receipts, in seconds, are given. */
function windowOf(seconds: readonly number[], limits = CLOUD_WINDOW) {
  const window = logWindow(limits);
  for (const [index, each] of seconds.entries()) window.take(keyOf(entry(each, `${index}`)), at(each), NOTHING);
  return window;
}

describe('an entry', () => {
  test('is told once', () => {
    const window = logWindow(CLOUD_WINDOW);
    expect([1, 2, 3].map(() => window.take(keyOf(entry(1, 'a')), at(1), ALL))).toEqual([true, false, false]);
  });

  test.each([
    { name: 'another insertId', other: entry(1, 'b') },
    { name: 'another time', other: entry(1, 'a', { timestamp: stamp(2) }) },
    {
      name: 'a time that differs by a nanosecond',
      other: entry(1, 'a', { timestamp: '2026-11-01T00:00:01.000000001Z' }),
    },
  ])('with $name is another', ({ other }) => {
    const window = windowOf([]);
    window.take(keyOf(entry(1, 'a')), at(1), ALL);
    expect(window.take(keyOf(other), at(1), ALL)).toBe(true);
  });

  test('that its writer sent twice, received at two times, is one', () => {
    const window = windowOf([]);
    window.take(keyOf(entry(1, 'a')), at(1), ALL);
    expect(window.take(keyOf(entry(1, 'a', { receiveTimestamp: stamp(90) })), at(90), ALL)).toBe(false);
  });

  test('without an insertId is known by what it says', () => {
    const window = windowOf([]);
    const { insertId: _, ...nameless } = entry(1, 'a');
    expect(window.take(keyOf(nameless), at(1), ALL)).toBe(true);
    expect(window.take(keyOf(nameless), at(1), ALL)).toBe(false);
    expect(window.take(keyOf({ ...nameless, textPayload: 'b' }), at(1), ALL)).toBe(true);
  });
});

describe('the start of the window', () => {
  test('is the beginning until a pass has ended', () => {
    expect(windowOf([1, 2, 900]).startMs).toBe(0);
  });

  test('is ten minutes before the newest receipt that was known when a whole pass began', () => {
    const window = windowOf([0, 900, 1_000]);
    window.settle(at(900));
    expect(window.startMs).toBe(at(900) - 10 * MINUTE);
    expect(window.size).toBe(2);
  });

  test('never goes back', () => {
    const window = windowOf([0, 900]);
    window.settle(at(900));
    window.settle(at(800));
    expect(window.startMs).toBe(at(300));
  });

  test('follows receipts: neither a time in the future nor one in the past moves it', () => {
    const window = logWindow(CLOUD_WINDOW);
    window.take(keyOf(entry(86_400 * 300, 'future')), at(1), NOTHING);
    window.take(keyOf(entry(-86_400 * 300, 'past')), at(2), NOTHING);
    expect(window.newestMs).toBe(at(2));
  });
});

describe('the near start', () => {
  test('is that of the whole window where that holds few entries', () => {
    expect(windowOf([0, 100, 200]).nearMs(10)).toBe(0);
  });

  test('leaves about as many entries as are wanted', () => {
    const window = windowOf(Array.from({ length: 100 }, (_, index) => index * 10));
    expect(window.nearMs(10)).toBe(at(890));
  });

  test('leaves six seconds at least, however many entries they hold', () => {
    const window = windowOf(Array.from({ length: 1_000 }, (_, index) => index / 100));
    expect(window.nearMs(10)).toBe(at(9.99) - 6_000);
  });
});

describe('a job that writes more than is remembered', () => {
  const most = 1_000;
  const limits = { lateMs: 600_000, most };
  const busy = () =>
    windowOf(
      Array.from({ length: 5_000 }, (_, index) => index / 10),
      limits,
    );

  test('is remembered for as long as fits, and the rest of the window is given up', () => {
    const window = busy();
    expect(window.size).toBeLessThanOrEqual(most);
    expect(window.startMs).toBe(at(400));
    expect(window.reachMs).toBe(99_900);
  });

  test('is told nothing twice: what is read again of the time before counts as told', () => {
    expect(busy().take(keyOf(entry(10, '100')), at(10), ALL)).toBe(false);
  });

  test('loses nothing of a job that is read for the first time', () => {
    expect(busy().take(keyOf(entry(10, 'of another job')), at(10), NOTHING)).toBe(true);
  });

  test('is looked back on for the whole ten minutes again once it writes less', () => {
    const window = busy();
    for (let second = 600; second < 2_000; second += 10)
      window.take(keyOf(entry(second, `${second}`)), at(second), ALL);
    window.settle(at(1_900));
    expect(window.reachMs).toBe(600_000);
  });

  test('in no order of receipt either', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { maxLength: 300 }), (seconds) => {
        const window = windowOf(seconds, { lateMs: 600_000, most: 50 });
        expect(window.size).toBeLessThanOrEqual(50);
        // Whatever may be read again from its start on is remembered.
        for (const [index, second] of seconds.entries()) {
          expect(window.take(keyOf(entry(second, `${index}`)), at(second), ALL)).toBe(false);
        }
      }),
    );
  });
});
