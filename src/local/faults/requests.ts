/** What a request asks for, as far as faults tell requests apart. */
export const CALLS = [
  'create',
  'get',
  'list',
  'cancel',
  'delete',
  'entries',
  'model',
  'operation',
  'storage',
  'identity',
  'location',
  'other',
] as const;
/** A kind of request. */
export type Call = (typeof CALLS)[number];

/** Which requests are meant: those for which everything that is given holds. */
export interface Selector {
  readonly call?: Call | undefined;
  /** The HTTP method. */
  readonly method?: string | undefined;
  /** The decoded path without the query: `*` stands for any run of characters without a slash, `**` for any run. */
  readonly path?: string | undefined;
}

/** The part of a request by which its kind is known. */
export interface Asked {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
}

const RESOURCE =
  /^\/(?:v1|v1beta1|ui)\/projects\/[^/]+\/locations\/[^/]+\/(?:[^/]+\/[^/:]+\/(?=operations(?:\/|$)))?([A-Za-z]+)(\/[^/:]+)?(?::([A-Za-z]+))?$/;
/** Cloud Storage's JSON API, downloads and uploads of either kind too. */
const STORAGE = /^\/(?:download\/|(?:resumable\/)?upload\/)?storage\/v1\//;
/** Signing in, projects, and what one may do. */
const IDENTITY =
  /^\/v1\/token$|^\/v1\/projects\/[^/]+\/serviceAccounts\/|^\/v[13]\/projects\/[^/]+$|\/repositories\/[^/]+:testIamPermissions$/;
const LOCATION = /^\/(?:v1|v1beta1|ui)\/projects\/[^/]+\/locations(?:\/[^/:]+)?$/;
const PATHS: readonly (readonly [Call, RegExp])[] = [
  ['storage', STORAGE],
  ['identity', IDENTITY],
  ['location', LOCATION],
];
const JOBS = new Set(['customJobs', 'hyperparameterTuningJobs', 'trainingPipelines']);
const JOB_CALLS: Readonly<Record<string, Call>> = {
  'POST collection': 'create',
  'GET collection': 'list',
  'GET item': 'get',
  'DELETE item': 'delete',
  'POST item:cancel': 'cancel',
};

/** What a request asks for. */
export function callOf({ method, path }: Asked): Call {
  if (path === '/v2/entries:list') return 'entries';
  const [known] = PATHS.find(([, pattern]) => pattern.test(path)) ?? [];
  if (known !== undefined) return known;
  const [, collection = '', item, verb] = RESOURCE.exec(path) ?? [];
  if (collection === 'models') return 'model';
  if (collection === 'operations') return 'operation';
  if (!JOBS.has(collection)) return 'other';
  // HEAD is GET without the body.
  const action = `${method === 'HEAD' ? 'GET' : method} ${item === undefined ? 'collection' : 'item'}${verb === undefined ? '' : `:${verb}`}`;
  return JOB_CALLS[action] ?? 'other';
}

/** Whether a path is what `pattern` describes. */
export function isLikePath(path: string, pattern: string): boolean {
  const source = pattern
    .split(/(\*\*|\*)/)
    .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${source.join('')}$`, 's').test(path);
}

/** Whether a request is one of those that a selector means. */
export function isSelected({ call, method, path }: Selector, asked: Asked): boolean {
  if (call !== undefined && call !== callOf(asked)) return false;
  if (method !== undefined && method !== asked.method) return false;
  return path === undefined || isLikePath(asked.path, path);
}
