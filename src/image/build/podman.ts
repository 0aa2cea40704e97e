import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecord } from '../../json.ts';
import type { Finished } from '../programs.ts';

/**
 * Writes the logins of a DOCKER_CONFIG folder as podman reads them: it looks elsewhere by itself, and takes the empty
 * helper name that keeps docker from using a helper for a helper without a name.
 */
export async function writePodmanLogins(dockerConfig: string, path: string): Promise<void> {
  const text = await readFile(join(dockerConfig, 'config.json'), 'utf8').catch(() => '{}');
  const config: unknown = JSON.parse(text);
  const auths = isRecord(config) && isRecord(config['auths']) ? config['auths'] : {};
  const helpers = isRecord(config) && isRecord(config['credHelpers']) ? config['credHelpers'] : {};
  const credHelpers = Object.fromEntries(Object.entries(helpers).filter(([, name]) => name !== ''));
  await writeFile(path, JSON.stringify({ auths, credHelpers }), { mode: 0o600 });
}

/** What a cancelled build of podman's may have left. */
export interface Leftovers {
  /** Runs a short program. */
  readonly run: (program: string, args: readonly string[]) => Promise<Finished>;
  /** Where the runtime notes the steps of this build alone. */
  readonly runtimeFolder: string;
  readonly signal: AbortSignal;
}

/**
 * Runs a build of podman's. Where it is cancelled podman goes at once, and leaves the step that runs and the containers
 * that it was working in, with the secrets mounted in them: both are ended here.
 */
export async function withoutLeftovers<T>(leftovers: Leftovers, body: () => Promise<T>): Promise<T> {
  const before = new Set(await containers(leftovers));
  try {
    return await body();
  } catch (error) {
    if (leftovers.signal.aborted) {
      await endSteps(leftovers);
      await removeContainers(leftovers, before);
    }
    throw error;
  }
}

async function endSteps({ run, runtimeFolder }: Leftovers): Promise<void> {
  const steps = await readdir(runtimeFolder).catch(() => []);
  const { stdout } = steps.length === 0 ? { stdout: '' } : await run('docker', ['info', '--format', RUNTIME]);
  const runtime = stdout.trim();
  if (runtime === '') return;
  for (const step of steps) await run(runtime, ['--root', runtimeFolder, 'delete', '--force', step]);
}

/** The program that runs steps: runc or crun, which take the same arguments. */
const RUNTIME = '{{.Host.OCIRuntime.Path}}';

/** Nothing tells whose a working container is: where another build may be using one, none is removed. */
async function removeContainers(leftovers: Leftovers, before: ReadonlySet<string>): Promise<void> {
  if (await buildsElsewhere()) return;
  const left = (await containers(leftovers)).filter((id) => !before.has(id));
  if (left.length > 0) await leftovers.run('docker', ['rm', '--force', ...left]);
}

async function containers({ run }: Leftovers): Promise<string[]> {
  const { exitCode, stdout } = await run('docker', ['ps', '--all', '--external', '--no-trunc', '--quiet']);
  return exitCode === 0 ? stdout.split('\n').filter((id) => /^[0-9a-f]{64}$/.test(id)) : [];
}

/** Whether a process of this machine looks like another build of podman's or buildah's; where that cannot be seen, one may be. */
async function buildsElsewhere(): Promise<boolean> {
  try {
    const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const lines = await Promise.all(ids.map((id) => readFile(join('/proc', id, 'cmdline'), 'utf8').catch(() => '')));
    return lines.some((line) => /(?:^|\/)(?:podman|buildah)\0(?:.*\0)?(?:build|bud)\0/.test(line));
  } catch {
    return true;
  }
}
