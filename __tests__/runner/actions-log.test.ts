import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { actionsLog, drained, untrustedLines } from '../../src/runner/actions-log.ts';
import { commandOf, runnerLines } from '../ground/runner-parser.ts';
import { capturedStdout } from './capture.ts';

const stdout = capturedStdout();
const log = actionsLog();
const HOSTILE = 'a\r::set-output name=x::y\n ##[error]z\u001b[31m';

/** The commands among the lines that were written. */
const commands = () => runnerLines(stdout()).flatMap((line) => commandOf(line) ?? []);

describe('what is said', () => {
  test.each([
    { name: 'info', say: () => log.info('a\nb'), written: 'a\nb\n' },
    { name: 'debug', say: () => log.debug('a'), written: '::debug::a\n' },
    { name: 'notice', say: () => log.notice('a'), written: '::notice::a\n' },
    { name: 'warning', say: () => log.warning('a'), written: '::warning::a\n' },
    {
      name: 'a warning at a place',
      say: () => log.warning('a', { file: 'x,y:z', line: 3, column: 2 }),
      written: '::warning file=x%2Cy%3Az,line=3,col=2::a\n',
    },
    { name: 'an error in lines', say: () => log.error('a\nb%'), written: '::error::a%0Ab%25\n' },
    { name: 'a secret', say: () => log.mask('s%\n'), written: '::add-mask::s%25%0A\n' },
    { name: 'no secret', say: () => log.mask(''), written: '' },
    {
      name: 'untrusted lines',
      say: () => log.untrusted('trial 1', 'a\n\nb'),
      written: '[trial 1] a\n[trial 1] \n[trial 1] b\n',
    },
  ])('$name', ({ say, written }) => {
    say();
    expect(stdout()).toBe(written);
  });

  test('in a group', async () => {
    expect(await log.group('T', async () => log.info('x'))).toBeUndefined();
    expect(stdout()).toBe('::group::T\nx\n::endgroup::\n');
  });

  test('in a group that fails', async () => {
    await expect(log.group('T', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(commands()).toEqual(['group', 'endgroup']);
  });
});

describe('hostile text does nothing', () => {
  test.each([
    { name: 'info', say: () => log.info(HOSTILE), expected: [] },
    { name: 'untrusted', say: () => log.untrusted('x', HOSTILE), expected: [] },
    { name: 'untrusted, by its source', say: () => log.untrusted('##[error]x', 'y'), expected: [] },
    { name: 'debug', say: () => log.debug(HOSTILE), expected: ['debug'] },
    { name: 'notice', say: () => log.notice(HOSTILE), expected: ['notice'] },
    { name: 'warning', say: () => log.warning(HOSTILE), expected: ['warning'] },
    { name: 'error', say: () => log.error(HOSTILE), expected: ['error'] },
  ])('$name', ({ say, expected }) => {
    say();
    expect(commands()).toEqual(expected);
  });

  test('whatever it is', () => {
    const piece = fc.oneof(
      fc.constantFrom('::', '##[', ']', 'error', 'add-mask', '\r', '\n', ' ', '\u001b[0m', '\u200b'),
      fc.string(),
    );
    const text = fc.array(piece).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (untrusted) => {
        const output = untrustedLines('trial 1', untrusted).join('\n');
        expect(runnerLines(output).flatMap((line) => commandOf(line) ?? [])).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  // The source comes from an entry's labels (`ml.googleapis.com/trial_id`, `task_name`), which whoever may write
  // entries may choose: a line end in it must not begin a line of its own, which could be a command.
  test.each([
    { name: 'a line end in the source', source: 'trial 1\n::add-mask::e' },
    { name: 'a line end before a legacy command', source: 'trial 1\n::set-output name=state::SUCCEEDED' },
  ])('$name', ({ source }) => {
    log.untrusted(source, 'x');
    expect(commands()).toEqual([]);
  });
});

describe('whoever tells much', () => {
  afterEach(() => {
    Reflect.deleteProperty(process.stdout, 'writableNeedDrain');
  });
  const needs = (value: boolean) =>
    Object.defineProperty(process.stdout, 'writableNeedDrain', { configurable: true, value });

  test('goes on at once where all is on its way', async () => {
    needs(false);
    await drained();
  });

  test('waits while the reader of the log is behind', async () => {
    needs(true);
    let over = false;
    const waiting = drained().then(() => {
      over = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);
    process.stdout.emit('drain');
    await waiting;
  });
});
