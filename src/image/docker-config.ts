import { copyFile, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../faults.ts';
import { isRecord } from '../json.ts';
import { configKey } from './registry/reference.ts';

export interface Login {
  readonly username: string;
  readonly password: string;
}

/** A DOCKER_CONFIG folder of our own: logins that are made here never reach the user's. */
export interface DockerConfig {
  readonly folder: string;
  /** The environment that makes docker use it, over the one that was given. */
  readonly env: Readonly<Record<string, string>>;
  /** Keeps a login for a registry in the folder's own file, in place of an earlier one. No program is started. */
  signIn(registry: string, login: Login): Promise<void>;
  remove(): Promise<void>;
}

export interface DockerConfigOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Folder under which the new one is made. */
  readonly tempFolder: string;
}

/**
 * A private copy of the existing configuration, mode 0700: other logins, helpers, contexts and plugins stay usable, and
 * buildx keeps its builders where they were.
 */
export async function privateDockerConfig({ env, tempFolder }: DockerConfigOptions): Promise<DockerConfig> {
  const original = env['DOCKER_CONFIG'] || join(env['HOME'] || '/', '.docker');
  let config = await readConfig(join(original, 'config.json'));
  // mkdtemp makes folders of mode 0700.
  const folder = await mkdtemp(join(tempFolder, 'docker-config-'));
  await linkOthers(original, folder);
  const file = join(folder, 'config.json');
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  return {
    folder,
    env: {
      ...env,
      DOCKER_CONFIG: folder,
      BUILDX_CONFIG: env['BUILDX_CONFIG'] || join(original, 'buildx'),
      // podman reads logins of Docker's form from here.
      REGISTRY_AUTH_FILE: file,
    },
    signIn: async (registry, login) => {
      config = withLogin(config, registry, login);
      await writeFile(`${file}.new`, JSON.stringify(config), { mode: 0o600 });
      // A docker that is at work reads the old file or the new one, never half of one.
      await rename(`${file}.new`, file);
    },
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

const isMissing = (error: unknown) => isRecord(error) && (error['code'] === 'ENOENT' || error['code'] === 'ENOTDIR');

type Config = Readonly<Record<string, unknown>>;

/** An empty helper name for a registry makes docker keep its login in the file, whatever store is configured. */
function withLogin(config: Config, registry: string, { username, password }: Login): Config {
  const key = configKey(registry);
  const fieldsAt = (name: string) => (isRecord(config[name]) ? config[name] : {});
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  return {
    ...config,
    auths: { ...fieldsAt('auths'), [key]: { auth } },
    credHelpers: { ...fieldsAt('credHelpers'), [key]: '' },
  };
}

async function readConfig(path: string): Promise<Config> {
  try {
    const config: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (isRecord(config)) return config;
  } catch (cause) {
    if (isMissing(cause)) return {};
    throw new UserError(`${path} cannot be read as Docker's configuration. Mend or remove it.`, { cause });
  }
  throw new UserError(`${path} holds no JSON object. Mend or remove it.`);
}
