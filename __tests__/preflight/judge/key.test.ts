import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../../src/google/api-error.ts';
import { agentRoleUnknown, judgeAgentRole } from '../../../src/preflight/judge/agent-role.ts';
import { judgeKey, KEY_AGENT, keyElsewhere } from '../../../src/preflight/judge/key.ts';
import { checkOf, told } from '../given.ts';

const PROJECT = { id: 'my-project', number: '42', state: 'ACTIVE' };
const DENIED = new ApiError('get the policy: HTTP 403: denied', 403);

describe('a key', () => {
  const KEY = 'projects/key-project/locations/us-central1/keyRings/r/cryptoKeys/k';
  const check = checkOf('kms-key', { kms_key: KEY });
  const agent = 'serviceAccount:service-42@gcp-sa-aiplatform.iam.gserviceaccount.com';
  const grant = `\`gcloud kms keys add-iam-policy-binding ${KEY} --role=roles/cloudkms.cryptoKeyEncrypterDecrypter --member=${agent} --condition=None\``;

  test.each(['us', 'global', 'europe-west4'])('in %s is not in the job’s region', (location) => {
    const finding = keyElsewhere(checkOf('kms-key', { kms_key: KEY.replace('us-central1', location) }));
    expect(told(finding === undefined ? [] : [finding])).toEqual([
      `error: kms_key names a key in ${location}, and the job runs in us-central1: a job's key has to be in its own region. Name one that is in us-central1. [kms-key-region]`,
    ]);
  });

  test.each([
    { name: 'is good', key: { purpose: 'ENCRYPT_DECRYPT', state: 'ENABLED' }, found: [] },
    { name: 'does not tell', key: { purpose: undefined, state: undefined }, found: [] },
    {
      name: 'signs',
      key: { purpose: 'ASYMMETRIC_SIGN', state: undefined },
      found: [
        `error: kms_key names ${KEY}, a key for ASYMMETRIC_SIGN: a job's key has to be one for ENCRYPT_DECRYPT. [kms-key-state]`,
      ],
    },
    {
      name: 'is disabled',
      key: { purpose: 'ENCRYPT_DECRYPT', state: 'DISABLED' },
      found: [`error: kms_key names ${KEY}, whose primary version is DISABLED: it has to be ENABLED. [kms-key-state]`],
    },
    {
      name: 'is missing',
      key: undefined,
      found: [
        `error: kms_key names ${KEY}, and there is no such key. Create it: \`gcloud kms keys create ${KEY} --purpose=encryption\`. [kms-key-missing]`,
      ],
    },
  ])('that $name', ({ key, found }) => {
    expect(keyElsewhere(check)).toBeUndefined();
    expect(told(judgeKey(check, key))).toEqual(found);
  });

  test('that Vertex AI may use, and may not', () => {
    const binding = { role: 'roles/cloudkms.cryptoKeyEncrypterDecrypter', members: [agent], conditional: false };
    expect(judgeAgentRole(KEY_AGENT, check, [binding], PROJECT)).toEqual([]);
    expect(judgeAgentRole(KEY_AGENT, check, [binding], undefined)).toEqual([]);
    expect(told(judgeAgentRole(KEY_AGENT, check, [{ ...binding, role: 'roles/cloudkms.viewer' }], PROJECT))).toEqual([
      `warning: kms_key names ${KEY}; Vertex AI's service agent needs roles/cloudkms.cryptoKeyEncrypterDecrypter on it, and has it not on the key itself. Unless it has it by the key's ring, project, a folder or a group: ${grant}. [kms-key-agent]`,
    ]);
    const [unknown] = told([agentRoleUnknown(KEY_AGENT, check, DENIED, PROJECT)]);
    expect(unknown).toMatch(/^note: .*and could not be checked to have it \(get the policy: HTTP 403: denied\)/);
  });
});
