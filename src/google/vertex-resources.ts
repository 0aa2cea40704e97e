import { isRecord } from '../json.ts';
import type { Credentials } from './credentials.ts';
import { encodedName, type Fields, listIn, orMissing, restOf, textIn } from './rest.ts';

/** The machine of a pool of a persistent resource. */
export interface ResourceMachine {
  readonly machineType: string | undefined;
  readonly acceleratorType: string | undefined;
  readonly acceleratorCount: number;
}

export interface PersistentResource {
  /** `RUNNING`, `PROVISIONING`, `STOPPING`, `ERROR`, `REBOOTING`, `UPDATING`; undefined where it is not said. */
  readonly state: string | undefined;
  readonly machines: readonly ResourceMachine[];
}

/** What a job refers to in Vertex AI (v1), by full resource names. Each call throws ApiError. */
export interface VertexResourcesApi {
  /** Whether the collection of jobs answers: `projects/P/locations/L/customJobs`. */
  reach(collection: string, signal?: AbortSignal): Promise<void>;
  tensorboardExists(name: string, signal?: AbortSignal): Promise<boolean>;
  modelExists(name: string, signal?: AbortSignal): Promise<boolean>;
  /** Undefined where there is none of that name. */
  persistentResource(name: string, signal?: AbortSignal): Promise<PersistentResource | undefined>;
}

/** `url` is the base address of a region's service, such as `https://us-central1-aiplatform.googleapis.com`. */
export function vertexResourcesApi(url: string, credentials: Credentials): VertexResourcesApi {
  const rest = restOf(url, credentials);
  const get = (name: string, signal: AbortSignal | undefined) =>
    orMissing(rest({ action: `get ${name}`, path: `/v1/${encodedName(name)}`, signal }));
  const exists = async (name: string, signal?: AbortSignal) => (await get(name, signal)) !== undefined;
  return {
    reach: async (collection, signal) => {
      await rest({ action: `list ${collection}`, path: `/v1/${encodedName(collection)}?pageSize=1`, signal });
    },
    tensorboardExists: exists,
    modelExists: exists,
    persistentResource: async (name, signal) => {
      const answer = await get(name, signal);
      return answer === undefined ? undefined : readResource(answer);
    },
  };
}

function readResource(answer: Fields): PersistentResource {
  const specs = listIn(answer, 'resourcePools')
    .filter(isRecord)
    .map((pool) => pool['machineSpec']);
  return {
    state: textIn(answer, 'state'),
    machines: specs.filter(isRecord).map((spec) => ({
      machineType: textIn(spec, 'machineType'),
      acceleratorType: textIn(spec, 'acceleratorType'),
      acceleratorCount: typeof spec['acceleratorCount'] === 'number' ? spec['acceleratorCount'] : 0,
    })),
  };
}
