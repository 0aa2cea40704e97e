import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { EngineAddress } from '../engine/http.ts';
import { messageOf } from '../faults.ts';
import { type Clock, systemClock } from '../retry.ts';
import { newId } from './api/ids.ts';
import { dockerBackend } from './containers/backend.ts';
import { Engine } from './containers/engine.ts';
import { Networks } from './containers/networks.ts';
import type { Runtime } from './containers/runtime.ts';
import { type Faults, type FaultsOptions, openFaults } from './faults/open.ts';
import { type Certificate, makeCertificate } from './http/certificate.ts';
import type { Reply } from './http/reply.ts';
import type { ApiRequest } from './http/request.ts';
import { type Rooms, router } from './http/routes.ts';
import { listen } from './http/server.ts';
import { Tokens } from './identity/tokens.ts';
import { Jobs } from './jobs/jobs.ts';
import { LogStore } from './logging/store.ts';
import { Registry } from './models/registry.ts';
import { Uploads } from './models/uploads.ts';
import { Operations } from './resources/operations.ts';
import { machineOf } from './scheduling/resources.ts';
import { Scheduler } from './scheduling/scheduler.ts';
import { Folders } from './storage/folders.ts';
import { openStorage } from './storage/storage.ts';

export interface ServiceOptions {
  /** 0 picks a free one. */
  readonly port: number;
  readonly engine: EngineAddress;
  /** A folder of one's own that stays; without it a fresh one is made, and removed at the end. */
  readonly data?: string | undefined;
  readonly token?: string | undefined;
  /** HTTPS in place of HTTP, with a certificate made now. */
  readonly tls?: boolean | undefined;
  /** The quota of CPUs, in place of what the engine's machine has; see `Scheduler`. */
  readonly maxCpus?: number | undefined;
  /** The same of memory, in GiB. */
  readonly maxMemoryGiB?: number | undefined;
  /** For tests: the service fails on demand, runs jobs without an engine, and keeps its jobs in `data`. */
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

async function dataFolder(given: string | undefined): Promise<{ readonly path: string; readonly isOurs: boolean }> {
  if (given === undefined) return { path: await mkdtemp(join(tmpdir(), 'train-on-vertex-')), isOurs: true };
  // The engine takes absolute paths only.
  const path = resolve(given);
  await mkdir(path, { recursive: true, mode: 0o700 });
  return { path, isOurs: false };
}

async function faultsOf(
  { faults, clock = systemClock }: ServiceOptions,
  where: Omit<FaultsOptions, 'clock'>,
): Promise<Faults | undefined> {
  return faults === true ? openFaults({ clock, ...where }) : undefined;
}

function isShutdown(request: ApiRequest): boolean {
  return request.path === '/-/shutdown' && request.method === 'POST';
}

/** What the methods work on, with what an earlier process of this service left; its models first, which its pipelines look for. */
function roomsOf(
  runtime: Runtime,
  nextId: () => string,
  faults: Faults | undefined,
  scheduler: Scheduler | undefined,
): Rooms {
  const { clock, journal, logs, folders } = runtime;
  const registry = new Registry(clock, nextId, journal);
  const operations = new Operations(clock, nextId, journal);
  const jobs = new Jobs(runtime, nextId, registry, scheduler);
  for (const model of faults?.kept.models ?? []) registry.store.restore(model);
  for (const operation of faults?.kept.operations ?? []) operations.restore(operation);
  jobs.resume(faults?.kept.records ?? []);
  const uploads = new Uploads({ registry, operations, clock, course: faults?.uploads ?? (() => ({})) });
  const storage = openStorage(folders.gcs, folders.uploads);
  return { jobs, registry, uploads, logs, operations, storage, identity: { tokens: new Tokens(clock), clock } };
}

/** Starts the service. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { newId: nextId = newId } = options;
  const onFault = (error: unknown) => options.onFault?.(messageOf(error));
  const data = await dataFolder(options.data);
  const certificate = options.tls === true ? await makeCertificate(join(data.path, 'tls')) : undefined;
  const folders = new Folders(data.path);
  const engine = new Engine(options.engine);
  const instance = randomBytes(8).toString('hex');
  const faults = await faultsOf(options, { folder: data.path, logFile: folders.logFile, instance });
  const clock = faults?.clock ?? options.clock ?? systemClock;
  const logs = new LogStore(folders.logFile, clock, faults?.earlierLog);
  const runtime: Runtime = {
    backend: faults?.backend ?? dockerBackend,
    journal: faults?.journal,
    engine,
    networks: new Networks(engine, instance),
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
  const rooms = roomsOf(runtime, nextId, faults, scheduler);
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
  });
  const end = async () => {
    uploads.close();
    await jobs.close().catch(onFault);
    server.close();
    server.closeAllConnections();
    logs.close();
    if (data.isOurs) await rm(data.path, { recursive: true, force: true }).catch(onFault);
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
