import type { Service } from './service.ts';

interface Ready {
  /** The service fails on demand. */
  readonly faults: boolean;
  /** Where it keeps what is to be found again; undefined for nothing. */
  readonly data: string | undefined;
}

type Place = Pick<Service, 'port' | 'certificate'>;

/** What points gcloud, Google's libraries and tests at a service that listens; shell lines to be copied as they stand. */
export function readyLines({ port, certificate }: Place, { faults, data }: Ready): string {
  const base = `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}/`;
  const kept = data === undefined ? 'Nothing is kept when it ends.' : `Jobs, logs and buckets are kept in ${data}`;
  return [
    `Vertex AI's training API, Cloud Logging and Cloud Storage, local, at ${base} (any project, any region; Ctrl+C ends it)`,
    kept,
    'To use it with gcloud:',
    `  export CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM=${base}`,
    `  export CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING=${base}`,
    `  export CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE=${base}storage/v1/`,
    '  export CLOUDSDK_CORE_PROJECT=my-project CLOUDSDK_CORE_DISABLE_PROMPTS=1',
    '  export CLOUDSDK_AUTH_ACCESS_TOKEN_FILE=FILE   # a file with any word in it: no sign-in is needed here',
    '  gcloud ai custom-jobs list --region=us-central1',
    ...pythonLines(port, certificate),
    "To use it with Node.js' @google-cloud/aiplatform, in the options of each of its clients:",
    `  { apiEndpoint: 'localhost', port: ${port}, protocol: '${certificate === undefined ? 'http' : 'https'}', fallback: true, authClient }   // an OAuth2Client with any access_token`,
    "To use what jobs wrote with Google's storage libraries:",
    `  export STORAGE_EMULATOR_HOST=${base.slice(0, -1)}`,
    ...(certificate === undefined ? [] : trustLines(certificate)),
    ...(faults ? [`It fails on demand, for tests: POST ${base}-/faults`] : []),
  ].join('\n');
}

/** The SDK's REST transport speaks HTTPS alone. */
function pythonLines(port: number, certificate: Place['certificate']): string[] {
  if (certificate === undefined) {
    return ["Google's Python SDK for Vertex AI speaks HTTPS alone: start this with --tls to use it."];
  }
  return [
    "To use it with Google's Python SDK for Vertex AI:",
    '  from google.cloud import aiplatform; from google.oauth2.credentials import Credentials',
    `  aiplatform.init(project="my-project", location="us-central1", api_endpoint="localhost:${port}", api_transport="rest", credentials=Credentials(token="any-word"))`,
  ];
}

/** A path as one word of any shell's. */
const shellWord = (path: string) => (/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

/** What makes clients believe the certificate that the service has made. */
function trustLines({ caFile, bundleFile }: NonNullable<Place['certificate']>): string[] {
  const [ca, bundle] = [shellWord(caFile), shellWord(bundleFile)];
  return [
    'To have its certificate believed by Python, Node.js and gcloud:',
    `  export REQUESTS_CA_BUNDLE=${bundle}   # the public authorities are in it too`,
    `  export NODE_EXTRA_CA_CERTS=${ca}`,
    `  export CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE=${bundle}`,
  ];
}
