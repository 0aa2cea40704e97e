import type { UserError } from './faults.ts';
import { type ArtifactRegistryApi, artifactRegistryApi } from './google/artifact-registry.ts';
import { credentialsOf, fixedCredentials, type SignIn } from './google/credentials.ts';
import { type Endpoints, onLoopback } from './google/endpoints.ts';
import { type LoggingApi, loggingApi } from './google/logging.ts';
import { type ModelsApi, modelsApi } from './google/models.ts';
import { type ObjectsApi, objectsApi } from './google/objects.ts';
import { serviceUsageApi } from './google/service-usage.ts';
import { type VertexApi, vertexApi } from './google/vertex.ts';
import { CLOUD_TEMPO, LOCAL_TEMPO, type Tempo } from './job/tempo.ts';
import type { LocalService } from './local/launch.ts';
import { nothingButVertex, type PreflightApis, preflightApis } from './preflight/apis.ts';

/** The place that runs the job: a region of Google's, or a service on this machine, behind the same calls. */
export interface Region {
  /** Vertex AI in the step's first region. */
  readonly vertex: VertexApi;
  /** Vertex AI has a service of its own in each region. */
  vertexIn(region: string): VertexApi;
  /** The model registry of a region. */
  modelsIn(region: string): ModelsApi;
  readonly logging: LoggingApi;
  /** Cloud Storage. */
  readonly objects: ObjectsApi;
  readonly tempo: Tempo;
  readonly onLoopback: boolean;
  /** Undefined where nobody is signed in to Google. */
  readonly artifactRegistry: ArtifactRegistryApi | undefined;
  /**
   * How much of a quota metric of Vertex AI's the project may use in a region; undefined where nothing tells. Throws
   * ApiError.
   */
  quotaLimit(metric: string, region: string): Promise<number | undefined>;
  /** The services that are asked before a build. */
  readonly preflight: PreflightApis;
  accessToken(): Promise<string>;
}

interface RegionOptions {
  readonly projectId: string;
  readonly endpoints: Endpoints;
  readonly signIn: SignIn;
  readonly idToken: (audience: string) => Promise<string>;
  /** Why no token is to be had any more, where that is known. */
  readonly ended?: (() => UserError | undefined) | undefined;
  readonly mask: (secret: string) => void;
}

/** A region at the given endpoints. Nothing is signed in before the first call. */
export async function googleRegion(options: RegionOptions): Promise<Region> {
  const { url, vertexUrl } = options.endpoints;
  const credentials = await credentialsOf(options);
  const local = onLoopback(url.AIPLATFORM);
  const artifactRegistry = artifactRegistryApi(url.ARTIFACTREGISTRY, credentials);
  // A job on this machine is none of Google's.
  const usage = local && !onLoopback(url.SERVICEUSAGE) ? undefined : serviceUsageApi(url.SERVICEUSAGE, credentials);
  const vertexAt = remembering((base: string) => vertexApi({ url: base, credentials }));
  return {
    vertex: vertexAt(url.AIPLATFORM),
    vertexIn: (region) => vertexAt(vertexUrl(region)),
    modelsIn: (region) => modelsApi(vertexUrl(region), credentials),
    logging: loggingApi(url.LOGGING, credentials),
    objects: objectsApi(url.STORAGE, credentials),
    tempo: local ? LOCAL_TEMPO : CLOUD_TEMPO,
    onLoopback: local,
    artifactRegistry,
    quotaLimit: async (metric, region) => usage?.limitOf(options.projectId, metric, region),
    preflight: preflightApis({ url, vertexUrl, vertexOnLoopback: local, artifactRegistry }, credentials),
    accessToken: () => credentials.accessToken(),
  };
}

/** Clients are costly to make, and one serves all who ask at the same address. */
function remembering<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

/** `region: local`: one service on this machine answers for all of Google's. */
export function localRegion({ url, token }: LocalService): Region {
  const credentials = fixedCredentials(token);
  const vertex = vertexApi({ url, credentials });
  return {
    vertex,
    vertexIn: () => vertex,
    modelsIn: () => modelsApi(url, credentials),
    logging: loggingApi(url, credentials),
    objects: objectsApi(url, credentials),
    tempo: LOCAL_TEMPO,
    onLoopback: true,
    artifactRegistry: undefined,
    quotaLimit: async () => undefined,
    preflight: nothingButVertex(url, credentials),
    accessToken: () => credentials.accessToken(),
  };
}
