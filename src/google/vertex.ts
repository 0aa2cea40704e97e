import { JobServiceClient } from '@google-cloud/aiplatform/build/src/v1/job_service_client.js';
import { PipelineServiceClient } from '@google-cloud/aiplatform/build/src/v1/pipeline_service_client.js';
import * as gax from 'google-gax/fallback';
import { fromProto3JSON, toProto3JSON } from 'proto3-json-serializer';
import { VERSION } from '../version.ts';
import { type Collection, collectionOf, type Job, type JobResource } from '../vertex/jobs.ts';
import { readJob } from '../vertex/read.ts';
import { ApiError, apiError } from './api-error.ts';
import type { Credentials } from './credentials.ts';
import { hearing, type LastAnswer, listenTo } from './last-answer.ts';

/** The calls to Vertex AI that a job needs. Each throws ApiError. */
export interface VertexApi {
  create(parent: string, collection: Collection, resource: JobResource): Promise<Job>;
  /** A training pipeline comes with the trials of the tuning job behind it. */
  get(name: string): Promise<Job>;
  /** Jobs that match the API's filter syntax, without their trials. */
  list(parent: string, collection: Collection, filter: string): Promise<readonly Job[]>;
  /** Asks for the job's end; it comes later. */
  cancel(name: string): Promise<void>;
  /** Whether a model of that name is in the registry. */
  modelExists(name: string): Promise<boolean>;
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
  trainingPipelines: 'google.cloud.aiplatform.v1.TrainingPipeline',
};

/** One kind of job, as its client speaks of it. */
interface Calls {
  create(parent: string, resource: object): Promise<object>;
  get(name: string): Promise<object>;
  list(parent: string, filter: string): Promise<readonly object[]>;
  cancel(name: string): Promise<unknown>;
}

/**
 * Google's own clients, imported deep and with gax's REST transport: whole they would cost a bundle of 25 MB, and their
 * gRPC side does not survive bundling.
 */
export function vertexApi({ url, credentials }: VertexOptions): VertexApi {
  const { jobs, pipelines } = newClients(url, credentials);
  const json = converter(jobs, pipelines);
  const calls = callsOf(jobs, pipelines);
  const get = (name: string) =>
    asked(`get ${name}`, async () => {
      const collection = collectionOf(name);
      return readJob(json.toJson(collection, await calls[collection].get(name)));
    });
  return {
    create: (parent, collection, resource) =>
      asked(`create a job in ${parent}/${collection}`, async () => {
        const answer = await calls[collection].create(parent, json.toMessage(collection, resource));
        return readJob(json.toJson(collection, answer));
      }),
    get: async (name) => withTrials(await get(name), get),
    list: (parent, collection, filter) =>
      asked(`list ${parent}/${collection}`, async () => {
        const answers = await calls[collection].list(parent, filter);
        return answers.map((answer) => readJob(json.toJson(collection, answer)));
      }),
    cancel: (name) =>
      asked(`cancel ${name}`, async () => {
        await calls[collectionOf(name)].cancel(name);
      }),
    modelExists: (name) => modelExists(url, credentials, name),
  };
}

function callsOf(jobs: JobServiceClient, pipelines: PipelineServiceClient): Readonly<Record<Collection, Calls>> {
  return {
    customJobs: {
      create: async (parent, customJob) => (await jobs.createCustomJob({ parent, customJob }, CALL))[0],
      get: async (name) => (await jobs.getCustomJob({ name }, CALL))[0],
      list: async (parent, filter) => (await jobs.listCustomJobs({ parent, filter }, CALL))[0],
      cancel: (name) => jobs.cancelCustomJob({ name }, CALL),
    },
    hyperparameterTuningJobs: {
      create: async (parent, hyperparameterTuningJob) =>
        (await jobs.createHyperparameterTuningJob({ parent, hyperparameterTuningJob }, CALL))[0],
      get: async (name) => (await jobs.getHyperparameterTuningJob({ name }, CALL))[0],
      list: async (parent, filter) => (await jobs.listHyperparameterTuningJobs({ parent, filter }, CALL))[0],
      cancel: (name) => jobs.cancelHyperparameterTuningJob({ name }, CALL),
    },
    trainingPipelines: {
      create: async (parent, trainingPipeline) =>
        (await pipelines.createTrainingPipeline({ parent, trainingPipeline }, CALL))[0],
      get: async (name) => (await pipelines.getTrainingPipeline({ name }, CALL))[0],
      list: async (parent, filter) => (await pipelines.listTrainingPipelines({ parent, filter }, CALL))[0],
      cancel: (name) => pipelines.cancelTrainingPipeline({ name }, CALL),
    },
  };
}

/** The trials of the tuning job behind a pipeline, which the pipeline itself does not tell. */
async function withTrials(job: Job, get: (name: string) => Promise<Job>): Promise<Job> {
  if (job.backing === undefined || collectionOf(job.backing) !== 'hyperparameterTuningJobs') return job;
  const { trials, study = job.study, spec = job.spec } = await get(job.backing);
  return { ...job, trials, study, spec };
}

async function modelExists(url: string, { client }: Credentials, name: string): Promise<boolean> {
  try {
    await client.request({ url: `${url}/v1/${name}`, timeout: CALL.timeout, retry: false });
    return true;
  } catch (error) {
    const refused = apiError(`get ${name}`, error);
    if (refused instanceof ApiError && refused.httpStatus === 404) return false;
    throw refused;
  }
}

function newClients(url: string, { client: authClient }: Credentials) {
  const { protocol, hostname, port } = new URL(url);
  const scheme = protocol.slice(0, -1);
  const options = {
    apiEndpoint: hostname,
    port: port === '' ? (scheme === 'http' ? 80 : 443) : Number(port),
    protocol: scheme,
    fallback: true,
    authClient,
    libName: 'train-on-vertex',
    libVersion: VERSION,
  };
  listenTo(authClient);
  const instance = gax as unknown as ConstructorParameters<typeof JobServiceClient>[1];
  return { jobs: new JobServiceClient(options, instance), pipelines: new PipelineServiceClient(options, instance) };
}

async function asked<T>(action: string, call: () => Promise<T>): Promise<T> {
  const answer: LastAnswer = { headers: undefined };
  try {
    return await hearing(answer, call);
  } catch (error) {
    throw apiError(action, error, answer.headers);
  }
}

type Root = Parameters<typeof fromProto3JSON>[0]['root'];
type Message = Parameters<typeof toProto3JSON>[0];
type JsonObject = Parameters<typeof fromProto3JSON>[1];

/** Between the REST API's JSON, which this project speaks, and the messages that the clients take and give. */
function converter(jobs: JobServiceClient, pipelines: PipelineServiceClient) {
  const rootOf = (client: unknown) => (client as { readonly _protos: Root })._protos;
  const typeOf = (collection: Collection) =>
    rootOf(collection === 'trainingPipelines' ? pipelines : jobs).lookupType(MESSAGES[collection]);
  return {
    toMessage: (collection: Collection, resource: JobResource) =>
      fromProto3JSON(typeOf(collection), structuredClone(resource) as unknown as JsonObject) as object,
    toJson: (collection: Collection, answer: object): unknown =>
      toProto3JSON(typeOf(collection).fromObject(answer) as Message),
  };
}
