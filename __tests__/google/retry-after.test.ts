import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ApiError, apiError } from '../../src/google/api-error.ts';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { loggingApi } from '../../src/google/logging.ts';
import { restOf } from '../../src/google/rest.ts';
import { retryAfterMs, retryAfterMsOf } from '../../src/google/retry-after.ts';
import { vertexApi } from '../../src/google/vertex.ts';
import { retryAfterOf } from '../../src/job/watch/ask.ts';
import { type Answer, loopbacks } from './loopback.ts';

const DATE = 'Sun, 01 Nov 2026 12:00:00 GMT';
const LATER = 'Sun, 01 Nov 2026 12:01:30 GMT';

describe('Retry-After', () => {
  test.each<{ value: string | null; date: string | null; ms: number | undefined }>([
    { value: null, date: DATE, ms: undefined },
    { value: '0', date: null, ms: 0 },
    { value: '120', date: null, ms: 120_000 },
    { value: ' 7 ', date: null, ms: 7_000 },
    { value: LATER, date: DATE, ms: 90_000 },
    { value: DATE, date: LATER, ms: 0 },
    { value: LATER, date: null, ms: undefined },
    { value: LATER, date: 'yesterday', ms: undefined },
    { value: '', date: DATE, ms: undefined },
    { value: '-5', date: 'x', ms: undefined },
    { value: '1e9', date: 'x', ms: undefined },
    { value: '9999999999', date: 'x', ms: undefined },
    { value: 'soon', date: DATE, ms: undefined },
  ])('of $value in an answer of $date is $ms ms', ({ value, date, ms }) => {
    expect(retryAfterMs(value, date)).toBe(ms);
  });
});

const retryInfo = (retryDelay: unknown) => ({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay });
const withDetails = (...details: unknown[]) => ({ response: { data: { error: { details } } } });

describe('the wait that a failure asks for', () => {
  test.each<{ name: string; error: unknown; ms: number | undefined }>([
    { name: 'by a header', error: { response: { headers: new Headers({ 'retry-after': '5' }) } }, ms: 5_000 },
    {
      name: 'by the header of what caused it',
      error: new Error('x', { cause: { response: { headers: new Headers({ 'retry-after': '5' }) } } }),
      ms: 5_000,
    },
    { name: 'by Google in whole seconds', error: withDetails(retryInfo('30s')), ms: 30_000 },
    { name: 'by Google in parts of a second', error: withDetails(retryInfo('0.25s')), ms: 250 },
    { name: 'by Google among other details', error: withDetails({ reason: 'x' }, null, retryInfo('3s')), ms: 3_000 },
    {
      name: 'by Google, decoded',
      error: { statusDetails: [{ retryDelay: { seconds: { low: 4, high: 0, unsigned: false }, nanos: 500_000_000 } }] },
      ms: 4_500,
    },
    { name: 'by Google, decoded, for no time', error: { statusDetails: [{ retryDelay: {} }] }, ms: 0 },
    { name: 'by Google in a form of its own', error: withDetails(retryInfo('soon')), ms: undefined },
    { name: 'by Google as a number', error: withDetails(retryInfo(5)), ms: undefined },
    { name: 'by Google before now', error: withDetails(retryInfo('-5s')), ms: undefined },
    { name: 'by details that are a text', error: { statusDetails: 'x' }, ms: undefined },
    { name: 'by nobody', error: new Error('x'), ms: undefined },
    { name: 'by nothing', error: undefined, ms: undefined },
  ])('$name', ({ error, ms }) => {
    expect(retryAfterMsOf(error)).toBe(ms);
  });

  test('is the longest of all', () => {
    const error = { ...withDetails(retryInfo('3s'), retryInfo('9s')), statusDetails: [{ retryDelay: '4s' }] };
    expect(retryAfterMsOf(error, new Headers({ 'retry-after': '5' }))).toBe(9_000);
    expect(retryAfterMsOf(error, new Headers({ 'retry-after': '20' }))).toBe(20_000);
  });

  test('is never a reason to throw, nor less than nothing', () => {
    fc.assert(
      fc.property(fc.anything({ maxDepth: 4 }), fc.string(), fc.string(), (thrown, value, date) => {
        const waits = [retryAfterMsOf(thrown), retryAfterMsOf({ statusDetails: [{ retryDelay: thrown }] })];
        for (const wait of [...waits, retryAfterMs(value, date)]) {
          expect(wait === undefined || (Number.isFinite(wait) && wait >= 0)).toBe(true);
        }
      }),
    );
  });

  test('is no part of an error that no answer came to', () => {
    const error = apiError('get x', Object.assign(new Error('x'), { code: 'ECONNRESET' }));
    expect([(error as ApiError).retryAfterMs, retryAfterOf(error), retryAfterOf(new Error('x'))]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

const newServer = loopbacks();
const JOB = 'projects/p/locations/l/customJobs/7';
const STUDY = 'projects/p/locations/l/hyperparameterTuningJobs/8';

type Call = (url: string) => Promise<unknown>;
const credentials = fixedCredentials('TOKEN');
const CALLS: readonly { readonly client: string; readonly call: Call }[] = [
  { client: 'of jobs', call: (url) => vertexApi({ url, credentials }).get(JOB) },
  {
    client: 'of pipelines',
    call: (url) => vertexApi({ url, credentials }).get(JOB.replace('customJobs', 'trainingPipelines')),
  },
  { client: 'that cancels', call: (url) => vertexApi({ url, credentials }).cancel(STUDY) },
  {
    client: 'that lists',
    call: (url) => vertexApi({ url, credentials }).list('projects/p/locations/l', 'customJobs', 'x'),
  },
  {
    client: 'of models',
    call: (url) => vertexApi({ url, credentials }).modelExists('projects/p/locations/l/models/m'),
  },
  { client: 'of logs', call: (url) => loggingApi(url, credentials).list({ project: 'p', filter: 'x' }) },
  { client: 'of other services', call: (url) => restOf(url, credentials)({ action: 'get x', path: '/x' }) },
];

async function refused(call: Call, answer: Answer): Promise<ApiError> {
  const server = await newServer(() => answer);
  const error = await call(server.url).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

describe.each(CALLS)('through the client $client', ({ call }) => {
  const body = { error: { code: 429, message: 'Slow down.', status: 'RESOURCE_EXHAUSTED' } };

  test.each<{ name: string; answer: Answer; ms: number | undefined }>([
    { name: 'seconds in a header', answer: { status: 429, headers: { 'retry-after': '17' }, body }, ms: 17_000 },
    {
      name: 'a date in a header',
      answer: { status: 503, headers: { 'retry-after': LATER, date: DATE }, body },
      ms: 90_000,
    },
    {
      name: 'seconds beside a page of no JSON',
      answer: { status: 502, headers: { 'retry-after': '8' }, body: '<html>' },
      ms: 8_000,
    },
    { name: 'seconds of a refusal', answer: { status: 403, headers: { 'retry-after': '3' }, body }, ms: 3_000 },
    {
      name: "Google's details",
      answer: { status: 429, body: { error: { ...body.error, details: [retryInfo('30.5s')] } } },
      ms: 30_500,
    },
    { name: 'no wait at all', answer: { status: 429, body }, ms: undefined },
  ])('$name', async ({ answer, ms }) => {
    const error = await refused(call, answer);
    expect([error.httpStatus, error.retryAfterMs, retryAfterOf(error)]).toEqual([answer.status, ms, ms]);
  });
});

test('calls at the same time do not hear of each other', async () => {
  const server = await newServer(({ url }) => ({
    status: 429,
    headers: { 'retry-after': url.replace(/^.*\/(\d+)(?:\?.*)?$/, '$1') },
    body: { error: { code: 429, message: 'Slow down.' } },
  }));
  const api = vertexApi({ url: server.url, credentials });
  const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
  const waits = numbers.map((number) =>
    api.get(JOB.replace('7', String(number))).then(
      () => undefined,
      (error: unknown) => retryAfterOf(error),
    ),
  );
  expect(await Promise.all(waits)).toEqual(numbers.map((number) => number * 1_000));
});

test('a page that succeeded asks for nothing', async () => {
  const server = await newServer(({ url }) =>
    url.includes('pageToken')
      ? { status: 503, body: { error: { code: 503, message: 'Busy.' } } }
      : { headers: { 'retry-after': '60' }, body: { customJobs: [], nextPageToken: 'more' } },
  );
  const listed = vertexApi({ url: server.url, credentials }).list('projects/p/locations/l', 'customJobs', 'x');
  await expect(listed).rejects.toMatchObject({ httpStatus: 503, retryAfterMs: undefined });
});
