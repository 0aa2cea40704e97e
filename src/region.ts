import { type ArtifactRegistryApi, artifactRegistryApi } from './google/artifact-registry.ts';
import { credentialsOf, fixedCredentials, type SignIn } from './google/credentials.ts';
import { type Endpoints, onLoopback } from './google/endpoints.ts';
import { type LoggingApi, loggingApi } from './google/logging.ts';
import { type VertexApi, vertexApi } from './google/vertex.ts';
import { type Cadence, CLOUD_CADENCE, LOCAL_CADENCE } from './job/watch.ts';
import type { LocalService } from './local/launch.ts';
import { nothingButVertex, type PreflightApis, preflightApis } from './preflight/apis.ts';

/** The place that runs the job: a region of Google's, or a service on this machine, behind the same calls. */
export interface Region {
  readonly vertex: VertexApi;
  readonly logging: LoggingApi;
  readonly cadence: Cadence;
  readonly onLoopback: boolean;
  /** Undefined where nobody is signed in to Google. */
  readonly artifactRegistry: ArtifactRegistryApi | undefined;
  /** The services that are asked before a build. */
  readonly preflight: PreflightApis;
  accessToken(): Promise<string>;
}

export interface RegionOptions {
  readonly projectId: string;
  readonly endpoints: Endpoints;
  readonly signIn: SignIn;
  readonly idToken: (audience: string) => Promise<string>;
  readonly mask: (secret: string) => void;
}

/** A region at the given endpoints. Nothing is signed in before the first call. */
export async function googleRegion(options: RegionOptions): Promise<Region> {
  const { url } = options.endpoints;
  const credentials = await credentialsOf(options);
  const local = onLoopback(url.AIPLATFORM);
  const artifactRegistry = artifactRegistryApi(url.ARTIFACTREGISTRY, credentials);
  const vertexUrl = () => url.AIPLATFORM;
  return {
    vertex: vertexApi({ url: url.AIPLATFORM, credentials }),
    logging: loggingApi(url.LOGGING, credentials),
    cadence: local ? LOCAL_CADENCE : CLOUD_CADENCE,
    onLoopback: local,
    artifactRegistry,
    preflight: preflightApis({ url, vertexUrl, vertexOnLoopback: local, artifactRegistry }, credentials),
    accessToken: () => credentials.accessToken(),
  };
}

/** `region: local`: one service on this machine answers for both of Google's. */
export function localRegion({ url, token }: LocalService): Region {
  const credentials = fixedCredentials(token);
  return {
    vertex: vertexApi({ url, credentials }),
    logging: loggingApi(url, credentials),
    cadence: LOCAL_CADENCE,
    onLoopback: true,
    artifactRegistry: undefined,
    preflight: nothingButVertex(url, credentials),
    accessToken: () => credentials.accessToken(),
  };
}
