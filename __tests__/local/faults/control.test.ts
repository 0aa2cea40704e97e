import { describe, expect, it } from '@jest/globals';
import type { ServiceOptions } from '../../../src/local/service.ts';
import { FaultClient, next, type Orders } from './client.ts';
import { ask } from './raw.ts';
import { customJob, type Opened, openService, PARENT } from './service.ts';

const PATH = '/-/faults';
const TOKEN = 'the-token';
const RESET = { kind: 'reset' } as const;

/** Runs `body` with a service of its own. */
async function withService(options: Partial<ServiceOptions>, body: (service: Opened) => Promise<void>): Promise<void> {
  const service = await openService(options);
  try {
    await body(service);
  } finally {
    await service.close();
  }
}

describe('without the option', () => {
  it.each(['GET', 'POST', 'DELETE'])('%s of the endpoint is of an unknown path', (method) =>
    withService({ faults: false }, async ({ port }) => {
      const answer = await ask(port, PATH, { method, body: { rules: [next('get', RESET)] } });
      expect(answer.status).toBe(404);
      expect(JSON.parse(answer.text)).toMatchObject({
        error: { code: 404, status: 'NOT_FOUND', message: expect.stringContaining(`does not know ${method} ${PATH}`) },
      });
    }),
  );

  it('a job with a simulated image needs the engine like any other', () =>
    withService({ faults: false }, async ({ vertex }) => {
      const { name } = await vertex.create(PARENT, 'customJobs', customJob('any'));
      let job = await vertex.get(name);
      while (job.state === 'PENDING') job = await vertex.get(name);
      expect(job).toMatchObject({ state: 'FAILED', error: { message: expect.stringContaining('Docker engine') } });
    }));
});

describe('the door of the endpoint', () => {
  it.each([
    ['no token', {}, 401],
    ['another token', { authorization: 'Bearer other' }, 401],
    ['a foreign Host', { authorization: `Bearer ${TOKEN}`, host: 'example.com' }, 403],
    ['a foreign Origin', { authorization: `Bearer ${TOKEN}`, origin: 'https://example.com' }, 403],
  ])('is shut to %s', (_name, headers, status) =>
    withService({ token: TOKEN }, async ({ port, faults }) => {
      for (const method of ['GET', 'POST', 'DELETE']) {
        expect(await ask(port, PATH, { method, headers, body: { rules: [next('get', RESET)] } })).toMatchObject({
          status,
        });
      }
      expect((await faults.report()).rules).toEqual([]);
    }),
  );

  it('is open to the token, also when that has been made to expire', () =>
    withService({ token: TOKEN }, async ({ port, faults }) => {
      const headers = { authorization: `Bearer ${TOKEN}` };
      await faults.order({ rules: [next('list', { kind: 'expired-token' })] });
      expect((await ask(port, `/v1/${PARENT}/customJobs`, { headers })).status).toBe(401);
      await faults.calm();
      expect((await ask(port, `/v1/${PARENT}/customJobs`, { headers })).status).toBe(200);
    }));

  it('knows no other method', () =>
    withService({}, async ({ port }) => {
      expect((await ask(port, PATH, { method: 'PUT' })).status).toBe(404);
    }));

  it('meets no fault itself', () =>
    withService({}, async ({ faults }) => {
      await faults.order({ rules: [{ times: 'always', fault: RESET }] });
      await faults.order({ rules: [{ times: 'always', fault: { kind: 'hang' } }] });
      expect((await faults.report()).rules).toHaveLength(2);
    }));
});

describe('an order that is refused', () => {
  const rule = (fault: object, more: object = {}) => ({ rules: [{ ...more, fault }] });
  const script = (inner: object) => ({ scripts: { s: inner } });

  it.each<[string, unknown, RegExp]>([
    ['no object', [], /An object is required/],
    ['an unknown part', { rule: [] }, /Field: rule; Message: Accepted here: rules, conditions, scripts, clock, jobs/],
    ['rules that are no list', { rules: {} }, /Field: rules; Message: A list is required/],
    ['a rule without a fault', { rules: [{}] }, /Field: rules\[0\]\.fault; Message: A rule needs a fault/],
    ['an unknown fault', rule({ kind: 'flood' }), /rules\[0\]\.fault\.kind; Message: One of refuse, reset, .*"flood"/],
    ['a fault without a kind', rule({}), /rules\[0\]\.fault\.kind; Message: One of refuse/],
    ['an unknown call', rule(RESET, { call: 'patch' }), /rules\[0\]\.call; Message: One of create, get/],
    ['a number of times', rule(RESET, { times: -1 }), /rules\[0\]\.times; Message: A whole number from 0/],
    ['half a time', rule(RESET, { skip: 1.5 }), /rules\[0\]\.skip; Message: A whole number/],
    [
      'a field of another fault',
      rule({ kind: 'reset', ms: 1 }),
      /rules\[0\]\.fault\.ms; Message: Accepted here: kind\./,
    ],
    [
      'a moment that cannot be',
      rule({ kind: 'drip' }, { when: 'before' }),
      /The fault drip strikes after the effect only/,
    ],
    ['a refusal of nothing', rule({ kind: 'refuse' }), /A refusal has a reason .* or an http status/],
    ['a refusal that is none', rule({ kind: 'refuse', http: 200 }), /http; Message: A whole number from 400 to 599/],
    [
      'details that are no list',
      rule({ kind: 'refuse', http: 400, details: {} }),
      /details; Message: A list is required/,
    ],
    ['a state without a state', rule({ kind: 'state' }), /A state is required/],
    ['no time in a lag', { conditions: { listLagMs: '5' } }, /conditions\.listLagMs; Message: A whole number/],
    ['every zeroth', { conditions: { entries: { lateEvery: 0 } } }, /lateEvery; Message: A whole number from 1/],
    [
      'an event of nothing',
      script({ programs: [{ events: [{ atMs: 1 }] }] }),
      /scripts\.s\.programs\[0\]\.events\[0\]; Message: An event does one of .* does 0/,
    ],
    [
      'a file elsewhere',
      script({ programs: [{ events: [{ write: { path: '../x', text: '' } }] }] }),
      /write\.path; Message: A path below the output folder is required/,
    ],
    ['an event of two things', script({ programs: [{ events: [{ stdout: 'a', stderr: 'b' }] }] }), /this one does 2/],
    [
      'a measure of no number',
      script({ programs: [{ events: [{ measure: { a: {} } }] }] }),
      /measure; Message: Numbers are required/,
    ],
    [
      'an exit code',
      script({ programs: [{ exit: { code: 256 } }] }),
      /exit\.code; Message: A whole number from 0 to 255/,
    ],
    ['a turn to nowhere', script({ turns: [{ atMs: 1 }] }), /A turn has either a state or an end/],
    ['a turn without a time', script({ turns: [{ state: 'PAUSED' }] }), /A turn needs a time/],
    [
      'an end that is none',
      script({ turns: [{ atMs: 1, end: { state: 'RUNNING' } }] }),
      /state; Message: One of SUCCEEDED/,
    ],
    [
      'an error without words',
      script({ turns: [{ atMs: 1, end: { state: 'FAILED', error: { code: 8 } } }] }),
      /A message is required/,
    ],
    ['a job without a name', { jobs: [{ state: 'PAUSED' }] }, /jobs\[0\]\.name/],
    ['a job and nothing to do', { jobs: [{ name: 'n' }] }, /One of state, end and preempt is required, not 0/],
    ['a clock that runs backwards', { clock: { advanceMs: -1 } }, /clock\.advanceMs/],
  ])('%s', (_name, order, message) =>
    withService({}, async ({ port, faults }) => {
      const before = await faults.report();
      const answer = await ask(port, PATH, { method: 'POST', body: order });
      expect(answer.status).toBe(400);
      const { error } = JSON.parse(answer.text) as {
        readonly error: { readonly status: string; readonly message: string };
      };
      expect(error.status).toBe('INVALID_ARGUMENT');
      expect(error.message).toMatch(message);
      const { rules, conditions } = before;
      expect(await faults.report()).toMatchObject({ rules, conditions });
    }),
  );

  it('is refused whole, and all that is wrong with it is told at once', () =>
    withService({}, async ({ faults }) => {
      const order = { rules: [next('get', RESET), { fault: { kind: 'flood' } }], clock: { advanceMs: 'x' } };
      await expect(faults.order(order as unknown as Orders)).rejects.toThrow(
        /1\.Field: rules\[1\].*2\.Field: clock\.advanceMs/,
      );
      expect((await faults.report()).rules).toEqual([]);
    }));

  it('of a job that does not run', () =>
    withService({}, async ({ faults }) => {
      const order = { jobs: [{ name: `${PARENT}/customJobs/1`, state: 'PAUSED' }] };
      await expect(faults.order(order)).rejects.toThrow(/HTTP 404: .*No job of that name runs/);
    }));
});

describe('the report', () => {
  it('tells of the requests, what met them, and of every job there is', () =>
    withService({}, async ({ vertex, faults, port }) => {
      const labels = { series: 's' };
      await faults.order({
        rules: [next('create', { kind: 'refuse', reason: 'unavailable' }, { name: 'first', when: 'after' })],
        conditions: { listLagMs: 60_000 },
        scripts: { s: { queuedMs: 'forever' } },
      });
      await expect(vertex.create(PARENT, 'customJobs', customJob('s', { labels }))).rejects.toThrow('HTTP 503');
      expect(await vertex.list(PARENT, 'customJobs', '')).toEqual([]);
      await ask(port, '/nowhere');
      const report = await faults.report();
      expect(report.rules).toMatchObject([{ name: 'first', call: 'create', seen: 1, fired: 1 }]);
      expect(report.requests).toMatchObject([
        { method: 'POST', path: `/v1/${PARENT}/customJobs`, call: 'create', fault: 'refuse' },
        { method: 'GET', call: 'list' },
        { method: 'GET', path: '/nowhere', call: 'other' },
      ]);
      expect(report.jobs).toMatchObject([{ displayName: 'job', labels, state: 'JOB_STATE_QUEUED' }]);
      expect(await faults.count('create')).toBe(1);
      await faults.calm();
      expect(await faults.report()).toMatchObject({ rules: [], conditions: {}, requests: [], jobs: report.jobs });
    }));

  it('is of this service alone', () =>
    withService({}, ({ faults }) =>
      withService({}, async (other) => {
        await faults.order({ rules: [next('get', RESET)] });
        expect((await other.faults.report()).rules).toEqual([]);
        expect((await new FaultClient(other.url).report()).rules).toEqual([]);
      }),
    ));
});
