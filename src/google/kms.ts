import { isRecord } from '../json.ts';
import type { RoleBinding } from './artifact-registry.ts';
import type { Credentials } from './credentials.ts';
import { bindingsIn } from './policy.ts';
import { encodedName, orMissing, restOf, textIn } from './rest.ts';

export interface CryptoKey {
  /** `ENCRYPT_DECRYPT`, `ASYMMETRIC_SIGN`, …; undefined where the answer did not tell. */
  readonly purpose: string | undefined;
  /** State of the version that encrypts: `ENABLED`, `DISABLED`, `DESTROYED`, …; undefined where it did not tell. */
  readonly state: string | undefined;
}

/** Cloud KMS's keys (v1), by `projects/P/locations/L/keyRings/R/cryptoKeys/K`. Each call throws ApiError. */
export interface KmsApi {
  /** Undefined where there is no key of that name. */
  key(name: string, signal?: AbortSignal): Promise<CryptoKey | undefined>;
  /** The key's own policy: roles from its ring, its project and above are not in it. */
  bindings(name: string, signal?: AbortSignal): Promise<readonly RoleBinding[]>;
}

/** `url` is the service's base address, such as `https://cloudkms.googleapis.com`. */
export function kmsApi(url: string, credentials: Credentials): KmsApi {
  const rest = restOf(url, credentials);
  return {
    key: async (name, signal) => {
      const answer = await orMissing(rest({ action: `get ${name}`, path: `/v1/${encodedName(name)}`, signal }));
      if (answer === undefined) return undefined;
      const primary = answer['primary'];
      return {
        purpose: textIn(answer, 'purpose'),
        state: isRecord(primary) ? textIn(primary, 'state') : undefined,
      };
    },
    bindings: async (name, signal) => {
      const path = `/v1/${encodedName(name)}:getIamPolicy?options.requestedPolicyVersion=3`;
      return bindingsIn(await rest({ action: `get the policy of ${name}`, path, signal }));
    },
  };
}
