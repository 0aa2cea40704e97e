import { dockerConfigFile, engineAddress } from '../engine/address.ts';
import { messageOf } from '../faults.ts';
import { IdleWatch, readLifeline } from './embedded.ts';
import { type Options, readOptions } from './options.ts';
import { type Service, startService } from './service.ts';

const out = (text: string) => process.stdout.write(`${text}\n`);
const err = (text: string) => process.stderr.write(`${text}\n`);

/** What points gcloud and Google's libraries at the service, and tests at its faults. */
function readyLines({ port, certificate }: Service, faults: boolean): string {
  const base = `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}/`;
  return [
    `Vertex AI's training API, Cloud Logging and Cloud Storage, local, at ${base} (any project, any region; Ctrl+C ends it)`,
    'To use it with gcloud:',
    `  export CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM=${base}`,
    `  export CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING=${base}`,
    `  export CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE=${base}storage/v1/`,
    '  export CLOUDSDK_CORE_PROJECT=my-project CLOUDSDK_CORE_DISABLE_PROMPTS=1',
    '  export CLOUDSDK_AUTH_ACCESS_TOKEN_FILE=FILE   # a file with any word in it: no sign-in is needed here',
    '  gcloud ai custom-jobs list --region=us-central1',
    "To use what jobs wrote with Google's storage libraries:",
    `  export STORAGE_EMULATOR_HOST=${base.slice(0, -1)}`,
    ...(certificate === undefined ? [] : trustLines(certificate)),
    ...(faults ? [`It fails on demand, for tests: POST ${base}-/faults`] : []),
  ].join('\n');
}

/** What makes clients believe the certificate that the service has made. */
function trustLines({ caFile, bundleFile }: NonNullable<Service['certificate']>): string[] {
  return [
    'To have its certificate believed by Python, Node.js and gcloud:',
    `  export REQUESTS_CA_BUNDLE=${bundleFile}   # the public authorities are in it too`,
    `  export NODE_EXTRA_CA_CERTS=${caFile}`,
    `  export CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE=${bundleFile}`,
  ];
}

/** Ends the service, then the process, once; a service that cannot end does not keep the process. */
function ender(service: () => Service | undefined): (code: number) => void {
  let ending = false;
  return (code) => {
    if (ending) return;
    ending = true;
    const ended = service()?.close() ?? Promise.resolve();
    ended.then(
      () => process.exit(code),
      (error: unknown) => {
        err(messageOf(error));
        process.exit(1);
      },
    );
  };
}

async function shared(options: Options) {
  return {
    port: options.port,
    data: options.data,
    faults: options.faults,
    tls: options.tls,
    maxCpus: options.maxCpus,
    maxMemoryGiB: options.maxMemoryGiB,
    engine: await engineAddress(options.engine, process.env),
    dockerConfig: dockerConfigFile(process.env),
    onFault: (text: string) => err(`local Vertex AI service: ${text}`),
  };
}

async function runAlone(options: Options): Promise<void> {
  let service: Service | undefined;
  const end = ender(() => service);
  service = await startService(await shared(options));
  out(readyLines(service, options.faults));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0));
}

/**
 * As the action's own service: a token on stdin, the port on stdout, stdin as the lifeline. SIGINT is the action's to
 * handle: it goes to the whole process group, and the action still needs the service to cancel its job.
 */
async function runEmbedded(options: Options): Promise<void> {
  let service: Service | undefined;
  const end = ender(() => service);
  const idle = new IdleWatch(() => end(0));
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0));
  // The reader of stdout and stderr may be gone before the service is.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const { token, closed } = await readLifeline(process.stdin);
  service = await startService({
    ...(await shared(options)),
    token,
    onShutdown: () => end(0),
    onRequest: () => idle.touch(),
  });
  out(JSON.stringify({ port: service.port }));
  closed.then(() => idle.begin());
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  await (options.embedded ? runEmbedded(options) : runAlone(options));
}

main().catch((error: unknown) => {
  err(messageOf(error));
  process.exit(1);
});
