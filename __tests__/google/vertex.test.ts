import { describe, expect, test } from '@jest/globals';
import { ApiError, isTransient } from '../../src/google/api-error.ts';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { vertexApi } from '../../src/google/vertex.ts';
import { planOf } from '../plan/run.ts';
import { type Answer, loopbacks, type Seen } from './loopback.ts';

const newServer = loopbacks();
const PARENT = 'projects/my-project/locations/us-central1';
const CUSTOM = `${PARENT}/customJobs/7`;
const STUDY = `${PARENT}/hyperparameterTuningJobs/8`;
const PIPELINE = `${PARENT}/trainingPipelines/9`;

async function asked(answer: Answer | ((seen: Seen) => Answer)) {
  const server = await newServer((seen) => (typeof answer === 'function' ? answer(seen) : answer));
  return { server, api: vertexApi({ url: server.url, credentials: fixedCredentials('TOKEN') }) };
}

const path = (seen: Seen | undefined) => seen?.url.split('?')[0];
const thrownBy = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error as ApiError,
  );

describe('a custom job', () => {
  test('is sent whole', async () => {
    const { server, api } = await asked({ body: { name: CUSTOM, state: 'JOB_STATE_PENDING' } });
    const { resource } = planOf({
      accelerator_type: 'l4',
      replica_count: '4',
      args: '--list=1,2\n--text=a "b"',
      env_vars: 'A=1',
      command: '- python',
      timeout: '90m',
      job_service_account: 'trainer@my-project.iam.gserviceaccount.com',
      output_uri: 'gs://bucket/out',
    }).job;
    await api.create(PARENT, 'customJobs', resource);
    const [request] = server.seen;
    expect([request?.method, path(request), request?.headers.authorization]).toEqual([
      'POST',
      `/v1/${PARENT}/customJobs`,
      'Bearer TOKEN',
    ]);
    const machineSpec = { machineType: 'g2-standard-4', acceleratorType: 11, acceleratorCount: 1 };
    const containerSpec = expect.objectContaining({
      imageUri: 'us-central1-docker.pkg.dev/my-project/training/mnist',
      command: ['python'],
      args: ['--list=1,2', '--text=a "b"'],
      env: [{ name: 'A', value: '1' }],
    });
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      displayName: 'octo/digits Train #7',
      labels: resource.labels,
      jobSpec: {
        workerPoolSpecs: [
          { replicaCount: '1', machineSpec, containerSpec },
          { replicaCount: '3', machineSpec, containerSpec },
        ],
        scheduling: { timeout: '5400s' },
        serviceAccount: 'trainer@my-project.iam.gserviceaccount.com',
        baseOutputDirectory: { outputUriPrefix: 'gs://bucket/out' },
      },
    });
  });

  test.each([
    { name: 'in names', state: 'JOB_STATE_FAILED' },
    { name: 'in numbers', state: 5 },
  ])('is read, $name', async ({ state }) => {
    const { server, api } = await asked({
      body: {
        name: CUSTOM,
        displayName: 'x',
        state,
        labels: { a: 'b' },
        createTime: '2026-11-01T00:00:00.123456Z',
        startTime: '2026-11-01T00:01:00Z',
        endTime: '2026-11-01T00:02:00.5Z',
        error: { code: 3, message: 'The replica workerpool0-0 exited.', details: [] },
        webAccessUris: {},
        aFieldOfTomorrow: true,
      },
    });
    expect(await api.get(CUSTOM)).toEqual({
      name: CUSTOM,
      displayName: 'x',
      study: undefined,
      state: 'FAILED',
      error: { code: 3, message: 'The replica workerpool0-0 exited.' },
      labels: { a: 'b' },
      createTime: expect.stringMatching(/^2026-11-01T00:00:00\.123456(?:000)?Z$/),
      startTime: expect.stringMatching(/^2026-11-01T00:01:00(?:\.0+)?Z$/),
      endTime: expect.stringMatching(/^2026-11-01T00:02:00\.50*Z$/),
      trials: [],
      backing: undefined,
      uploads: false,
    });
    expect(path(server.seen[0])).toBe(`/v1/${CUSTOM}`);
  });

  test('in a state of tomorrow is read as its number, and has not ended', async () => {
    const { api } = await asked({ body: { name: CUSTOM, state: 42 } });
    expect((await api.get(CUSTOM)).state).toBe('42');
  });

  test('with the least that can be told', async () => {
    const { api } = await asked({ body: { name: CUSTOM } });
    expect(await api.get(CUSTOM)).toEqual({
      name: CUSTOM,
      state: 'UNSPECIFIED',
      error: undefined,
      labels: {},
      createTime: undefined,
      startTime: undefined,
      endTime: undefined,
      trials: [],
      backing: undefined,
      uploads: false,
    });
  });

  test('without a name is none', async () => {
    const { api } = await asked({ body: {} });
    await expect(api.get(CUSTOM)).rejects.toThrow('has no name');
  });
});

describe('a tuning job', () => {
  test('is sent whole', async () => {
    const { server, api } = await asked({ body: { name: STUDY } });
    const { resource } = planOf({
      metrics: 'loss: minimize',
      parameters:
        'rate: { min: 0.001, max: 0.1, scale: log }\nlayers: { min: 1, max: 9007199254740993 }\nkind: [a, b]\nsize: [8, 16]',
      max_trials: '20',
      parallel_trials: '4',
      algorithm: 'RANDOM_SEARCH',
    }).job;
    await api.create(PARENT, 'hyperparameterTuningJobs', resource);
    expect(path(server.seen[0])).toBe(`/v1/${PARENT}/hyperparameterTuningJobs`);
    expect(JSON.parse(server.seen[0]?.body ?? '')).toMatchObject({
      maxTrialCount: 20,
      parallelTrialCount: 4,
      studySpec: {
        algorithm: 3,
        metrics: [{ metricId: 'loss', goal: 2 }],
        parameters: [
          { parameterId: 'rate', scaleType: 2, doubleValueSpec: { minValue: 0.001, maxValue: 0.1 } },
          { parameterId: 'layers', integerValueSpec: { minValue: '1', maxValue: '9007199254740993' } },
          { parameterId: 'kind', categoricalValueSpec: { values: ['a', 'b'] } },
          { parameterId: 'size', discreteValueSpec: { values: [8, 16] } },
        ],
      },
      trialJobSpec: { workerPoolSpecs: [{ replicaCount: '1' }] },
    });
  });

  test.each([
    { name: 'in names', job: 'JOB_STATE_SUCCEEDED', succeeded: 'SUCCEEDED', infeasible: 'INFEASIBLE' },
    { name: 'in numbers', job: 4, succeeded: 4, infeasible: 5 },
  ])('is read with its trials, $name', async ({ job, succeeded, infeasible }) => {
    const { api } = await asked({
      body: {
        name: STUDY,
        state: job,
        trials: [
          {
            id: '2',
            state: succeeded,
            parameters: [
              { parameterId: 'rate', value: 0.25 },
              { parameterId: 'zero', value: 0 },
              { parameterId: 'kind', value: 'a' },
            ],
            measurements: [{ stepCount: '1', metrics: [{ metricId: 'loss', value: 0.5 }] }],
            finalMeasurement: {
              stepCount: '2',
              elapsedDuration: '54s',
              metrics: [{ metricId: 'loss' }, { metricId: 'up', value: 1 }],
            },
            startTime: '2026-11-01T00:00:00Z',
            endTime: '2026-11-01T00:01:00Z',
            customJob: `${PARENT}/customJobs/5`,
          },
          {
            id: '1',
            state: infeasible,
            infeasibleReason: 'exit 1',
            finalMeasurement: { metrics: [{ metricId: 'loss', value: 'NaN' }] },
          },
        ],
      },
    });
    const { trials, state } = await api.get(STUDY);
    expect(state).toBe('SUCCEEDED');
    expect(trials).toEqual([
      {
        id: '2',
        state: 'SUCCEEDED',
        parameters: [
          { parameterId: 'rate', value: 0.25 },
          { parameterId: 'zero', value: 0 },
          { parameterId: 'kind', value: 'a' },
        ],
        measurements: [{ stepCount: '1', metrics: [{ metricId: 'loss', value: 0.5 }] }],
        finalMeasurement: {
          stepCount: '2',
          elapsedDuration: '54s',
          metrics: [
            { metricId: 'loss', value: 0 },
            { metricId: 'up', value: 1 },
          ],
        },
        startTime: expect.stringContaining('2026-11-01T00:00:00'),
        endTime: expect.stringContaining('2026-11-01T00:01:00'),
        customJob: `${PARENT}/customJobs/5`,
      },
      {
        id: '1',
        state: 'INFEASIBLE',
        parameters: [],
        measurements: [],
        finalMeasurement: { stepCount: '0', metrics: [{ metricId: 'loss', value: Number.NaN }] },
        infeasibleReason: 'exit 1',
      },
    ]);
  });
});

describe('a training pipeline', () => {
  const MODEL = { model: 'digits', serving_image: 'us-docker.pkg.dev/p/serve/digits:1', serving_ports: '8080' };
  const SUCCEEDED = { name: PIPELINE, state: 'PIPELINE_STATE_SUCCEEDED' };

  test('is sent whole: its inputs in the words of the REST API, which the service itself reads', async () => {
    const { server, api } = await asked({ body: { name: PIPELINE, state: 'PIPELINE_STATE_PENDING' } });
    const { resource } = planOf({ ...MODEL, accelerator_type: 'l4', timeout: '90m', labels: 'a=b' }).job;
    expect((await api.create(PARENT, 'trainingPipelines', resource)).state).toBe('PENDING');
    const [request] = server.seen;
    expect([request?.method, path(request)]).toEqual(['POST', `/v1/${PARENT}/trainingPipelines`]);
    const body = JSON.parse(request?.body ?? '');
    expect(body).toMatchObject({
      displayName: 'octo/digits Train #7',
      labels: resource.labels,
      modelId: 'digits',
      modelToUpload: {
        displayName: 'digits',
        containerSpec: { imageUri: MODEL.serving_image, ports: [{ containerPort: 8080 }] },
      },
    });
    expect(body.trainingTaskDefinition).toMatch(/\/custom_task_1\.0\.0\.yaml$/);
    // A google.protobuf.Value: its words are sent as they are, never as numbers.
    expect(body.trainingTaskInputs).toEqual((resource as unknown as { trainingTaskInputs: object }).trainingTaskInputs);
    expect(body.trainingTaskInputs).toMatchObject({
      scheduling: { timeout: '5400s' },
      workerPoolSpecs: [{ machineSpec: { acceleratorType: 'NVIDIA_L4' } }],
    });
  });

  test('around a tuning job is sent whole, its integers digit for digit', async () => {
    const { server, api } = await asked({ body: { name: PIPELINE } });
    const { resource } = planOf({
      ...MODEL,
      metrics: 'loss: minimize',
      parameters: 'layers: { min: 1, max: 9007199254740993 }',
      max_trials: '3',
    }).job;
    await api.create(PARENT, 'trainingPipelines', resource);
    const { trainingTaskInputs } = JSON.parse(server.seen[0]?.body ?? '');
    expect(trainingTaskInputs).toEqual((resource as unknown as { trainingTaskInputs: object }).trainingTaskInputs);
    expect(trainingTaskInputs).toMatchObject({
      maxTrialCount: 3,
      studySpec: {
        metrics: [{ metricId: 'loss', goal: 'MINIMIZE' }],
        parameters: [{ integerValueSpec: { minValue: '1', maxValue: '9007199254740993' } }],
      },
    });
  });

  test.each([
    { name: 'in names', state: 'PIPELINE_STATE_FAILED' },
    { name: 'in numbers', state: 5 },
  ])('is read with the job behind it, $name', async ({ state }) => {
    const { server, api } = await asked({
      body: { name: PIPELINE, state, labels: { a: 'b' }, trainingTaskMetadata: { backingCustomJob: CUSTOM } },
    });
    expect(await api.get(PIPELINE)).toMatchObject({
      name: PIPELINE,
      state: 'FAILED',
      labels: { a: 'b' },
      trials: [],
      backing: CUSTOM,
    });
    expect(server.seen.map(path)).toEqual([`/v1/${PIPELINE}`]);
  });

  test('comes with the trials of the tuning job behind it', async () => {
    const { server, api } = await asked(({ url }) =>
      url.startsWith(`/v1/${STUDY}`)
        ? { body: { name: STUDY, state: 'JOB_STATE_RUNNING', trials: [{ id: '1', state: 'SUCCEEDED' }] } }
        : { body: { ...SUCCEEDED, trainingTaskMetadata: { backingHyperparameterTuningJob: STUDY } } },
    );
    const job = await api.get(PIPELINE);
    expect([job.name, job.state, job.backing]).toEqual([PIPELINE, 'SUCCEEDED', STUDY]);
    expect(job.trials.map(({ id, state }) => [id, state])).toEqual([['1', 'SUCCEEDED']]);
    expect(server.seen.map(path)).toEqual([`/v1/${PIPELINE}`, `/v1/${STUDY}`]);
  });

  test('whose tuning job cannot be read is an error of that job', async () => {
    const { api } = await asked(({ url }) =>
      url.startsWith(`/v1/${STUDY}`)
        ? { status: 503, body: { error: { code: 503, message: 'Busy.' } } }
        : { body: { ...SUCCEEDED, trainingTaskMetadata: { backingHyperparameterTuningJob: STUDY } } },
    );
    const error = await thrownBy(api.get(PIPELINE));
    expect([error?.httpStatus, error?.message]).toEqual([503, `get ${STUDY}: HTTP 503: Busy.`]);
  });

  test('is listed by its own filter, on all pages', async () => {
    const { server, api } = await asked(({ url }) =>
      url.includes('pageToken=more')
        ? { body: { trainingPipelines: [{ name: `${PIPELINE}2`, state: 3 }] } }
        : {
            body: {
              trainingPipelines: [{ name: `${PIPELINE}1`, state: 'PIPELINE_STATE_QUEUED' }],
              nextPageToken: 'more',
            },
          },
    );
    const jobs = await api.list(PARENT, 'trainingPipelines', 'labels.a="b"');
    expect(jobs.map(({ name, state }) => [name, state])).toEqual([
      [`${PIPELINE}1`, 'QUEUED'],
      [`${PIPELINE}2`, 'RUNNING'],
    ]);
    expect(path(server.seen[0])).toBe(`/v1/${PARENT}/trainingPipelines`);
    expect(new URL(server.seen[0]?.url ?? '', 'http://x').searchParams.get('filter')).toBe('labels.a="b"');
  });
});

describe('a model', () => {
  const MODEL = `${PARENT}/models/digits`;

  test('that is there', async () => {
    const { server, api } = await asked({ body: { name: MODEL } });
    expect(await api.modelExists(MODEL)).toBe(true);
    const [request] = server.seen;
    expect([request?.method, path(request), request?.headers.authorization]).toEqual([
      'GET',
      `/v1/${MODEL}`,
      'Bearer TOKEN',
    ]);
  });

  test('that is not', async () => {
    const { server, api } = await asked({ status: 404, body: { error: { code: 404, message: 'No such model.' } } });
    expect(await api.modelExists(MODEL)).toBe(false);
    expect(server.seen).toHaveLength(1);
  });

  test.each([
    { status: 403, text: 'You may not.' },
    { status: 503, text: 'Busy.' },
  ])('that nobody tells of is no answer: HTTP $status, asked once', async ({ status, text }) => {
    const { server, api } = await asked({ status, body: { error: { code: status, message: text } } });
    const error = await thrownBy(api.modelExists(MODEL));
    expect(error).toBeInstanceOf(ApiError);
    expect([error?.httpStatus, error?.message]).toEqual([status, `get ${MODEL}: HTTP ${status}: ${text}`]);
    expect(server.seen).toHaveLength(1);
  });
});

describe('a list', () => {
  test('that is empty', async () => {
    const { server, api } = await asked({ body: {} });
    expect(await api.list(PARENT, 'customJobs', 'labels.a="b"')).toEqual([]);
    const query = new URL(server.seen[0]?.url ?? '', 'http://x').searchParams;
    expect([path(server.seen[0]), query.get('filter')]).toEqual([`/v1/${PARENT}/customJobs`, 'labels.a="b"']);
  });

  test('of several pages is read to its end', async () => {
    const { api } = await asked(({ url }) =>
      url.includes('pageToken=more')
        ? { body: { hyperparameterTuningJobs: [{ name: `${STUDY}2`, state: 'JOB_STATE_RUNNING' }] } }
        : { body: { hyperparameterTuningJobs: [{ name: `${STUDY}1`, state: 3 }], nextPageToken: 'more' } },
    );
    const jobs = await api.list(PARENT, 'hyperparameterTuningJobs', 'x');
    expect(jobs.map(({ name, state }) => [name, state])).toEqual([
      [`${STUDY}1`, 'RUNNING'],
      [`${STUDY}2`, 'RUNNING'],
    ]);
  });
});

describe('a cancel', () => {
  test.each([CUSTOM, STUDY, PIPELINE])('of %s', async (name) => {
    const { server, api } = await asked({ body: {} });
    await api.cancel(name);
    expect([server.seen[0]?.method, path(server.seen[0])]).toEqual(['POST', `/v1/${name}:cancel`]);
  });
});

describe('a refusal', () => {
  test.each([
    { status: 400, word: 'INVALID_ARGUMENT', text: 'List of found errors:\t1.Field: job_spec; Message: no.\t' },
    { status: 403, word: 'PERMISSION_DENIED', text: 'You may not.' },
    { status: 404, word: 'NOT_FOUND', text: 'No such job.' },
    { status: 429, word: 'RESOURCE_EXHAUSTED', text: 'The following quota metrics exceed quota limits: x' },
    { status: 503, word: 'UNAVAILABLE', text: 'Busy.' },
  ])('of HTTP $status says what the service says, and is asked once', async ({ status, word, text }) => {
    const { server, api } = await asked({ status, body: { error: { code: status, message: text, status: word } } });
    const calls: [string, () => Promise<unknown>][] = [
      [`get ${CUSTOM}`, () => api.get(CUSTOM)],
      [`cancel ${STUDY}`, () => api.cancel(STUDY)],
      [`list ${PARENT}/customJobs`, () => api.list(PARENT, 'customJobs', 'x')],
    ];
    for (const [action, call] of calls) {
      const error = await thrownBy(call());
      expect(error).toBeInstanceOf(ApiError);
      expect([error?.httpStatus, error?.message]).toEqual([status, `${action}: HTTP ${status}: ${text}`]);
    }
    expect(server.seen).toHaveLength(3);
  });

  test('to create is thrown, and the job is asked for once', async () => {
    const { server, api } = await asked({ status: 503, body: { error: { code: 503, message: 'Busy.' } } });
    const error = await thrownBy(api.create(PARENT, 'customJobs', planOf({}).job.resource));
    expect([error?.httpStatus, error?.message]).toEqual([503, `create a job in ${PARENT}/customJobs: HTTP 503: Busy.`]);
    expect(server.seen).toHaveLength(1);
  });

  test('that is no JSON keeps its status', async () => {
    const { api } = await asked({ status: 502, body: '<html>Bad Gateway</html>' });
    expect((await thrownBy(api.get(CUSTOM)))?.httpStatus).toBe(502);
  });

  test('where nobody listens is worth another attempt', async () => {
    const api = vertexApi({ url: 'http://127.0.0.1:9', credentials: fixedCredentials('TOKEN') });
    const error = await thrownBy(api.get(CUSTOM));
    expect(error).toBeInstanceOf(ApiError);
    expect(isTransient(error)).toBe(true);
  });
});
