import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { fixedCredentials } from '../../../src/google/credentials.ts';
import { type ModelsApi, modelsApi } from '../../../src/google/models.ts';
import { openService } from '../faults/service.ts';

const PARENT = 'projects/my-project/locations/us-central1';
const model = { displayName: 'digits', containerSpec: { imageUri: 'serving' }, artifactUri: 'gs://bucket/model/' };

let api: ModelsApi;
let service: Awaited<ReturnType<typeof openService>>;
beforeAll(async () => {
  service = await openService({ engine: { socketPath: join(tmpdir(), 'no-engine-listens-here.sock') } });
  api = modelsApi(service.url, fixedCredentials('any'));
});
afterAll(() => service.close());

it('the action’s own client uploads, finds again by label, and moves aliases', async () => {
  const first = await api.upload(PARENT, { model: { ...model, labels: { run: '1' } }, modelId: 'digits' });
  expect(first).toMatchObject({ done: false, made: undefined, error: undefined });
  const { done, made } = await api.operation(first.name);
  const name = made?.name ?? '';
  expect([done, made]).toEqual([true, { name: expect.stringMatching(/\/models\/digits$/), version: '1' }]);
  expect(await api.uploads(name)).toEqual([]);

  await service.faults.order({ conditions: { uploads: { takeMs: 1_000 } } });
  const second = await api.upload(PARENT, { model: { ...model, labels: { run: '2' } }, parentModel: name });
  expect(await api.uploads(name)).toEqual([second]);
  expect(await api.versions(name, 'labels.run="2"')).toEqual([]);
  await service.faults.order({ clock: { advanceMs: 1_000 } });
  while (!(await api.operation(second.name)).done);
  const [found] = await api.versions(name, 'labels.run="2"');
  expect(found).toMatchObject({
    name,
    version: '2',
    aliases: [],
    labels: { run: '2' },
    artifactUri: 'gs://bucket/model/',
  });

  expect(await api.mergeAliases({ name, version: '2' }, ['default', 'best'])).toMatchObject({
    version: '2',
    aliases: ['default', 'best'],
  });
  expect((await api.get(name))?.version).toBe('2');
  expect((await api.get(`${name}@1`))?.aliases).toEqual([]);
  expect(await api.get(`${PARENT}/models/none`)).toBeUndefined();
  expect(await api.versions(`${PARENT}/models/none`, '')).toEqual([]);
  expect(await api.uploads(`${PARENT}/models/none`)).toEqual([]);
});
