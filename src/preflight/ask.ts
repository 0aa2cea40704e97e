import { accountName } from '../google/accounts.ts';
import type { Project } from '../google/resource-manager.ts';
import { orMissing } from '../google/rest.ts';
import { pullFindings } from '../image/registry/agent-pull.ts';
import type { AccessFinding } from '../image/registry/findings.ts';
import type { PreflightApis } from './apis.ts';
import type { CheckOf, PreflightCheck } from './check.ts';
import { disabledIn, isDenied } from './finding.ts';
import { ACCOUNT_AGENT, isForeign, judgeActAs, missingAccount } from './judge/account.ts';
import { agentRoleUnknown, judgeAgentRole } from './judge/agent-role.ts';
import { judgeBucket } from './judge/bucket.ts';
import { judgeDataset } from './judge/dataset.ts';
import { aboutThis, judgeRepository } from './judge/image.ts';
import { judgeKey, KEY_AGENT, keyElsewhere } from './judge/key.ts';
import { judgeNetwork } from './judge/network.ts';
import { judgeObjects } from './judge/objects.ts';
import { judgePermissions, permissionsOf } from './judge/permissions.ts';
import { judgeProject } from './judge/project.ts';
import { isElsewhere, judgePersistentResource, tensorboardElsewhere, tensorboardMissing } from './judge/vertex.ts';
import { apiDisabled, vertexDenied } from './judge/vertex-api.ts';
import { ACT_AS_NEED } from './needs.ts';

/** What a check is made with. */
export interface Asker {
  readonly apis: PreflightApis;
  /** Puts one question to a service, once more where it had no answer for the moment. */
  ask<T>(question: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** The job's project, asked for once; throws what the service threw. */
  project(): Promise<Project>;
  /** Hears whether a model is there that is uploaded. */
  onModel(name: string, exists: boolean): void;
}

type Findings = readonly AccessFinding[];
type Questions = {
  readonly [K in PreflightCheck['kind']]: (check: CheckOf<K>, asker: Asker) => Promise<Findings>;
};

/** Makes one check. Throws what kept it from being made. */
export function answer<K extends PreflightCheck['kind']>(check: CheckOf<K>, asker: Asker): Promise<Findings> {
  const question = QUESTIONS[check.kind as K] as (each: CheckOf<K>, by: Asker) => Promise<Findings>;
  return question(check, asker);
}

const QUESTIONS: Questions = {
  project: async (check, asker) => judgeProject(check, await asker.project()),
  'vertex-api': askVertex,
  permissions: async (check, { apis: { resourceManager }, ask }) => {
    if (resourceManager === undefined) return [];
    const wanted = permissionsOf(check);
    return judgePermissions(check, await ask((signal) => resourceManager.granted(check.project, wanted, signal)));
  },
  'job-account': askAccount,
  bucket: async (check, asker) => {
    const { storage } = asker.apis;
    if (storage === undefined) return [];
    const asked = asker.ask((signal) => storage.bucket(check.bucket, signal));
    return judgeBucket(check, await asked, await projectOf(asker));
  },
  objects: async (check, { apis: { bucketPermissions }, ask }) => {
    if (bucketPermissions === undefined) return [];
    const { bucket, need } = check;
    return judgeObjects(check, await ask((signal) => bucketPermissions.granted(bucket, need.permissions, signal)));
  },
  dataset: async (check, { apis: { bigQuery }, ask }) =>
    bigQuery === undefined
      ? []
      : judgeDataset(check, await ask((signal) => bigQuery.dataset(check.project, check.dataset, signal))),
  tensorboard: async (check, asker) => {
    if (isElsewhere(check)) return [tensorboardElsewhere(check, await projectOf(asker))];
    const vertex = asker.apis.vertex(check.region);
    const exists = await asker.ask((signal) => vertex.tensorboardExists(check.name, signal));
    return exists ? [] : [tensorboardMissing(check, await projectOf(asker))];
  },
  model: async ({ name, region }, { apis, ask, onModel }) => {
    onModel(name, await ask((signal) => apis.vertex(region).modelExists(name, signal)));
    return [];
  },
  'persistent-resource': async (check, asker) => {
    const vertex = asker.apis.vertex(check.region);
    const resource = await asker.ask((signal) => vertex.persistentResource(check.name, signal));
    return judgePersistentResource(check, resource, await projectOf(asker));
  },
  'kms-key': askKey,
  network: async (check, asker) => {
    const { compute } = asker.apis;
    if (compute === undefined) return [];
    const network = await asker.ask((signal) => compute.network(check.name, signal));
    return judgeNetwork(check, network, await projectOf(asker));
  },
  image: askImage,
};

const projectOf = (asker: Asker): Promise<Project | undefined> => asker.project().catch(() => undefined);

async function askVertex(check: CheckOf<'vertex-api'>, { apis, ask }: Asker): Promise<Findings> {
  try {
    await ask((signal) => apis.vertex(check.region).reach(check.collection, signal));
    return [];
  } catch (error) {
    if (!isDenied(error)) throw error;
    const disabled = disabledIn(error);
    return [disabled === undefined ? vertexDenied(check, error) : apiDisabled(check, disabled)];
  }
}

async function askAccount(check: CheckOf<'job-account'>, asker: Asker): Promise<Findings> {
  const { iam } = asker.apis;
  if (iam === undefined) return [];
  const name = accountName(check.account);
  const granted = await orMissing(asker.ask((signal) => iam.granted(name, ACT_AS_NEED.permissions, signal)));
  if (granted === undefined) return [missingAccount(check)];
  const mayActAs = judgeActAs(check, granted);
  const project = await projectOf(asker);
  if (isForeign(check, project) !== true) return mayActAs;
  try {
    return [
      ...mayActAs,
      ...judgeAgentRole(ACCOUNT_AGENT, check, await asker.ask((signal) => iam.bindings(name, signal)), project),
    ];
  } catch (error) {
    return [...mayActAs, agentRoleUnknown(ACCOUNT_AGENT, check, error, project)];
  }
}

async function askKey(check: CheckOf<'kms-key'>, asker: Asker): Promise<Findings> {
  const elsewhere = keyElsewhere(check);
  if (elsewhere !== undefined) return [elsewhere];
  const { kms } = asker.apis;
  if (kms === undefined) return [];
  const found = judgeKey(check, await asker.ask((signal) => kms.key(check.name, signal)));
  if (found.length > 0) return found;
  const project = await projectOf(asker);
  try {
    return judgeAgentRole(KEY_AGENT, check, await asker.ask((signal) => kms.bindings(check.name, signal)), project);
  } catch (error) {
    return [agentRoleUnknown(KEY_AGENT, check, error, project)];
  }
}

/** The same questions as of an image that is built, but for the right to push. */
async function askImage(check: CheckOf<'image'>, asker: Asker): Promise<Findings> {
  const { artifactRegistry: api } = asker.apis;
  if (api === undefined) return [];
  const { name, project } = check;
  const resource = `projects/${name.project}/locations/${name.location}/repositories/${name.repository}`;
  const found = judgeRepository(check, await asker.ask(() => api.repository(resource)));
  if (found.length > 0) return found;
  const projectNumber = (await projectOf(asker))?.number;
  const pull = await asker.ask(() => pullFindings({ api, name, project, projectNumber }));
  return pull.map((each) => aboutThis(check, each));
}
