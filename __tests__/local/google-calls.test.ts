import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ModelsApi } from '../../src/google/models.ts';
import type { VertexApi } from '../../src/google/vertex.ts';
import type { VertexJobs } from '../../src/google/vertex-jobs.ts';
import type { VertexResourcesApi } from '../../src/google/vertex-resources.ts';
import { CUSTOM_TASK } from '../../src/local/validation/pipeline.ts';
import type { Collection } from '../../src/vertex/jobs.ts';
import { type Opened, openService, PARENT } from './faults/service.ts';
import { googleClients, protoValue } from './google-clients.ts';

/** Jobs are simulated, so that there are some that run, and some that end at once. */
let service: Opened;
let clients: ReturnType<typeof googleClients>;
beforeAll(async () => {
  service = await openService();
  await service.faults.order({
    scripts: {
      forever: { programs: [{ exit: 'never' }] },
      brief: { programs: [{ events: [{ measure: { m: 0.5 }, step: 1 }] }] },
    },
  });
  clients = googleClients(service.port);
});
afterAll(async () => {
  for (const client of Object.values(clients)) await client.close();
  await service.close();
});

/** The enums of what the action sends, as clients may write them. */
const SPELLINGS = {
  names: {
    gpu: 'NVIDIA_TESLA_T4',
    strategy: 'SPOT',
    goal: 'MAXIMIZE',
    algorithm: 'RANDOM_SEARCH',
    scale: 'UNIT_LOG_SCALE',
  },
  numbers: { gpu: 5, strategy: 4, goal: 1, algorithm: 3, scale: 2 },
} as const;
type Spelling = keyof typeof SPELLINGS;

function jobSpec(spelling: Spelling, script = 'forever') {
  const { gpu, strategy } = SPELLINGS[spelling];
  const machineSpec = { machineType: 'n1-standard-8', acceleratorType: gpu, acceleratorCount: 2 };
  const workerPoolSpecs = [{ replicaCount: 1, machineSpec, containerSpec: { imageUri: `simulated/${script}` } }];
  return { workerPoolSpecs, scheduling: { strategy } };
}

function tuning(spelling: Spelling) {
  const { goal, algorithm, scale } = SPELLINGS[spelling];
  const parameters = [{ parameterId: 'p', doubleValueSpec: { minValue: 0.1, maxValue: 1 }, scaleType: scale }];
  return { metrics: [{ metricId: 'm', goal }], parameters, algorithm };
}

/** A resource in the REST API's JSON, which is the clients' form too but for `google.protobuf.Value`. */
function resourceOf(kind: Collection, spelling: Spelling, displayName: string, script?: string): object {
  const named = { displayName, labels: { series: displayName } };
  const spec = jobSpec(spelling, script);
  switch (kind) {
    case 'customJobs':
      return { ...named, jobSpec: spec };
    case 'hyperparameterTuningJobs':
      return { ...named, studySpec: tuning(spelling), maxTrialCount: 2, parallelTrialCount: 1, trialJobSpec: spec };
    case 'trainingPipelines':
      return { ...named, trainingTaskDefinition: CUSTOM_TASK, trainingTaskInputs: spec };
  }
}

const SPEC = {
  workerPoolSpecs: [{ machineSpec: { acceleratorType: 'NVIDIA_TESLA_T4', acceleratorCount: 2 } }],
  scheduling: { strategy: 'SPOT' },
};
/** What a client tells of each kind in the end, however its enums were sent. */
const TOLD: Readonly<Record<Collection, object>> = {
  customJobs: { jobSpec: SPEC },
  hyperparameterTuningJobs: {
    studySpec: {
      metrics: [{ goal: 'MAXIMIZE' }],
      parameters: [{ scaleType: 'UNIT_LOG_SCALE' }],
      algorithm: 'RANDOM_SEARCH',
    },
    trialJobSpec: SPEC,
  },
  trainingPipelines: {},
};

interface Found {
  readonly name?: string | null;
  readonly displayName?: string | null;
  readonly state?: unknown;
}

/** What the action asks of jobs: a call that its own clients get is missing here until it is shown too. */
type Asked = Exclude<keyof VertexApi | keyof VertexJobs, 'modelExists'>;

interface Calls extends Readonly<Record<Asked, unknown>> {
  create(resource: object): Promise<readonly [Found, ...unknown[]]>;
  get(name: string): Promise<readonly [Found, ...unknown[]]>;
  list(request: object): AsyncIterable<Found>;
  cancel(name: string): Promise<unknown>;
  remove(name: string): Promise<readonly [{ promise(): Promise<unknown> }, ...unknown[]]>;
}

/** The pages are asked for one by one, as they are read. */
const PAGED = { autoPaginate: false };

function callsOf(kind: Collection): Calls {
  const { jobs, pipelines } = clients;
  const parent = PARENT;
  switch (kind) {
    case 'customJobs':
      return {
        create: (customJob) => jobs.createCustomJob({ parent, customJob }),
        get: (name) => jobs.getCustomJob({ name }),
        list: (request) => jobs.listCustomJobsAsync({ parent, ...request }, PAGED),
        cancel: (name) => jobs.cancelCustomJob({ name }),
        remove: (name) => jobs.deleteCustomJob({ name }),
      };
    case 'hyperparameterTuningJobs':
      return {
        create: (hyperparameterTuningJob) => jobs.createHyperparameterTuningJob({ parent, hyperparameterTuningJob }),
        get: (name) => jobs.getHyperparameterTuningJob({ name }),
        list: (request) => jobs.listHyperparameterTuningJobsAsync({ parent, ...request }, PAGED),
        cancel: (name) => jobs.cancelHyperparameterTuningJob({ name }),
        remove: (name) => jobs.deleteHyperparameterTuningJob({ name }),
      };
    case 'trainingPipelines':
      return {
        create: (given) => {
          const { trainingTaskInputs } = given as { readonly trainingTaskInputs: unknown };
          const trainingPipeline = { ...given, trainingTaskInputs: protoValue(trainingTaskInputs) };
          return pipelines.createTrainingPipeline({ parent, trainingPipeline });
        },
        get: (name) => pipelines.getTrainingPipeline({ name }),
        list: (request) => pipelines.listTrainingPipelinesAsync({ parent, ...request }, PAGED),
        cancel: (name) => pipelines.cancelTrainingPipeline({ name }),
        remove: (name) => pipelines.deleteTrainingPipeline({ name }),
      };
  }
}

const KINDS = ['customJobs', 'hyperparameterTuningJobs', 'trainingPipelines'] as const;
const prefix = (kind: Collection) => (kind === 'trainingPipelines' ? 'PIPELINE_STATE_' : 'JOB_STATE_');

/** gRPC's code of a refused call, which these clients tell over HTTP too. */
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    (error: { readonly code?: number }) => error.code,
  );

/** Asks until the state is as wanted; the test's own time limit ends a wait in vain. */
async function reached(kind: Collection, name: string, word: string): Promise<Found> {
  for (;;) {
    const [found] = await callsOf(kind).get(name);
    if (found.state === `${prefix(kind)}${word}`) return found;
  }
}

describe.each(KINDS)('%s by Google’s client', (kind) => {
  const create = async (spelling: Spelling, displayName: string, script?: string) => {
    const [{ name }] = await callsOf(kind).create(resourceOf(kind, spelling, displayName, script));
    return name ?? '';
  };
  const listed = async (request: object) => {
    const names: unknown[] = [];
    for await (const { name } of callsOf(kind).list(request)) names.push(name);
    return names;
  };

  it.each(['names', 'numbers'] as const)('create and get, enums given by %s', async (spelling) => {
    const [made] = await callsOf(kind).create(resourceOf(kind, spelling, `made-${spelling}`));
    expect(made).toMatchObject({ ...TOLD[kind], name: expect.stringMatching(`/${kind}/\\d+$`) });
    const found = await reached(kind, made.name ?? '', 'RUNNING');
    expect(found).toMatchObject({ ...TOLD[kind], name: made.name, displayName: `made-${spelling}` });
  });

  it('list, from page to page, by label and by a state’s name and number', async () => {
    const running = [await create('names', 'list'), await create('numbers', 'list'), await create('names', 'list')];
    for (const name of running) await reached(kind, name, 'RUNNING');
    const ended = await create('names', 'list', 'brief');
    await reached(kind, ended, 'SUCCEEDED');
    const latest = [...running].reverse();
    expect(await listed({ filter: 'labels.series=list', pageSize: 2 })).toEqual([ended, ...latest]);
    const state = (value: string) => listed({ filter: `labels.series="list" AND state=${value}` });
    expect(await state(`"${prefix(kind)}RUNNING"`)).toEqual(latest);
    expect(await state('3')).toEqual(latest);
    expect(await state('"4"')).toEqual([ended]);
    expect(await listed({ filter: 'labels.series=list AND NOT state=3' })).toEqual([ended]);
  });

  it('cancel, and delete by an operation that is waited for', async () => {
    const name = await create('names', 'cancelled');
    await reached(kind, name, 'RUNNING');
    await callsOf(kind).cancel(name);
    await reached(kind, name, 'CANCELLED');
    expect(await codeOf(callsOf(kind).cancel(name))).toBe('answered');
    const [operation] = await callsOf(kind).remove(name);
    await operation.promise();
    for (const call of ['get', 'cancel', 'remove'] as const) expect(await codeOf(callsOf(kind)[call](name))).toBe(5);
    expect(await listed({ filter: 'labels.series=cancelled' })).toEqual([]);
  });
});

describe('the wire', () => {
  const call = async (method: string, path: string, query: string, body?: object) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${service.url}/v1/${path}?${query}`, { method, ...sent });
    return (await response.json()) as Readonly<Record<string, unknown>>;
  };
  const NUMBERS = '$alt=json%3Benum-encoding=int';

  it.each(KINDS)('%s: names and numbers are taken alike, and answered as it is asked', async (kind) => {
    const answers = [];
    for (const spelling of ['names', 'numbers'] as const) {
      const { name } = await call('POST', `${PARENT}/${kind}`, '', resourceOf(kind, spelling, 'wire', 'brief'));
      await reached(kind, String(name), 'SUCCEEDED');
      const filter = `filter=display_name%3D%22wire%22&pageSize=1`;
      const told = { named: await call('GET', String(name), ''), numbered: await call('GET', String(name), NUMBERS) };
      const list = await call('GET', `${PARENT}/${kind}`, `${filter}&${NUMBERS}`);
      expect(list[kind]).toMatchObject([{ name, state: 4 }]);
      expect([told.named['state'], told.numbered['state']]).toEqual([`${prefix(kind)}SUCCEEDED`, 4]);
      answers.push(told);
    }
    const spec = (spelling: Spelling) => {
      const { workerPoolSpecs, scheduling } = jobSpec(spelling);
      const [{ machineSpec } = {}] = workerPoolSpecs;
      return { workerPoolSpecs: [{ machineSpec }], scheduling };
    };
    for (const { named, numbered } of answers) {
      if (kind === 'customJobs') {
        expect(named).toMatchObject({ jobSpec: spec('names') });
        expect(numbered).toMatchObject({ jobSpec: spec('numbers') });
      } else if (kind === 'hyperparameterTuningJobs') {
        expect(named).toMatchObject({ studySpec: tuning('names'), trials: [{ state: 'SUCCEEDED' }, {}] });
        expect(numbered).toMatchObject({ studySpec: tuning('numbers'), trials: [{ state: 4 }, {}] });
      } else {
        // Inputs have no types: they come back as they were sent.
        expect(numbered['trainingTaskInputs']).toEqual(named['trainingTaskInputs']);
      }
    }
  });

  it.each([
    ['a number that is no value', 'customJobs', 4711],
    ['a name that is no value', 'customJobs', 'NVIDIA_ABACUS'],
    ['a number as a text', 'customJobs', '5'],
  ] as const)('%s is refused', async (_name, kind, acceleratorType) => {
    const body = { displayName: 'x', jobSpec: { workerPoolSpecs: [{ machineSpec: { acceleratorType } }] } };
    expect(await call('POST', `${PARENT}/${kind}`, '', body)).toMatchObject({
      error: {
        code: 400,
        message: expect.stringMatching(/job_spec\.worker_pool_specs\[0\]\.machine_spec\.accelerator_type'/),
      },
    });
  });
});

describe('what else the action asks, by Google’s client', () => {
  /** For each question of the action's own clients the call of Google's that is the same on the wire. */
  const model = { displayName: 'digits', containerSpec: { imageUri: 'serving' }, artifactUri: 'gs://bucket/model/' };
  const NAME = `${PARENT}/models/digits`;
  const upload = async (more: object) => {
    const [operation] = await clients.models.uploadModel({ parent: PARENT, model, ...more });
    return operation;
  };

  const MODELS: Readonly<Record<keyof ModelsApi, () => Promise<void>>> = {
    upload: async () => {
      const first = await upload({ modelId: 'digits' });
      expect((await first.promise())[0]).toMatchObject({ modelVersionId: '1' });
      const second = await upload({ parentModel: NAME });
      expect((await second.promise())[0]).toMatchObject({ modelVersionId: '2' });
    },
    operation: async () => {
      const { name = '' } = await upload({ parentModel: NAME });
      expect(await clients.models.checkUploadModelProgress(name)).toMatchObject({ done: true });
    },
    uploads: async () => {
      const listed: unknown[] = [];
      const found = clients.models.operationsClient.listOperationsAsync({ name: NAME, filter: '' } as never, PAGED);
      for await (const operation of found) listed.push((operation as { readonly done?: boolean }).done);
      expect(listed).toEqual([true, true, true]);
    },
    get: async () => {
      const [found] = await clients.models.getModel({ name: NAME });
      expect(found).toMatchObject({ versionId: '1', versionAliases: ['default'] });
    },
    versions: async () => {
      const found: unknown[] = [];
      for await (const { versionId } of clients.models.listModelVersionsAsync({ name: NAME, pageSize: 2 }, PAGED)) {
        found.push(versionId);
      }
      expect(found).toEqual(['3', '2', '1']);
    },
    mergeAliases: async () => {
      const name = `${NAME}@2`;
      const [found] = await clients.models.mergeVersionAliases({ name, versionAliases: ['best', 'default'] });
      expect(found).toMatchObject({ versionId: '2', versionAliases: ['best', 'default'] });
    },
  };
  it.each(Object.entries(MODELS))('models: %s', (_name, call) => call());

  const RESOURCES: Readonly<Record<keyof VertexResourcesApi, () => Promise<void>>> = {
    reach: async () => {
      const [jobs] = await clients.jobs.listCustomJobs({ parent: PARENT, pageSize: 1 }, { autoPaginate: false });
      expect(jobs).toHaveLength(1);
    },
    modelExists: async () => {
      expect(await codeOf(clients.models.getModel({ name: NAME }))).toBe('answered');
      expect(await codeOf(clients.models.getModel({ name: `${PARENT}/models/none` }))).toBe(5);
    },
    // There are none here, which is what is told.
    tensorboardExists: () => isNotThere(`${PARENT}/tensorboards/1`),
    persistentResource: () => isNotThere(`${PARENT}/persistentResources/r`),
  };
  it.each(Object.entries(RESOURCES))('resources: %s', (_name, call) => call());

  async function isNotThere(name: string): Promise<void> {
    const response = await fetch(`${service.url}/v1/${name}`);
    expect([response.status, await response.json()]).toEqual([
      404,
      { error: expect.objectContaining({ code: 404, status: 'NOT_FOUND' }) },
    ]);
  }
});
