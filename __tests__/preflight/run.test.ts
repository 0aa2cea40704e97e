import { describe, expect, test } from '@jest/globals';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { type PreflightApis, preflightApis } from '../../src/preflight/apis.ts';
import { preflightChecks } from '../../src/preflight/checks.ts';
import { runPreflight } from '../../src/preflight/run.ts';
import { systemClock } from '../../src/retry.ts';
import type { GoogleApis, GoogleWorld } from '../e2e/parts/google-apis.ts';
import { recordingLog } from '../ground/recording-log.ts';
import { checksOf, DEPLOYER, requestOf, told } from './given.ts';
import {
  ACCOUNT,
  AGENT,
  apisAt,
  EVERYTHING,
  GOOD,
  KEY,
  nextTurn,
  PARENT,
  REPOSITORY,
  run,
  started,
  urlsOf,
} from './world.ts';

const MODEL = `${PARENT}/models/digits`;

describe('where nothing is missing', () => {
  test('nothing is told, and the number and the model are known', async () => {
    const google = await started(GOOD);
    expect(await run(google, checksOf(EVERYTHING))).toEqual({
      findings: [],
      projectNumber: '42',
      models: new Map([[MODEL, true]]),
    });
  });

  test('each thing is asked for once, and the project too', async () => {
    const google = await started(GOOD);
    const checks = checksOf(EVERYTHING);
    // As for several regions.
    await run(google, [...checks, ...checks]);
    expect(
      google
        .requests()
        .map(({ method, path }) => `${method} ${decodeURIComponent(path)}`)
        .sort(),
    ).toEqual(
      [
        `GET /bigquery/v2/projects/my-project/datasets/sales`,
        `GET /compute/v1/projects/42/global/networks/vpc`,
        `GET /storage/v1/b/my-data`,
        `GET /storage/v1/b/my-out`,
        `GET /v1/${KEY}`,
        `GET /v1/${KEY}:getIamPolicy`,
        `GET /v1/${PARENT}/models/digits`,
        `GET /v1/${PARENT}/persistentResources/pool`,
        `GET /v1/${PARENT}/tensorboards/7`,
        `GET /v1/${PARENT}/trainingPipelines`,
        `GET /v1/${REPOSITORY}`,
        `GET /v1/${REPOSITORY}:getIamPolicy`,
        `GET /v3/projects/my-project`,
        `POST /v1/projects/my-project/serviceAccounts/${ACCOUNT}:testIamPermissions`,
        `POST /v3/projects/my-project:testIamPermissions`,
      ].sort(),
    );
  });

  test('the objects that the step reads are asked about', async () => {
    const checks = preflightChecks(requestOf({ output_uri: 'gs://my-out/runs' }, undefined, true, true));
    expect((await run(await started(GOOD), checks)).findings).toEqual([]);
    const closed = { ...GOOD, granted: { ...GOOD.granted, 'buckets/my-out': ['storage.objects.list'] } };
    const { findings } = await run(await started(closed), checks);
    expect(told(findings)).toEqual([
      expect.stringMatching(
        /^error: output_uri names gs:\/\/my-out, .* it lacks storage\.objects\.get\. Grant it .*\[permission-read-objects\]$/,
      ),
    ]);
    const gone = await run(await started({ ...GOOD, buckets: {} }), checks);
    expect(gone.findings.map(({ fault }) => fault.rule)).toEqual(['bucket-missing']);
    const hidden = await run(await started({ ...GOOD, hidden: ['my-out'] }), checks);
    expect(hidden.findings.map(({ level, fault }) => [level, fault.rule])).toEqual(
      Array(2).fill(['note', 'not-checked']),
    );
  });

  test('a new model is no fault', async () => {
    const google = await started({ ...GOOD, resources: {} });
    const answer = await run(google, checksOf({ model: 'digits', serving_image: 'us-docker.pkg.dev/vertex-ai/x' }));
    expect(answer).toMatchObject({ findings: [], models: new Map([[MODEL, false]]) });
  });
});

describe('where everything is missing', () => {
  const EMPTY: GoogleWorld = { project: GOOD.project };
  const rules = [
    'permission-create-job',
    'permission-model',
    'permission-logs',
    'job-account-missing',
    'dataset-missing',
    'bucket-missing',
    'bucket-missing',
    'tensorboard-missing',
    'persistent-resource-missing',
    'network-missing',
    'kms-key-missing',
    'image-repository',
  ];

  test('all of it is told in one list, in the order of the checks, whichever answers first', async () => {
    for (const slow of ['nothing', ':testIamPermissions', 'tensorboards', '/v3/']) {
      const late = async ({ path }: { readonly path: string }) => {
        if (decodeURIComponent(path).includes(slow)) for (let turn = 0; turn < 200; turn += 1) await nextTurn();
      };
      const google = await started(EMPTY, { before: late });
      const { findings } = await run(google, checksOf(EVERYTHING));
      expect([slow, ...findings.map(({ fault }) => fault.rule)]).toEqual([slow, ...rules]);
      expect(findings.every(({ level }) => level === 'error')).toBe(true);
    }
  });

  test('Vertex AI’s refusal is no second finding beside the permission', async () => {
    const google = await started(EMPTY);
    const { findings } = await run(google, checksOf({}));
    expect(findings.map(({ fault }) => fault.rule)).toEqual(['permission-create-job', 'permission-logs']);
    expect(told(findings)[0]).toContain('it lacks aiplatform.customJobs.create');
  });

  test('but is told where the permissions could not be asked', async () => {
    const google = await started({ ...EMPTY, disabled: ['Cloud Resource Manager API'] });
    const texts = told((await run(google, checksOf({}))).findings);
    expect(texts).toEqual([
      expect.stringMatching(
        /^note: project_id: could not be checked: .*enable the API: `gcloud services enable cloudresourcemanager\.googleapis\.com --project=42`\. \[not-checked\]$/,
      ),
      expect.stringMatching(
        new RegExp(`^error: ${DEPLOYER} was refused by Vertex AI in us-central1 .* \\[permission-create-job\\]$`),
      ),
      expect.stringMatching(/^note: could not be checked: May this step create and follow custom jobs/),
    ]);
  });
});

test('an API of Vertex AI that is not enabled is a fault', async () => {
  const google = await started({ ...GOOD, disabled: ['Vertex AI API'] });
  const { findings } = await run(google, checksOf({}));
  expect(told(findings)[0]).toMatch(/^error: project_id names my-project, but the Vertex AI API is not enabled/);
});

describe('what may not be asked is a note', () => {
  test('for everything that may not be seen', async () => {
    const hidden = [
      'my-data',
      'my-out',
      'my-project.sales',
      KEY,
      REPOSITORY,
      'projects/42/global/networks/vpc',
      `${PARENT}/tensorboards/7`,
      `${PARENT}/models/digits`,
      `${PARENT}/persistentResources/pool`,
    ];
    const google = await started({ ...GOOD, hidden });
    const { findings, models } = await run(google, checksOf(EVERYTHING));
    expect(findings.map(({ level, fault }) => `${level} ${fault.rule}`)).toEqual(hidden.map(() => 'note not-checked'));
    expect(models).toEqual(new Map());
  });

  test('for policies that may not be read, with the grant that they would show', async () => {
    const google = await started({ ...GOOD, policies: {} });
    const { findings } = await run(google, checksOf(EVERYTHING));
    expect(findings.map(({ level, fault }) => `${level} ${fault.rule}`)).toEqual([
      'note kms-key-agent',
      'note image-pull',
    ]);
    expect(told(findings)[0]).toContain(`--member=${AGENT} --condition=None\``);
    expect(told(findings)[1]).toContain('serving_image is outside the job');
    expect(told(findings)[1]).toContain(`--member=${AGENT}`);
  });

  test('for a caller whom nobody lets in', async () => {
    const google = await started(GOOD, { accepts: (token) => token === 'OTHER' });
    const { findings } = await run(google, checksOf(EVERYTHING));
    expect(new Set(findings.map(({ level, fault }) => `${level} ${fault.rule}`))).toEqual(
      new Set(['note not-checked']),
    );
    expect(findings).toHaveLength(checksOf(EVERYTHING).length);
  });

  test.each([
    { name: 'HTTP 400', mishap: { status: 400, body: { error: { message: 'Permission x is not valid' } } } },
    { name: 'no JSON object', mishap: { status: 200, body: [1] } },
  ] as const)('after $name, asked for once', async ({ mishap }) => {
    const google = await started(GOOD);
    google.goWrong('projects/my-project:testIamPermissions', mishap, 9);
    const { findings } = await run(google, checksOf({ args: 'gs://my-data' }));
    expect(findings.map(({ level, fault }) => [level, fault.rule])).toEqual([['note', 'not-checked']]);
    expect(google.requests().filter(({ path }) => path.endsWith(':testIamPermissions'))).toHaveLength(1);
  });
});

describe('services that are not to be asked', () => {
  const GOOGLE = urlsOf('https://x.googleapis.com');
  const credentials = fixedCredentials('TOKEN');
  const options = () => ({ clock: systemClock, signal: new AbortController().signal, log: recordingLog() });
  const beside = ({ url }: GoogleApis) =>
    preflightApis(
      { url: GOOGLE, vertexUrl: () => url, vertexOnLoopback: true, artifactRegistry: undefined },
      credentials,
    );

  test('are Google’s own beside a Vertex AI on this machine', async () => {
    const google = await started(GOOD);
    const apis = beside(google);
    expect(Object.entries(apis).flatMap(([name, api]) => (api === undefined ? [name] : []))).toEqual([
      'artifactRegistry',
      'resourceManager',
      'iam',
      'storage',
      'bucketPermissions',
      'bigQuery',
      'kms',
      'compute',
    ]);
    expect(await runPreflight(checksOf(EVERYTHING), apis, options())).toEqual({
      findings: [],
      projectNumber: undefined,
      models: new Map([[MODEL, true]]),
    });
    expect(new Set(google.requests().map(({ path }) => path.split('/')[1]))).toEqual(new Set(['v1']));
  });

  test('are none where Vertex AI is Google’s', () => {
    const vertexUrl = (region: string) => `https://${region}-aiplatform.googleapis.com`;
    const endpoints = { url: GOOGLE, vertexUrl, vertexOnLoopback: false, artifactRegistry: undefined };
    expect(Object.values(preflightApis(endpoints, credentials)).filter((api) => api === undefined)).toHaveLength(1);
  });

  test('a project that is named by its number needs nobody to tell it', async () => {
    const apis = beside(await started(GOOD));
    const { projectNumber } = await runPreflight(checksOf({ project_id: '123456789' }), apis, options());
    expect(projectNumber).toBe('123456789');
  });
});

const HARDWARE = '- { machine_type: n1-standard-8 }';

test('each region’s Vertex AI is asked for what is in it, and everything else once', async () => {
  const [here, there] = [await started(GOOD), await started(GOOD)];
  const apis: PreflightApis = {
    ...apisAt(here),
    vertex: (region) => apisAt(region === 'us-central1' ? here : there).vertex(region),
  };
  const given = { model: 'digits', serving_image: 'us-docker.pkg.dev/vertex-ai/x', args: 'gs://my-data' };
  const checks = checksOf({ ...given, region: 'us-central1\nus-east4', fallback_hardware: HARDWARE });
  const { models, findings } = await runPreflight(checks, apis, {
    clock: systemClock,
    signal: new AbortController().signal,
    log: recordingLog(),
  });
  const elsewhere = 'projects/my-project/locations/us-east4';
  expect([...models].sort()).toEqual([
    [MODEL, true],
    [`${elsewhere}/models/digits`, false],
  ]);
  expect(findings.map(({ level, fault }) => `${level} ${fault.rule}`)).toEqual(['warning bucket-region']);
  expect(
    there
      .requests()
      .map(({ path }) => path)
      .sort(),
  ).toEqual([`/v1/${elsewhere}/models/digits`, `/v1/${elsewhere}/trainingPipelines`]);
  expect(here.requests().filter(({ path }) => path.startsWith('/v3/'))).toHaveLength(2);
});

test('data that is nowhere is missing once, however many regions the job may run in', async () => {
  const google = await started({ ...GOOD, buckets: {}, datasets: {} });
  const given = { args: 'gs://my-data/x\nbq://my-project.sales.orders', output_uri: 'gs://my-out' };
  const { findings } = await run(google, checksOf({ ...given, region: 'us-central1\nus-east4' }));
  const missing = findings.filter(({ fault }) => fault.rule.endsWith('-missing'));
  expect(told(missing)).toEqual([
    expect.stringMatching(/^error: args names bq:\/\/my-project\.sales,.* --location=us-central1 /),
    expect.stringMatching(/^error: args names gs:\/\/my-data,.* --location=us-central1 /),
    expect.stringMatching(/^error: output_uri names gs:\/\/my-out,.* --location=us-central1 /),
  ]);
});

test('an account of another project is asked for its agent, by the project’s number', async () => {
  const account = 'trainer@other-project.iam.gserviceaccount.com';
  const name = `projects/other-project/serviceAccounts/${account}`;
  const world: GoogleWorld = {
    ...GOOD,
    accounts: [account],
    granted: { ...GOOD.granted, [name]: ['iam.serviceAccounts.actAs'] },
    policies: { [name]: [{ role: 'roles/iam.serviceAccountTokenCreator', members: [AGENT] }] },
  };
  const checks = checksOf({ job_service_account: account }).filter(
    ({ kind }) => kind === 'project' || kind === 'job-account',
  );
  expect((await run(await started(world), checks)).findings).toEqual([]);
  const [text, ...more] = told((await run(await started({ ...world, policies: { [name]: [] } }), checks)).findings);
  expect(text).toMatch(/^warning: job_service_account names .*service-42@gcp-sa-aiplatform.*\[job-account-agent\]$/);
  expect(more).toEqual([]);
});

test('a check that is a fault of this program is a note too', async () => {
  const google = await started(GOOD);
  const broken: PreflightApis = {
    ...apisAt(google),
    storage: {
      bucket: () => {
        throw new TypeError('x is not a function');
      },
    },
  };
  const checks = checksOf({ args: 'gs://my-data' }).filter(({ kind }) => kind === 'bucket');
  const options = { clock: systemClock, signal: new AbortController().signal, log: recordingLog() };
  const { findings } = await runPreflight(checks, broken, options);
  expect(told(findings)).toEqual([
    expect.stringMatching(/^note: args: could not be checked: .* x is not a function\. \[not-checked\]$/),
  ]);
});

test('the log is told each question and how many findings it had', async () => {
  const google = await started({ ...GOOD, buckets: {} });
  const log = recordingLog();
  const checks = checksOf({ args: 'gs://my-data' }).filter(({ kind }) => kind === 'bucket' || kind === 'project');
  await runPreflight(checks, apisAt(google), { clock: systemClock, signal: new AbortController().signal, log });
  expect(log.texts('debug').sort()).toEqual([
    'Preflight: Is gs://my-data in us-central1 and in project my-project, as the job is? Found: 1.',
    'Preflight: Is there a project my-project, and which is its number? Nothing found.',
  ]);
});
