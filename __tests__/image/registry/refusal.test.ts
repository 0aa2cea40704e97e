import { describe, expect, test } from '@jest/globals';
import { refusal, retryAfter } from '../../../src/image/registry/refusal.ts';

const refused = (status: number, body: string, headers: Record<string, string> = {}) =>
  refusal('GET https://r.example/x', { status, headers, body: Buffer.from(body) });

describe('a refusal in words', () => {
  test.each([
    {
      name: "the registry's errors",
      body: '{"errors":[{"code":"DENIED","message":"no"},{"code":"X","detail":{}},{"message":"only words"},7]}',
      said: ': DENIED: no; X; only words; ',
      codes: ['DENIED', 'X'],
    },
    {
      name: "a token service's",
      body: '{"details":"incorrect username or password"}',
      said: ': incorrect username or password',
      codes: [],
    },
    { name: 'plain text', body: 'slow\n::error::down\u001b[31m', said: ': slow ::error::down', codes: [] },
    { name: 'a page', body: '<html>no</html>', headers: { 'content-type': 'text/html' }, said: '', codes: [] },
    { name: 'nothing', body: '', said: '', codes: [] },
    { name: 'other JSON', body: '[1]', said: '', codes: [] },
    { name: 'a novel', body: 'x'.repeat(5000), said: `: ${'x'.repeat(500)}…`, codes: [] },
  ])('by $name', ({ body, headers, said, codes }) => {
    const error = refused(403, body, headers);
    expect(error.message).toBe(`GET https://r.example/x: HTTP 403${said}`.trimEnd());
    expect([error.status, error.codes]).toEqual([403, codes]);
  });
});

describe('another attempt', () => {
  test.each([
    { status: 408, helps: true },
    { status: 429, helps: true },
    { status: 500, helps: true },
    { status: 502, helps: true },
    { status: 503, helps: true },
    { status: 504, helps: true },
    { status: 400, helps: false },
    { status: 401, helps: false },
    { status: 403, helps: false },
    { status: 404, helps: false },
    { status: 413, helps: false },
    { status: 501, helps: false },
  ])('after $status helps: $helps', ({ status, helps }) => {
    expect(refused(status, '').transient).toBe(helps);
  });

  test('waits as long as it is asked to, but not for hours', () => {
    expect(refused(429, '', { 'retry-after': '60' })).toMatchObject({ transient: true, retryAfterMs: 60_000 });
    expect(refused(429, '', { 'retry-after': '61' })).toMatchObject({ transient: false, retryAfterMs: 61_000 });
  });

  test.each([
    { value: '5', date: undefined, ms: 5000 },
    { value: ' 5 ', date: undefined, ms: 5000 },
    { value: 'Mon, 23 Nov 2026 00:00:10 GMT', date: 'Mon, 23 Nov 2026 00:00:00 GMT', ms: 10_000 },
    { value: 'Mon, 23 Nov 2026 00:00:00 GMT', date: 'Mon, 23 Nov 2026 00:00:10 GMT', ms: 0 },
    { value: 'Mon, 23 Nov 2026 00:00:10 GMT', date: undefined, ms: undefined },
    { value: 'soon', date: undefined, ms: undefined },
    { value: '-5', date: undefined, ms: undefined },
    { value: undefined, date: undefined, ms: undefined },
  ])('after $value (at $date) in $ms ms', ({ value, date, ms }) => {
    expect(retryAfter(value, date)).toBe(ms);
  });
});
