import type { ArtifactRegistryApi } from '../google/artifact-registry.ts';
import { type BigQueryApi, bigQueryApi } from '../google/big-query.ts';
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
  readonly vertex: VertexResourcesApi;
  readonly artifactRegistry: ArtifactRegistryApi | undefined;
  readonly resourceManager: ResourceManagerApi | undefined;
  readonly iam: IamApi | undefined;
  readonly storage: StorageApi | undefined;
  readonly bigQuery: BigQueryApi | undefined;
  readonly kms: KmsApi | undefined;
  readonly compute: ComputeApi | undefined;
}

/** By the names of gcloud's override variables: `CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER`, … */
export type PreflightService = 'CLOUDRESOURCEMANAGER' | 'IAM' | 'STORAGE' | 'BIGQUERY' | 'CLOUDKMS' | 'COMPUTE';

/**
 * The clients for the base addresses of the services, which are without the path of an API. Where Vertex AI is on this
 * machine, only what else is there is asked: such a job is none of Google's.
 */
export function preflightApis(
  url: Readonly<Record<PreflightService | 'AIPLATFORM', string>>,
  credentials: Credentials,
  artifactRegistry: ArtifactRegistryApi | undefined,
): PreflightApis {
  const local = onLoopback(url.AIPLATFORM);
  const at = <T>(service: PreflightService, make: (base: string, as: Credentials) => T): T | undefined =>
    local && !onLoopback(url[service]) ? undefined : make(url[service], credentials);
  return {
    vertex: vertexResourcesApi(url.AIPLATFORM, credentials),
    artifactRegistry,
    resourceManager: at('CLOUDRESOURCEMANAGER', resourceManagerApi),
    iam: at('IAM', iamApi),
    storage: at('STORAGE', storageApi),
    bigQuery: at('BIGQUERY', bigQueryApi),
    kms: at('CLOUDKMS', kmsApi),
    compute: at('COMPUTE', computeApi),
  };
}
