import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type EngineAddress, EngineError, parseEngineAddress } from '../../engine/http.ts';
import { isRecord, textAt } from '../../json.ts';

type Env = Readonly<Record<string, string | undefined>>;

const DEFAULT_SOCKET = process.platform === 'win32' ? 'npipe:////./pipe/docker_engine' : 'unix:///var/run/docker.sock';

const folderOf = (env: Env) => env['DOCKER_CONFIG'] || join(env['HOME'] || homedir(), '.docker');

/** Docker's config.json; empty where there is none, or one that cannot be read. */
export function dockerConfig(env: Env): Promise<Readonly<Record<string, unknown>>> {
  return jsonFile(join(folderOf(env), 'config.json'));
}

async function jsonFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

/**
 * Where the engine listens that docker would ask, found without starting docker: DOCKER_HOST, else the current context,
 * else the usual socket. Undefined for an engine on another machine.
 */
export async function engineSocket(env: Env): Promise<EngineAddress | undefined> {
  const host = env['DOCKER_HOST'] || (await contextHost(env));
  try {
    return host === undefined ? undefined : parseEngineAddress(host);
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}

/** Docker keeps a context in a folder that is named by the hash of its name. */
async function contextHost(env: Env): Promise<string | undefined> {
  const name = env['DOCKER_CONTEXT'] || textAt(await dockerConfig(env), 'currentContext') || 'default';
  if (name === 'default') return DEFAULT_SOCKET;
  const folder = createHash('sha256').update(name).digest('hex');
  const meta = await jsonFile(join(folderOf(env), 'contexts', 'meta', folder, 'meta.json'));
  const endpoints = meta['Endpoints'];
  return textAt(isRecord(endpoints) ? endpoints['docker'] : undefined, 'Host');
}
