import { join } from 'node:path';
import type { EngineAddress } from '../engine/http.ts';
import { messageOf } from '../faults.ts';
import { type Clock, systemClock } from '../retry.ts';
import { newId } from './api/ids.ts';
import { dockerBackend } from './containers/backend.ts';
import { Engine } from './containers/engine/engine.ts';
import { Networks } from './containers/engine/networks.ts';
import type { Runtime } from './containers/runtime.ts';
import { type Faults, openFaults } from './faults/open.ts';
import { type Certificate, makeCertificate } from './http/certificate.ts';
import type { Reply } from './http/reply.ts';
import type { ApiRequest } from './http/request.ts';
import { type Rooms, router } from './http/routes.ts';
import { listen } from './http/server.ts';
import { Tokens } from './identity/tokens.ts';
import { Jobs } from './jobs/jobs.ts';
import { type DataFolder, openDataFolder } from './life/data-folder.ts';
import { begin } from './life/kept.ts';
import { findLeft } from './life/left.ts';
import { checkPort, portError } from './life/port.ts';
import { LogStore } from './logging/store.ts';
import { Registry } from './models/registry.ts';
import { Uploads } from './models/uploads.ts';
import type { Kept } from './resources/journal.ts';
import { Operations } from './resources/operations.ts';
import { machineOf } from './scheduling/resources.ts';
import { Scheduler } from './scheduling/scheduler.ts';
import { Folders } from './storage/folders.ts';
import { openStorage } from './storage/storage.ts';

export interface ServiceOptions {
  /** 0 picks a free one. */
  readonly port: number;
  readonly engine: EngineAddress;
  /** A folder that stays, in which the next start finds its jobs; without it a fresh one is made, and removed at the end. */
  readonly data?: string | undefined;
  readonly token?: string | undefined;
  /** HTTPS in place of HTTP, with a certificate made now. */
  readonly tls?: boolean | undefined;
  /** The quota of CPUs, in place of what the engine's machine has; see `Scheduler`. */
  readonly maxCpus?: number | undefined;
  /** The same of memory, in GiB. */
  readonly maxMemoryGiB?: number | undefined;
  /** For tests: the service fails on demand and runs jobs without an engine. */
  readonly faults?: boolean | undefined;
  readonly dockerConfig?: string | undefined;
  /** `POST /-/shutdown` is known only where this is given; called once all jobs have ended and the answer is on its way. */
  readonly onShutdown?: (() => void) | undefined;
  readonly onRequest?: (() => void) | undefined;
  /** What went wrong inside, for whoever runs the service. */
  readonly onFault?: ((text: string) => void) | undefined;
  readonly clock?: Clock | undefined;
  readonly newId?: (() => string) | undefined;
  readonly graceSeconds?: number | undefined;
}

export interface Service {
  readonly port: number;
  /** What clients need to believe the service's certificate, where it shows one. */
  readonly certificate: Pick<Certificate, 'caFile' | 'bundleFile'> | undefined;
  /** Ends all jobs, removes their containers and networks, and stops listening. Can be called again. */
  close(): Promise<void>;
}

function isShutdown(request: ApiRequest): boolean {
  return request.path === '/-/shutdown' && request.method === 'POST';
}

interface Setting {
  readonly runtime: Runtime;
  readonly nextId: () => string;
  readonly kept: Kept;
  readonly faults: Faults | undefined;
  readonly scheduler: Scheduler | undefined;
}

/** What the methods work on, with what an earlier process of this service left; its jobs are still to be resumed. */
function roomsOf({ runtime, nextId, kept, faults, scheduler }: Setting): Rooms {
  const { clock, journal, logs, folders } = runtime;
  const registry = new Registry(clock, nextId, journal);
  const operations = new Operations(clock, nextId, journal);
  const jobs = new Jobs(runtime, nextId, registry, scheduler);
  for (const model of kept.models) registry.store.restore(model);
  for (const operation of kept.operations) operations.restore(operation);
  const uploads = new Uploads({ registry, operations, clock, course: faults?.uploads ?? (() => ({})) });
  const storage = openStorage(folders.gcs, folders.uploads);
  return { jobs, registry, uploads, logs, operations, storage, identity: { tokens: new Tokens(clock), clock } };
}

/**
 * Starts the service: one that is there when this returns listens, and has taken up the jobs of an earlier process on its
 * folder. Throws UserError where the port or the folder cannot be had, and leaves nothing behind then.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  await checkPort(options.port);
  const data = await openDataFolder(options.data);
  try {
    return await started(options, data);
  } catch (error) {
    await data.release();
    throw error;
  }
}

async function started(options: ServiceOptions, data: DataFolder): Promise<Service> {
  const { newId: nextId = newId } = options;
  const tell = (text: string) => options.onFault?.(text);
  const onFault = (error: unknown) => tell(messageOf(error));
  const certificate = options.tls === true ? await makeCertificate(join(data.path, 'tls')) : undefined;
  const folders = new Folders(data.path);
  const engine = new Engine(options.engine);
  const { instance, kept, log, journal } = await begin({ data, logFile: folders.logFile, onNote: tell });
  const { clock: base = systemClock } = options;
  const faults = options.faults === true ? openFaults({ clock: base, folder: data.path }) : undefined;
  const clock = faults?.clock ?? base;
  const onEngine = kept.records.filter((record) => faults?.simulates(record) !== true);
  const left = data.isKept ? await findLeft({ engine, instance, records: onEngine }) : undefined;
  const logs = new LogStore(folders.logFile, clock, log, (error) =>
    tell(`Log lines of jobs are lost: ${messageOf(error)}`),
  );
  const runtime: Runtime = {
    backend: faults?.backend ?? dockerBackend,
    journal,
    engine,
    networks: new Networks(engine, instance, left?.shared),
    left,
    clock,
    logs,
    folders,
    instance,
    dockerConfig: options.dockerConfig,
    graceSeconds: options.graceSeconds ?? 5,
  };
  const { maxCpus, maxMemoryGiB } = options;
  // Simulated jobs need no machine.
  const scheduler =
    faults === undefined
      ? new Scheduler({ machine: () => machineOf(options.engine), maxCpus, maxMemoryGiB })
      : undefined;
  const rooms = roomsOf({ runtime, nextId, kept, faults, scheduler });
  const { jobs, uploads, identity } = rooms;
  const answer = router(rooms);
  // Answered when no container is left, so that whoever asked may rely on it.
  const shutdown = async (onShutdown: () => void): Promise<Reply> => {
    await jobs.close().catch(onFault);
    setImmediate(onShutdown);
    return { http: 200, body: {} };
  };
  const { server, port } = await listen({
    port: options.port,
    token: options.token,
    stateOf: (token) => identity.tokens.stateOf(token),
    tls: certificate,
    onRequest: () => options.onRequest?.(),
    onFault,
    answer: (request) => (isShutdown(request) && options.onShutdown ? shutdown(options.onShutdown) : answer(request)),
    intercept: faults?.intercept(() => jobs.store.listed()),
  }).catch((error: unknown) => {
    throw portError(options.port, error);
  });
  // Before the first request can be answered, and not before it is sure that this process is the service.
  jobs.resume(kept.records);
  await left?.clear(onFault);
  const end = async () => {
    uploads.close();
    await jobs.close().catch(onFault);
    server.close();
    server.closeAllConnections();
    logs.close();
    journal?.close();
    await data.release().catch(onFault);
  };
  let closing: Promise<void> | undefined;
  return {
    port,
    certificate,
    close: () => {
      closing ??= end();
      return closing;
    },
  };
}
