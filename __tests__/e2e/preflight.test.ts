import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type Cloud, openCloud } from './parts/cloud.ts';
import { type GoogleApis, type GoogleWorld, startGoogleApis } from './parts/google-apis.ts';
import { Scene } from './parts/scene.ts';

jest.setTimeout(90_000);

const DOCKERFILE = `ARG BASE_IMAGE=python:3.12-slim
FROM \${BASE_IMAGE}
ENTRYPOINT ["true"]
`;
const ACCOUNT = 'runner@my-project.iam.gserviceaccount.com';
const JOB = ['create', 'get', 'list', 'cancel'].map((verb) => `aiplatform.customJobs.${verb}`);
const PROJECT = { id: 'my-project', number: '123456789' };

/** Everything that the job needs is there. */
const WHOLE: GoogleWorld = {
  project: PROJECT,
  granted: {
    'projects/my-project': [...JOB, 'logging.logEntries.list'],
    [`projects/-/serviceAccounts/${ACCOUNT}`]: ['iam.serviceAccounts.actAs'],
    [`projects/my-project/serviceAccounts/${ACCOUNT}`]: ['iam.serviceAccounts.actAs'],
  },
  accounts: [ACCOUNT],
  buckets: {
    'my-out': { name: 'my-out', location: 'US-CENTRAL1', locationType: 'region', projectNumber: '123456789' },
  },
};

describe('what only the network knows', () => {
  let scene: Scene;
  let cloud: Cloud;
  beforeAll(async () => {
    scene = await Scene.open();
    cloud = await openCloud(scene);
  });
  afterAll(() => scene?.close());

  async function run(world: GoogleWorld) {
    const google: GoogleApis = await startGoogleApis(world, { accepts: (token) => token === cloud.signIn.accessToken });
    scene.add(() => google.stop());
    const { CLOUDSDK_API_ENDPOINT_OVERRIDES_ARTIFACTREGISTRY: _, ...env } = google.env;
    const step = await scene.run({
      workspace: await scene.workspace({ Dockerfile: DOCKERFILE }),
      inputs: {
        ...cloud.inputs,
        image: scene.imageName(cloud.registry.host),
        job_service_account: ACCOUNT,
        output_uri: 'gs://my-out/runs',
      },
      extraEnv: { ...cloud.env, ...env },
    });
    await step.post();
    return { step, google };
  }

  test('is asked for before the build, and nothing is said of what is there', async () => {
    const { step, google } = await run(WHOLE);
    expect({ outcome: step.outcome, told: step.annotations.filter(({ level }) => level !== 'notice') }).toEqual({
      outcome: 'success',
      told: [],
    });
    expect(google.requests().length).toBeGreaterThan(2);
    expect(google.requests().filter(({ status }) => status !== 200)).toEqual([]);
  });

  test('is told in one list, with role, principal and command, before anything is built', async () => {
    const { step } = await run({ project: PROJECT, granted: {}, accounts: [ACCOUNT], buckets: {} });
    expect(step.outcome).toBe('failure');
    expect(step.plainLines.join('\n')).not.toContain('[build]');
    const all = step.annotations.map(({ message }) => message).join('\n');
    expect(all).toContain('found before the build; nothing was built or submitted:');
    for (const rule of ['permission-create-job', 'permission-logs', 'permission-act-as', 'bucket-missing']) {
      expect(all).toContain(`[${rule}]`);
    }
    expect(all).toContain('roles/aiplatform.user');
    expect(all).toContain('serviceAccount:trainer@my-project.iam.gserviceaccount.com');
    expect(all).toMatch(/gcloud projects add-iam-policy-binding my-project /);
    expect(cloud.vertex.requests().filter(({ method }) => method === 'POST').length).toBe(1);
  });
});
