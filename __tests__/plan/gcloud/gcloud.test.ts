// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of a config
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findProgram } from '../../../scripts/machine/places.ts';
import { run } from '../../../scripts/machine/run.ts';
import { camelCase, messageSchema } from '../../../src/vertex/schema.ts';
import type { CustomJobSpec } from '../../../src/vertex/types.ts';
import { errorsOf, IMAGE, planned, yaml } from '../request/judge.ts';

/** What gcloud itself sends for a config is held against the plan of the same file, field for field. */

const gcloud = await findProgram('gcloud');
const suite = gcloud === undefined ? describe.skip : describe;
if (gcloud === undefined) process.stderr.write('SKIPPED: configs against gcloud (gcloud is not on this machine)\n');

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

let folder = '';
const posted: { readonly url: string; readonly body: Json }[] = [];
const server = createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  request.on('end', () => {
    const url = request.url ?? '';
    posted.push({ url, body: JSON.parse(text) as Json });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ name: `${url.replace(/^\/v1\//, '').replace(/\?.*$/, '')}/1` }));
  });
});

beforeAll(async () => {
  if (gcloud === undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'gcloud-config-'));
  writeFileSync(join(folder, 'token'), 'any-word');
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  if (gcloud === undefined) return;
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

type Kind = 'customJobs' | 'hyperparameterTuningJobs';
type Sent = { readonly body: Json } | { readonly refused: string };

/** What gcloud sends for this config, or why it refuses. */
async function sentByGcloud(kind: Kind, config: string): Promise<Sent> {
  const path = join(folder, 'config.yaml');
  writeFileSync(path, config);
  const env = {
    ...process.env,
    CLOUDSDK_CONFIG: join(folder, 'gcloud'),
    CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: join(folder, 'token'),
    CLOUDSDK_CORE_PROJECT: 'my-project',
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
  };
  posted.length = 0;
  const command = kind === 'customJobs' ? 'custom-jobs' : 'hp-tuning-jobs';
  const args = ['ai', command, 'create', '--region=us-central1', '--display-name=by-gcloud', `--config=${path}`];
  const { stdout, stderr } = await run(gcloud ?? 'gcloud', args, { env, timeoutMs: 60_000 });
  const [request] = posted;
  if (request === undefined) return { refused: `${stdout}${stderr}` };
  expect(request.url).toBe(`/v1/projects/my-project/locations/us-central1/${kind}?alt=json`);
  return { body: request.body };
}

async function bodyOf(kind: Kind, config: string): Promise<Json> {
  const sent = await sentByGcloud(kind, config);
  if ('refused' in sent) throw new Error(sent.refused);
  return sent.body;
}

/** The fields that are not compared, or not as they are; all others have to be equal. */
const EXCEPTIONS = {
  displayName: 'names the run here, and is a flag there',
  labels: 'ours are more: those of the run and of the identity',
  timeout: 'of scheduling: ours is a day where the file has none; else both send the file’s',
  imageUri: 'where it names the image that is built here: the tag is ours',
};

/** The job spec within the resource of either kind. */
const specOf = (body: Json, kind: Kind) =>
  (kind === 'customJobs' ? body['jobSpec'] : body['trialJobSpec']) as CustomJobSpec;

function comparable(body: Json, kind: Kind, fileHasTimeout: boolean): Json {
  const { displayName: _displayName, labels: _labels, ...rest } = body;
  const { scheduling, ...spec } = specOf(body, kind);
  const { timeout, ...others } = scheduling ?? {};
  const kept = { ...others, ...(fileHasTimeout ? { timeout } : {}) };
  const workerPoolSpecs = spec.workerPoolSpecs.map((pool) => {
    const { containerSpec } = pool;
    if (!containerSpec?.imageUri.startsWith(IMAGE)) return pool;
    return { ...pool, containerSpec: { ...containerSpec, imageUri: IMAGE } };
  });
  const jobSpec = { ...spec, workerPoolSpecs, ...(Object.keys(kept).length === 0 ? {} : { scheduling: kept }) };
  return { ...rest, [kind === 'customJobs' ? 'jobSpec' : 'trialJobSpec']: jobSpec };
}

/**
 * gcloud passes what it does not know on as it stands, and so whole files in snake_case. The API takes either spelling
 * and int64 as a number too: the same message in one spelling.
 */
function normal(type: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => normal(type, item));
  const schema = messageSchema(type);
  if (schema === undefined || !isObject(value)) return type === 'int64' ? String(value) : value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => {
      const name = Object.hasOwn(schema, key) ? key : camelCase(key);
      const field = schema[name];
      if (field === undefined) throw new Error(`${type} has no ${key}`);
      return [name, field.key === undefined ? normal(field.type, part) : part];
    }),
  );
}

const MESSAGES = { customJobs: 'CustomJob', hyperparameterTuningJobs: 'HyperparameterTuningJob' } as const;
const configs = new URL('./configs/', import.meta.url);

suite(`the request is gcloud’s, apart from ${Object.keys(EXCEPTIONS).join(', ')}`, () => {
  test.each(readdirSync(configs).sort())('%s', async (name) => {
    const kind = name.startsWith('tuning-') ? 'hyperparameterTuningJobs' : 'customJobs';
    const config = readFileSync(new URL(name, configs), 'utf8');
    const { job, built } = planned({}, config);
    expect(job.collection).toBe(kind);
    const raw = await bodyOf(kind, config);
    const theirs = normal(MESSAGES[kind], raw) as Json;
    if (!name.includes('snake-case')) expect(theirs).toEqual(raw);
    const ours = JSON.parse(JSON.stringify(job.resource)) as Json;
    const hasTimeout = config.includes('timeout: ');
    expect(comparable(ours, kind, hasTimeout)).toEqual(comparable(theirs, kind, hasTimeout));
    expect(ours['labels']).toMatchObject((theirs['labels'] ?? {}) as Json);
    const takesImage = specOf(theirs, kind).workerPoolSpecs.flatMap(({ containerSpec }, index) =>
      containerSpec?.imageUri.startsWith(IMAGE) ? [index] : [],
    );
    expect(built).toEqual(takesImage);
  });

  test('there are ten of them and more, of either kind', () => {
    const names = readdirSync(configs);
    expect(names.filter((name) => name.startsWith('custom-')).length).toBeGreaterThanOrEqual(10);
    expect(names.filter((name) => name.startsWith('tuning-')).length).toBeGreaterThanOrEqual(5);
  });

  test('variables are ours alone: gcloud sends them unread', async () => {
    const config = pool("containerSpec: { imageUri: x, args: ['${A}', '$${A}'] }");
    const { job } = planned({ variables: 'A=b' }, config);
    const program = (body: unknown) => specOf(body as Json, 'customJobs').workerPoolSpecs[0]?.containerSpec?.args;
    expect(program(job.resource)).toEqual(['b', '${A}']);
    expect(program(await bodyOf('customJobs', config))).toEqual(['${A}', '$${A}']);
  });
});

const pool = (program = 'containerSpec: { imageUri: x }', rest = '') => `workerPoolSpecs:
  - machineSpec: { machineType: n1-standard-4 }
    replicaCount: 1
    ${program}
${rest}`;

const study = (parameter: string, rest = '') => `studySpec:
  metrics: [{ metricId: a, goal: MAXIMIZE }]
  parameters: [{ parameterId: p, ${parameter} }]
trialJobSpec:
${pool().replace(/^/gm, '  ')}
${rest}`;

const DOUBLE = 'doubleValueSpec: { minValue: 0.1, maxValue: 0.5 }';

interface Difference {
  readonly name: string;
  readonly kind: Kind;
  readonly config: string;
  /** A part of what gcloud sends, or of why it refuses. */
  readonly gcloud: { readonly sends: object } | { readonly refuses: RegExp };
  /** Faults of the plan, or a part of its request. */
  readonly ours: readonly string[] | object;
}

suite('where the plan differs from gcloud, on purpose', () => {
  test.each<Difference>([
    {
      name: 'an unknown key is sent by gcloud',
      kind: 'customJobs',
      config: pool(undefined, 'netwrk: x'),
      gcloud: { sends: { jobSpec: { netwrk: 'x' } } },
      ours: [expect.stringContaining('job.yaml:5:1: the config has the unknown key "netwrk"; the nearest is network.')],
    },
    {
      name: 'an enum’s number is accepted by gcloud',
      kind: 'customJobs',
      config: pool('containerSpec: { imageUri: x }', 'scheduling: { strategy: 4 }'),
      gcloud: { sends: { jobSpec: { scheduling: { strategy: 'SPOT' } } } },
      ours: [expect.stringContaining('job.yaml:5:25: scheduling.strategy is the number 4; accepted:')],
    },
    {
      name: 'an accelerator’s number, which gcloud makes another accelerator (11 is NVIDIA_L4 to the API)',
      kind: 'customJobs',
      config: `workerPoolSpecs: [{ machineSpec: { machineType: a, acceleratorType: 11 }, containerSpec: { imageUri: x } }]`,
      gcloud: { sends: { jobSpec: { workerPoolSpecs: [{ machineSpec: { acceleratorType: 'NVIDIA_H200_141GB' } }] } } },
      ours: [
        expect.stringContaining('workerPoolSpecs[0].machineSpec.acceleratorType is the number 11; accepted:'),
        expect.stringContaining('"a" is not in the catalog of training machines'),
      ],
    },
    {
      name: 'a duration in minutes, which the API refuses, is sent by gcloud',
      kind: 'customJobs',
      config: pool(undefined, 'scheduling: { timeout: 60m }'),
      gcloud: { sends: { jobSpec: { scheduling: { timeout: '60m' } } } },
      ours: [
        'job.yaml:5:24: scheduling.timeout is the text "60m"; seconds with the unit are accepted, as in \'3600s\'. [config-type]',
      ],
    },
    {
      name: 'of a key that stands twice gcloud takes the first',
      kind: 'customJobs',
      config: pool(undefined, 'serviceAccount: a@b.c\nserviceAccount: d@e.f'),
      gcloud: { sends: { jobSpec: { serviceAccount: 'a@b.c' } } },
      ours: ['job.yaml:6:1: "serviceAccount" stands a second time. Keep one. [config-duplicate]'],
    },
    {
      name: 'a key without a value is left out by gcloud',
      kind: 'customJobs',
      config: pool(undefined, 'scheduling:\nnetwork: null'),
      gcloud: { sends: { jobSpec: expect.not.objectContaining({ scheduling: expect.anything() }) } },
      ours: [
        'job.yaml:5:12: scheduling is empty; a mapping is accepted. [config-type]',
        'job.yaml:6:10: network is empty; a text is accepted. [config-type]',
      ],
    },
    {
      name: 'one text is made a list by gcloud',
      kind: 'customJobs',
      config: pool('containerSpec: { imageUri: x, args: --x }'),
      gcloud: { sends: { jobSpec: { workerPoolSpecs: [{ containerSpec: { args: ['--x'] } }] } } },
      ours: ['job.yaml:4:41: workerPoolSpecs[0].containerSpec.args is "--x"; a list is accepted. [config-type]'],
    },
    {
      name: 'an empty pool in camelCase is refused by gcloud, though the API wants it',
      kind: 'customJobs',
      config: `${pool()}  - {}\n  - machineSpec: { machineType: n1-standard-4 }\n    replicaCount: 2\n    containerSpec: { imageUri: other }\n`,
      gcloud: { refuses: /Exactly one of fields \[pythonPackageSpec, containerSpec\] is required/ },
      ours: { jobSpec: { workerPoolSpecs: [{}, {}, { replicaCount: '2' }] } },
    },
    {
      name: 'a second document is refused by both',
      kind: 'customJobs',
      config: pool(undefined, '---\nnetwork: x'),
      gcloud: { refuses: /expected a single document in the stream/ },
      ours: ['job.yaml:5:1: a second document begins here. Keep one. [config-yaml]'],
    },
    {
      name: 'a number for a text is refused by both',
      kind: 'customJobs',
      config: pool('containerSpec: { imageUri: x, env: [{ name: A, value: 1 }] }'),
      gcloud: { refuses: /Expected type <class 'str'> for field value, found 1/ },
      ours: [
        "job.yaml:4:59: workerPoolSpecs[0].containerSpec.env[0].value is the number 1; a text is accepted. Quote it: '1'. [config-type]",
      ],
    },
    {
      name: 'snake_case of a tuning job is refused by gcloud',
      kind: 'hyperparameterTuningJobs',
      config: study(DOUBLE).replace('studySpec', 'study_spec').replace('trialJobSpec', 'trial_job_spec'),
      gcloud: { refuses: /Failed to parse value\(s\) in protobuf/ },
      ours: { studySpec: { parameters: [{ parameterId: 'p' }] }, trialJobSpec: { workerPoolSpecs: [{}] } },
    },
    {
      name: 'fields that exclude each other are sent by gcloud',
      kind: 'hyperparameterTuningJobs',
      config: study(`${DOUBLE}, categoricalValueSpec: { values: [a] }`),
      gcloud: { sends: { studySpec: { parameters: [{ doubleValueSpec: {}, categoricalValueSpec: {} }] } } },
      ours: [
        'job.yaml:3:85: studySpec.parameters[0].categoricalValueSpec and doubleValueSpec exclude each other. Keep one. [config-oneof]',
      ],
    },
    {
      name: 'fields that the service sets are sent by gcloud',
      kind: 'hyperparameterTuningJobs',
      config: study(DOUBLE, 'state: JOB_STATE_QUEUED'),
      gcloud: { sends: { state: 'JOB_STATE_QUEUED' } },
      ours: ['job.yaml:10:1: state is set by Vertex AI. Remove it. [config-output-only]'],
    },
    {
      name: 'no trials are made one by gcloud',
      kind: 'hyperparameterTuningJobs',
      config: study(DOUBLE, 'maxTrialCount: 0'),
      gcloud: { sends: { maxTrialCount: 1 } },
      ours: [expect.stringContaining('maxTrialCount: is 0; 1 or more is accepted. [trial-count]')],
    },
    {
      name: 'a time makes gcloud crash',
      kind: 'hyperparameterTuningJobs',
      config: study(DOUBLE).replace(
        'trialJobSpec:',
        '  studyStoppingConfig: { maximumRuntimeConstraint: { endTime: 2030-01-01T00:00:00Z } }\ntrialJobSpec:',
      ),
      gcloud: { refuses: /Object of type datetime is not JSON serializable/ },
      ours: { studySpec: { studyStoppingConfig: { maximumRuntimeConstraint: { endTime: '2030-01-01T00:00:00Z' } } } },
    },
    {
      name: 'an accelerator without its count is sent by gcloud, though the API refuses it',
      kind: 'customJobs',
      config: pool().replace('n1-standard-4', 'g2-standard-4, acceleratorType: NVIDIA_L4'),
      gcloud: {
        sends: {
          jobSpec: { workerPoolSpecs: [{ machineSpec: expect.not.objectContaining({ acceleratorCount: 1 }) }] },
        },
      },
      ours: { jobSpec: { workerPoolSpecs: [{ machineSpec: { acceleratorType: 'NVIDIA_L4', acceleratorCount: 1 } }] } },
    },
  ])('$name', async ({ kind, config, gcloud: theirs, ours }) => {
    if (Array.isArray(ours)) expect(errorsOf({}, config)).toEqual(ours);
    else expect(planned({}, config).job.resource).toMatchObject(ours);
    const sent = await sentByGcloud(kind, config);
    if ('sends' in theirs) expect(sent).toMatchObject({ body: theirs.sends });
    else expect('refused' in sent ? sent.refused : '').toMatch(theirs.refuses);
  });

  test('an empty list is no list: gcloud leaves it out', async () => {
    const config = yaml`
      workerPoolSpecs:
        - machineSpec: { machineType: n1-standard-4 }
          replicaCount: 1
          containerSpec: { imageUri: x, args: [], env: [] }
    `;
    expect(await bodyOf('customJobs', config)).toMatchObject({
      jobSpec: { workerPoolSpecs: [{ containerSpec: { imageUri: 'x' } }] },
    });
    const [{ containerSpec }] = specOf(planned({}, config).job.resource as unknown as Json, 'customJobs')
      .workerPoolSpecs as [{ containerSpec: object }];
    expect(containerSpec).toEqual({ imageUri: 'x' });
  });
});
