import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type EngineAddress, parseEngineAddress } from './http.ts';

const DEFAULT = process.platform === 'win32' ? 'npipe:////./pipe/docker_engine' : 'unix:///var/run/docker.sock';

async function contextAddress(): Promise<string | undefined> {
  const args = ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'];
  try {
    const { stdout } = await promisify(execFile)('docker', args, { timeout: 10_000 });
    return stdout.trim() || undefined;
  } catch {
    // Without the docker program there are no contexts: the usual socket it is.
    return undefined;
  }
}

/** Where this machine's engine listens: as given, else DOCKER_HOST, else the current Docker context, else the usual socket. */
export async function engineAddress(given: string | undefined, env: NodeJS.ProcessEnv): Promise<EngineAddress> {
  const host = env['DOCKER_HOST'] ?? '';
  const fromHost = host === '' ? undefined : host;
  return parseEngineAddress(given ?? fromHost ?? (await contextAddress()) ?? DEFAULT);
}

/** Docker's config.json, where `docker login` keeps credentials. */
export function dockerConfigFile(env: NodeJS.ProcessEnv): string {
  return join(env['DOCKER_CONFIG'] || join(homedir(), '.docker'), 'config.json');
}
