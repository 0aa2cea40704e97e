import { isRecord } from '../../json.ts';
import { ApiError } from '../api/errors.ts';
import { type Place, parentName, placeOf, projectNumber } from '../api/ids.ts';
import { pageSizeOf, pageToken, positionOf } from '../api/paging.ts';
import { masked } from '../api/read-mask.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { LogStore } from '../logging/store.ts';
import { listFilter } from '../resources/list-filter.ts';
import type { Operations } from '../resources/operations.ts';
import { type Collection, isCollection } from '../resources/store.ts';
import type { ResourceFields } from '../resources/types.ts';
import { readCustomJob, readTuningJob } from '../validation/job.ts';
import { readPipeline } from '../validation/pipeline.ts';

/** A request whose sender has been checked. */
export interface ApiRequest {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
}

export interface Rooms {
  readonly jobs: Jobs;
  readonly logs: LogStore;
  readonly operations: Operations;
}

interface Target {
  readonly place: Place;
  readonly collection: string;
  /** For a model with what may follow it: `ID@VERSION`. */
  readonly id: string | undefined;
  readonly verb: string | undefined;
}

type Handler = (rooms: Rooms, target: Target, request: ApiRequest) => unknown;

const PATH =
  /^\/v1(?:beta1)?\/projects\/([^/]+)\/locations\/([^/]+)(?:\/(?:customJobs|hyperparameterTuningJobs|trainingPipelines)\/\d+(?=\/operations))?\/([A-Za-z]+)(?:\/([A-Za-z0-9_-]{1,63}(?:@[A-Za-z0-9-]{1,128})?))?(?::([A-Za-z]+))?$/;

/** Default and most jobs on a page; the service's numbers are not documented. */
const PAGE = { fallback: 100, most: 1000 } as const;

/** A query parameter in either spelling. */
function parameter(query: URLSearchParams, camel: string, snake: string): string | null {
  return query.get(camel) ?? query.get(snake);
}

function collectionOf(target: Target): Collection {
  if (!isCollection(target.collection)) throw new Error(`${target.collection} holds no jobs`);
  return target.collection;
}

function recordOf(rooms: Rooms, target: Target) {
  return rooms.jobs.store.get(target.place, collectionOf(target), target.id ?? '');
}

function create(rooms: Rooms, target: Target, { body }: ApiRequest): object {
  const { place } = target;
  switch (collectionOf(target)) {
    case 'customJobs':
      return rooms.jobs.createCustomJob(place, readCustomJob(body));
    case 'hyperparameterTuningJobs':
      return rooms.jobs.createTuningJob(place, readTuningJob(body));
    case 'trainingPipelines':
      return rooms.jobs.createPipeline(place, readPipeline(body));
  }
}

/** A list answer holds the jobs without their trials. */
function withoutTrials(job: ResourceFields): object {
  const { trials: _trials, ...rest } = job as ResourceFields & { readonly trials?: unknown };
  return rest;
}

function list(rooms: Rooms, target: Target, { query }: ApiRequest): object {
  const filter = query.get('filter') ?? '';
  const token = parameter(query, 'pageToken', 'page_token') ?? undefined;
  const size = pageSizeOf(parameter(query, 'pageSize', 'page_size'), PAGE.fallback, PAGE.most);
  const request = [target.collection, target.place.projectNumber, target.place.location, filter];
  const passes = listFilter(filter, collectionOf(target));
  const found = rooms.jobs.store.list(target.place, collectionOf(target)).filter(({ resource }) => passes(resource));
  // The token names the job that the page starts after, so that jobs made meanwhile move no page.
  const after = positionOf(token, request);
  const start = after === undefined ? 0 : found.findIndex((record) => record.id === after) + 1;
  const page = found.slice(start, start + size);
  const last = page.at(-1);
  const next = last !== undefined && start + size < found.length ? { nextPageToken: pageToken(last.id, request) } : {};
  const mask = parameter(query, 'readMask', 'read_mask');
  const resources = page.map(({ resource }) => masked(withoutTrials(resource), mask));
  return { ...(resources.length > 0 ? { [target.collection]: resources } : {}), ...next };
}

function cancel(rooms: Rooms, target: Target): object {
  rooms.jobs.cancel(recordOf(rooms, target));
  return {};
}

function remove(rooms: Rooms, target: Target): object {
  rooms.jobs.delete(recordOf(rooms, target));
  return rooms.operations.deleted(target.place);
}

const JOB_HANDLERS: Readonly<Record<string, Handler>> = {
  'POST collection': create,
  'GET collection': list,
  'GET item': (rooms, target, { query }) =>
    masked(recordOf(rooms, target).resource, parameter(query, 'readMask', 'read_mask')),
  'POST item:cancel': cancel,
  'DELETE item': remove,
};

/** Models come from training pipelines alone; a list of them and uploads come with a later version. */
const MODEL_HANDLERS: Readonly<Record<string, Handler>> = {
  'GET item': ({ jobs }, target) => {
    const [id = '', version] = (target.id ?? '').split('@');
    return jobs.models.get(`${parentName(target.place)}/models/${id}`, version);
  },
};

const OPERATION_HANDLERS: Readonly<Record<string, Handler>> = {
  'GET item': (rooms, target) => rooms.operations.get(target.place, target.id ?? ''),
  'POST item:wait': (rooms, target) => rooms.operations.get(target.place, target.id ?? ''),
};

const HANDLERS: ReadonlyMap<string, Readonly<Record<string, Handler>>> = new Map([
  ['customJobs', JOB_HANDLERS],
  ['hyperparameterTuningJobs', JOB_HANDLERS],
  ['trainingPipelines', JOB_HANDLERS],
  ['models', MODEL_HANDLERS],
  ['operations', OPERATION_HANDLERS],
]);

function listEntries({ logs }: Rooms, body: unknown): Promise<object> {
  const given = isRecord(body) ? body : {};
  const field = (camel: string, snake: string) => given[camel] ?? given[snake];
  const names = field('resourceNames', 'resource_names');
  if (!Array.isArray(names) || names.length === 0 || names.length > 100) {
    throw new ApiError('INVALID_ARGUMENT', 'resource_names must have 1 to 100 entries.');
  }
  const projects = names.map((name: unknown) => {
    const project = /^projects\/([^/]+)(?:\/|$)/.exec(String(name))?.[1];
    if (project === undefined) throw new ApiError('INVALID_ARGUMENT', `Not a project: ${JSON.stringify(name)}`);
    return projectNumber(project);
  });
  const filter = String(given['filter'] ?? '');
  if (filter.length > 20_000) throw new ApiError('INVALID_ARGUMENT', 'The filter is longer than 20000 characters.');
  const order = String(field('orderBy', 'order_by') ?? '').trim();
  if (!['', 'timestamp', 'timestamp asc', 'timestamp desc'].includes(order)) {
    throw new ApiError('INVALID_ARGUMENT', `order_by must be "timestamp asc" or "timestamp desc", not "${order}".`);
  }
  const token = field('pageToken', 'page_token');
  return logs.list({
    projects,
    filter,
    descending: order === 'timestamp desc',
    pageSize: pageSizeOf(field('pageSize', 'page_size'), 50, 1000),
    pageToken: typeof token === 'string' ? token : undefined,
  });
}

/** The answer to a request. Throws `ApiError`. */
export async function answer(rooms: Rooms, request: ApiRequest): Promise<unknown> {
  if (request.path === '/v2/entries:list' && request.method === 'POST') return listEntries(rooms, request.body);
  const [, project, location, collection = '', id, verb] = PATH.exec(request.path) ?? [];
  const action = `${request.method} ${id === undefined ? 'collection' : 'item'}${verb === undefined ? '' : `:${verb}`}`;
  const handler = HANDLERS.get(collection)?.[action];
  if (handler === undefined || project === undefined || location === undefined) {
    throw new ApiError('NOT_FOUND', `This service does not know ${request.method} ${request.path}`);
  }
  return handler(rooms, { place: placeOf(project, location), collection, id, verb }, request);
}
