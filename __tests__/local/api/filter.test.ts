import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FilterError, parseFilter, passes, required } from '../../../src/local/api/filter.ts';
import { isLike } from '../../../src/local/api/list-filter.ts';
import { logFilter } from '../../../src/local/logging/filter.ts';
import { listFilter } from '../../../src/local/resources/list-filter.ts';
import type { JobFields, LogEntry } from '../../../src/vertex/types.ts';

const job: JobFields = {
  displayName: 'my_job_7',
  state: 'JOB_STATE_SUCCEEDED',
  createTime: '2026-05-18T12:00:00.500Z',
  labels: { team: 'vision', 'a-b': '1', empty: '' },
};

describe('listFilter', () => {
  it.each([
    ['an empty filter takes all', '', true],
    ['the proto’s first example', 'state="JOB_STATE_SUCCEEDED" AND display_name:"my_job_*"', true],
    ['the proto’s NOT example', 'NOT display_name="my_job"', true],
    ['the proto’s time example', 'create_time>"2021-05-18T00:00:00Z"', true],
    ['the proto’s label example', 'labels.team:*', true],
    ['camelCase spelling', 'displayName="my_job_7"', true],
    ['a label that is absent', 'labels.keyB:*', false],
    ['a label that is there without value', 'labels.empty:*', true],
    ['a label’s value', 'labels.team=vision', true],
    ['a label’s other value', 'labels.team="sound"', false],
    ['a label with a dash', 'labels.a-b=1', true],
    ['a quoted label key', 'labels."a-b"=1', true],
    ['no wildcard with =', 'display_name="my_job_*"', false],
    ['a wildcard in the middle', 'display_name:"my*7"', true],
    ['a wildcard that does not fit', 'display_name:"your_*"', false],
    ['a special sign in a wildcard text', 'display_name:"my.job*"', false],
    ['OR binds tighter than AND', 'display_name="x" OR display_name="my_job_7" AND state="JOB_STATE_FAILED"', false],
    ['parentheses', '(display_name="x" AND state="JOB_STATE_FAILED") OR labels.team=vision', true],
    ['a minus for NOT', '-labels.team=vision', false],
    ['terms side by side mean AND', 'labels.team=vision state="JOB_STATE_FAILED"', false],
    ['values in parentheses', 'state=("JOB_STATE_FAILED" OR "JOB_STATE_SUCCEEDED")', true],
    ['!=', 'state!="JOB_STATE_SUCCEEDED"', false],
    ['times with an offset', 'create_time<="2026-05-18T14:00:00.5+02:00"', true],
    ['times to the nanosecond', 'create_time>"2026-05-18T12:00:00.499999999Z"', true],
    ['a state by its number', 'state=4', true],
    ['a state that nobody knows', 'state="JOB_STATE_RUNNIG"', false],
    ['a label by its key alone', 'labels:team', true],
    ['a label’s value that is not so', 'labels.team!=sound', true],
    ['NOT before parentheses', 'NOT (labels.team=vision AND labels.a-b=2)', true],
    ['labels side by side', 'labels.team=vision labels.a-b=1', true],
    ['an unquoted time', 'create_time>2021-05-18T00:00:00Z', true],
  ])('%s', (_name, filter, expected) => {
    expect(listFilter(filter, 'customJobs')(job)).toBe(expected);
  });

  it.each([
    ['an unknown field', 'colour="red"', /the field colour is not known/],
    ['a wildcard of states', 'state:"JOB_STATE_*"', /^Invalid filter: state cannot be compared with :/],
    ['a time that the method does not name', 'end_time>"2021-05-18T00:00:00Z"', /the field end_time is not known/],
    ['the task of a pipeline', 'training_task_definition:"*custom*"', /training_task_definition is not known/],
    ['a wildcard of times', 'create_time:"2026-*"', /cannot be compared with :/],
    ['a label of a label', 'labels.a.b="c"', /the field labels.a.b is not known/],
    ['an order of labels', 'labels.a>"c"', /labels.a cannot be compared with >/],
    ['an order of names', 'display_name>"a"', /cannot be compared with >/],
    ['a time that is none', 'create_time>"soon"', /which is no time/],
    ['an open parenthesis', '(state="a"', /\) is missing/],
    ['a missing value', 'state=', /a value is expected after state=/],
    ['a bare word', 'hello', /compared with nothing/],
    ['a stray sign', 'state="a" , x', /unexpected ","/],
    ['deep nesting', `${'('.repeat(200)}state="a"`, /nested too deeply/],
  ])('refuses %s', (_name, filter, message) => {
    expect(() => listFilter(filter, 'customJobs')(job)).toThrow(message);
  });

  it('knows the task of a pipeline, and its states', () => {
    const one = {
      displayName: 'p',
      state: 'PIPELINE_STATE_FAILED',
      trainingTaskDefinition: 'gs://x/custom_task_1.0.0.yaml',
    };
    const found = (filter: string) => listFilter(filter, 'trainingPipelines')(one);
    expect(found('training_task_definition:"*custom_task*" AND state="PIPELINE_STATE_FAILED"')).toBe(true);
    expect(found('trainingTaskDefinition!="gs://x/custom_task_1.0.0.yaml" OR state=4')).toBe(false);
  });

  it('reads back any label value that is quoted', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const quoted = `"${value.replace(/["\\]/g, '\\$&')}"`;
        expect(listFilter(`labels.k=${quoted}`, 'customJobs')({ displayName: 'x', labels: { k: value } })).toBe(true);
      }),
    );
  });

  it('answers or refuses any text, and never breaks', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseFilter(text);
        } catch (error) {
          expect(error).toBeInstanceOf(FilterError);
        }
      }),
    );
  });

  it('NOT turns every filter around', () => {
    const filter = fc.constantFrom('labels.team=vision', 'labels.team=x', 'state="JOB_STATE_FAILED"');
    fc.assert(
      fc.property(filter, filter, fc.constantFrom('AND', 'OR'), (left, right, word) => {
        const plain = `${left} ${word} ${right}`;
        expect(listFilter(`NOT (${plain})`, 'customJobs')(job)).toBe(!listFilter(plain, 'customJobs')(job));
      }),
    );
  });
});

describe('logFilter', () => {
  const entry: LogEntry = {
    insertId: '0000a',
    timestamp: '2026-05-18T12:00:00.500Z',
    severity: 'WARNING',
    resource: { type: 'ml_job', labels: { job_id: '42', task_name: 'workerpool0-0' } },
    labels: { 'ml.googleapis.com/trial_id': '3' },
    jsonPayload: { message: 'Loss is NaN', step: 4 },
  };

  it.each([
    [
      'what gcloud asks first',
      'resource.type="ml_job" AND resource.labels.job_id="42" AND timestamp>="1970-01-01T00:00:00+00:00"',
      true,
    ],
    [
      'what gcloud asks later',
      'resource.labels.job_id="42" AND ((timestamp="2026-05-18T12:00:00.5Z" AND insertId>"00009") OR timestamp>"2026-05-18T12:00:00.5Z")',
      true,
    ],
    [
      'an entry already seen',
      '((timestamp="2026-05-18T12:00:00.5Z" AND insertId>"0000a") OR timestamp>"2026-05-18T12:00:00.5Z")',
      false,
    ],
    ['another task', 'resource.labels.task_name="service"', false],
    ['one of several jobs', '(resource.labels.job_id="1" OR resource.labels.job_id="42")', true],
    ['a severity by order', 'severity>=WARNING', true],
    ['a higher severity', 'severity>"WARNING"', false],
    ['a label with dots in its key', 'labels."ml.googleapis.com/trial_id"="3"', true],
    ['a part of a text', 'jsonPayload.message:"loss is"', true],
    ['a number in the payload', 'jsonPayload.step=4', true],
    ['a field that is there', 'jsonPayload.step:*', true],
    ['a field that is not', 'textPayload:*', false],
    ['a word anywhere', 'nan', true],
    ['snake_case', 'insert_id="0000a"', true],
  ])('%s', (_name, filter, expected) => {
    expect(logFilter(filter).matches(entry)).toBe(expected);
  });

  it('knows the job and the time that narrow the search', () => {
    const { jobId, since } = logFilter('resource.labels.job_id="42" AND timestamp>="1970-01-01T00:00:01Z"');
    expect({ jobId, since }).toEqual({ jobId: '42', since: 1_000_000_000n });
  });

  it('does not narrow by what stands under OR', () => {
    expect(logFilter('resource.labels.job_id="42" OR severity=ERROR').jobId).toBeUndefined();
  });

  it('says what cannot be read', () => {
    expect(() => logFilter('a = (')).toThrow(/Unparseable filter/);
  });
});

describe('isLike', () => {
  it('is as the expression with any characters for its stars', () => {
    const text = (...letters: string[]) =>
      fc.array(fc.constantFrom(...letters), { maxLength: 8 }).map((all) => all.join(''));
    fc.assert(
      fc.property(text('a', 'b', '.', '\n'), text('a', 'b', '.', '*'), (value, pattern) => {
        const parts = pattern.split('*').map((part) => part.replaceAll('.', '[.]'));
        expect(isLike(value, pattern)).toBe(new RegExp(`^${parts.join('.*')}$`, 's').test(value));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is not slow', () => {
    expect(isLike('a'.repeat(1_000), `${'*a'.repeat(500)}*b`)).toBe(false);
  });
});

describe('required', () => {
  it('holds in everything that passes', () => {
    const term = fc.constantFrom('a=1', 'b=2', 'NOT c=3', '(a=1 OR b=2)');
    fc.assert(
      fc.property(
        fc.array(term, { minLength: 1 }),
        fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2', '3')),
        (terms, subject) => {
          const filter = parseFilter(terms.join(' AND '));
          const holds = ({ path, value }: { path: readonly string[]; value: string }) =>
            subject[path[0] ?? ''] === value;
          if (passes(filter, holds, () => false)) expect(required(filter).every(holds)).toBe(true);
        },
      ),
    );
  });
});
