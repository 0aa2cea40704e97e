import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '../../../src/local/service.ts';
import { googleClients } from '../google-clients.ts';

/** The registry needs no engine. */
let service: Service;
let clients: ReturnType<typeof googleClients>;
const parent = 'projects/my-project/locations/us-central1';

beforeAll(async () => {
  service = await startService({ port: 0, engine: { socketPath: join(tmpdir(), 'no-engine-listens-here.sock') } });
  clients = googleClients(service.port);
});
afterAll(async () => {
  for (const client of Object.values(clients)) await client.close();
  await service.close();
});

const containerSpec = { imageUri: 'serving', predictRoute: '/predict', ports: [{ containerPort: 8080 }] };

async function upload(model: object, more: object = {}): Promise<{ name: string; version: string }> {
  const request = { parent, model: { displayName: 'm', containerSpec, ...model }, ...more };
  const [operation] = await clients.models.uploadModel(request);
  const [response] = await operation.promise();
  return { name: response.model ?? '', version: response.modelVersionId ?? '' };
}

/** What the client tells of a refused call; its codes are gRPC's over HTTP too. */
async function refusal(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'answered',
    ({ code, message }: { readonly code?: number; readonly message: string }) => ({ code, message }),
  );
}

const aliasesOf = async (name: string) => {
  const [versions] = await clients.models.listModelVersions({ name, orderBy: 'create_time' });
  return Object.fromEntries(
    versions.map(({ versionId, versionAliases }) => [versionId, [...(versionAliases ?? [])].sort()]),
  );
};

describe('models:upload', () => {
  it('answers with an operation that is under way, and ends with the model', async () => {
    const model = {
      displayName: 'digits',
      containerSpec,
      artifactUri: 'gs://bucket/model/',
      labels: { team: 'vision' },
      description: 'what it is',
      versionDescription: 'what is new',
      versionAliases: ['best'],
      encryptionSpec: { kmsKeyName: 'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k' },
    };
    const [operation] = await clients.models.uploadModel({ parent, model, modelId: 'digits' });
    expect(operation.name).toMatch(/^projects\/\d+\/locations\/us-central1\/models\/digits\/operations\/\d+$/);
    expect([operation.done, operation.latestResponse.metadata?.type_url]).toEqual([
      false,
      expect.stringMatching(/\.UploadModelOperationMetadata$/),
    ]);
    const [response] = await operation.promise();
    expect(response).toMatchObject({
      model: expect.stringMatching(/^projects\/\d+\/locations\/us-central1\/models\/digits$/),
      modelVersionId: '1',
    });
    const [found] = await clients.models.getModel({ name: `${parent}/models/digits` });
    expect(found).toMatchObject({
      ...model,
      name: response.model,
      versionId: '1',
      versionAliases: ['default', 'best'],
      versionCreateTime: { seconds: expect.any(String) },
      trainingPipeline: '',
    });
    const progress = await clients.models.checkUploadModelProgress(operation.name ?? '');
    expect(progress.done).toBe(true);
  });

  it('makes a new version of a parent, which takes the aliases it asks for', async () => {
    const { name } = await upload({ versionAliases: ['best'] }, { modelId: 'parent' });
    const second = await upload({ displayName: 'two', versionAliases: ['best', 'canary'] }, { parentModel: name });
    expect(second).toEqual({ name, version: '2' });
    expect(await aliasesOf(name)).toEqual({ 1: ['default'], 2: ['best', 'canary'] });
    for (const [reference, displayName] of [
      ['', 'm'],
      ['@2', 'two'],
      ['@canary', 'two'],
      ['@default', 'm'],
    ]) {
      const [found] = await clients.models.getModel({ name: `${name}${reference}` });
      expect(found.displayName).toBe(displayName);
    }
  });

  it('picks an id where none is given, twice a different one', async () => {
    const [first, second] = [await upload({}), await upload({})];
    expect([first.name, second.name]).toEqual([
      expect.stringMatching(/\/models\/\d{19}$/),
      expect.stringMatching(/\/models\/\d{19}$/),
    ]);
    expect(first.name).not.toBe(second.name);
  });

  it.each([
    ['no model', { model: null }, 3, /Field: model; Message: Required/],
    ['no name', { model: { containerSpec } }, 3, /Field: model\.display_name; Message: Required/],
    ['no container', { model: { displayName: 'm' } }, 3, /Field: model\.container_spec\.image_uri; Message: Required/],
    ['a local folder', { model: { artifactUri: '/tmp/m' } }, 3, /Field: model\.artifact_uri; Message: A Cloud Storage/],
    ['an alias like a version', { model: { versionAliases: ['1'] } }, 3, /Field: model\.version_aliases\[0\]; Mess/],
    ['an alias that ends with a dash', { model: { versionAliases: ['a-'] } }, 3, /version_aliases\[0\]/],
    ['a label in capitals', { model: { labels: { Team: 'x' } } }, 3, /Field: model\.labels; Message: Label keys/],
    ['an id that begins with a number', { modelId: '1a' }, 3, /Field: model_id; Message: The model ID/],
    ['a parent that is none', { parentModel: 'digits' }, 3, /Field: parent_model; Message: A model of the form/],
    ['a parent that is not there', { parentModel: `${parent}/models/none` }, 5, /^The Model does not exist: .*none$/],
    ['a parent elsewhere', { parentModel: `${parent.replace('us-central1', 'us-west1')}/models/x` }, 3, /must be in/],
    ['an id that is taken', { modelId: 'taken' }, 6, /^The Model already exists: .*models\/taken\. A new version/],
  ])('refuses %s', async (_name, change, code, message) => {
    if ('modelId' in change && change.modelId === 'taken') await upload({}, { modelId: 'taken' });
    const given = 'model' in change ? change.model : {};
    const complete = Object.keys(given ?? {}).some((key) => ['containerSpec', 'displayName'].includes(key));
    const model = given === null || complete ? given : { displayName: 'm', containerSpec, ...given };
    const call = clients.models.uploadModel({ parent, ...change, model });
    expect(await refusal(call)).toEqual({ code, message: expect.stringMatching(message) });
  });
});

describe('aliases of a version', () => {
  const merge = (name: string, ...versionAliases: string[]) =>
    clients.models.mergeVersionAliases({ name, versionAliases });
  let name = '';
  beforeAll(async () => {
    ({ name } = await upload({ versionAliases: ['golden'] }, { modelId: 'aliased' }));
    await upload({}, { parentModel: name });
  });

  it('move to the version that is given them, and leave by a minus', async () => {
    const [second] = await merge(`${name}@2`, 'golden', 'canary');
    expect([second.versionId, second.versionAliases]).toEqual(['2', ['golden', 'canary']]);
    await merge(`${name}@2`, '-canary', 'default');
    expect(await aliasesOf(name)).toEqual({ 1: [], 2: ['default', 'golden'] });
    await merge(`${name}@1`, 'default');
    expect(await aliasesOf(name)).toEqual({ 1: ['default'], 2: ['golden'] });
  });

  it.each([
    ['to take the default from its version', '@1', ['-default'], 3, /exactly one default version/],
    ['a model without a version', '', ['a1'], 3, /A model version is required/],
    ['a version that is not there', '@7', ['a1'], 5, /^The Model does not exist: .*@7$/],
    ['an alias that is none', '@1', ['Best'], 3, /version_aliases\[0\]/],
    ['a number', '@1', ['-2'], 3, /version_aliases\[0\]/],
    ['nothing', '@1', [], 3, /Field: version_aliases; Message: Required/],
  ])('refuses %s', async (_name, reference, aliases, code, message) => {
    const before = await aliasesOf(name);
    expect(await refusal(merge(`${name}${reference}`, ...aliases))).toEqual({
      code,
      message: expect.stringMatching(message),
    });
    expect(await aliasesOf(name)).toEqual(before);
  });
});

describe('lists', () => {
  const here = 'projects/lists/locations/europe-west4';
  beforeAll(async () => {
    for (const [modelId, team] of [
      ['a', 'x'],
      ['b', 'y'],
      ['c', 'x'],
    ]) {
      await upload({ displayName: `name-${modelId}`, labels: { team } }, { parent: here, modelId });
    }
    await upload({ displayName: 'name-a2', labels: { run: '2' } }, { parent: here, parentModel: `${here}/models/a` });
  });

  const names = async (request: object) => {
    const [models] = await clients.models.listModels({ parent: here, ...request });
    return models.map(({ displayName }) => displayName);
  };

  it.each([
    ['the default version of each, latest first', {}, ['name-c', 'name-b', 'name-a']],
    ['by label', { filter: 'labels.team="x"' }, ['name-c', 'name-a']],
    ['by the presence of a label', { filter: 'labels:team' }, ['name-c', 'name-b', 'name-a']],
    ['by id', { filter: 'model=b' }, ['name-b']],
    ['by name', { filter: 'NOT display_name="name-a"' }, ['name-c', 'name-b']],
    ['in an order', { orderBy: 'display_name' }, ['name-a', 'name-b', 'name-c']],
    ['in the opposite order', { orderBy: 'displayName desc' }, ['name-c', 'name-b', 'name-a']],
  ])('models, %s', async (_name, request, expected) => {
    expect(await names(request)).toEqual(expected);
  });

  it('models page by page, with a mask', async () => {
    const pages: unknown[] = [];
    for (let pageToken = '', first = true; first || pageToken !== ''; first = false) {
      const request = { parent: here, pageSize: 2, pageToken, readMask: { paths: ['display_name'] } };
      const [models, , answer] = await clients.models.listModels(request, { autoPaginate: false });
      pages.push(models.map(({ name, displayName }) => [name, displayName]));
      pageToken = answer?.nextPageToken ?? '';
    }
    expect(pages).toEqual([
      [
        ['', 'name-c'],
        ['', 'name-b'],
      ],
      [['', 'name-a']],
    ]);
  });

  it('versions, each under its own name', async () => {
    const versionsOf = async (more: object) => {
      const [versions] = await clients.models.listModelVersions({ name: `${here}/models/a`, ...more });
      return versions.map(({ name }) => name?.split('/').at(-1));
    };
    expect(await versionsOf({})).toEqual(['a@2', 'a@1']);
    expect(await versionsOf({ filter: 'labels.run=2' })).toEqual(['a@2']);
  });

  it.each([
    ['a field that is unknown', { filter: 'state="x"' }, /the field state is not known/],
    ['a wildcard', { filter: 'display_name:"a*"' }, /cannot be compared with :/],
    ['an order that is unknown', { orderBy: 'size' }, /Invalid order_by "size"/],
  ])('refuse %s', async (_name, request, message) => {
    expect(await refusal(names(request))).toEqual({ code: 3, message: expect.stringMatching(message) });
  });
});

describe('deletion', () => {
  it('of a version: not of the default, nor of the only one', async () => {
    const { name } = await upload({}, { modelId: 'worn' });
    const remove = (version: string) => clients.models.deleteModelVersion({ name: `${name}@${version}` });
    expect(await refusal(remove('1'))).toMatchObject({ code: 9, message: expect.stringMatching(/only version/) });
    await upload({}, { parentModel: name });
    expect(await refusal(remove('1'))).toMatchObject({ code: 9, message: expect.stringMatching(/default version/) });
    const [operation] = await remove('2');
    await operation.promise();
    expect(await aliasesOf(name)).toEqual({ 1: ['default'] });
    expect(await upload({}, { parentModel: name })).toEqual({ name, version: '3' });
  });

  it('of a model, with all its versions', async () => {
    const { name } = await upload({}, { modelId: 'gone' });
    expect(await refusal(clients.models.deleteModel({ name: `${name}@1` }))).toMatchObject({ code: 3 });
    const [operation] = await clients.models.deleteModel({ name });
    await operation.promise();
    expect(await refusal(clients.models.getModel({ name }))).toMatchObject({ code: 5 });
  });
});

describe('operations', () => {
  it('are found by their names and below their model, and waited for', async () => {
    const { name } = await upload({}, { modelId: 'operated' });
    const ask = async (method: string, path: string) => {
      const response = await fetch(`http://127.0.0.1:${service.port}/v1/${path}`, { method });
      return [response.status, await response.json()] as const;
    };
    const [, listed] = await ask('GET', `${name}/operations`);
    const { operations } = listed as { readonly operations: readonly { readonly name: string }[] };
    expect(operations).toEqual([
      {
        name: expect.stringMatching(/\/models\/operated\/operations\/\d+$/),
        metadata: {
          '@type': 'type.googleapis.com/google.cloud.aiplatform.v1.UploadModelOperationMetadata',
          genericMetadata: { createTime: expect.any(String), updateTime: expect.any(String) },
        },
        done: true,
        response: {
          '@type': 'type.googleapis.com/google.cloud.aiplatform.v1.UploadModelResponse',
          model: name,
          modelVersionId: '1',
        },
      },
    ]);
    const [one] = operations;
    expect(await ask('POST', `${one?.name}:wait`)).toEqual([200, one]);
    expect(await ask('GET', one?.name.replace('/models/operated', '') ?? '')).toEqual([200, one]);
    expect((await ask('GET', `${name}/operations/1`))[0]).toBe(404);
  });
});
