import type { ArtifactRegistryApi } from '../google/artifact-registry.ts';
import { type BigQueryApi, bigQueryApi } from '../google/big-query.ts';
import { type BucketPermissionsApi, bucketPermissionsApi } from '../google/bucket-permissions.ts';
import { type ComputeApi, computeApi } from '../google/compute.ts';
import type { Credentials } from '../google/credentials.ts';
import { onLoopback } from '../google/endpoints.ts';
import { type IamApi, iamApi } from '../google/iam.ts';
import { type KmsApi, kmsApi } from '../google/kms.ts';
import { type ResourceManagerApi, resourceManagerApi } from '../google/resource-manager.ts';
import { type StorageApi, storageApi } from '../google/storage.ts';
import { type VertexResourcesApi, vertexResourcesApi } from '../google/vertex-resources.ts';

/** The services that are asked; what belongs to one that is undefined is left out, untold. */
export interface PreflightApis {
  /** Vertex AI has a service of its own in each region. */
  vertex(region: string): VertexResourcesApi;
  readonly artifactRegistry: ArtifactRegistryApi | undefined;
  readonly resourceManager: ResourceManagerApi | undefined;
  readonly iam: IamApi | undefined;
  readonly storage: StorageApi | undefined;
  readonly bucketPermissions: BucketPermissionsApi | undefined;
  readonly bigQuery: BigQueryApi | undefined;
  readonly kms: KmsApi | undefined;
  readonly compute: ComputeApi | undefined;
}

/** By the names of gcloud's override variables: `CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER`, … */
export type PreflightService = 'CLOUDRESOURCEMANAGER' | 'IAM' | 'STORAGE' | 'BIGQUERY' | 'CLOUDKMS' | 'COMPUTE';

export interface PreflightEndpoints {
  /** Base addresses without the path of an API and without a slash at the end. */
  readonly url: Readonly<Record<PreflightService, string>>;
  readonly vertexUrl: (region: string) => string;
  /** Whether Vertex AI is on this machine: such a job is none of Google's, and only what else is here is asked. */
  readonly vertexOnLoopback: boolean;
  readonly artifactRegistry: ArtifactRegistryApi | undefined;
}

/** `region: local`: models are the only things that are there before a job. */
export function nothingButVertex(url: string, credentials: Credentials): PreflightApis {
  return {
    vertex: () => vertexResourcesApi(url, credentials),
    artifactRegistry: undefined,
    resourceManager: undefined,
    iam: undefined,
    storage: undefined,
    bucketPermissions: undefined,
    bigQuery: undefined,
    kms: undefined,
    compute: undefined,
  };
}

export function preflightApis(endpoints: PreflightEndpoints, credentials: Credentials): PreflightApis {
  const { url, vertexUrl, vertexOnLoopback, artifactRegistry } = endpoints;
  const at = <T>(service: PreflightService, make: (base: string, as: Credentials) => T): T | undefined =>
    vertexOnLoopback && !onLoopback(url[service]) ? undefined : make(url[service], credentials);
  return {
    vertex: (region) => vertexResourcesApi(vertexUrl(region), credentials),
    artifactRegistry,
    resourceManager: at('CLOUDRESOURCEMANAGER', resourceManagerApi),
    iam: at('IAM', iamApi),
    storage: at('STORAGE', storageApi),
    bucketPermissions: at('STORAGE', bucketPermissionsApi),
    bigQuery: at('BIGQUERY', bigQueryApi),
    kms: at('CLOUDKMS', kmsApi),
    compute: at('COMPUTE', computeApi),
  };
}
