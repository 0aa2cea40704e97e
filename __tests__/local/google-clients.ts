import { JobServiceClient } from '@google-cloud/aiplatform/build/src/v1/job_service_client.js';
import { ModelServiceClient } from '@google-cloud/aiplatform/build/src/v1/model_service_client.js';
import { PipelineServiceClient } from '@google-cloud/aiplatform/build/src/v1/pipeline_service_client.js';
import { OAuth2Client } from 'google-auth-library';
import * as gax from 'google-gax/fallback';

/** Google's own clients, over plain HTTP, against a service on this machine. */
export function googleClients(port: number) {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: 'any' });
  const options = { apiEndpoint: 'localhost', port, protocol: 'http', fallback: true, authClient } as const;
  type Gax = ConstructorParameters<typeof JobServiceClient>[1];
  return {
    jobs: new JobServiceClient(options, gax as unknown as Gax),
    models: new ModelServiceClient(options, gax as unknown as Gax),
    pipelines: new PipelineServiceClient(options, gax as unknown as Gax),
  };
}

/** A google.protobuf.Value, as the clients take it. */
export function protoValue(value: unknown): object {
  if (value === null) return { nullValue: 'NULL_VALUE' };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Array.isArray(value)) return { listValue: { values: value.map(protoValue) } };
  const entries = Object.entries(value as object).map(([name, inner]) => [name, protoValue(inner)]);
  return { structValue: { fields: Object.fromEntries(entries) } };
}
