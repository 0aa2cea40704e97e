import { describe, expect, test } from '@jest/globals';
import { type Command, parseCommand } from './commands.ts';
import { LineCutter } from './lines.ts';

function command(name: string, data: string, properties: Record<string, string> = {}): Command {
  return { name, properties, data };
}

describe('a line is taken for', () => {
  test.each<[string, string, Command]>([
    ['the plain form', '::warning::careful', command('warning', 'careful')],
    ['leading spaces and tabs', ' \t ::debug::x', command('debug', 'x')],
    ['a leading no-break space', '\u00a0::debug::x', command('debug', 'x')],
    ['a leading NEL', '\u0085::debug::x', command('debug', 'x')],
    ['a leading invisible character', '\u200b::debug::x', command('debug', 'x')],
    ['a leading control character', '\u0001::debug::x', command('debug', 'x')],
    ['a name in capitals', '::WARNING::x', command('WARNING', 'x')],
    ['properties', '::error file=a.py,line=3::no', command('error', 'no', { file: 'a.py', line: '3' })],
    ['a property name in capitals', '::error FILE=a::x', command('error', 'x', { file: 'a' })],
    ['an equals sign in a value', '::set-output name=a=b::x', command('set-output', 'x', { name: 'a=b' })],
    ['a property without value', '::error file=,line::x', command('error', 'x')],
    ['data with the separator', '::notice::a::b', command('notice', 'a::b')],
    ['no data', '::endgroup::', command('endgroup', '')],
    ['escaped data', '::error::a%0Ab%0Dc%25', command('error', 'a\nb\rc%')],
    ['a percent sign escaped before what looks escaped', '::error::%250A', command('error', '%0A')],
    ['escaped properties', '::error file=a%3Ab%2Cc%0A::x', command('error', 'x', { file: 'a:b,c\n' })],
    ['colons not unescaped in data', '::error::a%3Ab', command('error', 'a%3Ab')],
    ['the old form at the start', '##[error]no', command('error', 'no')],
    ['the old form in the middle', 'epoch 1 ##[warning]x', command('warning', 'x')],
    ['the old form behind a prefix and a separator', 'w0 | ::x ##[debug]y', command('debug', 'y')],
    ['the old form with properties', '##[set-output name=a;x=y]v', command('set-output', 'v', { name: 'a', x: 'y' })],
    ['the old form with escapes', '##[error]%5D%3B%0A', command('error', '];\n')],
    ['the old form with an invisible character inside', '#\u200b#[error]x', command('error', 'x')],
    ['the old form after one that is no command', '::nothing::##[error]x', command('error', 'x')],
  ])('a command with %s', (_case, line, expected) => {
    expect(parseCommand(line)).toEqual(expected);
  });

  test.each([
    ['an empty line', ''],
    ['text before the command', 'x ::warning::y'],
    ['a visible breaker', '\\::warning::y'],
    ['a breaker in the old form', '##\\[error]y'],
    ['an unknown name', '::nothing::y'],
    ['an unknown name in the old form', '##[nothing]y'],
    ['an unknown name before a known one in the old form', '##[nothing]##[error]y'],
    ['no second separator', '::warning y'],
    ['no bracket that closes', '##[error y'],
    ['a space before the name', ':: warning::y'],
    ['a stop token that was not given', '::tok::'],
  ])('plain text with %s', (_case, line) => {
    expect(parseCommand(line)).toBeUndefined();
  });

  test('a command with a stop token, whatever its case', () => {
    expect(parseCommand('::TOK::', ['tok'])).toEqual(command('TOK', ''));
  });
});

describe('lines are cut', () => {
  test.each<[string, string[], string[]]>([
    ['at \\n', ['a\nb\n'], ['a', 'b']],
    ['at \\r\\n', ['a\r\nb\r\n'], ['a', 'b']],
    ['at a lone \\r', ['10%\r20%\r::error::x\n'], ['10%', '20%', '::error::x']],
    ['at a \\r\\n in two pieces', ['a\r', '\nb\n'], ['a', 'b']],
    ['at a \\r before another piece', ['a\r', 'b\n'], ['a', 'b']],
    ['at a \\r at the end', ['a\r'], ['a']],
    ['where the stream ends', ['a\nb'], ['a', 'b']],
    ['with empty ones kept', ['\n\na\n'], ['', '', 'a']],
    ['nowhere in an empty stream', [''], []],
  ])('%s', (_case, pieces, expected) => {
    const lines: string[] = [];
    const cutter = new LineCutter((line) => lines.push(line));
    for (const piece of pieces) cutter.push(piece);
    cutter.end();
    expect(lines).toEqual(expected);
  });
});
