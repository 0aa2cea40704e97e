import type { Status } from '../../vertex/types.ts';
import { type Place, placeOf, projectNumber } from '../api/ids.ts';
import { quotaText } from '../scheduling/quota.ts';
import { type Asked, type Call, callOf } from './requests.ts';

/** Answers that Google's services are known to give in place of the one that was asked for. */
export const REFUSAL_REASONS = [
  'rate-limited',
  'quota',
  'stockout',
  'internal',
  'unavailable',
  'deadline',
  'bad-gateway',
  'permission',
  'image-not-readable',
] as const;
type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** A refusal: a known one by its reason, or any by its HTTP status; what is given besides replaces the known one's. */
export interface Refusal {
  readonly reason?: RefusalReason | undefined;
  readonly http?: number | undefined;
  /** The name of a google.rpc.Code. */
  readonly status?: string | undefined;
  readonly message?: string | undefined;
  readonly details?: readonly unknown[] | undefined;
  /** For the header of that name; no known refusal has one. */
  readonly retryAfterSeconds?: number | undefined;
  /** Quota metrics without the service's name, for `quota`. */
  readonly metrics?: readonly string[] | undefined;
}

/** An answer whose body stands as it is to be sent. */
export interface Refused {
  readonly http: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

interface Known {
  readonly http: number;
  readonly status: string;
  readonly message: string;
  readonly details?: readonly unknown[];
}

/** Vertex AI's words for machines that are not to be had (its page of errors). */
function stockoutText({ location }: Place): string {
  return `Resources are insufficient in region: ${location}. Try a different region or use a different accelerator.`;
}

function errorInfo(reason: string, domain: string, metadata: Readonly<Record<string, string>>): object {
  return { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain, metadata };
}

function placeIn(path: string): Place {
  const [, project = 'unknown', location = 'us-central1'] = /\/projects\/([^/]+)\/locations\/([^/:]+)/.exec(path) ?? [];
  return placeOf(project, location);
}

const SERVICES: Readonly<Partial<Record<Call, string>>> = {
  entries: 'logging.googleapis.com',
  storage: 'storage.googleapis.com',
  identity: 'iam.googleapis.com',
};
const serviceOf = (call: Call) => SERVICES[call] ?? 'aiplatform.googleapis.com';

/** The form that all of Google's services share; the metrics' names are those of the limits' pages. */
function rateLimited(asked: Asked): Known {
  const call = callOf(asked);
  const service = serviceOf(call);
  const submits = call === 'create' || call === 'delete';
  const metric =
    call === 'entries' ? 'Read requests' : submits ? 'Job submission requests' : 'Resource management requests';
  const consumer = placeIn(asked.path).projectNumber;
  return {
    http: 429,
    status: 'RESOURCE_EXHAUSTED',
    message: `Quota exceeded for quota metric '${metric}' and limit '${metric} per minute' of service '${service}' for consumer 'project_number:${consumer}'.`,
    details: [errorInfo('RATE_LIMIT_EXCEEDED', 'googleapis.com', { service, consumer: `projects/${consumer}` })],
  };
}

/** As IAM words it for Vertex AI (observed for other collections); of the others nothing but Google's general words is known. */
function notPermitted(asked: Asked): Known {
  if (SERVICES[callOf(asked)] !== undefined) {
    return { http: 403, status: 'PERMISSION_DENIED', message: 'The caller does not have permission' };
  }
  const { project, location } = placeIn(asked.path);
  const collection = /\/locations\/[^/]+\/([A-Za-z]+)/.exec(asked.path)?.[1] ?? 'customJobs';
  const permission = `aiplatform.${collection}.${callOf(asked)}`;
  const resource = `projects/${project}/locations/${location}`;
  return {
    http: 403,
    status: 'PERMISSION_DENIED',
    message: `Permission '${permission}' denied on resource '//aiplatform.googleapis.com/${resource}' (or it may not exist).`,
    details: [errorInfo('IAM_PERMISSION_DENIED', 'aiplatform.googleapis.com', { permission, resource })],
  };
}

/** The same words where the repository is not there (observed). */
function imageNotReadable(asked: Asked): Known {
  const { project, location } = placeIn(asked.path);
  const agent = `service-${projectNumber(project)}@gcp-sa-aiplatform-cc.iam.gserviceaccount.com`;
  const repository = `projects/${project}/locations/${location}/repositories/images`;
  const message = `Vertex AI Service Agent ${agent} does not have permission to access Artifact Registry repository ${repository}.`;
  return { http: 400, status: 'FAILED_PRECONDITION', message };
}

const KNOWN: Readonly<Record<RefusalReason, (asked: Asked, refusal: Refusal) => Known>> = {
  'rate-limited': rateLimited,
  quota: (_asked, { metrics }) => ({
    http: 429,
    status: 'RESOURCE_EXHAUSTED',
    message: quotaText(metrics),
  }),
  // Known of jobs that have been taken on; that a create is refused so is not.
  stockout: ({ path }) => ({ http: 429, status: 'RESOURCE_EXHAUSTED', message: stockoutText(placeIn(path)) }),
  internal: () => ({ http: 500, status: 'INTERNAL', message: 'Internal error encountered.' }),
  unavailable: () => ({ http: 503, status: 'UNAVAILABLE', message: 'The service is currently unavailable.' }),
  deadline: () => ({
    http: 504,
    status: 'DEADLINE_EXCEEDED',
    message: 'Deadline expired before operation could complete.',
  }),
  'bad-gateway': () => ({ http: 502, status: 'UNKNOWN', message: '' }),
  permission: notPermitted,
  'image-not-readable': imageNotReadable,
};

/** What a front end answers that reached no service: a page, no JSON. */
const ERROR_PAGE = `<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <title>Error 502 (Server Error)!!1</title>
  <p><b>502.</b> <ins>That’s an error.</ins>
  <p>The server encountered a temporary error and could not complete your request.
`;

const JSON_TYPE = { 'content-type': 'application/json; charset=UTF-8' };

/** The answer that a refusal stands for. */
export function refused(refusal: Refusal, asked: Asked): Refused {
  const { reason, retryAfterSeconds } = refusal;
  const known = reason === undefined ? undefined : KNOWN[reason](asked, refusal);
  const http = refusal.http ?? known?.http ?? 500;
  const retry = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  if (reason === 'bad-gateway') {
    return { http, headers: { 'content-type': 'text/html; charset=UTF-8', ...retry }, text: ERROR_PAGE };
  }
  const details = refusal.details ?? known?.details;
  const error = {
    code: http,
    message: refusal.message ?? known?.message ?? '',
    status: refusal.status ?? known?.status ?? 'UNKNOWN',
    ...(details === undefined ? {} : { details }),
  };
  return { http, headers: { ...JSON_TYPE, ...retry }, text: JSON.stringify({ error }) };
}

/** The answer to a token that is no longer good. */
export function tokenRefused(asked: Asked): Refused {
  const service = serviceOf(callOf(asked));
  const error = {
    code: 401,
    message:
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
    status: 'UNAUTHENTICATED',
    details: [errorInfo('ACCESS_TOKEN_EXPIRED', 'googleapis.com', { service })],
  };
  const challenge = { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' };
  return { http: 401, headers: { ...JSON_TYPE, ...challenge }, text: JSON.stringify({ error }) };
}

/** What the platform ends jobs with. */
export const JOB_ERRORS = ['stockout', 'quota', 'internal', 'preempted'] as const;
/** Why the platform ended a job. */
export type JobErrorReason = (typeof JOB_ERRORS)[number];

const RESOURCE_EXHAUSTED = 8;
const INTERNAL = 13;

/**
 * The error of a job that the platform ended. The words of stockout, quota and internal failures are the service's; their
 * codes are not documented. Of a preempted job it is documented that its error says STOCKOUT.
 */
export function jobError(reason: JobErrorReason, place: Place, metrics?: readonly string[]): Status {
  const stockout = stockoutText(place);
  switch (reason) {
    case 'stockout':
      return { code: RESOURCE_EXHAUSTED, message: stockout };
    case 'preempted':
      return { code: RESOURCE_EXHAUSTED, message: `STOCKOUT: ${stockout}` };
    case 'quota':
      return { code: RESOURCE_EXHAUSTED, message: quotaText(metrics) };
    case 'internal':
      return { code: INTERNAL, message: 'Internal error occurred for the current attempt' };
  }
}
