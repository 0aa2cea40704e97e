import { tmpdir } from 'node:os';
import { describe, expect, test } from '@jest/globals';
import { type StepLog, StepLogReader } from './step-log.ts';

function read(...lines: string[]): StepLog {
  const reader = new StepLogReader(tmpdir());
  for (const line of lines) reader.read(line);
  return reader.result();
}

describe('secrets', () => {
  test('are hidden from the line on that hides them', () => {
    const log = read('token abc123', '::add-mask::abc123', 'token abc123', '::warning::abc123!');
    expect(log.log).toEqual(['token abc123', 'token ***', '##[warning]***!']);
    expect(log.annotations[0]?.message).toBe('***!');
    expect(log.leaks).toEqual([{ value: 'abc123', line: 'token abc123' }]);
  });

  test.each([
    ['as they are', 'p"a&b\'c d'],
    ['in base64', Buffer.from('p"a&b\'c d').toString('base64')],
    ['in base64 behind a user name', Buffer.from('user:p"a&b\'c d').toString('base64').slice(8)],
    ['in JSON', 'p\\"a&b\'c d'],
    ['in a URL', 'p%22a%26b%27c%20d'],
    ['in XML', 'p&quot;a&amp;b&apos;c d'],
  ])('are hidden %s', (_case, form) => {
    expect(read('::add-mask::p"a&b\'c d', `<${form}>`).log).toEqual(['<***>']);
  });

  test('of several lines are hidden line by line too', () => {
    expect(read('::add-mask::first%0A  second', 'x second y').log).toEqual(['x *** y']);
  });

  test('that overlap give one mark', () => {
    expect(read('::add-mask::abcd', '::add-mask::cdef', 'xabcdefx').log).toEqual(['x***x']);
  });

  test('that are empty hide nothing', () => {
    const log = read('::add-mask:: ', 'a b');
    expect(log.masks).toEqual([]);
    expect(log.log.at(-1)).toBe('a b');
  });
});

describe('stopped commands', () => {
  test('are plain text, a secret to hide among them, until the token comes', () => {
    const log = read('::stop-commands::tok', '::warning::x', '::add-mask::s3cret', '::TOK::', '::warning::y');
    expect(log.plainLines).toEqual(['::warning::x', '::add-mask::s3cret']);
    expect(log.masks).toEqual([]);
    expect(log.annotations.map(({ message }) => message)).toEqual(['y']);
    expect(log.stopped).toBe(false);
  });

  test('stay stopped with another token', () => {
    expect(read('::stop-commands::tok', '::other::', '::warning::x').stopped).toBe(true);
  });

  test.each(['', 'warning', 'pause-logging'])('cannot have the token %j', (token) => {
    const log = read(`::stop-commands::${token}`);
    expect(log.stopped).toBe(false);
    expect(log.commandErrors).toHaveLength(1);
  });

  test('hide a token of more than six letters', () => {
    expect(read('::stop-commands::long-token', 'long-token').log).toEqual(['::stop-commands::***', '***']);
  });
});

describe('commands', () => {
  test.each([
    ['set-env, which is disabled', '::set-env name=A::b'],
    ['add-path, which is disabled', '::add-path::/x'],
    ['set-output without a name', '::set-output::x'],
    ['save-state without a name', '##[save-state]x'],
    ['a matcher whose file is missing', '::add-matcher::no-such-file.json'],
    ['echo with another word', '::echo::maybe'],
  ])('make the step fail: %s', (_case, line) => {
    expect(read(line).commandErrors).toHaveLength(1);
  });

  test('set outputs and states, in the middle of a line too', () => {
    const log = read('::set-output name=a::1', 'loss 3 ##[set-output name=b]2', '::save-state name=c::3');
    expect(log.setOutputs).toEqual({ a: '1', b: '2' });
    expect(log.savedStates).toEqual({ c: '3' });
    expect(log.plainLines).toEqual([]);
  });

  test('group the lines between them', () => {
    const log = read('::group::Build', 'step 1', '::endgroup::', 'after');
    expect(log.groups).toEqual([{ title: 'Build', lines: ['step 1'] }]);
    expect(log.log).toEqual(['##[group]Build', 'step 1', '##[endgroup]', 'after']);
    expect(log.plainLines).toEqual(['step 1', 'after']);
  });

  test('annotate files and lines', () => {
    const log = read('::error file=Dockerfile,line=3,title=Build::bad%0Aworse', '##[notice]n');
    expect(log.annotations).toEqual([
      { level: 'error', message: 'bad\nworse', properties: { file: 'Dockerfile', line: '3', title: 'Build' } },
      { level: 'notice', message: 'n', properties: {} },
    ]);
  });
});
