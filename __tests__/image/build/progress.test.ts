import { describe, expect, test } from '@jest/globals';
import { told } from './samples.ts';

describe('the failing step', () => {
  test('as BuildKit repeats it', () => {
    const lines = [
      ...['#1 [internal] load', '#5 [2/2] RUN false', '#5 0.1 boom', '#5 ERROR: exit code: 1'],
      ...[
        '------',
        ' > [2/2] RUN false:',
        '0.1 boom',
        '------',
        'Dockerfile:2',
        'ERROR: failed to solve: exit code: 1',
      ],
    ];
    const progress = told(lines);
    expect(progress.lastStep()).toEqual(lines.slice(5));
    expect(progress.failedTitle).toBe('[2/2] RUN false');
    expect(progress.reason).toBe('ERROR: failed to solve: exit code: 1');
  });

  test('with its output, where an older client leaves it out at the end', () => {
    const progress = told([
      ...['#4 [1/2] FROM python', '#5 [2/2] RUN false', '#4 DONE 0.1s', '#5 0.162 boom'],
      ...['#5 ERROR: executor failed running', '------', ' > [2/2] RUN false:', '------', 'executor failed running'],
    ]);
    expect(progress.lastStep()).toEqual([
      ...[' > [2/2] RUN false:', '#5 [2/2] RUN false', '#5 0.162 boom', '#5 ERROR: executor failed running'],
      ...['------', 'executor failed running'],
    ]);
  });

  test('comes after a cache that could not be read, which is not told', () => {
    const progress = told([
      ...[
        '#3 importing cache manifest from h/a:c',
        '#3 ERROR: not found',
        '#5 [2/2] RUN false',
        '#5 ERROR: exit code: 1',
      ],
      ...['------', ' > importing cache manifest from h/a:c:', '------', '------', ' > [2/2] RUN false:', '0.1 boom'],
      ...['------', 'ERROR: failed to solve'],
    ]);
    expect(progress.lastStep()).toEqual([' > [2/2] RUN false:', '0.1 boom', '------', 'ERROR: failed to solve']);
  });

  test("a program's own rules are none of BuildKit's", () => {
    const lines = ['#5 0.1 x', '------', 'no section', 'ERROR: y'];
    expect(told(lines).lastStep()).toEqual(lines);
  });
});

test('40 last lines are kept, each harmless', () => {
  const progress = told(Array.from({ length: 100 }, (_, index) => `::error::line ${index}`));
  expect(progress.lastStep()).toEqual(Array.from({ length: 40 }, (_, index) => `\\::error::line ${index + 60}`));
});

test('a step keeps its title, however long ago it began', () => {
  const lines = Array.from({ length: 100 }, (_, index) => `#8 ${index}.0 layer`);
  expect(told(['#8 exporting to image', ...lines, '#8 ERROR: EOF']).failedTitle).toBe('exporting to image');
});

test('a reason is one line, and cut where it is long', () => {
  expect(told(['a', `error: ${'x'.repeat(500)}`]).reason).toBe(`error: ${'x'.repeat(393)}…`);
  expect(told(['a', 'b']).reason).toBe('b');
  expect(told([]).reason).toBe('');
});
