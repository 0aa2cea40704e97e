import { execFile } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ensureBuildx } from '../../../scripts/machine/buildx.ts';
import { type Engine, findBuildKitClient } from '../../../scripts/machine/engine.ts';
import { Unavailable } from '../../../scripts/machine/say.ts';

/** The two ways to build: with buildx, and with a client that speaks to BuildKit itself. */
export type ClientKind = 'buildx' | 'plain';

/** A docker client that builds. */
export interface DockerClient {
  readonly kind: ClientKind;
  readonly docker: string;
  /** Folder of the client's plugins where it does not find them by itself. */
  readonly plugins: string | undefined;
  /** PATH with this client first. */
  readonly path: string;
}

function client(kind: ClientKind, docker: string, plugins?: string): DockerClient {
  return { kind, docker, plugins, path: [dirname(docker), process.env['PATH'] ?? ''].join(delimiter) };
}

/** The client of that kind, or undefined where this machine has none. */
export async function findClient(engine: Engine, kind: ClientKind): Promise<DockerClient | undefined> {
  if (kind === 'plain') {
    const docker = await findBuildKitClient();
    return docker === undefined ? undefined : client(kind, docker);
  }
  try {
    const { dockerConfig } = await ensureBuildx(engine);
    return client(kind, engine.docker, dockerConfig === undefined ? undefined : join(dockerConfig, 'cli-plugins'));
  } catch (error) {
    if (error instanceof Unavailable) return undefined;
    throw error;
  }
}

/** A client that builds, of whichever kind. */
export async function anyClient(engine: Engine): Promise<DockerClient> {
  const found = (await findClient(engine, 'plain')) ?? (await findClient(engine, 'buildx'));
  if (found === undefined) throw new Error('no docker client of this machine builds with BuildKit');
  return found;
}

const start = promisify(execFile);

/** Runs a docker command to its end and gives its output. */
export async function docker({ docker: program }: Pick<DockerClient, 'docker'>, ...args: string[]): Promise<string> {
  return (await start(program, args, { maxBuffer: 64 * 1024 * 1024 })).stdout.trim();
}

/** The lines of a docker command's output. */
export async function dockerLines(of: Pick<DockerClient, 'docker'>, ...args: string[]): Promise<string[]> {
  return (await docker(of, ...args)).split('\n').filter((line) => line !== '');
}
