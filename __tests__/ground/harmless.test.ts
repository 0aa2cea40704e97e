import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { harmless, splitLines } from '../../src/log.ts';
import { commandOf, runnerLines } from './runner-parser.ts';

describe('one line of text from outside', () => {
  test.each([
    { name: 'plain text stays', line: 'epoch 1: loss=0.5', shown: 'epoch 1: loss=0.5' },
    { name: 'a tab stays', line: 'a\tb', shown: 'a\tb' },
    { name: 'text in other scripts stays', line: 'précision 精度 👍', shown: 'précision 精度 👍' },
    { name: 'a command', line: '::set-output name=x::y', shown: '\\::set-output name=x::y' },
    { name: 'a command after spaces', line: '  ::error::x', shown: '  \\::error::x' },
    { name: 'a command after a no-break space', line: '\u00a0::error::x', shown: '\u00a0\\::error::x' },
    { name: 'a command after an ideographic space', line: '\u3000::error::x', shown: '\u3000\\::error::x' },
    { name: 'a command after NEL', line: '\u0085::error::x', shown: '\\::error::x' },
    { name: 'a command after a line separator', line: '\u2028::error::x', shown: '\\::error::x' },
    { name: 'a command after a byte order mark', line: '\ufeff::error::x', shown: '\\::error::x' },
    { name: 'a command after a colour', line: '\u001b[31m::error::x', shown: '\\::error::x' },
    { name: 'a command split by a colour', line: ':\u001b[0m:error::x', shown: '\\::error::x' },
    { name: 'colons inside the line stay', line: 'std::vector', shown: 'std::vector' },
    { name: 'a legacy command', line: '##[error]x', shown: '##\\[error]x' },
    { name: 'a legacy command in mid-line', line: 'a ##[set-output name=x;]y', shown: 'a ##\\[set-output name=x;]y' },
    { name: 'two legacy commands', line: '##[group]##[debug]', shown: '##\\[group]##\\[debug]' },
    { name: 'a legacy command after more #', line: '####[error]x', shown: '####\\[error]x' },
    { name: 'a legacy command split by a colour', line: '#\u001b[1m#\u001b[0m[error]x', shown: '##\\[error]x' },
    { name: 'a legacy command split by a NUL', line: '##\u0000[error]x', shown: '##\\[error]x' },
    { name: 'a legacy command split by a zero-width space', line: '##\u200b[error]x', shown: '##\\[error]x' },
    { name: 'a lone carriage return', line: 'ok\r::error::x', shown: 'ok::error::x' },
    { name: 'colours', line: '\u001b[1;31mred\u001b[0m', shown: 'red' },
    { name: 'cursor movement', line: '\u001b[2A\u001b[2Kgone', shown: 'gone' },
    { name: 'a private mode', line: '\u001b[?25lhidden', shown: 'hidden' },
    { name: 'a title (OSC, BEL)', line: '\u001b]0;title\u0007x', shown: 'x' },
    { name: 'a link (OSC, ST)', line: '\u001b]8;;http://x\u001b\\text\u001b]8;;\u001b\\', shown: 'text' },
    { name: 'an OSC without an end', line: 'a\u001b]0;title', shown: 'a' },
    { name: 'an escape at the end', line: 'x\u001b', shown: 'x' },
    { name: 'backspaces', line: 'safe\b\b\b\bevil', shown: 'safeevil' },
    { name: 'bidirectional overrides', line: 'a\u202eb\u2066c\u2069', shown: 'abc' },
    { name: 'zero-width characters', line: 'a\u200b\u200c\u200d\ufeffb', shown: 'ab' },
    { name: 'C1 controls', line: 'a\u009bb', shown: 'ab' },
  ])('$name', ({ line, shown }) => {
    expect(harmless(line)).toBe(shown);
  });
});

/** Texts made of what hurts: every piece of a command, white space, controls, and anything. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom('::', ':', '##[', '#', '[', ']', '\\', ';', ',', '=', '%0A', '\r', '\n', '\r\n', '\t', ' '),
      fc.constantFrom('set-output', 'ERROR', 'add-mask', 'Stop-Commands', 'name=x', 'group', 'endgroup', 'debug'),
      fc.constantFrom(
        '\u00a0',
        '\u0085',
        '\u2028',
        '\u3000',
        '\u200b',
        '\ufeff',
        '\u0000',
        '\u180e',
        '\u202e',
        '\u001c',
      ),
      fc.constantFrom('\u001b[31m', '\u001b[', '\u001b', '\u001b]0;', '\u0007', '\u009b', '\u001b\\'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(''));

test('the parser of these tests takes commands for what they are', () => {
  expect(['::error::x', ' \u0085::Group::', 'x ##[DEBUG]y', '::set-output name=a::b'].map(commandOf)).toEqual([
    'error',
    'group',
    'debug',
    'set-output',
  ]);
  expect(['x::error::', '::unknown::', '##[unknown]', '::error', '##[error'].map(commandOf)).toEqual(
    Array(5).fill(undefined),
  );
});

test('no text from outside is a command, whatever it holds', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const output = splitLines(text).map(harmless).join('\n');
      expect(runnerLines(output).flatMap((line) => commandOf(line) ?? [])).toEqual([]);
    }),
    { numRuns: 5_000 },
  );
});

test('what is harmless stays as it is', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const once = splitLines(text).map(harmless);
      expect(once.map(harmless)).toEqual(once);
    }),
    { numRuns: 2_000 },
  );
});
