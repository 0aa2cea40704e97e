import { fixedCredentials } from '../../src/google/credentials.ts';
import { type ModelsApi, modelsApi } from '../../src/google/models.ts';
import { type RegisterOptions, registerModel } from '../../src/model/register.ts';
import { KEY_LABEL } from '../../src/plan/labels.ts';
import type { ModelUpload } from '../../src/plan/model/upload.ts';
import type { Clock } from '../../src/retry.ts';
import type { Answer, loopbacks, Seen } from '../google/loopback.ts';
import { SimulatedClock } from '../ground/clock.ts';
import { recordingLog } from '../ground/recording-log.ts';

export const PARENT = 'projects/my-project/locations/us-central1';
/** As the service writes it. */
export const MODEL = 'projects/42/locations/us-central1/models/digits';
export const FOLDER = 'gs://my-out/runs/model';
export const JOB = 'projects/42/locations/us-central1/customJobs/5942175266485829632';

export const UPLOAD: ModelUpload = {
  parent: PARENT,
  modelId: 'digits',
  displayName: 'digits',
  description: 'octo/digits Train #7',
  containerSpec: { imageUri: 'us-docker.pkg.dev/my-project/serve/digits:1' },
  labels: { commit: 'abc', 'run-id': '700', [KEY_LABEL]: 'key', 'train-on-vertex-request': 'hash' },
  aliases: [],
  kmsKey: undefined,
  gated: false,
};

export interface Version {
  readonly versionId: string;
  readonly artifactUri: string;
  readonly labels: Readonly<Record<string, string>>;
  versionAliases: readonly string[];
  /** When the version is there, and when lists show it. */
  readonly at: number;
  readonly listedAt: number;
}

interface Operation {
  readonly id: string;
  readonly endsAt: number;
  readonly version: Version | undefined;
  readonly error: object | undefined;
}

/**
 * What becomes of a request. `lost` is one that never arrives, `unheard` one that is done and whose answer does not arrive,
 * `late` one that is done and answered with 503; an answer is given instead of doing anything.
 */
export type Fate = 'done' | 'lost' | 'unheard' | 'late' | Answer;

export interface RegistryOptions {
  readonly clock: Clock;
  /** How long an upload takes, in milliseconds. */
  readonly takesMs?: number;
  /** How far lists of versions are behind, in milliseconds. */
  readonly behindMs?: number;
  /** What the uploads end in, in their order; undefined is a version. */
  readonly errors?: readonly (object | undefined)[];
  /** Whether operations tell what they made. */
  readonly tells?: boolean;
  /** Whether lists of operations go on to show those that are done as under way. */
  readonly stale?: boolean;
  /** What becomes of the requests of a kind, in their order; what is left over is done. */
  readonly fates?: Readonly<Partial<Record<Kind, readonly Fate[]>>>;
  /** Hears of each request before it is done, and after. */
  readonly before?: (kind: Kind) => void;
  readonly after?: (kind: Kind) => void;
}

export type Kind = 'upload' | 'operation' | 'operations' | 'versions' | 'get' | 'merge';

const refusal = (code: number, status: string, message: string): Answer => ({
  status: code,
  body: { error: { code, status, message } },
});
export const UNAVAILABLE = refusal(503, 'UNAVAILABLE', 'The service is currently unavailable.');
export const NOT_FOUND = refusal(404, 'NOT_FOUND', 'no such thing');

/** Vertex AI's model registry over HTTP, as far as one model goes, in the time of `clock`. */
export class Registry {
  readonly versions: Version[] = [];
  readonly uploads: unknown[] = [];
  readonly #operations: Operation[] = [];
  readonly #options: RegistryOptions;
  readonly #counts = new Map<Kind, number>();

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /** The versions that are there. */
  get made(): readonly Version[] {
    return this.versions.filter(({ at }) => at <= this.#now);
  }

  /** Requests of a kind that came so far. */
  count(kind: Kind): number {
    return this.#counts.get(kind) ?? 0;
  }

  put(version: Partial<Version>): void {
    const versionId = String(this.versions.length + 1);
    const none = { artifactUri: 'gs://other/model', labels: {}, versionAliases: [], at: 0, listedAt: 0 };
    this.versions.push({ versionId, ...none, ...version });
  }

  readonly answer = (seen: Seen): Answer => {
    const kind = kindOf(seen);
    const count = this.count(kind);
    this.#counts.set(kind, count + 1);
    this.#options.before?.(kind);
    const fate = this.#options.fates?.[kind]?.[count] ?? 'done';
    if (fate === 'lost') return { body: {}, lack: 'reset' };
    if (typeof fate === 'object') return fate;
    const done = this.#done(kind, seen);
    this.#options.after?.(kind);
    if (fate === 'unheard') return { body: {}, lack: 'reset' };
    return fate === 'late' ? UNAVAILABLE : done;
  };

  get #now(): number {
    return this.#options.clock.now();
  }

  #done(kind: Kind, { url, body }: Seen): Answer {
    const { pathname, searchParams } = new URL(url, 'http://registry');
    if (kind === 'upload') return this.#upload(JSON.parse(body) as Sent);
    if (kind === 'operation') return this.#operation(pathname);
    if (kind === 'operations') return this.#listOperations();
    if (kind === 'versions') return this.#list(searchParams.get('filter') ?? '');
    const reference = pathname.split('@')[1]?.split(':')[0] ?? 'default';
    const version = this.made.find(
      ({ versionId, versionAliases }) => versionId === reference || versionAliases.includes(reference),
    );
    if (version === undefined) return NOT_FOUND;
    if (kind === 'merge') this.#take(version, (JSON.parse(body) as { versionAliases: string[] }).versionAliases);
    return { body: this.#shown(version) };
  }

  #upload(sent: Sent): Answer {
    const exists = this.versions.length > 0;
    if (sent.modelId !== undefined && exists) return refusal(409, 'ALREADY_EXISTS', 'Model already exists.');
    if (sent.parentModel !== undefined && !exists) return NOT_FOUND;
    this.uploads.push(sent);
    const { clock, takesMs = 0, behindMs = 0, errors = [] } = this.#options;
    const endsAt = clock.now() + takesMs;
    const error = errors[this.#operations.length];
    const { labels = {}, artifactUri, versionAliases = [] } = sent.model;
    const version: Version | undefined =
      error === undefined
        ? {
            versionId: String(this.versions.length + 1),
            artifactUri,
            labels,
            versionAliases: [],
            at: endsAt,
            listedAt: endsAt + behindMs,
          }
        : undefined;
    if (version !== undefined) {
      this.versions.push(version);
      this.#take(version, exists ? versionAliases : ['default', ...versionAliases]);
    }
    const operation = { id: String(this.#operations.length + 1), endsAt, version, error };
    this.#operations.push(operation);
    return { body: this.#told(operation) };
  }

  #take(version: Version, aliases: readonly string[]): void {
    for (const each of this.versions)
      each.versionAliases = each.versionAliases.filter((alias) => !aliases.includes(alias));
    version.versionAliases = [...version.versionAliases, ...aliases];
  }

  #operation(path: string): Answer {
    const found = this.#operations.find(({ id }) => path.endsWith(`/operations/${id}`));
    return found === undefined ? NOT_FOUND : { body: this.#told(found) };
  }

  #listOperations(): Answer {
    const now = this.#options.stale === true ? Number.NEGATIVE_INFINITY : this.#now;
    return { body: { operations: this.#operations.map((each) => this.#told(each, now)) } };
  }

  #told({ id, endsAt, version, error }: Operation, now = this.#now): object {
    const done = now >= endsAt;
    const response = this.#options.tells === false ? {} : { model: MODEL, modelVersionId: version?.versionId };
    return {
      name: `${MODEL}/operations/${id}`,
      metadata: { '@type': 'type.googleapis.com/google.cloud.aiplatform.v1.UploadModelOperationMetadata' },
      ...(done ? { done, ...(version === undefined ? { error } : { response }) } : {}),
    };
  }

  #list(filter: string): Answer {
    const [, key = '', value = ''] = /^labels\.([\w-]+)="([^"]*)"$/.exec(filter) ?? [];
    const listed = this.versions.filter(({ listedAt, labels }) => listedAt <= this.#now && labels[key] === value);
    return this.made.length === 0 ? NOT_FOUND : { body: { models: listed.map((each) => this.#shown(each)) } };
  }

  #shown({ at: _at, listedAt: _listedAt, ...version }: Version): object {
    return { name: `${MODEL}@${version.versionId}`, displayName: 'digits', ...version };
  }
}

interface Sent {
  readonly modelId?: string;
  readonly parentModel?: string;
  readonly model: Pick<Version, 'artifactUri'> & {
    readonly labels?: Readonly<Record<string, string>>;
    readonly versionAliases?: readonly string[];
  };
}

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/\/models:upload$/, 'upload'],
  [/\/operations\/[^/]+$/, 'operation'],
  [/\/operations$/, 'operations'],
  [/:listVersions$/, 'versions'],
  [/:mergeVersionAliases$/, 'merge'],
  [/\/models\/[^/]+$/, 'get'],
];

function kindOf({ url }: Seen): Kind {
  const { pathname } = new URL(url, 'http://registry');
  const kind = KINDS.find(([pattern]) => pattern.test(pathname))?.[1];
  if (kind === undefined) throw new Error(`no such request: ${url}`);
  return kind;
}

/** Time that passes only while no request is out: real answers come before what is slept for. */
class PatientClock extends SimulatedClock {
  readonly out = new Set<Promise<unknown>>();

  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await Promise.allSettled(this.out);
    await super.sleep(ms, signal);
  }

  /** The API, each of whose requests is waited for. */
  watching(api: ModelsApi): ModelsApi {
    const watched = Object.entries(api).map(([name, call]: [string, (...given: never[]) => Promise<unknown>]) => [
      name,
      (...given: never[]) => {
        const answer = call(...given);
        this.out.add(answer);
        return answer.finally(() => this.out.delete(answer));
      },
    ]);
    return Object.fromEntries(watched) as ModelsApi;
  }
}

export interface Scene {
  readonly clock: SimulatedClock;
  readonly registry: Registry;
  readonly log: ReturnType<typeof recordingLog>;
  /** Registers the job's model, as one attempt of the step. */
  attempt(changes?: Partial<RegisterOptions>): ReturnType<typeof registerModel>;
}

/** A registry on loopback, and the step's part before it. */
export async function sceneOf(
  newServer: ReturnType<typeof loopbacks>,
  options: Omit<RegistryOptions, 'clock'> = {},
): Promise<Scene> {
  const clock = new PatientClock(1_000_000_000);
  const registry = new Registry({ clock, ...options });
  const { url } = await newServer(registry.answer);
  const log = recordingLog();
  const api = clock.watching(modelsApi(url, fixedCredentials('TOKEN')));
  const given = { api, clock, log, upload: UPLOAD, artifactUri: FOLDER, job: { name: JOB }, random: () => 0.5 };
  return {
    clock,
    registry,
    log,
    attempt: (changes = {}) => registerModel({ ...given, signal: new AbortController().signal, ...changes }),
  };
}
