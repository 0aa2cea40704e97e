import { isRecord } from '../json.ts';
import type { Credentials } from './credentials.ts';
import { type Fields, listIn, orMissing, restOf, textIn, textsIn } from './rest.ts';

/** A repository, as far as a push cares. */
export interface ArtifactRepository {
  /** `projects/PROJECT/locations/LOCATION/repositories/REPOSITORY`. */
  readonly name: string;
  /** `DOCKER`, `PYTHON`, … */
  readonly format: string;
  /** `STANDARD_REPOSITORY`, `VIRTUAL_REPOSITORY`, `REMOTE_REPOSITORY`; undefined where it is not said. */
  readonly mode: string | undefined;
  readonly immutableTags: boolean;
}

/** Who has a role on a repository. */
export interface RoleBinding {
  readonly role: string;
  readonly members: readonly string[];
  /** Whether it holds under a condition only. */
  readonly conditional: boolean;
}

/** Artifact Registry's repositories (v1). Each call throws ApiError. */
export interface ArtifactRegistryApi {
  /** Undefined where there is none of that name. */
  repository(name: string): Promise<ArtifactRepository | undefined>;
  /** Those of the permissions that the caller has on the repository. */
  granted(name: string, permissions: readonly string[]): Promise<readonly string[]>;
  /** The repository's own policy: roles from its project and above are not in it. */
  bindings(name: string): Promise<readonly RoleBinding[]>;
  /** Ids of the locations that a project may have repositories in. */
  locations(project: string): Promise<readonly string[]>;
  /** The repositories of a project in a location. */
  repositories(project: string, location: string): Promise<readonly ArtifactRepository[]>;
}

/** The most pages that are read of a list. */
const MOST_PAGES = 5;

/** `url` is the service's base address, such as `https://artifactregistry.googleapis.com`. */
export function artifactRegistryApi(url: string, credentials: Credentials): ArtifactRegistryApi {
  const rest = restOf(url, credentials);
  const ask = (action: string, path: string, body?: object) => rest({ action, path: `/v1/${path}`, body });
  const list = async (what: string, path: string, key: string): Promise<readonly Fields[]> => {
    const found: Fields[] = [];
    let token = '';
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const query = new URLSearchParams({ pageSize: '1000', ...(token === '' ? {} : { pageToken: token }) });
      const answer = await ask(`list ${what}`, `${path}?${query}`);
      found.push(...listIn(answer, key).filter(isRecord));
      token = textIn(answer, 'nextPageToken') ?? '';
      if (token === '') break;
    }
    return found;
  };
  return {
    repository: (name) => orMissing(ask(`get ${name}`, name).then(readRepository)),
    granted: async (name, permissions) => {
      const answer = await ask(`test permissions on ${name}`, `${name}:testIamPermissions`, { permissions });
      return textsIn(answer, 'permissions');
    },
    bindings: async (name) => {
      // Without this version conditions are left out of the answer.
      const path = `${name}:getIamPolicy?options.requestedPolicyVersion=3`;
      return listIn(await ask(`get the policy of ${name}`, path), 'bindings')
        .filter(isRecord)
        .map(readBinding);
    },
    locations: async (project) => {
      const found = await list(`locations of projects/${project}`, `projects/${project}/locations`, 'locations');
      const ids = found.flatMap((each) => textIn(each, 'locationId') ?? []);
      // They become parts of addresses.
      return ids.filter((id) => /^[a-z0-9-]+$/.test(id));
    },
    repositories: async (project, location) => {
      const path = `projects/${project}/locations/${location}/repositories`;
      return (await list(path, path, 'repositories')).map(readRepository);
    },
  };
}

function readRepository(value: Fields): ArtifactRepository {
  const docker = value['dockerConfig'];
  return {
    name: textIn(value, 'name') ?? '',
    format: textIn(value, 'format') ?? '',
    mode: textIn(value, 'mode'),
    immutableTags: isRecord(docker) && docker['immutableTags'] === true,
  };
}

function readBinding(value: Fields): RoleBinding {
  return {
    role: textIn(value, 'role') ?? '',
    members: textsIn(value, 'members'),
    conditional: value['condition'] !== undefined,
  };
}
