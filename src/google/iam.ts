import type { RoleBinding } from './artifact-registry.ts';
import type { Credentials } from './credentials.ts';
import { bindingsIn } from './policy.ts';
import { encodedName, restOf, textsIn } from './rest.ts';

/** IAM's service accounts (v1), by resource names `projects/PROJECT/serviceAccounts/EMAIL`. Each call throws ApiError. */
export interface IamApi {
  /** Those of the permissions that the caller has on the account. */
  granted(name: string, permissions: readonly string[], signal?: AbortSignal): Promise<readonly string[]>;
  /** The account's own policy: roles from its project and above are not in it. */
  bindings(name: string, signal?: AbortSignal): Promise<readonly RoleBinding[]>;
}

/** `url` is the service's base address, such as `https://iam.googleapis.com`. */
export function iamApi(url: string, credentials: Credentials): IamApi {
  const rest = restOf(url, credentials);
  return {
    granted: async (name, permissions, signal) => {
      const action = `test permissions on ${name}`;
      const path = `/v1/${encodedName(name)}:testIamPermissions`;
      return textsIn(await rest({ action, path, body: { permissions }, signal }), 'permissions');
    },
    bindings: async (name, signal) => {
      // Without this version conditions are left out of the answer.
      const path = `/v1/${encodedName(name)}:getIamPolicy?options.requestedPolicyVersion=3`;
      // IAM alone takes this question by POST.
      return bindingsIn(await rest({ action: `get the policy of ${name}`, path, body: {}, signal }));
    },
  };
}
