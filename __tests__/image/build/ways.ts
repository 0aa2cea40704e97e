import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canHaveBuildKit, startBuildKit } from '../../../scripts/machine/buildkit.ts';
import { must } from '../../../scripts/machine/run.ts';
import { type ClientKind, findClient } from '../../e2e/parts/docker-client.ts';
import type { Ground } from './ground.ts';
import { podmanEnv } from './podman.ts';

const WAYS = ['plain', 'docker driver', 'remote driver', 'podman'] as const;
export type WayName = (typeof WAYS)[number];

/** One way to build on this machine. */
export interface Way {
  readonly name: WayName;
  /** Variables that lead to it; DOCKER_CONFIG is a folder of its own. */
  readonly env: Readonly<Record<string, string>>;
  /** Process id of the daemon that builds, where it is one of ours. */
  readonly builderPid: number | undefined;
}

/** Every way that this machine has, or why it has one not. */
async function findWay(ground: Ground, name: WayName): Promise<Way | string> {
  if (name === 'podman') {
    const env = await podmanEnv(ground);
    return typeof env === 'string' ? env : { name, env, builderPid: undefined };
  }
  if (name === 'remote driver') return remote(ground);
  const kind: ClientKind = name === 'plain' ? 'plain' : 'buildx';
  const env = await clientEnv(ground, kind);
  return env === undefined ? `no docker client of the kind ${kind}` : { name, env, builderPid: undefined };
}

export interface FoundWay {
  readonly name: WayName;
  /** The way, or why this machine does not have it. */
  readonly way: Way | string;
}

/** All ways, those that this machine does not have too: they are told, and their tests skipped. */
export async function findWays(ground: Ground | string, names: readonly WayName[] = WAYS): Promise<FoundWay[]> {
  const found: FoundWay[] = [];
  for (const name of names) {
    const way = typeof ground === 'string' ? ground : await findWay(ground, name);
    if (typeof way === 'string') process.stderr.write(`SKIPPED: builds by ${name} (${way})\n`);
    found.push({ name, way });
  }
  return found;
}

/** PATH with the client first, and a configuration of its own in which it finds its plugins. */
async function clientEnv(ground: Ground, kind: ClientKind): Promise<Record<string, string> | undefined> {
  const client = await findClient(ground.engine, kind);
  if (client === undefined) return undefined;
  const config = await ground.folder();
  if (client.plugins !== undefined) await symlink(client.plugins, join(config, 'cli-plugins'));
  await writeFile(join(config, 'config.json'), '{}');
  return { PATH: client.path, HOME: config, DOCKER_CONFIG: config, BUILDX_CONFIG: join(config, 'buildx') };
}

/** A BuildKit daemon of our own, its files under `under`. */
export async function remote(ground: Ground, under?: string): Promise<Way | string> {
  if (!(await canHaveBuildKit())) return 'a BuildKit daemon takes root and the compiler go';
  const env = await clientEnv(ground, 'buildx');
  if (env === undefined) return 'no docker client has buildx';
  const daemon = await startBuildKit({ under });
  ground.add(() => daemon.stop());
  await must('docker', ['buildx', 'create', '--name=remote', '--driver=remote', '--use', daemon.address], { env });
  return { name: 'remote driver', env, builderPid: daemon.pid };
}
