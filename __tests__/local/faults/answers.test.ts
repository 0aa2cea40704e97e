import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OAuth2Client } from 'google-auth-library';
import { ApiError, isTransient } from '../../../src/google/api-error.ts';
import { loggingApi } from '../../../src/google/logging.ts';
import { vertexApi } from '../../../src/google/vertex.ts';
import type { Refusal } from '../../../src/local/faults/refusals.ts';
import type { RequestFault } from '../../../src/local/faults/rules.ts';
import { next, type Orders } from './client.ts';
import { ask } from './raw.ts';
import { customJob, ENDS, type Opened, openService, PARENT, reached, standingClock } from './service.ts';

const JOBS = `/v1/${PARENT}/customJobs`;
const SCRIPTS = { s: { programs: [{ events: [{ stdout: 'hello' }] }] } };

let service: Opened;
beforeAll(async () => {
  service = await openService();
});
afterAll(() => service.close());
beforeEach(async () => {
  await service.faults.calm();
  await service.faults.order({ scripts: SCRIPTS });
});

const create = () => service.vertex.create(PARENT, 'customJobs', customJob('s'));
const made = async () => (await service.faults.report()).jobs.length;

async function refusalOf(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiError)) throw new Error(`no refusal: ${String(error)}`);
  return error;
}

describe('a refusal', () => {
  const NUMBER = /'project_number:\d+'/;

  it.each<[string, Refusal, number, string, RegExp]>([
    ['too many requests', { reason: 'rate-limited' }, 429, 'RESOURCE_EXHAUSTED', NUMBER],
    [
      'no quota',
      { reason: 'quota', metrics: ['custom_model_training_cpus', 'custom_model_training_nvidia_t4_gpus'] },
      429,
      'RESOURCE_EXHAUSTED',
      /^The following quota metrics exceed quota limits: aiplatform\.googleapis\.com\/custom_model_training_cpus,aiplatform\.googleapis\.com\/custom_model_training_nvidia_t4_gpus$/,
    ],
    [
      'no machines',
      { reason: 'stockout' },
      429,
      'RESOURCE_EXHAUSTED',
      /^Resources are insufficient in region: us-central1\. /,
    ],
    ['500', { reason: 'internal' }, 500, 'INTERNAL', /^Internal error encountered\.$/],
    ['503', { reason: 'unavailable' }, 503, 'UNAVAILABLE', /^The service is currently unavailable\.$/],
    ['504', { reason: 'deadline' }, 504, 'DEADLINE_EXCEEDED', /^Deadline expired before operation could complete\.$/],
    [
      'no permission',
      { reason: 'permission' },
      403,
      'PERMISSION_DENIED',
      /^Permission 'aiplatform\.customJobs\.create' denied on resource '\/\/aiplatform\.googleapis\.com\/projects\/my-project\/locations\/us-central1' \(or it may not exist\)\.$/,
    ],
    [
      'an image that the service may not read',
      { reason: 'image-not-readable' },
      400,
      'FAILED_PRECONDITION',
      /^Vertex AI Service Agent service-\d+@gcp-sa-aiplatform-cc\.iam\.gserviceaccount\.com does not have permission to access Artifact Registry repository projects\/my-project\//,
    ],
    ['any', { http: 409, status: 'ABORTED', message: 'Another time.' }, 409, 'ABORTED', /^Another time\.$/],
    ['a known one in other words', { reason: 'internal', message: 'Oops.' }, 500, 'INTERNAL', /^Oops\.$/],
  ])('%s, raw and to the client', async (_name, refusal, http, status, message) => {
    await service.faults.order({ rules: [next('create', { kind: 'refuse', ...refusal }, { times: 2 })] });
    const raw = await ask(service.port, JOBS, { method: 'POST', body: customJob('s') });
    expect(raw).toMatchObject({ status: http, error: undefined });
    expect(raw.headers['content-type']).toBe('application/json; charset=UTF-8');
    expect(raw.headers['retry-after']).toBeUndefined();
    expect(JSON.parse(raw.text)).toMatchObject({
      error: { code: http, status, message: expect.stringMatching(message) },
    });
    const error = await refusalOf(create());
    expect(error.httpStatus).toBe(http);
    expect(error.message.replace(/^.*?HTTP \d+: /, '')).toMatch(message);
    await create();
  });

  it('names the service and the metric that the call is counted under', async () => {
    const rule = { kind: 'refuse', reason: 'rate-limited' } as const;
    await service.faults.order({ rules: [next('get', rule), next('entries', rule), next('create', rule)] });
    const { name } = await service.vertex
      .list(PARENT, 'customJobs', '')
      .then(([job]) => job ?? { name: `${PARENT}/customJobs/1` });
    const [get, entries, created] = [
      await refusalOf(service.vertex.get(name)),
      await refusalOf(service.logging.list({ project: 'my-project', filter: '' })),
      await refusalOf(create()),
    ].map(({ message }) => /metric '(.*?)'.*service '(.*?)'/.exec(message)?.slice(1));
    expect([get, entries, created]).toEqual([
      ['Resource management requests', 'aiplatform.googleapis.com'],
      ['Read requests', 'logging.googleapis.com'],
      ['Job submission requests', 'aiplatform.googleapis.com'],
    ]);
  });

  it('has a Retry-After where it was asked for', async () => {
    await service.faults.order({
      rules: [next('list', { kind: 'refuse', reason: 'unavailable', retryAfterSeconds: 7 })],
    });
    expect((await ask(service.port, JOBS)).headers['retry-after']).toBe('7');
  });

  it('may be a page of a front end', async () => {
    await service.faults.order({ rules: [next('list', { kind: 'refuse', reason: 'bad-gateway' }, { times: 2 })] });
    const raw = await ask(service.port, JOBS);
    expect([raw.status, raw.headers['content-type'], raw.text.slice(0, 15)]).toEqual([
      502,
      'text/html; charset=UTF-8',
      '<!DOCTYPE html>',
    ]);
    expect((await refusalOf(service.vertex.list(PARENT, 'customJobs', ''))).httpStatus).toBe(502);
  });
});

describe('before and after the effect', () => {
  const UNAVAILABLE: RequestFault = { kind: 'refuse', reason: 'unavailable' };

  it.each<[string, RequestFault, 'before' | 'after', number]>([
    ['a refusal', UNAVAILABLE, 'before', 0],
    ['a refusal', UNAVAILABLE, 'after', 1],
    ['a reset', { kind: 'reset' }, 'before', 0],
    ['a reset', { kind: 'reset' }, 'after', 1],
    ['a malformed answer', { kind: 'malformed' }, 'after', 1],
    ['half an answer', { kind: 'truncated' }, 'after', 1],
  ])('%s to create, %4$s', async (_name, fault, when, more) => {
    const before = await made();
    await service.faults.order({ rules: [next('create', fault, { when })] });
    const error = await refusalOf(create());
    expect(isTransient(error)).toBe(true);
    expect(await made()).toBe(before + more);
    await create();
    expect(await made()).toBe(before + more + 1);
  });

  it('a refusal to cancel, after which the job ends all the same', async () => {
    await service.faults.order({
      scripts: { s: { programs: [{ exit: 'never' }] } },
      rules: [next('cancel', UNAVAILABLE, { when: 'after' })],
    });
    const { name } = await create();
    await refusalOf(service.vertex.cancel(name));
    expect((await reached(service, name, ...ENDS)).state).toBe('CANCELLED');
  });
});

describe('the connection', () => {
  it.each(['before', 'after'] as const)('is reset %s the effect', async (when) => {
    await service.faults.order({
      rules: [next('list', { kind: 'reset' }, { when }), next('entries', { kind: 'reset' }, { when })],
    });
    expect(await ask(service.port, JOBS)).toMatchObject({ status: undefined, error: 'ECONNRESET' });
    const error = await refusalOf(service.logging.list({ project: 'my-project', filter: '' }));
    expect([error.httpStatus, isTransient(error)]).toEqual([undefined, true]);
  });

  it.each(['before', 'after'] as const)('stays without an answer, %s the effect', async (when) => {
    const before = await made();
    await service.faults.order({ rules: [next('create', { kind: 'hang' }, { when })] });
    const patience = new AbortController();
    const waiting = ask(service.port, JOBS, { method: 'POST', body: customJob('s'), signal: patience.signal });
    const told = () => service.faults.report().then(({ rules }) => rules.some(({ fired }) => fired > 0));
    while (!(await told())) await new Promise((resolve) => setImmediate(resolve));
    // Whatever is asked meanwhile is answered.
    expect((await ask(service.port, JOBS)).status).toBe(200);
    expect(await made()).toBe(before + (when === 'after' ? 1 : 0));
    patience.abort();
    expect(await waiting).toMatchObject({ status: undefined, text: '', error: 'ABORT_ERR' });
  });

  it('ends in the middle of the body', async () => {
    const whole = await ask(service.port, JOBS);
    await service.faults.order({ rules: [next('list', { kind: 'truncated' }, { times: 2 })] });
    const half = await ask(service.port, JOBS);
    expect(half).toMatchObject({ status: 200, error: 'ECONNRESET' });
    expect(half.headers['content-length']).toBe(whole.headers['content-length']);
    expect(half.text).toBe(whole.text.slice(0, half.text.length));
    expect(half.text.length).toBeGreaterThan(0);
    expect(half.text.length).toBeLessThan(whole.text.length);
    expect(isTransient(await refusalOf(service.vertex.list(PARENT, 'customJobs', '')))).toBe(true);
  });

  it('drips', async () => {
    await create();
    const whole = await ask(service.port, JOBS);
    await service.faults.order({
      rules: [next('list', { kind: 'drip', bytes: Math.ceil(whole.text.length / 4), everyMs: 20 }, { times: 2 })],
    });
    const dripped = await ask(service.port, JOBS);
    expect(dripped).toMatchObject({ status: 200, error: undefined, pieces: 4 });
    expect(Object.keys(JSON.parse(dripped.text))).toEqual(['customJobs']);
    expect(await service.vertex.list(PARENT, 'customJobs', '')).not.toEqual([]);
  });

  it.each(['before', 'after'] as const)('waits %s the effect until its time has come', async (when) => {
    const before = await made();
    await service.faults.order({ rules: [next('create', { kind: 'delay', ms: 3_600_000 }, { when })] });
    let answered = false;
    const waiting = create().then(() => {
      answered = true;
    });
    while ((await service.faults.count('create')) === 0) await new Promise((resolve) => setImmediate(resolve));
    expect([answered, await made()]).toEqual([false, before + (when === 'after' ? 1 : 0)]);
    await service.faults.order({ clock: { advanceMs: 3_600_000 } });
    await waiting;
    expect(await made()).toBe(before + 1);
  });

  it.each<[string, RequestFault, Orders]>([
    ['later', { kind: 'delay', ms: 3_600_000 }, { clock: { advanceMs: 3_600_000 } }],
    ['when a test lets it', { kind: 'hold' }, { release: true }],
  ])('may be gone when the effect comes, %s', async (_name, fault, orders) => {
    const before = await made();
    await service.faults.order({ rules: [next('create', fault)] });
    const patience = new AbortController();
    const waiting = ask(service.port, JOBS, { method: 'POST', body: customJob('s'), signal: patience.signal });
    while ((await service.faults.count('create')) === 0) await new Promise((resolve) => setImmediate(resolve));
    patience.abort();
    expect(await waiting).toMatchObject({ error: 'ABORT_ERR' });
    expect((await ask(service.port, JOBS)).status).toBe(200);
    expect(await made()).toBe(before);
    await service.faults.order(orders);
    while ((await made()) === before) await new Promise((resolve) => setImmediate(resolve));
    expect(await made()).toBe(before + 1);
  });
});

describe('a body that is no JSON', () => {
  it.each<[string, string | undefined, (text: string) => boolean]>([
    ['half of what was to be said', undefined, (text) => text.startsWith('{')],
    ['something else', '<html>', (text) => text === '<html>'],
    ['nothing', '', (text) => text === ''],
  ])('%s', async (_name, text, isSaid) => {
    await create();
    await service.faults.order({
      rules: [next('list', { kind: 'malformed', text }, { times: 2 }), next('entries', { kind: 'malformed', text })],
    });
    const raw = await ask(service.port, JOBS);
    expect(raw).toMatchObject({ status: 200, error: undefined });
    expect(raw.headers['content-type']).toBe('application/json; charset=UTF-8');
    expect(isSaid(raw.text)).toBe(true);
    expect(() => JSON.parse(raw.text)).toThrow();
    await expect(service.vertex.list(PARENT, 'customJobs', '')).rejects.toThrow();
    await expect(service.logging.list({ project: 'my-project', filter: '' })).rejects.toThrow();
  });
});

describe('a token that has expired', () => {
  const withToken = (token: string) => ask(service.port, JOBS, { headers: { authorization: `Bearer ${token}` } });

  it('is refused until another one comes, whatever is asked', async () => {
    await service.faults.order({ rules: [next('list', { kind: 'expired-token' })] });
    const refused = await withToken('old');
    expect(refused.status).toBe(401);
    expect(refused.headers['www-authenticate']).toMatch(/^Bearer .*error="invalid_token"/);
    expect(JSON.parse(refused.text)).toMatchObject({
      error: {
        code: 401,
        status: 'UNAUTHENTICATED',
        details: [{ reason: 'ACCESS_TOKEN_EXPIRED', domain: 'googleapis.com' }],
      },
    });
    const entries = { method: 'POST', body: { resourceNames: ['projects/my-project'] } };
    const old = { authorization: 'Bearer old' };
    expect((await ask(service.port, '/v2/entries:list', { ...entries, headers: old })).status).toBe(401);
    expect((await withToken('old')).status).toBe(401);
    expect((await withToken('new')).status).toBe(200);
    expect((await withToken('old')).status).toBe(401);
  });

  it('is renewed by clients that can', async () => {
    let issued = 1;
    const client = new OAuth2Client({ forceRefreshOnFailure: true });
    client.setCredentials({ access_token: 'token-1', expiry_date: Date.now() + 3_600_000 });
    client.refreshHandler = async () => {
      issued += 1;
      return { access_token: `token-${issued}`, expiry_date: Date.now() + 3_600_000 };
    };
    const credentials = { client, accessToken: async () => '' };
    const rule = { kind: 'expired-token' } as const;
    await service.faults.order({ rules: [next('entries', rule)] });
    const logging = loggingApi(service.url, credentials);
    expect(await logging.list({ project: 'my-project', filter: 'severity>=ALERT' })).toMatchObject({ entries: [] });
    expect(issued).toBe(2);
    const found = await vertexApi({ url: service.url, credentials }).list(PARENT, 'customJobs', '');
    expect(Array.isArray(found)).toBe(true);
  });
});

describe('a state that the job does not have', () => {
  it.each([
    ['UPDATING', 'UPDATING'],
    ['PAUSED', 'PAUSED'],
    ['EXPIRED', 'EXPIRED'],
    ['PARTIALLY_SUCCEEDED', 'PARTIALLY_SUCCEEDED'],
    [42, '42'],
  ])('%s for the next two looks', async (state, seen) => {
    const { name } = await create();
    await reached(service, name, 'SUCCEEDED');
    await service.faults.order({ rules: [next('get', { kind: 'state', state }, { times: 2 })] });
    const states = [];
    for (let look = 0; look < 3; look += 1) states.push((await service.vertex.get(name)).state);
    expect(states).toEqual([seen, seen, 'SUCCEEDED']);
  });

  it('may be a word that nobody knows', async () => {
    const { name } = await create();
    await service.faults.order({ rules: [next('get', { kind: 'state', state: 'REBORN' })] });
    expect(JSON.parse((await ask(service.port, `/v1/${name}`)).text)).toMatchObject({ state: 'JOB_STATE_REBORN' });
  });
});

describe('a clock that is wrong', () => {
  it.each([-3_600_000, 86_400_000])('by %d ms shows in Date, in what is made and in the log', async (skewMs) => {
    const nowMs = standingClock.now();
    const wrong = await openService({ clock: standingClock });
    try {
      await wrong.faults.order({ clock: { skewMs }, scripts: SCRIPTS });
      const { name, createTime } = await wrong.vertex.create(PARENT, 'customJobs', customJob('s'));
      const { endTime } = await reached(wrong, name, ...ENDS);
      const { headers } = await ask(wrong.port, JOBS);
      const [entry] = await wrong.entries(name);
      const times = [createTime, endTime, headers.date, entry?.timestamp].map((text = '') => Date.parse(text));
      expect(times).toEqual(Array(4).fill(nowMs + skewMs));
    } finally {
      await wrong.close();
    }
  });
});
