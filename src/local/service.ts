import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { EngineAddress } from '../engine/http.ts';
import { messageOf } from '../faults.ts';
import { type Clock, systemClock } from '../retry.ts';
import { Engine } from './engine.ts';
import { Folders } from './folders.ts';
import { newId } from './ids.ts';
import { Jobs } from './jobs.ts';
import { LogStore } from './log-store.ts';
import { Networks } from './networks.ts';
import { Operations } from './operations.ts';
import { type ApiRequest, answer, type Rooms } from './routes.ts';
import type { Runtime } from './runtime.ts';
import { listen } from './server.ts';

export interface ServiceOptions {
  /** 0 picks a free one. */
  readonly port: number;
  readonly engine: EngineAddress;
  /** A folder of one's own that stays; without it a fresh one is made, and removed at the end. */
  readonly data?: string | undefined;
  readonly token?: string | undefined;
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

function isShutdown(request: ApiRequest): boolean {
  return request.path === '/-/shutdown' && request.method === 'POST';
}

/** Starts the service. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { clock = systemClock, newId: nextId = newId } = options;
  const onFault = (error: unknown) => options.onFault?.(messageOf(error));
  const data = await dataFolder(options.data);
  const folders = new Folders(data.path);
  const logs = new LogStore(folders.logFile, clock);
  const engine = new Engine(options.engine);
  const instance = randomBytes(8).toString('hex');
  const runtime: Runtime = {
    engine,
    networks: new Networks(engine, instance),
    clock,
    logs,
    folders,
    instance,
    dockerConfig: options.dockerConfig,
    graceSeconds: options.graceSeconds ?? 5,
  };
  const jobs = new Jobs(runtime, nextId);
  const rooms: Rooms = { jobs, logs, operations: new Operations(clock, nextId) };
  // Answered when no container is left, so that whoever asked may rely on it.
  const shutdown = async (onShutdown: () => void): Promise<object> => {
    await jobs.close().catch(onFault);
    setImmediate(onShutdown);
    return {};
  };
  const { server, port } = await listen({
    port: options.port,
    token: options.token,
    onRequest: () => options.onRequest?.(),
    onFault,
    answer: (request) =>
      isShutdown(request) && options.onShutdown ? shutdown(options.onShutdown) : answer(rooms, request),
  });
  const end = async () => {
    await jobs.close().catch(onFault);
    server.close();
    server.closeAllConnections();
    logs.close();
    if (data.isOurs) await rm(data.path, { recursive: true, force: true }).catch(onFault);
  };
  let closing: Promise<void> | undefined;
  return {
    port,
    close: () => {
      closing ??= end();
      return closing;
    },
  };
}
