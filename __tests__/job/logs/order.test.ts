import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { entryOrder, ORDER_LIMITS } from '../../../src/job/logs/order.ts';
import { entry, lines, START, stamp } from './entries.ts';

const at = (seconds: number) => START + seconds * 1_000;
const NEVER = 0;

/** Entries of these times and ids, received when written, read at 0. */
function held(...entries: readonly (readonly [seconds: number, id: string, timestamp?: string])[]) {
  const order = entryOrder();
  for (const [seconds, id, timestamp = stamp(seconds)] of entries) {
    order.add(entry(seconds, id, { timestamp }), lines(id), at(seconds), 0);
  }
  return order;
}
const texts = (all: readonly { readonly lines: readonly string[] }[]) => all.flatMap((each) => each.lines);

describe('entries that are held', () => {
  test('are told in order of time, then of insertId', () => {
    expect(texts(held([2, 'c'], [1, 'b'], [3, 'd'], [1, 'a']).all())).toEqual(['a', 'b', 'c', 'd']);
  });

  test('are ordered to the nanosecond', () => {
    const order = held(
      [1, 'c', '2026-11-01T00:00:01.000000200Z'],
      [1, 'b', '2026-11-01T00:00:01.0000001Z'],
      [1, 'a', '2026-11-01T00:00:01Z'],
    );
    expect(texts(order.all())).toEqual(['a', 'b', 'c']);
  });

  test('count as written when they were received, where they are dated in the future', () => {
    const order = held([1, 'today'], [2, 'tomorrow', stamp(86_400)], [3, 'today too']);
    expect(texts(order.all())).toEqual(['today', 'tomorrow', 'today too']);
  });

  test('are due up to what has been covered', () => {
    const order = held([1, 'a'], [2, 'b'], [3, 'c']);
    expect(texts(order.due(at(2), 0))).toEqual(['a', 'b']);
    expect(texts(order.held())).toEqual(['c']);
    expect(texts(order.all())).toEqual(['c']);
  });

  test('wait half a minute at the most', () => {
    const order = held([1, 'a']);
    expect(order.due(NEVER, ORDER_LIMITS.waitMs - 1)).toEqual([]);
    expect(texts(order.due(NEVER, ORDER_LIMITS.waitMs))).toEqual(['a']);
  });

  test('are told early, oldest first, where they are too many', () => {
    const order = entryOrder({ waitMs: 1e9, entries: 10, chars: 1e9 });
    for (let index = 0; index < 100; index += 1) order.add(entry(index, `${index}`), lines(`${index}`), at(index), 0);
    expect(texts(order.due(NEVER, 0))).toEqual(Array.from({ length: 90 }, (_, index) => `${index}`));
  });

  test('are told early, oldest first, where they are too large', () => {
    const order = entryOrder({ waitMs: 1e9, entries: 1e9, chars: 1_000 });
    for (let index = 0; index < 10; index += 1) {
      order.add(entry(index, `${index}`), lines('x'.repeat(300)), at(index), 0);
    }
    expect(order.due(NEVER, 0)).toHaveLength(7);
  });

  test('are told once each, in order but for what came later, whatever comes when', () => {
    const step = fc.record({ seconds: fc.nat(100), covered: fc.nat(100) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const order = entryOrder();
        const told: number[] = [];
        let covered = 0;
        for (const [index, { seconds, covered: upTo }] of steps.entries()) {
          order.add(entry(seconds, `${index}`), lines(`${seconds}`), at(seconds), 0);
          covered = Math.max(covered, upTo);
          const batch = texts(order.due(at(covered), 0)).map(Number);
          expect(batch).toEqual([...batch].sort((a, b) => a - b));
          expect(batch.every((each) => each <= covered)).toBe(true);
          told.push(...batch);
        }
        told.push(...texts(order.all()).map(Number));
        expect(told.sort((a, b) => a - b)).toEqual(steps.map(({ seconds }) => seconds).sort((a, b) => a - b));
      }),
    );
  });
});
