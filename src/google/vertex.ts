import { JobServiceClient } from '@google-cloud/aiplatform/build/src/v1/job_service_client.js';
import * as gax from 'google-gax/fallback';
import { fromProto3JSON, toProto3JSON } from 'proto3-json-serializer';
import type { Collection, Job, JobResource } from '../vertex/jobs.ts';
import { readJob } from '../vertex/read.ts';
import { apiError } from './api-error.ts';
import type { Credentials } from './credentials.ts';

/** The calls to Vertex AI that a job needs. Each throws ApiError. */
export interface VertexApi {
  create(parent: string, collection: Collection, resource: JobResource): Promise<Job>;
  get(name: string): Promise<Job>;
  /** Jobs that match the API's filter syntax, without their trials. */
  list(parent: string, collection: Collection, filter: string): Promise<readonly Job[]>;
  /** Asks for the job's end; it comes later. A job that has ended already is no error. */
  cancel(name: string): Promise<void>;
}

export interface VertexOptions {
  /** Base address of the service. */
  readonly url: string;
  readonly credentials: Credentials;
}

const CALL = { timeout: 60_000 };

const MESSAGES: Readonly<Record<Collection, string>> = {
  customJobs: 'google.cloud.aiplatform.v1.CustomJob',
  hyperparameterTuningJobs: 'google.cloud.aiplatform.v1.HyperparameterTuningJob',
};

/**
 * Google's own client, imported deep and with gax's REST transport: whole it would cost a bundle of 25 MB, and its gRPC
 * side does not survive bundling.
 */
export function vertexApi({ url, credentials }: VertexOptions): VertexApi {
  const client = newClient(url, credentials);
  const json = converter(client);
  return {
    create: (parent, collection, resource) =>
      asked(`create a job in ${parent}/${collection}`, async () => {
        const message = json.toMessage(collection, resource);
        const [answer] =
          collection === 'customJobs'
            ? await client.createCustomJob({ parent, customJob: message }, CALL)
            : await client.createHyperparameterTuningJob({ parent, hyperparameterTuningJob: message }, CALL);
        return readJob(json.toJson(collection, answer));
      }),
    get: (name) =>
      asked(`get ${name}`, async () => {
        const collection = collectionOf(name);
        const [answer] =
          collection === 'customJobs'
            ? await client.getCustomJob({ name }, CALL)
            : await client.getHyperparameterTuningJob({ name }, CALL);
        return readJob(json.toJson(collection, answer));
      }),
    list: (parent, collection, filter) =>
      asked(`list ${parent}/${collection}`, async () => {
        const [answers] =
          collection === 'customJobs'
            ? await client.listCustomJobs({ parent, filter }, CALL)
            : await client.listHyperparameterTuningJobs({ parent, filter }, CALL);
        return answers.map((answer) => readJob(json.toJson(collection, answer)));
      }),
    cancel: (name) =>
      asked(`cancel ${name}`, async () => {
        if (collectionOf(name) === 'customJobs') await client.cancelCustomJob({ name }, CALL);
        else await client.cancelHyperparameterTuningJob({ name }, CALL);
      }),
  };
}

function newClient(url: string, { client: authClient }: Credentials): JobServiceClient {
  const { protocol, hostname, port } = new URL(url);
  const scheme = protocol.slice(0, -1);
  return new JobServiceClient(
    {
      apiEndpoint: hostname,
      port: port === '' ? (scheme === 'http' ? 80 : 443) : Number(port),
      protocol: scheme,
      fallback: true,
      authClient,
    },
    gax as unknown as ConstructorParameters<typeof JobServiceClient>[1],
  );
}

async function asked<T>(action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw apiError(action, error);
  }
}

/** Which kind of job a resource name means. */
export function collectionOf(name: string): Collection {
  return name.includes('/hyperparameterTuningJobs/') ? 'hyperparameterTuningJobs' : 'customJobs';
}

type Root = Parameters<typeof fromProto3JSON>[0]['root'];
type Message = Parameters<typeof toProto3JSON>[0];

/** Between the REST API's JSON, which this project speaks, and the messages that the client takes and gives. */
function converter(client: JobServiceClient) {
  const root = (client as unknown as { readonly _protos: Root })._protos;
  const typeOf = (collection: Collection) => root.lookupType(MESSAGES[collection]);
  return {
    toMessage: (collection: Collection, resource: JobResource) =>
      fromProto3JSON(typeOf(collection), structuredClone(resource) as unknown as JSONObject) as object,
    toJson: (collection: Collection, answer: object): unknown =>
      toProto3JSON(typeOf(collection).fromObject(answer) as Message),
  };
}

type JSONObject = Parameters<typeof fromProto3JSON>[1];
