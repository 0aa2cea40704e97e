import { describe, expect, test } from '@jest/globals';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { modelsApi } from '../../src/google/models.ts';
import { type Answer, loopbacks, type Seen } from './loopback.ts';

const newServer = loopbacks();
const PARENT = 'projects/my-project/locations/us-central1';
const MODEL = 'projects/42/locations/us-central1/models/digits';
const OPERATION = `${MODEL}/operations/7`;
const METADATA = {
  '@type': 'type.googleapis.com/google.cloud.aiplatform.v1.UploadModelOperationMetadata',
  genericMetadata: { createTime: '2026-11-23T09:00:00Z' },
};
const VERSION = {
  name: `${MODEL}@3`,
  versionId: '3',
  versionAliases: ['champion'],
  labels: { 'train-on-vertex-key': 'k', wrong: 7 },
  artifactUri: 'gs://out/model',
  versionCreateTime: '2026-11-23T09:00:01Z',
  createTime: '2026-11-01T00:00:00Z',
};
const READ = {
  name: MODEL,
  version: '3',
  aliases: ['champion'],
  labels: { 'train-on-vertex-key': 'k' },
  artifactUri: 'gs://out/model',
  createTime: '2026-11-23T09:00:01Z',
};

async function asked(answer: Answer | ((seen: Seen, index: number) => Answer)) {
  const server = await newServer(typeof answer === 'function' ? answer : () => answer);
  return { server, api: modelsApi(server.url, fixedCredentials('TOKEN')) };
}

const line = ({ method, url }: Seen) => `${method} ${url}`;
const REFUSED: Answer = { status: 403, body: { error: { message: 'no' } } };

describe('an upload', () => {
  const request = {
    parentModel: MODEL,
    model: { displayName: 'digits', containerSpec: { imageUri: 'serve:1' }, artifactUri: 'gs://out/model' },
  };

  test('is asked for with the whole request, and is an operation', async () => {
    const { server, api } = await asked({ body: { name: OPERATION, metadata: METADATA } });
    expect(await api.upload(PARENT, request)).toEqual({
      name: OPERATION,
      done: false,
      error: undefined,
      made: undefined,
    });
    expect(server.seen.map(line)).toEqual([`POST /v1/${PARENT}/models:upload`]);
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual(request);
  });

  test('that is refused is told with what was asked', async () => {
    const { api } = await asked(REFUSED);
    await expect(api.upload(PARENT, request)).rejects.toMatchObject({
      name: 'ApiError',
      httpStatus: 403,
      message: `upload a model in ${PARENT}: HTTP 403: no`,
    });
  });

  test.each<[string, unknown]>([
    ['nothing', {}],
    ['another name', { name: 'projects/p/locations/l/models/digits' }],
    ['no text', { name: 7 }],
  ])('answered with %s is not taken for one', async (_, body) => {
    const { api } = await asked({ body });
    await expect(api.upload(PARENT, request)).rejects.toThrow('no operation');
  });
});

describe('an operation', () => {
  const none = { name: OPERATION, error: undefined, made: undefined };

  test.each<[string, object, object]>([
    ['under way', {}, { ...none, done: false }],
    ['under way, whatever else it holds', { error: { message: 'x' }, done: 'true' }, { ...none, done: false }],
    [
      'done',
      { done: true, response: { model: MODEL, modelVersionId: '3' } },
      { ...none, done: true, made: { name: MODEL, version: '3' } },
    ],
    [
      'done, with the version in the name alone',
      { done: true, response: { model: `${MODEL}@3` } },
      { ...none, done: true, made: { name: MODEL, version: '3' } },
    ],
    ['done, and does not tell of what', { done: true, response: { model: MODEL } }, { ...none, done: true }],
    ['done, with another thing', { done: true, response: { model: '../../x@1' } }, { ...none, done: true }],
    [
      'failed',
      { done: true, error: { code: 9, message: 'empty', details: [] } },
      { ...none, done: true, error: { code: 9, message: 'empty' } },
    ],
    ['failed without a word', { done: true, error: {} }, { ...none, done: true, error: {} }],
  ])('that is %s', async (_, body, read) => {
    const { server, api } = await asked({ body: { name: OPERATION, ...body } });
    expect(await api.operation(OPERATION)).toEqual(read);
    expect(server.seen.map(line)).toEqual([`GET /v1/${OPERATION}`]);
  });
});

describe('the uploads under way', () => {
  test('are those of the model that are not done', async () => {
    const operations = [
      { name: `${MODEL}/operations/1`, metadata: METADATA, done: true },
      { name: `${MODEL}/operations/2`, metadata: METADATA },
      {
        name: `${MODEL}/operations/3`,
        metadata: { '@type': 'google.cloud.aiplatform.v1.ExportModelOperationMetadata' },
      },
      { name: `${MODEL}/operations/4` },
      'none',
    ];
    const { server, api } = await asked({ body: { operations } });
    expect((await api.uploads(MODEL)).map(({ name }) => name.slice(-1))).toEqual(['2', '4']);
    expect(server.seen.map(line)).toEqual([`GET /v1/${MODEL}/operations?pageSize=100`]);
  });

  test('are none of a model that is not there', async () => {
    const { api } = await asked({ status: 404, body: {} });
    expect(await api.uploads(MODEL)).toEqual([]);
  });
});

describe('versions', () => {
  test('are listed page by page by their filter', async () => {
    const pages = [{ models: [VERSION], nextPageToken: 'x/y&z' }, { nextPageToken: 'last' }, { models: [VERSION] }];
    const { server, api } = await asked((_, index) => ({ body: pages[index] }));
    const filter = 'labels.train-on-vertex-key="k"';
    expect(await api.versions(MODEL, filter)).toEqual([READ, READ]);
    const queries = server.seen.map(({ url }) => new URL(url, server.url));
    expect(queries.map(({ pathname }) => pathname)).toEqual(pages.map(() => `/v1/${MODEL}:listVersions`));
    expect(queries.map(({ searchParams }) => searchParams.get('filter'))).toEqual(pages.map(() => filter));
    expect(queries.map(({ searchParams }) => searchParams.get('pageToken'))).toEqual([null, 'x/y&z', 'last']);
  });

  test('are none of a model that is not there', async () => {
    expect(await (await asked({ status: 404, body: {} })).api.versions(MODEL, '')).toEqual([]);
  });

  test('that never end are given up', async () => {
    const { server, api } = await asked({ body: { nextPageToken: 'again' } });
    await expect(api.versions(MODEL, '')).rejects.toThrow('more than 200 pages');
    expect(server.seen).toHaveLength(200);
  });

  test.each<[string, unknown]>([
    ['nothing', {}],
    ['another name', { name: `${PARENT}/endpoints/1@2` }],
    ['no version', { name: MODEL }],
    ['a text', 'x'],
  ])('of which one is %s are an error, and none of them counts', async (_, wrong) => {
    const { api } = await asked({ body: { models: [VERSION, wrong] } });
    await expect(api.versions(MODEL, '')).rejects.toThrow('no version of a model');
  });
});

describe('a version', () => {
  test('is read by its number or alias', async () => {
    const { server, api } = await asked({ body: { ...VERSION, name: MODEL } });
    expect(await api.get(`${MODEL}@champion`)).toEqual(READ);
    expect(server.seen.map(line)).toEqual([`GET /v1/${MODEL}@champion`]);
  });

  test('of which only the name tells', async () => {
    const { api } = await asked({ body: { name: `${MODEL}@12`, createTime: 't' } });
    expect(await api.get(MODEL)).toEqual({
      name: MODEL,
      version: '12',
      aliases: [],
      labels: {},
      artifactUri: undefined,
      createTime: 't',
    });
  });

  test('is missing', async () => {
    expect(await (await asked({ status: 404, body: {} })).api.get(MODEL)).toBeUndefined();
  });

  test.each([400, 403, 500, 503])('is not known after HTTP %i', async (status) => {
    const { api } = await asked({ status, body: { error: { message: 'no' } } });
    await expect(api.get(MODEL)).rejects.toMatchObject({ httpStatus: status });
  });

  test('takes aliases', async () => {
    const { server, api } = await asked({ body: VERSION });
    expect(await api.mergeAliases(READ, ['champion', 'default'])).toEqual(READ);
    expect(server.seen.map(line)).toEqual([`POST /v1/${MODEL}@3:mergeVersionAliases`]);
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({ versionAliases: ['champion', 'default'] });
  });
});

test('a name that leads elsewhere is not asked for', async () => {
  const { server, api } = await asked({ body: {} });
  await expect(api.get('projects/p/../../x')).rejects.toThrow('is no resource name');
  await expect(api.operation('projects//operations/1')).rejects.toThrow('is no resource name');
  expect(server.seen).toEqual([]);
});
