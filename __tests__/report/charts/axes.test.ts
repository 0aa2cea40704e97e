import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { beginText, differ, scaleOf } from '../../../src/report/charts/scale.ts';
import { spanOf } from '../../../src/report/charts/span.ts';

/** What the grammar of Mermaid's xychart takes for a number. */
const NUMBER = /^-?\d+(?:\.\d+)?$/;
const values = fc
  .array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 2, maxLength: 20 })
  .filter(differ);

describe('an axis of numbers', () => {
  test.each([
    { name: 'of the usual size', values: [0.9, 0.98], title: 'm', from: '0.896', to: '0.984', at: [[0.95, '0.95']] },
    { name: 'that are small', values: [1e-5, 3e-5], title: 'm (×10⁻⁵)', from: '0', to: '3.1', at: [[2e-5, '2']] },
    { name: 'that are large', values: [-2e12, 1e12], title: 'm (×10¹²)', from: '-2.15', to: '1.15', at: [[0, '0']] },
    {
      name: 'that lie close',
      values: [1000.0001, 1000.0002],
      title: 'm',
      from: '1000.000095',
      to: '1000.000205',
      at: [],
    },
    {
      name: 'around zero',
      values: [-1, 1],
      title: 'm',
      from: '-1.1',
      to: '1.1',
      at: [
        [-0, '0'],
        [-1e-9, '0'],
      ],
    },
    {
      name: 'that are not far from zero',
      values: [1, 2],
      title: 'm',
      from: '0',
      to: '2.05',
      at: [[1, '1']],
    },
    {
      name: 'with values beyond',
      values: [1.1, 2],
      title: 'm',
      from: '1.055',
      to: '2.045',
      at: [
        [1e300, '2.045'],
        [-5, '1.055'],
      ],
    },
  ] as { name: string; values: number[]; title: string; from: string; to: string; at: [number, string][] }[])(
    '$name',
    ({ values: given, title, from, to, at }) => {
      const scale = scaleOf('m', given);
      expect(scale).toMatchObject({ title, from, to });
      for (const [value, text] of at) expect(scale.at(value)).toBe(text);
    },
  );

  test('says that it does not begin at 0', () => {
    expect(beginText(scaleOf('m', [1, 2]))).toBe('');
    expect(beginText(scaleOf('m', [0.9, 0.98]))).toBe(' The axis does not begin at 0.');
  });

  test('has only what Mermaid can read, and keeps their order', () => {
    fc.assert(
      fc.property(values, fc.double({ noNaN: true }), (given, other) => {
        const scale = scaleOf('m', given);
        const texts = [...given].sort((a, b) => a - b).map(scale.at);
        for (const text of [scale.from, ...texts, scale.to, scale.at(other)]) expect(text).toMatch(NUMBER);
        const numbers = [scale.from, ...texts, scale.to].map(Number);
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        expect(Number(scale.from)).toBeLessThan(Number(scale.to));
        expect([scale.from, ...texts]).not.toContain('-0');
      }),
    );
  });
});

describe('an axis without ticks', () => {
  test.each([
    { name: 'of a linear span', values: [0, 10], title: 'm', halves: ['0 to 5', '5 to 10'], at: [5, '0.5000'] },
    {
      name: 'of orders of magnitude',
      values: [1e-4, 1],
      title: 'm (log)',
      halves: ['0.0001 to 0.01', '0.01 to 1'],
      at: [0.01, '0.5000'],
    },
    {
      name: 'of zero and more',
      values: [0, 1e9],
      title: 'm',
      halves: ['0 to 500000000', '500000000 to 1000000000'],
      at: [0, '0.0400'],
    },
  ] as { name: string; values: number[]; title: string; halves: string[]; at: [number, string] }[])(
    '$name',
    ({ values: given, title, halves, at: [value, place] }) => {
      const span = spanOf('m', given);
      expect(span).toMatchObject({ title, halves });
      expect(span.at(value)).toBe(place);
    },
  );

  test('places every value from 0 to 1', () => {
    fc.assert(
      fc.property(values, fc.double({ noNaN: true }), (given, other) => {
        const span = spanOf('m', given);
        for (const value of [...given, other]) expect(span.at(value)).toMatch(/^0\.\d{4}$/);
      }),
    );
  });
});

test.each([
  { values: [], differs: false },
  { values: [1], differs: false },
  { values: [1, 1, 1], differs: false },
  { values: [0.3, 0.1 + 0.2], differs: false },
  { values: [1e15, 1e15 + 1], differs: false },
  { values: [0, 1e-7], differs: true },
  { values: [0, -0], differs: false },
  { values: [1, 1.001], differs: true },
])('$values differ: $differs', ({ values: given, differs }) => {
  expect(differ(given)).toBe(differs);
});
