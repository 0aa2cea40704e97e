import { afterEach } from '@jest/globals';
import { artifactRegistryApi } from '../../src/google/artifact-registry.ts';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { type PreflightApis, type PreflightEndpoints, preflightApis } from '../../src/preflight/apis.ts';
import type { PreflightCheck } from '../../src/preflight/check.ts';
import { runPreflight } from '../../src/preflight/run.ts';
import { type Clock, systemClock } from '../../src/retry.ts';
import {
  type GoogleApis,
  type GoogleApisOptions,
  type GoogleWorld,
  startGoogleApis,
} from '../e2e/parts/google-apis.ts';
import { recordingLog } from '../ground/recording-log.ts';
import type { Given } from '../inputs/given.ts';

export const ACCOUNT = 'trainer@my-project.iam.gserviceaccount.com';
export const PARENT = 'projects/my-project/locations/us-central1';
export const KEY = `${PARENT}/keyRings/r/cryptoKeys/k`;
export const AGENT = 'serviceAccount:service-42@gcp-sa-aiplatform.iam.gserviceaccount.com';
export const CODE_AGENT = 'serviceAccount:service-42@gcp-sa-aiplatform-cc.iam.gserviceaccount.com';
export const REPOSITORY = 'projects/other-project/locations/us/repositories/serving';

/** A job that refers to one of everything. */
export const EVERYTHING: Given = {
  job_service_account: ACCOUNT,
  args: '--data=gs://my-data/x\n--table=bq://my-project.sales.orders',
  output_uri: 'gs://my-out/runs',
  tensorboard: `${PARENT}/tensorboards/7`,
  network: 'projects/42/global/networks/vpc',
  kms_key: KEY,
  persistent_resource_id: 'pool',
  machine_type: 'n1-standard-8',
  model: 'digits',
  serving_image: 'us-docker.pkg.dev/other-project/serving/app:1',
};

/** A world in which nothing of it is missing. */
export const GOOD: GoogleWorld = {
  project: { id: 'my-project', number: '42' },
  granted: {
    'projects/my-project': [
      ...['create', 'get', 'list', 'cancel'].flatMap((verb) => [
        `aiplatform.trainingPipelines.${verb}`,
        `aiplatform.customJobs.${verb}`,
      ]),
      'aiplatform.models.get',
      'logging.logEntries.list',
    ],
    [`projects/my-project/serviceAccounts/${ACCOUNT}`]: ['iam.serviceAccounts.actAs'],
    'buckets/my-out': ['storage.objects.get', 'storage.objects.list'],
  },
  accounts: [ACCOUNT],
  buckets: {
    'my-data': { location: 'US-CENTRAL1', locationType: 'region', projectNumber: '42' },
    'my-out': { location: 'US-CENTRAL1', locationType: 'region', projectNumber: '42' },
  },
  datasets: { 'my-project.sales': { location: 'US' } },
  resources: {
    [`${PARENT}/tensorboards/7`]: { name: 'x' },
    [`${PARENT}/models/digits`]: { name: 'x' },
    [`${PARENT}/persistentResources/pool`]: {
      state: 'RUNNING',
      resourcePools: [{ machineSpec: { machineType: 'n1-standard-8' } }],
    },
    [KEY]: { purpose: 'ENCRYPT_DECRYPT', primary: { state: 'ENABLED' } },
    'projects/42/global/networks/vpc': { peerings: [{ name: 'servicenetworking-googleapis-com', state: 'ACTIVE' }] },
    [REPOSITORY]: { name: REPOSITORY, format: 'DOCKER' },
  },
  policies: {
    [KEY]: [{ role: 'roles/cloudkms.cryptoKeyEncrypterDecrypter', members: [AGENT] }],
    [REPOSITORY]: [{ role: 'roles/artifactregistry.reader', members: [AGENT, CODE_AGENT] }],
  },
};

const running: GoogleApis[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop();
});

export async function started(world: GoogleWorld, options?: GoogleApisOptions): Promise<GoogleApis> {
  const google = await startGoogleApis(world, options);
  running.push(google);
  return google;
}

export const urlsOf = (url: string): PreflightEndpoints['url'] => ({
  CLOUDRESOURCEMANAGER: url,
  IAM: url,
  STORAGE: url,
  BIGQUERY: url,
  CLOUDKMS: url,
  COMPUTE: url,
});

export function apisAt({ url }: GoogleApis, token = 'TOKEN'): PreflightApis {
  const credentials = fixedCredentials(token);
  const artifactRegistry = artifactRegistryApi(url, credentials);
  return preflightApis(
    { url: urlsOf(url), vertexUrl: () => url, vertexOnLoopback: true, artifactRegistry },
    credentials,
  );
}

export interface Ran {
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

export const run = (google: GoogleApis, checks: readonly PreflightCheck[], { clock = systemClock, signal }: Ran = {}) =>
  runPreflight(checks, apisAt(google), { clock, signal: signal ?? new AbortController().signal, log: recordingLog() });

export const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Lets requests come and go until the test's condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 20_000; turn += 1) {
    if (condition()) return;
    await nextTurn();
  }
  throw new Error('it never came');
}
