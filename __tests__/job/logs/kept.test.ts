import { describe, expect, test } from '@jest/globals';
import { KEPT_LIMITS, keptLines } from '../../../src/job/logs/kept.ts';

const error = (source: string, ...lines: string[]) => ({ source, lines, isError: true });
const count = (length: number, name = 'line') => Array.from({ length }, (_, index) => `${name} ${index}`);

describe('the last lines', () => {
  test('of a source are kept, as many as are shown', () => {
    const kept = keptLines();
    kept.add('a', count(40));
    kept.add('b', ['x']);
    kept.add('a', ['end']);
    expect(kept.tail('a', [])).toEqual([...count(40).slice(-29), 'end']);
    expect(kept.tail('b', [])).toEqual(['x']);
    expect(kept.tail('nobody', [])).toEqual([]);
  });

  test('end with what is not told yet', () => {
    const kept = keptLines();
    kept.add('a', ['told']);
    expect(kept.tail('a', [error('b', 'no'), error('a', 'held')])).toEqual(['told', 'held']);
  });

  test('are kept of the sources that spoke last, and of those that failed', () => {
    const kept = keptLines();
    kept.pin(['source 0']);
    for (let index = 0; index <= KEPT_LIMITS.sources + 1; index += 1) kept.add(`source ${index}`, [`${index}`]);
    expect([0, 1, 2, 3].map((index) => kept.tail(`source ${index}`, []))).toEqual([['0'], [], [], ['3']]);
  });

  test('are harmless, and cut where they are long', () => {
    const kept = keptLines();
    kept.add('a', ['\u001b[31mred\u001b[0m', '::error::x', `##[error]${'x'.repeat(5_000)}`]);
    const [red, command, long] = kept.tail('a', []);
    expect([red, command]).toEqual(['red', '\\::error::x']);
    expect(long).toBe(`##\\[error]${'x'.repeat(KEPT_LIMITS.lineChars - 9)}…`);
  });
});

describe('the errors', () => {
  test('are kept in the order in which they were told, and those that are not told yet behind', () => {
    const kept = keptLines();
    kept.addError(error('a', '1'));
    kept.addError(error('b', '2'));
    expect(kept.errors([error('a', '3'), { source: 'a', lines: ['no error'], isError: false }])).toEqual([
      { source: 'a', lines: ['1'] },
      { source: 'b', lines: ['2'] },
      { source: 'a', lines: ['3'] },
    ]);
  });

  test('are bounded: the newest stay, and one noisy source does not push out the others', () => {
    const kept = keptLines();
    kept.addError(error('quiet', 'the cause'));
    for (const text of count(1_000)) kept.addError(error('noisy', text));
    const errors = kept.errors([]);
    expect(errors).toHaveLength(KEPT_LIMITS.errors);
    expect(errors[0]).toEqual({ source: 'quiet', lines: ['the cause'] });
    expect(errors.at(-1)).toEqual({ source: 'noisy', lines: ['line 999'] });
  });

  test('of what failed first stay, though a thousand others fail too', () => {
    const kept = keptLines();
    kept.pin(['trial 1']);
    for (let index = 1; index <= 1_000; index += 1) kept.addError(error(`trial ${index}`, `${index}`));
    const sources = kept.errors([]).map(({ source }) => source);
    expect(sources.slice(0, 2)).toEqual(['trial 1', 'trial 942']);
  });

  test('are whole up to 400 lines; of longer ones the beginning and the end', () => {
    const kept = keptLines();
    kept.addError(error('a', ...count(400)));
    kept.addError(error('a', ...count(1_000)));
    const [whole, cut] = kept.errors([]);
    expect(whole?.lines).toEqual(count(400));
    expect(cut?.lines).toEqual([
      ...count(1_000).slice(0, 80),
      '… 600 lines are left out …',
      ...count(1_000).slice(680),
    ]);
  });
});
