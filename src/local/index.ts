import { homedir } from 'node:os';
import { dockerConfigFile, engineAddress } from '../engine/address.ts';
import { messageOf } from '../faults.ts';
import { IdleWatch, readLifeline } from './embedded.ts';
import { dataFolderOf, type Options, readOptions } from './options.ts';
import { readyLines } from './ready-lines.ts';
import { type Service, startService } from './service.ts';

const out = (text: string) => process.stdout.write(`${text}\n`);
const err = (text: string) => process.stderr.write(`${text}\n`);

/**
 * Ends the service, then the process, once; a service that cannot end does not keep the process. One that is being started is
 * ended when it has been, so that it leaves nothing behind.
 */
function ender(starting: () => Promise<Service> | undefined): (code: number) => void {
  let ending = false;
  const end = async () => {
    const service = await starting()?.catch(() => undefined);
    await service?.close();
  };
  return (code) => {
    if (ending) return;
    ending = true;
    end().then(
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
    data: dataFolderOf(options, process.env, homedir()),
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
  const given = await shared(options);
  let starting: Promise<Service> | undefined;
  const end = ender(() => starting);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0));
  // The reader of stdout and stderr may be gone before the service is.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  starting = startService(given);
  out(readyLines(await starting, { faults: options.faults, data: given.data }));
}

/**
 * As the action's own service: a token on stdin, the port on stdout, stdin as the lifeline. SIGINT is the action's to
 * handle: it goes to the whole process group, and the action still needs the service to cancel its job.
 */
async function runEmbedded(options: Options): Promise<void> {
  let starting: Promise<Service> | undefined;
  const end = ender(() => starting);
  const idle = new IdleWatch(() => end(0));
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0));
  // The reader of stdout and stderr may be gone before the service is.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const { token, closed } = await readLifeline(process.stdin);
  starting = startService({
    ...(await shared(options)),
    token,
    onShutdown: () => end(0),
    onRequest: () => idle.touch(),
  });
  const { port } = await starting;
  out(JSON.stringify({ port }));
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
