import { encoded } from '../api/enum-encoding.ts';
import { ApiError } from '../api/errors.ts';
import { readFields, selected } from '../api/fields.ts';
import { parentName, placeOf } from '../api/ids.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { LogStore } from '../logging/store.ts';
import type { Registry } from '../models/registry.ts';
import type { Uploads } from '../models/uploads.ts';
import type { Operations } from '../resources/operations.ts';
import type { Storage } from '../storage/storage.ts';
import type { Reply } from './reply.ts';
import { type ApiRequest, type Handlers, parameter } from './request.ts';
import { listEntries } from './routes/entries.ts';
import { type Identity, identityReply } from './routes/identity.ts';
import { jobHandlers } from './routes/jobs.ts';
import { locationsAnswer } from './routes/locations.ts';
import { modelHandlers } from './routes/models.ts';
import { operationHandlers } from './routes/operations.ts';
import { isForStorage, storageRoute } from './routes/storage.ts';

/** What the methods work on. */
export interface Rooms {
  readonly jobs: Jobs;
  readonly registry: Registry;
  readonly uploads: Uploads;
  readonly logs: LogStore;
  readonly operations: Operations;
  readonly storage: Storage;
  readonly identity: Identity;
}

/** Google's clients ask for operations below `/ui/`, as the service's own configuration lists it first. */
const PATH =
  /^\/(?:v1|v1beta1|ui(?=\/.*\/operations(?:\/|$)))\/projects\/([^/]+)\/locations\/([^/]+)(?:\/((?:customJobs|hyperparameterTuningJobs|trainingPipelines|models)\/[a-z0-9_-]{1,63})(?=\/operations))?\/([A-Za-z]+)(?:\/([A-Za-z0-9_-]{1,63}(?:@[A-Za-z0-9-]{1,128})?))?(?::([A-Za-z]+))?$/;

/** Answers requests. Each answer throws ApiError. */
export function router({
  jobs,
  registry,
  uploads,
  logs,
  operations,
  storage,
  identity,
}: Rooms): (request: ApiRequest) => Promise<Reply> {
  const ofJobs = jobHandlers(jobs, operations);
  const handlers: ReadonlyMap<string, Handlers> = new Map([
    ['customJobs', ofJobs],
    ['hyperparameterTuningJobs', ofJobs],
    ['trainingPipelines', ofJobs],
    ['models', modelHandlers(registry, uploads, operations)],
    ['operations', operationHandlers(operations)],
  ]);
  const answer = async (request: ApiRequest): Promise<unknown> => {
    if (request.path === '/v2/entries:list' && request.method === 'POST') return listEntries(logs, request.body);
    const locations = locationsAnswer(request);
    if (locations !== undefined) return locations;
    const [, project, location, owner, collection = '', id, verb] = PATH.exec(request.path) ?? [];
    const action = `${request.method} ${id === undefined ? 'collection' : 'item'}${verb === undefined ? '' : `:${verb}`}`;
    const handler = handlers.get(collection)?.[action];
    if (handler === undefined || project === undefined || location === undefined) {
      throw new ApiError('NOT_FOUND', `This service does not know ${request.method} ${request.path}`);
    }
    const place = placeOf(project, location);
    const within = owner === undefined ? undefined : `${parentName(place)}/${owner}`;
    return encoded(await handler({ place, within, collection, id }, request), collection, request.query);
  };
  const answerStorage = storageRoute(storage);
  return async (asked) => {
    if (isForStorage(asked)) return answerStorage(asked);
    // HEAD is GET without the body, which is not sent.
    const request = asked.method === 'HEAD' ? { ...asked, method: 'GET' } : asked;
    const selection = readFields(parameter(request.query, 'fields', '$fields'));
    const signIn = identityReply(identity, request);
    return signIn ?? { http: 200, body: selected(await answer(request), selection) };
  };
}
