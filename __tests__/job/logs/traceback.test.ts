import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { EntryLines } from '../../../src/job/logs/lines.ts';
import { type Block, TRACEBACK_LIMITS, tracebacks } from '../../../src/job/logs/traceback.ts';
import { lines } from './entries.ts';

const HEAD = 'Traceback (most recent call last):';
const FRAMES = ['  File "/app/train.py", line 12, in <module>', '    main()', '    ~~~~^^'];
const PLAIN = [HEAD, ...FRAMES, 'ValueError: no'];
const DURING = 'During handling of the above exception, another exception occurred:';
const CAUSED = 'The above exception was the direct cause of the following exception:';
const GROUP = [
  '  + Exception Group Traceback (most recent call last):',
  '  |   File "/app/train.py", line 3, in <module>',
  '  |     run()',
  '  | ExceptionGroup: two of them (2 sub-exceptions)',
  '  +-+---------------- 1 ----------------',
  '    | Traceback (most recent call last):',
  '    |   File "/app/train.py", line 9, in run',
  '    | ValueError: a',
  '    +---------------- 2 ----------------',
  '    | KeyError: b',
  '    +------------------------------------',
];
const RICH = [
  '╭───────────── Traceback (most recent call last) ──────────────╮',
  '│ /app/train.py:12 in <module>                                  │',
  '│ ❱ 12 main()                                                   │',
  '╰──────────────────────────────────────────────────────────────╯',
  'ValueError: no',
];
const FATAL = [
  'Fatal Python error: Segmentation fault',
  '',
  'Current thread 0x00007f1 (most recent call first):',
  '  File "/app/train.py", line 12 in main',
  '',
  'Extension modules: numpy.core._multiarray_umath (total: 1)',
];

const KINDS: readonly { readonly name: string; readonly text: readonly string[] }[] = [
  { name: 'plain', text: PLAIN },
  { name: 'of an exception without a message', text: [HEAD, ...FRAMES, 'KeyboardInterrupt'] },
  { name: 'of an exception of a module', text: [HEAD, ...FRAMES, 'torch.cuda.OutOfMemoryError: CUDA out of memory.'] },
  { name: 'of an exception in lower case', text: [HEAD, ...FRAMES, 'socket.timeout: timed out'] },
  { name: 'with an indented message', text: [...PLAIN, '\tMissing key(s): "a.weight".', '  and more'] },
  { name: 'raised while another was handled', text: [...PLAIN, '', DURING, '', ...PLAIN] },
  { name: 'caused by another', text: [...PLAIN, '', CAUSED, '', ...PLAIN] },
  { name: 'of an exception group', text: GROUP },
  { name: 'behind a progress bar', text: [` 0%|   | 0/9 [00:00<?]${HEAD}`, ...FRAMES, 'ValueError: no'] },
  {
    name: 'in colours',
    text: [HEAD, '  File \u001b[35m"x.py"\u001b[0m, line 1', '\u001b[1;35mValueError\u001b[0m: \u001b[35mno\u001b[0m'],
  },
  {
    name: 'of IPython',
    text: ['\u001b[0;31mTraceback\u001b[0m (most recent call last):', ...FRAMES, 'ValueError: no'],
  },
  { name: 'in a box of rich', text: RICH },
  { name: 'of faulthandler', text: FATAL },
  { name: 'of a process of torchrun', text: PLAIN.map((line) => `[rank3]: ${line}`) },
  { name: 'of a process of torchrun --tee', text: PLAIN.map((line) => `[default3]:${line}`) },
  { name: 'of Horovod', text: PLAIN.map((line) => `[1,3]<stderr>:${line}`) },
  { name: 'of Ray', text: PLAIN.map((line) => `\u001b[36m(train pid=12, ip=10.0.0.1)\u001b[0m ${line}`) },
];

/** All that is told of some entries, one after the other at one time. */
function told(entries: readonly EntryLines[]): Block[] {
  const pieces = tracebacks();
  return [...entries.flatMap((entry) => pieces.add(entry, 0)), ...pieces.all()];
}
const errorsOf = (blocks: readonly Block[]) => blocks.filter(({ isError }) => isError).map((block) => block.lines);

describe('a traceback is told in one piece', () => {
  test.each(KINDS)('$name: as one entry', ({ text }) => {
    expect(errorsOf(told([lines('before'), lines(text), lines('after')]))).toEqual([text]);
  });

  test.each(KINDS)('$name: as an entry a line', ({ text }) => {
    const blocks = told([lines('before'), ...text.map((line) => lines(line)), lines('after')]);
    expect(errorsOf(blocks)).toEqual([text]);
    expect(blocks.flatMap((block) => block.lines).sort()).toEqual(['before', ...text, 'after'].sort());
  });

  test.each(KINDS)('$name: among the lines of other workers and of stdout', ({ text }) => {
    const others = (index: number) => [
      lines(`worker ${index}`, { source: 'workerpool1-0' }),
      lines(`stdout ${index}`, { stream: 'INFO' }),
    ];
    const blocks = told([...text.flatMap((line, index) => [lines(line), ...others(index)]), lines('after')]);
    expect(errorsOf(blocks)).toEqual([text]);
  });

  test('one of each of two workers at once', () => {
    const second = PLAIN.map((line) => line.replace('no', 'neither'));
    const entries = PLAIN.flatMap((line, index) => [
      lines(line),
      lines(second[index] ?? '', { source: 'workerpool1-0' }),
    ]);
    expect(errorsOf(told(entries))).toEqual([PLAIN, second]);
  });

  test('one of each of eight processes of one worker', () => {
    const ofRank = (rank: number) => PLAIN.map((line) => `[rank${rank}]: ${line}`);
    const ranks = [0, 1, 2, 3, 4, 5, 6, 7].map(ofRank);
    const entries = PLAIN.flatMap((_, index) => ranks.map((text) => lines(text[index] ?? '')));
    expect(errorsOf(told(entries))).toEqual(ranks);
  });

  test('with what its entry says before and behind it', () => {
    const text = ['the training failed', ...PLAIN, 'For debugging consider passing CUDA_LAUNCH_BLOCKING=1', 'bye'];
    expect(errorsOf(told([lines(text)]))).toEqual([text]);
  });

  test('while another thread writes between its frames', () => {
    const blocks = told(
      [HEAD, ...FRAMES.slice(0, 1), 'INFO:root:step 5', 'step 6', ...FRAMES.slice(1), 'ValueError: no'].map((line) =>
        lines(line),
      ),
    );
    expect(errorsOf(blocks)).toEqual([PLAIN]);
    expect(blocks.filter(({ isError }) => !isError).flatMap((block) => block.lines)).toEqual([
      'INFO:root:step 5',
      'step 6',
    ]);
  });

  test("before the platform's line about it", () => {
    const service = lines('Trial 1 failed', { source: 'service', isError: true, isOfPlatform: true });
    expect(errorsOf(told([lines(PLAIN), service]))).toEqual([PLAIN, ['Trial 1 failed']]);
    expect(errorsOf(told([lines([HEAD, ...FRAMES]), service, lines('ValueError: no')]))).toEqual([
      ['Trial 1 failed'],
      PLAIN,
    ]);
  });

  test('two that follow each other are two', () => {
    expect(errorsOf(told([...PLAIN, ...PLAIN].map((line) => lines(line))))).toEqual([PLAIN, PLAIN]);
  });

  test('blank lines behind it are not of it', () => {
    const blocks = told([...PLAIN, '', 'after'].map((line) => lines(line)));
    expect(blocks.map((block) => block.lines)).toEqual([PLAIN, [''], ['after']]);
  });
});

describe('what is no traceback', () => {
  test.each([
    { name: 'an indented line', text: ['  File "x"'] },
    { name: 'an exception alone', text: ['ValueError: no'] },
    { name: 'a sentence about calls', text: ['the (most recent call was answered'] },
  ])('$name is told at once', ({ text }) => {
    expect(tracebacks().add(lines(text), 0)).toMatchObject([{ lines: text, isError: false }]);
  });

  test('an error of its own is one, whatever it says', () => {
    expect(errorsOf(told([lines('failed', { isError: true })]))).toEqual([['failed']]);
  });
});

describe('the bounds', () => {
  test('of time: frames without an exception are told after a while, and the rest as an error too', () => {
    const pieces = tracebacks();
    expect(pieces.add(lines([HEAD, ...FRAMES]), 0)).toEqual([]);
    expect(pieces.due(TRACEBACK_LIMITS.openMs - 1)).toEqual([]);
    expect(errorsOf(pieces.due(TRACEBACK_LIMITS.openMs))).toEqual([[HEAD, ...FRAMES]]);
    expect(pieces.add(lines('ValueError: no'), TRACEBACK_LIMITS.openMs + 1)).toEqual([]);
    expect(errorsOf(pieces.add(lines('after'), TRACEBACK_LIMITS.openMs + 1))).toEqual([['ValueError: no']]);
  });

  test('of time: after an exception another is waited for, not for long', () => {
    const pieces = tracebacks();
    pieces.add(lines(PLAIN), 0);
    expect(pieces.due(TRACEBACK_LIMITS.endedMs - 1)).toEqual([]);
    expect(errorsOf(pieces.due(TRACEBACK_LIMITS.endedMs))).toEqual([PLAIN]);
    expect(pieces.all()).toEqual([]);
  });

  test('of time: what never ends is forgotten, and lines are lines again', () => {
    const pieces = tracebacks();
    pieces.add(lines(HEAD), 0);
    pieces.due(TRACEBACK_LIMITS.restMs);
    expect(pieces.add(lines('Epoch: 5'), TRACEBACK_LIMITS.restMs)).toEqual([{ ...lines('Epoch: 5') }]);
  });

  test('of lines: a longer one is told in parts, all of them errors', () => {
    const deep = [
      HEAD,
      ...Array.from({ length: 5_000 }, (_, index) => `  File "x.py", line ${index}`),
      'RecursionError',
    ];
    const blocks = told(deep.map((line) => lines(line)));
    expect(blocks.map((block) => block.lines.length)).toEqual([2_000, 2_000, 1_002]);
    expect(errorsOf(blocks).flat()).toEqual(deep);
  });

  test('of memory: many that never end hold no more than is allowed', () => {
    const pieces = tracebacks();
    let held = 0;
    let out = 0;
    for (let index = 0; index < 2_000; index += 1) {
      const text = [HEAD, `  ${'x'.repeat(10_000)}`];
      const blocks = pieces.add(lines(text, { source: `workerpool1-${index}` }), 0);
      held += text.join('').length;
      out += blocks.flatMap((block) => block.lines).join('').length;
      expect(held - out).toBeLessThanOrEqual(TRACEBACK_LIMITS.allChars + 20_000);
    }
  });

  test('of patience: a header that nothing follows but other lines is told among them', () => {
    const blocks = tracebacks();
    blocks.add(lines(HEAD), 0);
    const asides = Array.from({ length: 101 }, (_, index) => blocks.add(lines(`line ${index}`), 0)).flat();
    expect(errorsOf(asides)).toEqual([[HEAD]]);
  });
});

test('every line is told once, by its source, whatever comes', () => {
  const line = fc.constantFrom(
    HEAD,
    ...FRAMES,
    'ValueError: no',
    '',
    DURING,
    'step 5',
    '[rank1]: x',
    `[rank1]: ${HEAD}`,
    ...GROUP,
  );
  const entry = fc.record({
    source: fc.constantFrom('a', 'b'),
    stream: fc.constantFrom('INFO', 'ERROR'),
    lines: fc.array(line, { minLength: 1, maxLength: 6 }),
    isError: fc.boolean(),
    isOfPlatform: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 40 }), (entries) => {
      const blocks = told(entries);
      for (const source of ['a', 'b']) {
        const said = entries.filter((each) => each.source === source).flatMap((each) => each.lines);
        const heard = blocks.filter((each) => each.source === source).flatMap((each) => each.lines);
        expect([...heard].sort()).toEqual([...said].sort());
      }
    }),
    { numRuns: 500 },
  );
});
