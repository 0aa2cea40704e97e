import { command, grantOnKey } from '../../google/commands.ts';
import type { CryptoKey } from '../../google/kms.ts';
import type { AccessFinding } from '../../image/registry/findings.ts';
import type { CheckOf } from '../check.ts';
import { finding } from '../finding.ts';
import type { AgentRole } from './agent-role.ts';

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

/** What Vertex AI's agent needs to use the key (general/cmek). */
export const KEY_AGENT: AgentRole<Check> = {
  rule: 'kms-key-agent',
  role: 'roles/cloudkms.cryptoKeyEncrypterDecrypter',
  thing: 'key',
  elsewhere: "the key's ring, project",
  named: ({ name }) => `names ${name};`,
  grant: ({ name }, member) => grantOnKey(name, KEY_AGENT.role, member),
};
