import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ask } from '../faults/raw.ts';
import { type Opened, openService, PARENT } from '../faults/service.ts';

interface Operation {
  readonly name: string;
  readonly done?: boolean;
}

const HOUR = 3_600_000;
let data = '';
let service: Opened;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'operations-'));
  service = await openService({ data });
});
afterAll(async () => {
  await service.close();
  await rm(data, { recursive: true });
});
beforeEach(() => service.faults.calm());

async function call(
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number | undefined; json: unknown }> {
  const { status, text } = await ask(service.port, `/v1/${path}`, { method, body });
  return { status, json: JSON.parse(text) };
}

async function upload(modelId: string, takeMs = 0): Promise<Operation> {
  await service.faults.order({ conditions: { uploads: { takeMs } } });
  const model = { displayName: modelId, containerSpec: { imageUri: 'serving' } };
  return (await call('POST', `${PARENT}/models:upload`, { modelId, model })).json as Operation;
}

async function listed(query: string): Promise<readonly Operation[]> {
  const { json } = await call('GET', `${PARENT}/models/listed/operations?${query}`);
  return (json as { readonly operations?: readonly Operation[] }).operations ?? [];
}

describe('cancel', () => {
  it('ends an operation that is under way, which then does nothing any more', async () => {
    const { name } = await upload('given-up', HOUR);
    const waiting = call('POST', `${name}:wait`);
    expect(await call('POST', `${name}:cancel`, {})).toEqual({ status: 200, json: {} });
    const ended = { name, done: true, error: { code: 1, message: expect.stringMatching(/cancelled/) } };
    expect((await waiting).json).toMatchObject(ended);
    await service.faults.order({ clock: { advanceMs: HOUR } });
    expect((await call('GET', name)).json).toMatchObject(ended);
    expect((await call('GET', `${PARENT}/models/given-up`)).status).toBe(404);
  });

  it('leaves one that is done as it is', async () => {
    const { name } = await upload('done');
    const before = await call('GET', name);
    expect(await call('POST', `${name}:cancel`)).toEqual({ status: 200, json: {} });
    expect(await call('GET', name)).toEqual(before);
  });
});

describe('delete', () => {
  it('forgets an operation, which goes on', async () => {
    const { name } = await upload('forgotten', HOUR);
    expect(await call('DELETE', name)).toEqual({ status: 200, json: {} });
    expect((await call('GET', name)).status).toBe(404);
    await service.faults.order({ clock: { advanceMs: HOUR } });
    while ((await call('GET', `${PARENT}/models/forgotten`)).status !== 200);
    expect((await call('GET', name)).status).toBe(404);
  });
});

it.each([
  ['GET', ''],
  ['DELETE', ''],
  ['POST', ':cancel'],
  ['POST', ':wait'],
])('%s of one that is not there is refused%s', async (method, verb) => {
  expect(await call(method, `${PARENT}/operations/1${verb}`)).toMatchObject({
    status: 404,
    json: {
      error: { status: 'NOT_FOUND', message: expect.stringMatching(/^The Operation does not exist: projects\/\d+\//) },
    },
  });
});

describe('list', () => {
  it('takes a filter', async () => {
    const running = await upload('listed', HOUR);
    const all = await listed('');
    expect(all.map(({ name }) => name)).toEqual([running.name]);
    expect(await listed('filter=done%3Dfalse')).toHaveLength(1);
    expect(await listed('filter=done%3Dtrue')).toEqual([]);
    expect(await listed('filter=NOT+done:true')).toHaveLength(1);
    expect(await listed(`filter=name%3D%22${encodeURIComponent(running.name)}%22`)).toHaveLength(1);
    expect(await listed('filter=create_time%3E%222099-01-01T00:00:00Z%22')).toEqual([]);
    const refused = await call('GET', `${PARENT}/operations?filter=colour%3D1`);
    expect(refused).toMatchObject({ status: 400, json: { error: { status: 'INVALID_ARGUMENT' } } });
  });
});

it('a restart knows those that were done, and none that was deleted', async () => {
  const [kept, gone] = [await upload('kept'), await upload('gone')];
  await call('DELETE', gone.name);
  await service.close();
  service = await openService({ data });
  expect((await call('GET', kept.name)).status).toBe(200);
  expect((await call('GET', gone.name)).status).toBe(404);
});
