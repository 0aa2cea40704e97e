import { type Fault, shown } from '../faults.ts';

/** The services of Google's that are called, each by the name that gcloud's override variables use. */
const SERVICES = [
  'AIPLATFORM',
  'LOGGING',
  'STS',
  'IAMCREDENTIALS',
  'ARTIFACTREGISTRY',
  'CLOUDRESOURCEMANAGER',
  'IAM',
  'STORAGE',
  'BIGQUERY',
  'CLOUDKMS',
  'COMPUTE',
  'SERVICEUSAGE',
] as const;
export type Service = (typeof SERVICES)[number];

export interface Endpoints {
  /** Base addresses without a slash at the end. */
  readonly url: Readonly<Record<Service, string>>;
  /** Vertex AI's base address in a region; the same for all where it is overridden. */
  readonly vertexUrl: (region: string) => string;
  /** The variables that moved an endpoint away from Google's public one. */
  readonly overridden: readonly { readonly variable: string; readonly url: string }[];
  readonly faults: readonly Fault[];
}

const PREFIX = 'CLOUDSDK_API_ENDPOINT_OVERRIDES_';

/**
 * Where each service is asked: Google's public hosts, or what gcloud's own variables name. An address that is neither
 * a host of googleapis.com nor on loopback is a fault: tokens are sent there.
 */
export function endpointsOf(env: Readonly<Record<string, string | undefined>>, region: string): Endpoints {
  const url: Record<Service, string> = {
    AIPLATFORM: regionalUrl(region),
    LOGGING: 'https://logging.googleapis.com',
    STS: 'https://sts.googleapis.com',
    IAMCREDENTIALS: 'https://iamcredentials.googleapis.com',
    ARTIFACTREGISTRY: 'https://artifactregistry.googleapis.com',
    CLOUDRESOURCEMANAGER: 'https://cloudresourcemanager.googleapis.com',
    IAM: 'https://iam.googleapis.com',
    STORAGE: 'https://storage.googleapis.com',
    BIGQUERY: 'https://bigquery.googleapis.com',
    CLOUDKMS: 'https://cloudkms.googleapis.com',
    COMPUTE: 'https://compute.googleapis.com',
    SERVICEUSAGE: 'https://serviceusage.googleapis.com',
  };
  const faults: Fault[] = [];
  const overridden: { variable: string; url: string }[] = [];
  for (const service of SERVICES) {
    const variable = `${PREFIX}${service}`;
    const value = env[variable];
    if (value === undefined || value === '') continue;
    const base = acceptedBase(value, API_PATHS[service]);
    if (base === undefined) faults.push(refused(variable, value));
    else {
      url[service] = base;
      overridden.push({ variable, url: base });
    }
  }
  const moved = overridden.some(({ variable }) => variable === `${PREFIX}AIPLATFORM`);
  const vertexUrl = (place: string) => (moved ? url.AIPLATFORM : regionalUrl(place));
  return { url, vertexUrl, overridden, faults };
}

const regionalUrl = (region: string) => `https://${region}-aiplatform.googleapis.com`;

function refused(variable: string, value: string): Fault {
  const message = `${shown(value)} is not accepted. Accepted are https://….googleapis.com/ and http(s)://127.0.0.1:PORT/ without a path.`;
  return { rule: 'endpoint', input: variable, message };
}

/** gcloud's own values for some services carry the path of the API; the clients here bring it themselves. */
const API_PATHS: Readonly<Partial<Record<Service, string>>> = {
  STORAGE: '/storage/v1/',
  BIGQUERY: '/bigquery/v2/',
  COMPUTE: '/compute/v1/',
};

function acceptedBase(value: string, path: string | undefined): string | undefined {
  const url = URL.parse(value);
  if (url === null || url.search !== '' || url.hash !== '') return undefined;
  if (url.pathname !== '/' && url.pathname !== path) return undefined;
  if (url.username !== '' || url.password !== '') return undefined;
  const google = url.protocol === 'https:' && url.hostname.endsWith('.googleapis.com');
  const loopback = (url.protocol === 'https:' || url.protocol === 'http:') && isLoopback(url.hostname);
  return google || loopback ? url.origin : undefined;
}

/** Whether a host name of a URL is this machine's. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Whether an address is on this machine. */
export function onLoopback(url: string): boolean {
  return isLoopback(new URL(url).hostname);
}
