import type { Credentials } from './credentials.ts';
import { encodedName, restOf, textIn, textsIn } from './rest.ts';

/** A project by both of its names. */
export interface Project {
  readonly id: string | undefined;
  /** Digits; undefined where the answer did not tell. */
  readonly number: string | undefined;
  /** `ACTIVE`, `DELETE_REQUESTED`. */
  readonly state: string | undefined;
}

/** Resource Manager's projects (v3). Each call throws ApiError. */
export interface ResourceManagerApi {
  /** A project by its id or number; one that the caller may not see, and one that is not, are both HTTP 403. */
  project(idOrNumber: string, signal?: AbortSignal): Promise<Project>;
  /** Those of the permissions that the caller has on the project. */
  granted(idOrNumber: string, permissions: readonly string[], signal?: AbortSignal): Promise<readonly string[]>;
}

/** `url` is the service's base address, such as `https://cloudresourcemanager.googleapis.com`. */
export function resourceManagerApi(url: string, credentials: Credentials): ResourceManagerApi {
  const rest = restOf(url, credentials);
  const pathOf = (project: string) => `/v3/${encodedName(`projects/${project}`)}`;
  return {
    project: async (project, signal) => {
      const answer = await rest({ action: `get projects/${project}`, path: pathOf(project), signal });
      return {
        id: textIn(answer, 'projectId'),
        number: /^projects\/(\d+)$/.exec(textIn(answer, 'name') ?? '')?.[1],
        state: textIn(answer, 'state'),
      };
    },
    granted: async (project, permissions, signal) => {
      const action = `test permissions on projects/${project}`;
      const path = `${pathOf(project)}:testIamPermissions`;
      return textsIn(await rest({ action, path, body: { permissions }, signal }), 'permissions');
    },
  };
}
