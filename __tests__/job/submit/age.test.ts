import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { byAge } from '../../../src/job/submit/age.ts';

const made = (name: string, createTime: string | undefined) => ({ name, createTime });

describe('the older of two jobs', () => {
  test.each([
    { name: 'by the second', older: '2026-11-01T00:00:00Z', younger: '2026-11-01T00:00:01Z' },
    { name: 'by the nanosecond', older: '2026-11-01T00:00:00.123456788Z', younger: '2026-11-01T00:00:00.123456789Z' },
    {
      name: 'whatever the number of decimals',
      older: '2026-11-01T00:00:00.12Z',
      younger: '2026-11-01T00:00:00.120001Z',
    },
    {
      name: 'without decimals before those with some',
      older: '2026-11-01T00:00:00Z',
      younger: '2026-11-01T00:00:00.001Z',
    },
    { name: 'with a time before one without', older: '2026-11-01T00:00:00Z', younger: undefined },
    { name: 'with a time before one with what is none', older: '9999-12-31T23:59:59Z', younger: 'yesterday' },
  ])('$name', ({ older, younger }) => {
    expect(byAge(made('b', older), made('a', younger))).toBe(-1);
    expect(byAge(made('a', younger), made('b', older))).toBe(1);
  });

  test.each([
    ['2026-11-01T00:00:00Z', '2026-11-01T00:00:00.000Z'],
    ['2026-11-01T00:00:00.5Z', '2026-11-01T00:00:00.500000Z'],
    [undefined, undefined],
  ])('of the same time (%s and %s), by name', (one, same) => {
    expect(byAge(made('a', one), made('b', same))).toBe(-1);
    expect(byAge(made('b', one), made('a', same))).toBe(1);
    expect(byAge(made('a', one), made('a', same))).toBe(0);
  });
});

test('is one order for all', () => {
  const time = fc.option(
    fc
      .tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom('', '.5', '.500', '.500001'))
      .map(([second, fraction]) => `2026-11-01T00:00:0${second}${fraction}Z`),
    { nil: undefined },
  );
  const any = fc.record({ name: fc.constantFrom('a', 'b', 'c'), createTime: time });
  fc.assert(
    fc.property(any, any, any, (a, b, c) => {
      expect(byAge(a, b) + byAge(b, a)).toBe(0);
      if (byAge(a, b) <= 0 && byAge(b, c) <= 0) expect(byAge(a, c)).toBeLessThanOrEqual(0);
    }),
  );
});
