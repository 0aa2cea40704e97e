import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { CHECKOUT } from './action-file.ts';
import type { Scene } from './scene.ts';
import { until, untilTrue } from './until.ts';

/** The local service as `npm run local` starts it: alone, for any client. */
export interface StandingService {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The folder that containers see as /gcs. */
  readonly buckets: string;
  /** A resource by its name, or a collection by its path. */
  get(path: string): Promise<Record<string, unknown>>;
}

async function read(stream: Readable, into: { text: string }): Promise<void> {
  for await (const piece of stream.setEncoding('utf8')) into.text += piece;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await gone;
  clearTimeout(timer);
}

/** Starts the service on a free port; it ends with the scene. */
export async function startService(scene: Scene): Promise<StandingService> {
  const data = await scene.folder('local-service-');
  const entry = join(CHECKOUT, 'dist', 'local', 'index.js');
  const child = spawn(process.execPath, [entry, '--port', '0', '--data', data], {
    env: { ...process.env, ...scene.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { text: '' };
  void read(child.stdout, said).catch(() => {});
  void read(child.stderr, said).catch(() => {});
  scene.add(() => end(child));
  await untilTrue('the local service says its address', () => {
    if (child.exitCode !== null) throw new Error(`the local service ended: ${said.text}`);
    return /http:\/\/127\.0\.0\.1:\d+/.test(said.text);
  });
  const url = await until('its address', () => /http:\/\/127\.0\.0\.1:\d+/.exec(said.text)?.[0]);
  const get = async (path: string) => {
    const response = await fetch(`${url}/v1/${path}`);
    if (!response.ok) throw new Error(`${path}: HTTP ${response.status}: ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  };
  return { url, buckets: join(data, 'gcs'), get };
}

/** The variables that point the action at it. */
export function endpointsAt(vertex: string, logging = vertex): Readonly<Record<string, string>> {
  return {
    CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM: `${vertex}/`,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING: `${logging}/`,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: `${vertex}/`,
  };
}
