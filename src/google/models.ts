import { isRecord } from '../json.ts';
import { readStatus } from '../vertex/read.ts';
import type { ModelToUpload, Status } from '../vertex/types.ts';
import type { Credentials } from './credentials.ts';
import { encodedName, type Fields, listIn, orMissing, restOf, textIn, textsIn } from './rest.ts';

/** A version in the model registry. */
export interface ModelVersion {
  /** `projects/P/locations/L/models/ID`, without the version that some answers put behind it. */
  readonly name: string;
  /** A number, as a text. */
  readonly version: string;
  /** Folder of its files. */
  readonly artifactUri: string | undefined;
  readonly aliases: readonly string[];
  /** The model's own and the version's together, as the service merges them. */
  readonly labels: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly createTime: string | undefined;
}

/** What `models:upload` takes. `parentModel` makes the next version of an existing model, `modelId` a new model. */
export interface UploadRequest {
  readonly model: ModelToUpload;
  readonly modelId?: string;
  /** Full resource name. */
  readonly parentModel?: string;
}

/** An upload that was begun. */
export interface UploadOperation {
  readonly name: string;
  readonly done: boolean;
  /** Why it failed; only of one that is done. */
  readonly error: Status | undefined;
  /** What was made of it; only of one that is done, and not of every one. */
  readonly made: { readonly name: string; readonly version: string } | undefined;
}

/** Vertex AI's model registry (v1, model_service.proto), by full resource names. Each call throws ApiError. */
export interface ModelsApi {
  /** `parent` is `projects/P/locations/L`. The service takes no request id: asked twice, it uploads twice. */
  upload(parent: string, request: UploadRequest, signal?: AbortSignal): Promise<UploadOperation>;
  operation(name: string, signal?: AbortSignal): Promise<UploadOperation>;
  /** Uploads of versions of this model that are under way; empty where there is no such model. */
  uploads(model: string, signal?: AbortSignal): Promise<readonly UploadOperation[]>;
  /** A model's default version, or the one behind an `@`, by its number or an alias; undefined where there is none. */
  get(name: string, signal?: AbortSignal): Promise<ModelVersion | undefined>;
  /** Versions that match the API's filter syntax, in no promised order; empty where there is no such model. */
  versions(model: string, filter: string, signal?: AbortSignal): Promise<readonly ModelVersion[]>;
  /** Gives the version these aliases, and takes them from whichever had them; the version as it then is. */
  mergeAliases(
    model: Pick<ModelVersion, 'name' | 'version'>,
    aliases: readonly string[],
    signal?: AbortSignal,
  ): Promise<ModelVersion>;
}

/** The service looks at the folder and the serving image before it answers; in milliseconds. */
const UPLOAD_TIMEOUT_MS = 60_000;
const PAGE_SIZE = 100;
/** A service that always names a next page would be asked for ever. */
const MOST_PAGES = 200;

/** `url` is the base address of a region's service, such as `https://us-central1-aiplatform.googleapis.com`. */
export function modelsApi(url: string, credentials: Credentials): ModelsApi {
  const rest = restOf(url, credentials);
  const get = (name: string, signal: AbortSignal | undefined) =>
    rest({ action: `get ${name}`, path: `/v1/${encodedName(name)}`, signal });
  const list = async (what: { action: string; path: string; key: string; query: object }, signal?: AbortSignal) => {
    const all: unknown[] = [];
    let token: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const query = new URLSearchParams({ ...what.query, pageSize: String(PAGE_SIZE) });
      if (token !== undefined) query.set('pageToken', token);
      const answer = await rest({ action: what.action, path: `${what.path}?${query}`, signal });
      all.push(...listIn(answer, what.key));
      token = textIn(answer, 'nextPageToken');
      if (token === undefined) return all;
    }
    throw new Error(`${what.action}: more than ${MOST_PAGES} pages`);
  };
  return {
    upload: async (parent, request, signal) => {
      const action = `upload a model in ${parent}`;
      const path = `/v1/${encodedName(parent)}/models:upload`;
      return readOperation(await rest({ action, path, body: request, timeoutMs: UPLOAD_TIMEOUT_MS, signal }));
    },
    operation: async (name, signal) => readOperation(await get(name, signal)),
    uploads: async (model, signal) => {
      const path = `/v1/${encodedName(model)}/operations`;
      const asked = list({ action: `list the operations of ${model}`, path, key: 'operations', query: {} }, signal);
      const running = ((await orMissing(asked)) ?? []).filter(isRecord).filter(isUpload);
      return running.map(readOperation).filter(({ done }) => !done);
    },
    get: async (name, signal) => {
      const answer = await orMissing(get(name, signal));
      return answer === undefined ? undefined : readVersion(answer);
    },
    versions: async (model, filter, signal) => {
      const path = `/v1/${encodedName(model)}:listVersions`;
      const asked = list({ action: `list the versions of ${model}`, path, key: 'models', query: { filter } }, signal);
      return ((await orMissing(asked)) ?? []).map(readVersion);
    },
    mergeAliases: async ({ name, version }, versionAliases, signal) => {
      const target = `${name}@${version}`;
      const action = `move the aliases ${versionAliases.join(', ')} to ${target}`;
      const path = `/v1/${encodedName(target)}:mergeVersionAliases`;
      return readVersion(await rest({ action, path, body: { versionAliases }, signal }));
    },
  };
}

/** Models have other operations too. One that does not tell its kind may be an upload. */
function isUpload({ metadata }: Fields): boolean {
  const type = isRecord(metadata) ? textIn(metadata, '@type') : undefined;
  return type === undefined || type.endsWith('.UploadModelOperationMetadata');
}

const MODEL_NAME = /^(projects\/[^/@]+\/locations\/[^/@]+\/models\/[^/@]+)(?:@([^/@]+))?$/;

/** Throws where what came is no version: an answer that cannot be read must not pass for one that says nothing. */
function readVersion(answer: unknown): ModelVersion {
  const value: Fields = isRecord(answer) ? answer : {};
  const [, name, inName] = MODEL_NAME.exec(textIn(value, 'name') ?? '') ?? [];
  const version = textIn(value, 'versionId') ?? inName;
  if (name === undefined || version === undefined) throw new Error('the answer is no version of a model');
  const labels = isRecord(value['labels']) ? Object.entries(value['labels']) : [];
  return {
    name,
    version,
    artifactUri: textIn(value, 'artifactUri'),
    aliases: textsIn(value, 'versionAliases'),
    labels: Object.fromEntries(labels.filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
    createTime: textIn(value, 'versionCreateTime') ?? textIn(value, 'createTime'),
  };
}

const OPERATION_NAME = /^projects\/[^/]+\/locations\/[^/]+\/(?:[^/]+\/)*operations\/[^/]+$/;

/** Throws where what came is no operation: nothing is known then of what the request came to. */
function readOperation(value: Fields): UploadOperation {
  const name = textIn(value, 'name');
  if (name === undefined || !OPERATION_NAME.test(name)) throw new Error('the answer is no operation: it has no name');
  const done = value['done'] === true;
  return { name, done, error: done ? readStatus(value['error']) : undefined, made: done ? readMade(value) : undefined };
}

function readMade({ response }: Fields): UploadOperation['made'] {
  if (!isRecord(response)) return undefined;
  const [, name, inName] = MODEL_NAME.exec(textIn(response, 'model') ?? '') ?? [];
  const version = textIn(response, 'modelVersionId') ?? inName;
  return name === undefined || version === undefined ? undefined : { name, version };
}
