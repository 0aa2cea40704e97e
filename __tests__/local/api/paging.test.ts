import { describe, expect, it } from '@jest/globals';
import { errorAnswer } from '../../../src/local/api/errors.ts';
import { pageSizeOf, pageToken, positionOf } from '../../../src/local/api/paging.ts';

function refusalOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return errorAnswer(error).body;
  }
}

describe('pageSizeOf', () => {
  it.each([
    [undefined, 100],
    [null, 100],
    ['', 100],
    ['0', 100],
    ['7', 7],
    [7, 7],
    ['1000', 500],
    ['2147483647', 500],
  ])('%j', (given, expected) => {
    expect(pageSizeOf(given, 100, 500)).toBe(expected);
  });

  it.each(['abc', '1.5', '2147483648', {}])('tells of %j as Google does of what is no int32', (given) => {
    const description = `Invalid value at 'page_size' (TYPE_INT32), ${JSON.stringify(given)}`;
    const violations = {
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: [{ field: 'page_size', description }],
    };
    expect(refusalOf(() => pageSizeOf(given, 100, 500))).toEqual({
      error: { code: 400, status: 'INVALID_ARGUMENT', message: description, details: [violations] },
    });
  });

  it('refuses a negative one', () => {
    expect(refusalOf(() => pageSizeOf('-1', 100, 500))).toMatchObject({
      error: { code: 400, status: 'INVALID_ARGUMENT', message: 'Invalid page_size: -1 is negative.' },
    });
  });
});

describe('page tokens', () => {
  const request = ['customJobs', '1', 'us-central1', 'state="x"'];

  it('hold a position for the request that they were given for', () => {
    expect(positionOf(pageToken('a/b', request), request)).toBe('a/b');
    expect(positionOf('', request)).toBeUndefined();
    expect(positionOf(undefined, request)).toBeUndefined();
  });

  it.each([
    ['of another request', pageToken('a/b', ['models'])],
    ['that is none', 'bogus'],
    ['of other JSON', Buffer.from('{"a":1}').toString('base64url')],
  ])('refuses one %s', (_name, token) => {
    expect(refusalOf(() => positionOf(token, request))).toEqual({
      error: { code: 400, status: 'INVALID_ARGUMENT', message: 'The page token is not valid for this request.' },
    });
  });
});
