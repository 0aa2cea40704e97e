import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ask } from './raw.ts';
import { type Opened, openService, PARENT } from './service.ts';

interface Operation {
  readonly name: string;
  readonly done?: boolean;
  readonly error?: object;
  readonly response?: { readonly model: string; readonly modelVersionId: string };
}

const HOUR = 3_600_000;
let service: Opened;
beforeAll(async () => {
  service = await openService();
});
afterAll(() => service.close());
beforeEach(() => service.faults.calm());

async function call<T = Operation>(method: string, path: string, body?: object): Promise<T> {
  return JSON.parse((await ask(service.port, `/v1/${path}`, { method, body })).text) as T;
}
const upload = (more: object) =>
  call('POST', `${PARENT}/models:upload`, {
    model: { displayName: 'm', containerSpec: { imageUri: 'serving' } },
    ...more,
  });
const status = async (path: string) => (await ask(service.port, `/v1/${path}`)).status;
const advance = (advanceMs: number) => service.faults.order({ clock: { advanceMs } });

/** Looks until the operation is done; the test's own time limit ends a wait in vain. */
async function done(name: string): Promise<Operation> {
  for (;;) {
    const operation = await call('GET', name);
    if (operation.done === true) return operation;
  }
}

describe('an upload that takes its time', () => {
  it('is under way until then: its operation is listed, its model is not there', async () => {
    await service.faults.order({ conditions: { uploads: { takeMs: HOUR } } });
    const begun = await upload({ modelId: 'slow' });
    expect(begun).not.toHaveProperty('done');
    expect(await call('GET', begun.name)).toEqual(begun);
    expect(await call('GET', `${PARENT}/models/slow/operations`)).toEqual({ operations: [begun] });
    expect(await call('POST', `${begun.name}:wait`, { timeout: '0s' })).toEqual(begun);
    expect(await status(`${PARENT}/models/slow`)).toBe(404);
    const waiting = call('POST', `${begun.name}:wait`);
    await advance(HOUR);
    expect(await waiting).toMatchObject({ done: true, response: { modelVersionId: '1' } });
    expect(await status(`${PARENT}/models/slow`)).toBe(200);
  });

  it('fails where the id has been taken meanwhile', async () => {
    await service.faults.order({ conditions: { uploads: { takeMs: HOUR } } });
    const [one, other] = [await upload({ modelId: 'wanted' }), await upload({ modelId: 'wanted' })];
    await advance(HOUR);
    const ended = [await done(one.name), await done(other.name)];
    expect(ended.filter(({ response }) => response !== undefined)).toHaveLength(1);
    expect(ended.find(({ error }) => error !== undefined)?.error).toEqual({
      code: 6,
      message: expect.stringMatching(/^The Model already exists/),
    });
  });
});

it('an upload fails as it is told to, and makes nothing', async () => {
  const error = { code: 9, message: 'There are no files under "gs://bucket/model/" to copy.' };
  await service.faults.order({ conditions: { uploads: { error } } });
  const begun = await upload({ modelId: 'failed' });
  expect(begun).not.toHaveProperty('done');
  expect(await call('GET', begun.name)).toMatchObject({ done: true, error });
  expect(await status(`${PARENT}/models/failed`)).toBe(404);
});

it('a wait for no time at all is refused where that is none', async () => {
  const { name } = await upload({ modelId: 'waited' });
  expect(await call('POST', `${name}:wait`, { timeout: 'soon' })).toMatchObject({ error: { code: 400 } });
});
