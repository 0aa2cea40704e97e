import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fitted, type Section } from '../../../src/report/summary/fit.ts';

const section = (name: string, worth: number | undefined, ...forms: [string, ...string[]]): Section => ({
  name,
  forms,
  worth,
});
const SECTIONS = [
  section('verdict', undefined, 'VERDICT'),
  section('best', 8, 'B'.repeat(2_000), 'b'.repeat(100)),
  section('timeline', 1, 'T'.repeat(2_000)),
  section('table', 5, 'É'.repeat(2_000), 'é'.repeat(500)),
];
const note = (names: string) =>
  `*Left out or shortened, as GitHub takes no longer text: ${names}. The output \`trials_file\` has every trial.*`;

describe('a page of sections', () => {
  test.each([
    {
      name: 'that fits is whole',
      limit: 10_000,
      parts: ['VERDICT', 'B'.repeat(2_000), 'T'.repeat(2_000), 'É'.repeat(2_000)],
    },
    {
      name: 'loses the least useful',
      limit: 8_000,
      parts: ['VERDICT', 'B'.repeat(2_000), 'É'.repeat(2_000), note('timeline')],
    },
    {
      name: 'has the next one shortened',
      limit: 5_000,
      parts: ['VERDICT', 'B'.repeat(2_000), 'é'.repeat(500), note('timeline, table')],
    },
    { name: 'loses that too', limit: 3_100, parts: ['VERDICT', 'B'.repeat(2_000), note('timeline, table')] },
    {
      name: 'has every one shortened',
      limit: 1_200,
      parts: ['VERDICT', 'b'.repeat(100), note('best, timeline, table')],
    },
    { name: 'keeps what always stays', limit: 0, parts: ['VERDICT', note('best, timeline, table')] },
  ])('$name', ({ limit, parts }) => {
    expect(fitted(SECTIONS, limit)).toBe(`${parts.join('\n\n')}\n`);
  });

  test('never has more bytes than the limit', () => {
    const forms = fc.array(fc.string({ unit: 'grapheme', maxLength: 3_000 }), { minLength: 1, maxLength: 3 });
    const any = fc.array(fc.record({ worth: fc.integer({ min: 1, max: 9 }), forms }), { maxLength: 10 });
    fc.assert(
      fc.property(any, fc.integer({ min: 1_200, max: 20_000 }), (given, limit) => {
        const sections = given.map(({ worth, forms: [first = '', ...rest] }) =>
          section(`s${worth}`, worth, first, ...rest),
        );
        expect(Buffer.byteLength(fitted([section('v', undefined, 'VERDICT'), ...sections], limit))).toBeLessThanOrEqual(
          limit,
        );
      }),
    );
  });
});
