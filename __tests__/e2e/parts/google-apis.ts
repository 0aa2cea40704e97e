import { apiRefusal } from './google-rules.ts';
import { type Answer, listen, type Received, received, sendJson } from './server.ts';

type Json = Readonly<Record<string, unknown>>;
type Named = Readonly<Record<string, Json>>;

/** What there is at Google, as far as it is asked about before a job. Resources are held by the names that are asked for. */
export interface GoogleWorld {
  readonly project: { readonly id: string; readonly number: string; readonly state?: string };
  /** Permissions that the caller has, by resource: `projects/my-project`, `projects/P/serviceAccounts/EMAIL`, `buckets/NAME`. */
  readonly granted?: Readonly<Record<string, readonly string[]>>;
  /** Policies that the caller may read, by resource. */
  readonly policies?: Readonly<Record<string, readonly Json[]>>;
  /** E-mail addresses of service accounts. */
  readonly accounts?: readonly string[];
  /** Buckets in the JSON of their API, by name. */
  readonly buckets?: Named;
  /** Datasets by `PROJECT.DATASET`. */
  readonly datasets?: Named;
  /** Keys, networks, repositories, TensorBoard instances, models, persistent resources: by full resource name. */
  readonly resources?: Named;
  /** Names as above that are there, but not for the caller to see. */
  readonly hidden?: readonly string[];
  /** APIs that are not enabled: `Cloud Resource Manager API`, `IAM API`, … */
  readonly disabled?: readonly string[];
}

/** How a request goes wrong: an answer, none at all, or a connection that breaks. */
export type Mishap = Answer | 'hang' | 'reset';

/** A request with what it was answered. */
export interface Asked extends Received {
  readonly status: number | undefined;
}

/** Google's services that are asked before a job, on loopback, for callers with a good token. */
export interface GoogleApis {
  readonly url: string;
  /** The variables that point the action at them; Vertex AI and Cloud Logging are not among them. */
  readonly env: Readonly<Record<string, string>>;
  requests(): readonly Asked[];
  /** The most requests that were open at a time. */
  mostOpen(): number;
  /** Requests whose path holds `part` go wrong like this, so many times. */
  goWrong(part: string, mishap: Mishap, times?: number): void;
  stop(): Promise<void>;
}

export interface GoogleApisOptions {
  /** Whether a bearer token is let in; every one is, when left out. */
  readonly accepts?: (token: string) => boolean;
  /** What every answer waits for. */
  readonly before?: (request: Received) => Promise<void>;
}

const refusal = (code: number, status: string, message: string): Answer => ({
  status: code,
  body: { error: { code, message, status } },
});
const missing = (name: string) => refusal(404, 'NOT_FOUND', `${name} was not found.`);
const denied = (permission: string, name: string) =>
  refusal(403, 'PERMISSION_DENIED', `Permission '${permission}' denied on resource '${name}' (or it may not exist).`);

interface Route {
  readonly api: string;
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly answer: (world: GoogleWorld, parts: readonly string[], request: Received) => Answer;
}

const found = (world: GoogleWorld, all: Named | undefined, name: string, permission: string): Answer => {
  if (world.hidden?.includes(name)) return denied(permission, name);
  const resource = all !== undefined && Object.hasOwn(all, name) ? all[name] : undefined;
  return resource === undefined ? missing(name) : { status: 200, body: resource };
};

function granted(world: GoogleWorld, name: string, { body }: Received): Answer {
  return grantedOf(world, name, (JSON.parse(body) as { permissions: readonly string[] }).permissions);
}

function grantedOf(world: GoogleWorld, name: string, permissions: readonly string[]): Answer {
  const own = world.granted?.[name] ?? [];
  const both = permissions.filter((permission) => own.includes(permission));
  return { status: 200, body: both.length === 0 ? {} : { permissions: both } };
}

function policy(world: GoogleWorld, name: string): Answer {
  const bindings = world.policies?.[name];
  return bindings === undefined ? denied('getIamPolicy', name) : { status: 200, body: { version: 3, bindings } };
}

const isProject = ({ project }: GoogleWorld, name: string) => name === project.id || name === project.number;
const resource = (permission: string) => (world: GoogleWorld, parts: readonly string[]) =>
  found(world, world.resources, parts[0] ?? '', permission);

const ROUTES: readonly Route[] = [
  {
    api: 'Cloud Resource Manager API',
    method: 'GET',
    path: /^\/v3\/projects\/([^/:]+)$/,
    answer: (world, [name = '']) => {
      if (!isProject(world, name)) return denied('resourcemanager.projects.get', `projects/${name}`);
      const { id, number, state = 'ACTIVE' } = world.project;
      return { status: 200, body: { name: `projects/${number}`, projectId: id, state } };
    },
  },
  {
    api: 'Cloud Resource Manager API',
    method: 'POST',
    path: /^\/v3\/projects\/([^/:]+):testIamPermissions$/,
    answer: (world, [name = ''], request) =>
      isProject(world, name)
        ? granted(world, `projects/${world.project.id}`, request)
        : denied('resourcemanager.projects.get', `projects/${name}`),
  },
  {
    api: 'Identity and Access Management (IAM) API',
    method: 'POST',
    path: /^\/v1\/(projects\/([^/]+)\/serviceAccounts\/([^/:]+)):(testIamPermissions|getIamPolicy)$/,
    answer: (world, [name = '', project = '', account = '', verb = ''], request) => {
      // Without a project nobody is told what there is.
      if (!world.accounts?.includes(account)) return project === '-' ? denied('iam', name) : missing(name);
      return verb === 'getIamPolicy' ? policy(world, name) : granted(world, name, request);
    },
  },
  {
    api: 'Cloud Storage API',
    method: 'GET',
    path: /^\/storage\/v1\/b\/([^/]+)$/,
    answer: (world, [name = '']) => found(world, world.buckets, name, 'storage.buckets.get'),
  },
  {
    api: 'Cloud Storage API',
    method: 'GET',
    path: /^\/storage\/v1\/b\/([^/]+)\/iam\/testPermissions$/,
    answer: (world, [name = ''], { query }) => {
      if (world.hidden?.includes(name)) return denied('storage.buckets.get', name);
      const isThere = world.buckets !== undefined && Object.hasOwn(world.buckets, name);
      return isThere ? grantedOf(world, `buckets/${name}`, query.getAll('permissions')) : missing(name);
    },
  },
  {
    api: 'BigQuery API',
    method: 'GET',
    path: /^\/bigquery\/v2\/projects\/([^/]+)\/datasets\/([^/]+)$/,
    answer: (world, [project = '', name = '']) =>
      found(world, world.datasets, `${project}.${name}`, 'bigquery.datasets.get'),
  },
  {
    api: 'Compute Engine API',
    method: 'GET',
    path: /^\/compute\/v1\/(projects\/[^/]+\/global\/networks\/[^/]+)$/,
    answer: resource('compute.networks.get'),
  },
  {
    api: 'Cloud Key Management Service (KMS) API',
    method: 'GET',
    path: /^\/v1\/(projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/:]+)(:getIamPolicy)?$/,
    answer: (world, [name = '', verb = '']) =>
      verb === '' ? found(world, world.resources, name, 'cloudkms.cryptoKeys.get') : policy(world, name),
  },
  {
    api: 'Artifact Registry API',
    method: 'GET',
    path: /^\/v1\/(projects\/[^/]+\/locations\/[^/]+\/repositories\/[^/:]+)(:getIamPolicy)?$/,
    answer: (world, [name = '', verb = '']) =>
      verb === '' ? found(world, world.resources, name, 'artifactregistry.repositories.get') : policy(world, name),
  },
  {
    api: 'Vertex AI API',
    method: 'GET',
    path: /^\/v1\/projects\/([^/]+)\/locations\/[^/]+\/(customJobs|hyperparameterTuningJobs|trainingPipelines)$/,
    answer: (world, [project = '', collection = '']) =>
      isProject(world, project) &&
      world.granted?.[`projects/${world.project.id}`]?.includes(`aiplatform.${collection}.list`)
        ? { status: 200, body: {} }
        : denied(`aiplatform.${collection}.list`, `projects/${project}`),
  },
  {
    api: 'Vertex AI API',
    method: 'GET',
    path: /^\/v1\/(projects\/[^/]+\/locations\/[^/]+\/(?:tensorboards|models|persistentResources)\/[^/]+)$/,
    answer: resource('aiplatform.get'),
  },
];

function answerOf(world: GoogleWorld, request: Received): Answer {
  const path = decodeURIComponent(request.path);
  const route = ROUTES.find((each) => each.method === request.method && each.path.test(path));
  if (route === undefined) return missing(`${request.method} ${path}`);
  const { api } = route;
  if (world.disabled?.includes(api)) {
    const { number } = world.project;
    const told = `${api} has not been used in project ${number} before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/overview?project=${number} then retry.`;
    return refusal(403, 'PERMISSION_DENIED', told);
  }
  return route.answer(
    world,
    (route.path.exec(path) ?? []).slice(1).map((part) => part ?? ''),
    request,
  );
}

/** What a test lets go wrong. */
class Mishaps {
  readonly #planned: { readonly part: string; readonly mishap: Mishap; left: number }[] = [];

  plan(part: string, mishap: Mishap, times: number): void {
    this.#planned.push({ part, mishap, left: times });
  }

  next({ path }: Received): Mishap | undefined {
    const plan = this.#planned.find(({ part, left }) => left > 0 && decodeURIComponent(path).includes(part));
    if (plan === undefined) return undefined;
    plan.left -= 1;
    return plan.mishap;
  }
}

const SERVICES = [
  'CLOUDRESOURCEMANAGER',
  'IAM',
  'STORAGE',
  'BIGQUERY',
  'CLOUDKMS',
  'COMPUTE',
  'ARTIFACTREGISTRY',
] as const;

/** Starts them all behind one address, which tells them apart by their paths. */
export async function startGoogleApis(world: GoogleWorld, options: GoogleApisOptions = {}): Promise<GoogleApis> {
  const { accepts = () => true, before = async () => {} } = options;
  const asked: Asked[] = [];
  const mishaps = new Mishaps();
  let open = 0;
  let most = 0;
  const server = await listen(async (incoming, response) => {
    open += 1;
    most = Math.max(most, open);
    response.on('close', () => {
      open -= 1;
    });
    const request = await received(incoming);
    const token = /^Bearer (.+)$/.exec(request.headers['authorization'] ?? '')?.[1] ?? '';
    const mishap = accepts(token) ? mishaps.next(request) : apiRefusal(401, ['Request had invalid credentials.']);
    if (mishap === 'hang' || mishap === 'reset') {
      asked.push({ ...request, status: undefined });
      if (mishap === 'reset') response.destroy();
      return;
    }
    await before(request);
    const answer = mishap ?? answerOf(world, request);
    asked.push({ ...request, status: answer.status });
    sendJson(response, answer);
  });
  return {
    url: server.url,
    env: Object.fromEntries(SERVICES.map((each) => [`CLOUDSDK_API_ENDPOINT_OVERRIDES_${each}`, `${server.url}/`])),
    requests: () => asked,
    mostOpen: () => most,
    goWrong: (part, mishap, times = 1) => mishaps.plan(part, mishap, times),
    stop: server.stop,
  };
}
