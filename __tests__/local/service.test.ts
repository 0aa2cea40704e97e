import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '../../src/local/service.ts';

const TOKEN = 'the-token';
let service: Service;

interface Answer {
  readonly status: number;
  readonly body: { readonly error?: { readonly code: number; readonly status: string; readonly message: string } };
}

/** Over node:http, since fetch sets Host itself. */
function ask(method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const all = { authorization: `Bearer ${TOKEN}`, 'content-length': String(Buffer.byteLength(body)), ...headers };
    const sent = request({ port: service.port, host: '127.0.0.1', method, path, headers: all }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const JOBS = '/v1/projects/p/locations/us-central1/customJobs';
const job = (change: object = {}) =>
  JSON.stringify({ displayName: 'x', jobSpec: { workerPoolSpecs: [{ containerSpec: { imageUri: 'i' } }] }, ...change });

beforeAll(async () => {
  const engine = { socketPath: join(tmpdir(), 'no-engine-listens-here.sock') };
  service = await startService({ port: 0, engine, token: TOKEN });
});
afterAll(() => service.close());

describe('the door', () => {
  it.each([
    ['a foreign Host', { host: 'example.com' }, 403, 'PERMISSION_DENIED'],
    ['a Host that begins like loopback', { host: '127.0.0.1.example.com' }, 403, 'PERMISSION_DENIED'],
    ['a foreign Origin', { origin: 'https://example.com' }, 403, 'PERMISSION_DENIED'],
    ['an Origin without a place', { origin: 'null' }, 403, 'PERMISSION_DENIED'],
    ['an Origin that begins like loopback', { origin: 'http://localhost.example.com' }, 403, 'PERMISSION_DENIED'],
    ['a wrong token', { authorization: 'Bearer other' }, 401, 'UNAUTHENTICATED'],
    ['an empty token', { authorization: 'Bearer ' }, 401, 'UNAUTHENTICATED'],
    ['another scheme', { authorization: `Basic ${TOKEN}` }, 401, 'UNAUTHENTICATED'],
  ])('refuses %s', async (_name, headers, code, status) => {
    const answer = await ask('GET', JOBS, headers);
    expect(answer).toMatchObject({ status: code, body: { error: { code, status } } });
  });

  it.each([
    ['127.0.0.1', { host: '127.0.0.1:1234' }],
    ['localhost', { host: 'localhost' }],
    ['[::1]', { host: '[::1]:80' }],
    ['an Origin of this machine', { origin: 'http://localhost:3000' }],
  ])('lets in %s', async (_name, headers) => {
    expect(await ask('GET', JOBS, headers)).toEqual({ status: 200, body: {} });
  });
});

describe('requests that are refused', () => {
  it.each([
    ['a broken body', 'POST', JOBS, '{', 400, /Invalid JSON payload/],
    ['a body that is too long', 'POST', JOBS, `"${'x'.repeat(11 * 1024 * 1024)}"`, 400, /exceeds the limit/],
    ['a faulty job', 'POST', JOBS, job({ displayName: '' }), 400, /1\.Field: display_name/],
    ['an unknown job', 'GET', `${JOBS}/123`, '', 404, /The CustomJob does not exist: projects\/\d+\/locations/],
    ['cancel of an unknown job', 'POST', `${JOBS}/123:cancel`, '', 404, /does not exist/],
    ['an unknown method', 'PATCH', `${JOBS}/123`, '', 404, /does not know PATCH/],
    ['an unknown collection', 'GET', '/v1/projects/p/locations/l/endpoints', '', 404, /does not know/],
    ['a path that climbs', 'GET', '/v1/projects/p/locations/l/customJobs/..%2F..', '', 404, /does not know/],
    ['a badly encoded path', 'GET', '/v1/%zz', '', 400, /not well encoded/],
    ['a bad filter', 'GET', `${JOBS}?filter=colour%3D1`, '', 400, /Invalid filter/],
    ['a bad page size', 'GET', `${JOBS}?pageSize=-1`, '', 400, /page.size/],
    ['a page size that is no number', 'GET', `${JOBS}?page_size=ten`, '', 400, /'page_size' \(TYPE_INT32\), "ten"/],
    ['a read mask of a list', 'GET', `${JOBS}?readMask=name,colour`, '', 400, /"colour" is no field of CustomJob/],
    ['a read mask of a job', 'GET', `${JOBS}/123?read_mask=jobSpec.colour`, '', 400, /no field of CustomJob/],
    ['a filter by another time', 'GET', `${JOBS}?filter=end_time%3E%222026-01-01%22`, '', 400, /end_time is not known/],
    ['a bad page token', 'GET', `${JOBS}?pageToken=abc`, '', 400, /page token/],
    ['entries of no project', 'POST', '/v2/entries:list', '{}', 400, /resource_names/],
    [
      'entries in another order',
      'POST',
      '/v2/entries:list',
      '{"resourceNames":["projects/p"],"orderBy":"severity"}',
      400,
      /order_by/,
    ],
    ['a shutdown where none is offered', 'POST', '/-/shutdown', '', 404, /does not know/],
  ])('%s', async (_name, method, path, body, code, message) => {
    const answer = await ask(method, path, {}, body);
    expect(answer.status).toBe(code);
    expect(answer.body.error).toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

describe('without an engine', () => {
  it('a job fails, and its error says why', async () => {
    const made = await ask('POST', JOBS, {}, job());
    const { name } = made.body as unknown as { readonly name: string };
    expect(name).toMatch(/^projects\/\d+\/locations\/us-central1\/customJobs\/\d{19}$/);
    let found: Answer['body'] = {};
    for (let tries = 0; tries < 100 && !('error' in found); tries += 1) found = (await ask('GET', `/v1/${name}`)).body;
    expect(found).toMatchObject({
      state: 'JOB_STATE_FAILED',
      error: { code: 13, message: expect.stringMatching(/Docker engine cannot be reached/) },
    });
    expect(await ask('POST', `/v1/${name}:cancel`)).toEqual({ status: 200, body: {} });
    const deleted = await ask('DELETE', `/v1/${name}`);
    expect(deleted.body).toMatchObject({ done: true });
    const operation = (deleted.body as unknown as { readonly name: string }).name;
    expect((await ask('GET', `/v1/${operation}`)).body).toEqual(deleted.body);
    expect((await ask('GET', `/v1/${name}`)).status).toBe(404);
  });
});

describe('the data folder', () => {
  it('is removed at the end where the service made it, and kept where it was given', async () => {
    const data = join(tmpdir(), `local-data-${process.pid}`);
    const other = await startService({ port: 0, engine: { socketPath: '/nowhere' }, data });
    await other.close();
    expect(existsSync(data)).toBe(true);
    const { rm } = await import('node:fs/promises');
    await rm(data, { recursive: true });
  });
});
