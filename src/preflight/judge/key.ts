import type { RoleBinding } from '../../google/artifact-registry.ts';
import type { CryptoKey } from '../../google/kms.ts';
import type { Project } from '../../google/resource-manager.ts';
import type { AccessFinding } from '../../image/registry/findings.ts';
import { AGENTS, agentMember } from '../account.ts';
import type { CheckOf } from '../check.ts';
import { command, grantOnKey } from '../commands.ts';
import { finding, reasonOf } from '../finding.ts';
import { grantsTo } from './roles.ts';

type Check = CheckOf<'kms-key'>;

/** The key has to be in the same region as the resource (EncryptionSpec.kmsKeyName). */
export function keyElsewhere(check: Check): AccessFinding | undefined {
  const location = check.name.split('/')[3] ?? '';
  if (location === check.region) return undefined;
  const message = `names a key in ${location}, and the job runs in ${check.region}: a job's key has to be in its own region. Name one that is in ${check.region}.`;
  return finding('error', 'kms-key-region', check, message);
}

/** What is wrong with the key itself; undefined is one that is not there. */
export function judgeKey(check: Check, key: CryptoKey | undefined): readonly AccessFinding[] {
  const { name } = check;
  if (key === undefined) {
    const create = command('gcloud kms keys create', name, '--purpose=encryption');
    return [
      finding('error', 'kms-key-missing', check, `names ${name}, and there is no such key. Create it: ${create}.`),
    ];
  }
  if (key.purpose !== undefined && key.purpose !== 'ENCRYPT_DECRYPT') {
    const message = `names ${name}, a key for ${key.purpose}: a job's key has to be one for ENCRYPT_DECRYPT.`;
    return [finding('error', 'kms-key-state', check, message)];
  }
  if (key.state === undefined || key.state === 'ENABLED') return [];
  const message = `names ${name}, whose primary version is ${key.state}: it has to be ENABLED.`;
  return [finding('error', 'kms-key-state', check, message)];
}

const USER = 'roles/cloudkms.cryptoKeyEncrypterDecrypter';

/** Whether Vertex AI's agent may use the key (general/cmek). */
export function judgeKeyAgent(
  check: Check,
  bindings: readonly RoleBinding[],
  project: Project | undefined,
): readonly AccessFinding[] {
  const granted = grantsTo(bindings, USER, AGENTS.platform, project?.number);
  return granted ? [] : [agentFinding('warning', check, project, 'has it not on the key itself')];
}

/** The same, where the key's policy may not be read. */
export function keyAgentUnknown(check: Check, error: unknown, project: Project | undefined): AccessFinding {
  return agentFinding('note', check, project, `could not be checked to have it (${reasonOf(error)})`);
}

function agentFinding(
  level: AccessFinding['level'],
  check: Check,
  project: Project | undefined,
  state: string,
): AccessFinding {
  const grant = grantOnKey(check.name, USER, agentMember(AGENTS.platform, project?.number));
  const number = project?.number === undefined ? ` PROJECT_NUMBER is that of ${check.project}.` : '';
  const message = `names ${check.name}; Vertex AI's service agent needs ${USER} on it, and ${state}. Unless it has it by the key's ring, project, a folder or a group: ${grant}.${number}`;
  return finding(level, 'kms-key-agent', check, message);
}
