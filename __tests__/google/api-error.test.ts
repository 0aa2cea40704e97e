import { describe, expect, test } from '@jest/globals';
import { ApiError, apiError, isTransient } from '../../src/google/api-error.ts';

const BODY = JSON.stringify({ error: { code: 403, message: 'You may not.', status: 'PERMISSION_DENIED' } });
const thrown = (message: string, fields: object = {}) => Object.assign(new Error(message), fields);

describe('what a client library threw', () => {
  test.each<{ name: string; error: unknown; status: number | undefined; message: string }>([
    { name: 'a status', error: thrown('no', { status: 403 }), status: 403, message: 'get x: HTTP 403: no' },
    {
      name: 'a code that is a status',
      error: thrown(BODY, { code: 403 }),
      status: 403,
      message: 'get x: HTTP 403: You may not.',
    },
    {
      name: 'a code that is a text',
      error: thrown('no', { code: '404' }),
      status: 404,
      message: 'get x: HTTP 404: no',
    },
    { name: 'a gRPC code', error: thrown('no', { code: 7 }), status: 403, message: 'get x: HTTP 403: no' },
    { name: 'a deadline', error: thrown('late', { code: 4 }), status: 504, message: 'get x: HTTP 504: late' },
    {
      name: 'the word of a status',
      error: thrown('no', { status: 'NOT_FOUND', code: 5 }),
      status: 404,
      message: 'get x: HTTP 404: no',
    },
    {
      name: 'an HTTP status beside a gRPC code',
      error: thrown('no', { httpStatusCode: 429, code: 8 }),
      status: 429,
      message: 'get x: HTTP 429: no',
    },
    {
      name: 'no connection',
      error: thrown('connect ECONNREFUSED', { code: 'ECONNREFUSED' }),
      status: undefined,
      message: 'get x: no answer: connect ECONNREFUSED',
    },
    {
      name: 'a body behind other words',
      error: thrown(`400 ${BODY}`, { code: 400 }),
      status: 400,
      message: 'get x: HTTP 400: You may not.',
    },
    {
      name: 'a body that is no JSON',
      error: thrown('{oops', { code: 502 }),
      status: 502,
      message: 'get x: HTTP 502: {oops',
    },
    {
      name: 'a body of another form',
      error: thrown('{"a":1}', { code: 502 }),
      status: 502,
      message: 'get x: HTTP 502: {"a":1}',
    },
  ])('$name', ({ error, status, message }) => {
    const wrapped = apiError('get x', error);
    expect(wrapped).toBeInstanceOf(ApiError);
    expect([(wrapped as ApiError).httpStatus, wrapped.message, wrapped.cause]).toEqual([status, message, error]);
  });

  test.each<{ name: string; error: unknown }>([
    { name: 'a name that nobody resolves', error: thrown('x', { code: 'ENOTFOUND' }) },
    { name: 'a resolver that is busy', error: thrown('x', { code: 'EAI_AGAIN' }) },
    { name: 'a connection that broke', error: thrown('x', { code: 'ECONNRESET' }) },
    { name: 'a connection that nobody answered', error: thrown('x', { code: 'ETIMEDOUT' }) },
    { name: 'an answer that ended too soon', error: thrown('x', { code: 'ERR_STREAM_PREMATURE_CLOSE' }) },
    { name: 'a time-out', error: thrown('x', { name: 'TimeoutError' }) },
    { name: 'an abort', error: thrown('x', { name: 'AbortError' }) },
    { name: 'a fetch that failed', error: new TypeError('fetch failed') },
    {
      name: 'what caused it',
      error: new Error('x', { cause: new Error('y', { cause: thrown('z', { code: 'EPIPE' }) }) }),
    },
    { name: 'a socket of the fetch', error: thrown('terminated', { cause: thrown('x', { code: 'UND_ERR_SOCKET' }) }) },
  ])('no answer, by $name, is worth another attempt', ({ error }) => {
    const wrapped = apiError('get x', error);
    expect([wrapped instanceof ApiError, isTransient(wrapped), wrapped.cause]).toEqual([true, true, error]);
    expect(wrapped.message).toMatch(/^get x: no answer: /);
  });

  test.each<{ name: string; error: unknown; message: string }>([
    { name: 'a code that nobody knows', error: thrown('x', { code: 77 }), message: 'get x: x' },
    { name: 'a text', error: 'x', message: 'get x: x' },
    { name: 'nothing', error: undefined, message: 'get x: undefined' },
    { name: 'a fault of our own', error: new TypeError('x is no function'), message: 'get x: x is no function' },
  ])('$name is neither an answer nor the lack of one, and no other attempt mends it', ({ error, message }) => {
    const wrapped = apiError('get x', error);
    expect([wrapped instanceof ApiError, isTransient(wrapped), wrapped.message, wrapped.cause]).toEqual([
      false,
      false,
      message,
      error,
    ]);
  });
});

describe('whether another attempt may help', () => {
  test.each([undefined, 408, 429, 500, 502, 503, 504])('after %p: yes', (status) => {
    expect(isTransient(new ApiError('x', status))).toBe(true);
  });

  test.each([400, 401, 403, 404, 409, 412, 499, 501])('after %p: no', (status) => {
    expect(isTransient(new ApiError('x', status))).toBe(false);
  });

  test('after an error of our own: no', () => {
    expect(isTransient(new TypeError('x'))).toBe(false);
  });
});
