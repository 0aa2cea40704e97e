import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ApiError } from '../../../src/local/api/errors.ts';
import { logFilter } from '../../../src/local/logging/filter.ts';
import { linearPattern } from '../../../src/local/logging/pattern.ts';
import type { LogEntry } from '../../../src/vertex/types.ts';

const entry: LogEntry & { readonly logName: string } = {
  insertId: '0000a',
  logName: 'projects/my-project/logs/ml.googleapis.com%2F42',
  timestamp: '2026-05-18T12:00:00.500Z',
  receiveTimestamp: '2026-05-18T12:00:02Z',
  severity: 'WARNING',
  resource: { type: 'ml_job', labels: { job_id: '42', task_name: 'workerpool0-0', project_id: 'my-project' } },
  labels: { 'ml.googleapis.com/trial_id': '1' },
  jsonPayload: { message: 'Loss is "NaN" at 10', loss: 10.5, done: false, tags: ['gpu', 'spot'] },
};

describe('a filter', () => {
  it.each<[string, string, boolean]>([
    ['several values', 'resource.labels.job_id=("1" OR "42")', true],
    ['several values without quotes', 'resource.labels.job_id=(1 OR 42)', true],
    ['none of several values', 'NOT resource.labels.job_id=("1" OR "42")', false],
    ['values that exclude each other', 'resource.labels.job_id=("1" AND "42")', false],
    ['a minus', '-resource.labels.task_name="service"', true],
    ['a minus before parentheses', '-(severity=WARNING)', false],
    ['OR before AND', 'severity=INFO OR severity=WARNING AND resource.type="x"', false],
    ['terms on lines of their own', 'severity>=INFO\nresource.type="ml_job"', true],
    ['comments', '-- all of it\nseverity>=INFO -- and "more\nresource.type="ml_job"', true],
    ['a log name', 'logName="projects/my-project/logs/ml.googleapis.com%2F42"', true],
    ['a trial', 'labels."ml.googleapis.com/trial_id"="1"', true],
    ['another trial', 'labels."ml.googleapis.com/trial_id"="10"', false],
    ['a severity by its number', 'severity>=400', true],
    ['a severity of several', 'severity=(ERROR OR WARNING)', true],
    ['any severity', 'severity:*', true],
    ['a time in another zone', 'timestamp="2026-05-18T14:00:00.5+02:00"', true],
    ['a day', 'timestamp>="2026-05-18" AND timestamp<"2026-05-19"', true],
    ['when it came', 'receiveTimestamp>="2026-05-18T12:00:01Z"', true],
    ['a number by its size', 'jsonPayload.loss>9', true],
    ['a number as it is', 'jsonPayload.loss=10.50', true],
    ['a truth value', 'jsonPayload.done=false', true],
    ['an element of a list', 'jsonPayload.tags:"spot"', true],
    ['a quote within a text', 'jsonPayload.message:"\\"nan\\""', true],
    ['a quote anywhere', '"is \\"NaN\\""', true],
    ['words anywhere', 'loss nan', true],
    ['the name of a field, which is no text', 'task_name', false],
    ['a pattern', 'jsonPayload.message=~"Loss.*\\\\d+$"', true],
    ['a pattern in its case', 'jsonPayload.message=~"loss"', false],
    ['a pattern in either case', 'jsonPayload.message=~"(?i)LOSS is"', true],
    ['a pattern that is not met', 'jsonPayload.message!~"^step"', true],
    ['a pattern over nothing', 'textPayload=~".*"', false],
    ['no pattern over nothing', 'textPayload!~".*"', true],
    ['a pattern over a number', 'jsonPayload.loss=~"^10"', true],
    ['a pattern on a severity', 'severity=~"^WARN"', true],
    ['nothing', '', true],
  ])('%s', (_name, text, expected) => {
    expect(logFilter(text).matches(entry)).toBe(expected);
  });

  it('takes nothing from the prototype of an entry', () => {
    for (const path of ['labels.constructor', 'resource.labels.__proto__', 'jsonPayload.toString'])
      expect(logFilter(`${path}:*`).matches(entry)).toBe(false);
  });

  it.each([
    ['a lone comparator', 'severity>=', /line 1, column 11, token '': a value is expected after severity>=/],
    ['what stands alone', 'severity=INFO )', /line 1, column 15, token '\)': unexpected "\)"/],
    ['a later line', 'severity=INFO\n  AND OR', /line 2, column 7, token 'OR'/],
    ['a parenthesis that stays open', '(severity=INFO', /line 1, column 15, token '': \) is missing/],
    ['a text that does not end', 'textPayload:"abc', /line 1, column 13, token '"'/],
    ['a comparison among values', 'severity=(a=b)', /column 10, token '\(': only values may stand/],
    [
      'a function',
      'resource.type="x" AND sample(insertId, 0.1)',
      /column 23, token 'sample': the function sample is not known/,
    ],
    ['what is no field', 'colour="red"', /a log entry has no field colour/],
    ['what is no time', 'timestamp>="yesterday"', /"yesterday" is no time/],
    ['a time that is contained', 'timestamp:"2026"', /timestamp cannot be compared with :/],
    ['what is no severity', 'severity>=LOUD', /"LOUD" is no severity/],
    ['a pattern that is none', 'textPayload=~"("', /"\(" is no valid pattern/],
    ['a pattern that looks ahead', 'textPayload=~"(?=a)b"', /is no valid pattern: it is not of the part of RE2/],
    ['a pattern that remembers', 'textPayload=~"(a)\\\\1"', /is no valid pattern: .*linear/],
  ])('is refused: %s', (_name, text, message) => {
    expect(() => logFilter(text)).toThrow(ApiError);
    expect(() => logFilter(text)).toThrow(message);
    expect(() => logFilter(text)).toThrow(/^Unparseable filter: /);
  });

  it('of any text is answered or refused', () => {
    const part = fc.constantFrom(
      'severity',
      'textPayload',
      '=~',
      '=',
      '"',
      '(',
      ')',
      ' ',
      'OR',
      '-',
      '--',
      '\n',
      '[',
      '*',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        try {
          logFilter(parts.join('')).matches(entry);
        } catch (error) {
          expect(error).toBeInstanceOf(ApiError);
        }
      }),
    );
  });
});

describe('linearPattern', () => {
  it('is as the plain expression, and with (?i) as that of either case', () => {
    const source = fc
      .array(
        fc.constantFrom('a', 'B', 'é', '.', '\\d', '\\w', '[a-c]', '[^b-]', '[\\W1]', 'a*', '(?:ab|C)', '$', '^', '-'),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(source, fc.array(fc.constantFrom(...'aAbBcCéÉ1-. '), { maxLength: 8 }), (text, letters) => {
        const subject = letters.join('');
        expect(linearPattern(text).test(subject)).toBe(new RegExp(text, 's').test(subject));
        // A class that excludes letters excludes their other case too; JavaScript says the same with its flag.
        expect(linearPattern(`(?i)${text}`).test(subject)).toBe(new RegExp(text, 'si').test(subject));
      }),
      { numRuns: 500 },
    );
  });

  it.each(['(x+x+)+y', '(?i)(x+x+)+y', '^(x|x)*$z', '.*.*.*=.*'])('%s is not slow', (pattern) => {
    expect(linearPattern(pattern).test('x'.repeat(100_000))).toBe(false);
  });
});
