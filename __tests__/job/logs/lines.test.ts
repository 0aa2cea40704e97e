import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { entryLines, screenLines, trialsByJob } from '../../../src/job/logs/lines.ts';
import { textOf } from '../../../src/job/logs/tell.ts';
import { untrustedLines } from '../../../src/runner/actions-log.ts';
import type { LogEntry } from '../../../src/vertex/types.ts';
import { commandOf, runnerLines } from '../../ground/runner-parser.ts';
import { job, trial } from '../jobs.ts';

const OF_JOB = new Map([['5', '3']]);
const at = (task: string | undefined, id = '77') => ({
  labels: { job_id: id, ...(task === undefined ? {} : { task_name: task }) },
});
const linesOf = (entry: LogEntry) => entryLines(entry, OF_JOB).lines;
const isError = (entry: LogEntry) => entryLines(entry, OF_JOB).isError;

describe('who says a line', () => {
  test.each<{ name: string; entry: LogEntry; source: string }>([
    { name: 'a worker', entry: { resource: at('workerpool1-2') }, source: 'workerpool1-2' },
    { name: 'the service', entry: { resource: at('service') }, source: 'service' },
    { name: 'nobody known', entry: {}, source: 'job' },
    { name: 'no task', entry: { resource: at(undefined) }, source: 'job' },
    { name: 'a task of another form', entry: { resource: at('a\n::error::') }, source: 'job' },
    { name: "a trial, by its own job's id", entry: { resource: at('workerpool0-0', '5') }, source: 'trial 3' },
    { name: "a trial's service", entry: { resource: at('service', '5') }, source: 'trial 3' },
    { name: "a trial's worker", entry: { resource: at('workerpool1-0', '5') }, source: 'trial 3 workerpool1-0' },
    {
      name: "a trial, by the entry's label, which goes first",
      entry: { labels: { 'ml.googleapis.com/trial_id': '9' }, resource: at('workerpool0-0', '5') },
      source: 'trial 9',
    },
    {
      name: 'a trial whose label is no number, by its job',
      entry: { labels: { 'ml.googleapis.com/trial_id': '9\u202e' }, resource: at('workerpool0-0', '5') },
      source: 'trial 3',
    },
  ])('$name', ({ entry, source }) => {
    expect(entryLines(entry, OF_JOB).source).toBe(source);
  });
});

describe('the lines of a text', () => {
  test.each([
    { name: 'one', text: 'a', lines: ['a'] },
    { name: 'none is one that is empty', text: '', lines: [''] },
    { name: 'several, of both line ends', text: 'a\nb\r\nc', lines: ['a', 'b', 'c'] },
    { name: 'a line end at the end opens none', text: 'a\r\n', lines: ['a'] },
    { name: 'empty ones stay', text: 'a\n\nb', lines: ['a', '', 'b'] },
    { name: 'the last state of a progress bar', text: ' 0%|  |\r 50%|# |\r100%|##|', lines: ['100%|##|'] },
    { name: 'a state that is ended by \\r', text: '50%\r100%\r', lines: ['100%'] },
    { name: 'a state behind the first \\r', text: '\r 50%', lines: [' 50%'] },
    { name: 'a bar among lines', text: 'a\n1%\r2%\nb', lines: ['a', '2%', 'b'] },
    { name: 'a bar that is wiped with blanks shows its last state', text: '50%\r    ', lines: ['50%'] },
    { name: 'a bar that is wiped by a sequence too', text: '50%\r\u001b[K', lines: ['50%'] },
    { name: 'a message in the place of a bar', text: '50%\r     \rsaved\n', lines: ['saved'] },
    { name: 'two \\r before a line end', text: 'a\r\r\nb', lines: ['a', 'b'] },
    { name: 'nothing but \\r', text: '\r\r', lines: [''] },
  ])('$name', ({ text, lines }) => {
    expect(screenLines(text)).toEqual(lines);
  });

  test('have no line end within, whatever the text', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('\r', '\n', '\r\n', 'a', ' ', '\u001b[K')), (pieces) => {
        expect(screenLines(pieces.join('')).filter((line) => /[\r\n]/.test(line))).toEqual([]);
      }),
    );
  });
});

describe('what an entry says', () => {
  const REPLICA = { tag: 'workerpool0-0' };

  test.each<{ name: string; entry: LogEntry; lines: string[] }>([
    { name: 'a text', entry: { textPayload: 'a\nb' }, lines: ['a', 'b'] },
    { name: 'nothing', entry: {}, lines: [''] },
    { name: 'a message', entry: { jsonPayload: { message: 'm' } }, lines: ['m'] },
    {
      name: 'a message and the other fields',
      entry: { jsonPayload: { step: 5, message: 'saved', path: '/tmp/x', took: 0.25, ok: true, to: null } },
      lines: ['saved step=5 path=/tmp/x took=0.25 ok=true to=null'],
    },
    {
      name: 'texts with blanks and objects as JSON',
      entry: { jsonPayload: { message: 'm', name: 'two words', empty: '', at: { x: [1, 2] } } },
      lines: ['m name="two words" empty="" at={"x":[1,2]}'],
    },
    {
      name: 'fields below a message of several lines',
      entry: { jsonPayload: { message: 'a\nb', step: 5 } },
      lines: ['a', 'b', 'step=5'],
    },
    {
      name: 'a field of several lines below the others',
      entry: { jsonPayload: { message: 'm', stack: 'x\ny', step: 5 } },
      lines: ['m step=5', 'stack:', 'x', 'y'],
    },
    { name: 'a message before a text', entry: { jsonPayload: { message: 'm' }, textPayload: 't' }, lines: ['m'] },
    {
      name: 'a text beside an object without a message',
      entry: { jsonPayload: { a: 1 }, textPayload: 't' },
      lines: ['t a=1'],
    },
    { name: 'an object without a message', entry: { jsonPayload: { loss: 0.5, step: 2 } }, lines: ['loss=0.5 step=2'] },
    { name: 'a message that is no text', entry: { jsonPayload: { message: 5 } }, lines: ['message=5'] },
    { name: 'an empty object', entry: { jsonPayload: {} }, lines: [''] },
    {
      name: "the platform's wrapping of a plain line is taken off",
      entry: { severity: 'ERROR', jsonPayload: { message: 'm', levelname: 'ERROR', attrs: REPLICA } },
      lines: ['m'],
    },
    {
      name: 'what is more than wrapping stays',
      entry: { severity: 'INFO', jsonPayload: { message: 'm', levelname: 'INFO', attrs: { ...REPLICA, rank: 1 } } },
      lines: ['m levelname=INFO attrs={"tag":"workerpool0-0","rank":1}'],
    },
    {
      name: "the program's own severity, where it is worth a word",
      entry: { severity: 'WARNING', jsonPayload: { message: 'm', step: 5 } },
      lines: ['m severity=WARNING step=5'],
    },
    { name: 'and not where it is not', entry: { severity: 'DEBUG', jsonPayload: { message: 'm' } }, lines: ['m'] },
  ])('$name', ({ entry, lines }) => {
    expect(linesOf(entry)).toEqual(lines);
  });
});

describe('an error', () => {
  const own = (severity: string, jsonPayload: Record<string, unknown> = { message: 'm' }): LogEntry => ({
    severity,
    jsonPayload,
    resource: at('workerpool0-0'),
  });
  const service = (severity: string, textPayload: string): LogEntry => ({
    severity,
    textPayload,
    resource: at('service'),
  });

  test.each<{ name: string; entry: LogEntry }>([
    { name: "ERROR of the program's own JSON", entry: own('ERROR') },
    { name: 'CRITICAL of whatever form: no stream gives it', entry: { severity: 'CRITICAL', textPayload: 't' } },
    { name: 'ERROR with a level that agrees', entry: own('ERROR', { message: 'm', level: 'error' }) },
    { name: 'INFO with a level that says error', entry: own('INFO', { message: 'm', level: 'FATAL' }) },
    { name: 'an ERROR of the platform', entry: service('ERROR', 'Trial failed.') },
    {
      name: "a replica's failure, whatever its severity",
      entry: service('INFO', 'The replica workerpool0-0 exited with a non-zero status of 1.'),
    },
    {
      name: 'memory that ran out',
      entry: service(
        'DEFAULT',
        'The replica workerpool0-0 ran out of memory and exited with a non-zero status of 137.',
      ),
    },
    { name: 'no capacity', entry: service('INFO', 'Resources are insufficient in region: us-central1.') },
    {
      name: "the platform's line about a task that failed",
      entry: {
        severity: 'INFO',
        textPayload: 'Task completed. Exit code (1). Exit reason (FAILED)',
        resource: at('workerpool0-0'),
      },
    },
  ])('is $name', ({ entry }) => {
    expect(isError(entry)).toBe(true);
  });

  test.each<{ name: string; entry: LogEntry }>([
    { name: 'a text on stderr', entry: { severity: 'ERROR', textPayload: 'epoch 1' } },
    { name: 'a text on stderr that speaks of errors', entry: { severity: 'ERROR', textPayload: 'ERROR: 0 errors' } },
    {
      name: 'a text on stderr in the wrapping of the platform',
      entry: own('ERROR', { message: 'm', levelname: 'ERROR', attrs: { tag: 'workerpool0-0' } }),
    },
    { name: 'JSON on stderr whose level says info', entry: own('ERROR', { message: 'm', level: 'info' }) },
    { name: 'JSON on stderr without a message', entry: own('ERROR', { loss: 0.5 }) },
    { name: 'a warning', entry: own('WARNING') },
    { name: 'no severity', entry: { textPayload: 't' } },
    { name: 'DEFAULT', entry: own('DEFAULT') },
    { name: 'a severity that nobody knows', entry: own('TERRIBLE') },
    { name: 'a warning of the platform', entry: service('WARNING', 'A container could not be removed') },
    {
      name: 'a task that ended well',
      entry: service('INFO', 'Task completed. Exit code (0). Exit reason (SUCCEEDED)'),
    },
    {
      name: "a worker's line that sounds like the platform's",
      entry: { severity: 'INFO', textPayload: 'it ran out of memory', resource: at('workerpool0-0') },
    },
  ])('is not $name', ({ entry }) => {
    expect(isError(entry)).toBe(false);
  });
});

test("trials are found by their own jobs' ids", () => {
  const trials = [
    trial('1', 'ACTIVE', undefined, { customJob: 'projects/1/locations/l/customJobs/5' }),
    trial('2', 'REQUESTED'),
  ];
  expect([...trialsByJob(job('RUNNING', { trials }))]).toEqual([['5', '1']]);
});

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '::',
        ':',
        '##[',
        '#',
        '[',
        ']',
        '%0A',
        '\r',
        '\n',
        '\r\n',
        '\t',
        ' ',
        '\u0085',
        '\u2028',
        '\u200b',
      ),
      fc.constantFrom(
        'error',
        'add-mask',
        'stop-commands',
        'set-output name=x',
        'group',
        '\u001b[31m',
        '\u001b]0;',
        '\b',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => pieces.join(''));

test('no entry is a command, whatever stands in its texts, fields and labels', () => {
  fc.assert(
    fc.property(hostile, hostile, hostile, fc.boolean(), (text, name, task, isJson) => {
      const { source, lines } = entryLines(
        {
          severity: 'ERROR',
          resource: at(task),
          ...(isJson
            ? { jsonPayload: { message: text, [name]: text, long: `${text}\n${name}` } }
            : { textPayload: text }),
        },
        OF_JOB,
      );
      const shown = untrustedLines(source, textOf(lines));
      expect(runnerLines(shown.join('\n')).flatMap((line) => commandOf(line) ?? [])).toEqual([]);
      expect(shown).toHaveLength(lines.length);
    }),
    { numRuns: 3_000 },
  );
});
