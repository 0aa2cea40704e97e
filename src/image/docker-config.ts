import { copyFile, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../faults.ts';
import { isFields } from '../vertex/read.ts';
import { configKey } from './registry.ts';

/** A DOCKER_CONFIG folder of our own: logins that are made here never reach the user's. */
export interface DockerConfig {
  readonly folder: string;
  /** The environment that makes docker use it, over the one that was given. */
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

export interface DockerConfigOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Folder under which the new one is made. */
  readonly tempFolder: string;
  /** The registry whose login is kept in the new folder's file, and never in a credential helper of the user's. */
  readonly registry: string | undefined;
}

/**
 * A private copy of the existing configuration, mode 0700: other logins, helpers, contexts and plugins stay usable, and
 * buildx keeps its builders where they were.
 */
export async function privateDockerConfig({ env, tempFolder, registry }: DockerConfigOptions): Promise<DockerConfig> {
  const original = env['DOCKER_CONFIG'] || join(env['HOME'] || '/', '.docker');
  const text = await configText(original, registry);
  // mkdtemp makes folders of mode 0700.
  const folder = await mkdtemp(join(tempFolder, 'docker-config-'));
  await linkOthers(original, folder);
  await writeFile(join(folder, 'config.json'), text, { mode: 0o600 });
  return {
    folder,
    env: { ...env, DOCKER_CONFIG: folder, BUILDX_CONFIG: env['BUILDX_CONFIG'] || join(original, 'buildx') },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function linkOthers(original: string, folder: string): Promise<void> {
  for (const name of await entriesOf(original)) {
    if (name.name === 'config.json' || name.name === 'buildx') continue;
    if (name.isFile()) await copyFile(join(original, name.name), join(folder, name.name));
    else await symlink(join(original, name.name), join(folder, name.name));
  }
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

const isMissing = (error: unknown) => isFields(error) && (error['code'] === 'ENOENT' || error['code'] === 'ENOTDIR');

/** An empty helper name for a registry makes docker keep its login in the file, whatever store is configured. */
async function configText(original: string, registry: string | undefined): Promise<string> {
  const config = await readConfig(join(original, 'config.json'));
  if (registry === undefined) return JSON.stringify(config);
  const helpers = isFields(config['credHelpers']) ? config['credHelpers'] : {};
  return JSON.stringify({ ...config, credHelpers: { ...helpers, [configKey(registry)]: '' } });
}

async function readConfig(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const config: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (isFields(config)) return config;
  } catch (cause) {
    if (isMissing(cause)) return {};
    throw new UserError(`${path} cannot be read as Docker's configuration. Mend or remove it.`, { cause });
  }
  throw new UserError(`${path} holds no JSON object. Mend or remove it.`);
}
