import type { Dirent } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMirror, isDebian } from './apt.ts';
import type { Engine } from './engine.ts';
import { withLock } from './lock.ts';
import { cacheFolder } from './places.ts';
import { must, run } from './run.ts';
import { mustAgree, type Teller, terminalTeller, Unavailable } from './say.ts';

/** A docker client that has buildx. */
export interface Buildx {
  readonly version: string;
  /** The folder to pass as DOCKER_CONFIG so that the client finds buildx; undefined where it finds one without. */
  readonly dockerConfig: string | undefined;
}

/** Debian's first release whose buildx is one static binary, which runs on older releases too. */
const SUITE = 'trixie';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

async function buildxVersion(docker: string, dockerConfig: string | undefined): Promise<string | undefined> {
  const env = dockerConfig === undefined ? process.env : { ...process.env, DOCKER_CONFIG: dockerConfig };
  const ran = await run(docker, ['buildx', 'version'], { env, timeoutMs: 10_000 });
  return ran.code === 0 ? ran.stdout.trim().split(' ')[1] : undefined;
}

/** Arguments that give apt-get a source list and folders of its own, so that the machine's stay as they are. */
async function aptOfItsOwn(work: string): Promise<string[]> {
  const { main } = await findMirror();
  const list = join(work, 'sources.list');
  const lists = join(work, 'lists');
  await writeFile(list, `deb [signed-by=${KEYRING}] ${main} ${SUITE} main\n`);
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(work, 'cache', 'archives', 'partial'), { recursive: true });
  const settings = [
    `Dir::Etc::SourceList=${list}`,
    'Dir::Etc::SourceParts=-',
    'Dir::Etc::Preferences=-',
    'Dir::Etc::PreferencesParts=-',
    `Dir::State::Lists=${lists}`,
    `Dir::Cache=${join(work, 'cache')}`,
    // The downloading user could not write into a private folder.
    `APT::Sandbox::User=${process.getuid?.() === 0 ? 'root' : ''}`,
  ];
  return settings.flatMap((setting) => ['-o', setting]);
}

/** The plugin among the package's files: other files of that name (completion) lie elsewhere. */
async function findPlugin(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const isPlugin = (entry: Dirent) => entry.name === 'docker-buildx' && entry.parentPath.endsWith('cli-plugins');
  const plugin = entries.find(isPlugin);
  if (plugin === undefined) throw new Error('the package docker-buildx holds no client plugin');
  return join(plugin.parentPath, plugin.name);
}

async function download(plugin: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'buildx-'));
  try {
    const apt = await aptOfItsOwn(work);
    await must('apt-get', [...apt, 'update'], { cwd: work });
    await must('apt-get', [...apt, 'download', 'docker-buildx'], { cwd: work });
    const pkg = (await readdir(work)).find((name) => name.endsWith('.deb')) ?? '';
    await must('dpkg', ['-x', join(work, pkg), join(work, 'files')]);
    await copyFile(await findPlugin(join(work, 'files')), `${plugin}.${process.pid}.part`);
    await rename(`${plugin}.${process.pid}.part`, plugin);
  } catch (error) {
    throw new Unavailable('install-failed', "buildx could not be downloaded from Debian's packages.", { cause: error });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * buildx for the engine's client: the client's own, else Debian's package unpacked into the checkout's cache; the home
 * folder and the machine's packages stay as they are. Throws `Unavailable` where none can be had.
 */
export async function ensureBuildx(
  engine: Pick<Engine, 'docker'>,
  options: { readonly teller?: Teller | undefined } = {},
): Promise<Buildx> {
  const { teller = terminalTeller } = options;
  const own = await buildxVersion(engine.docker, undefined);
  if (own !== undefined) return { version: own, dockerConfig: undefined };
  const dockerConfig = await cacheFolder('docker-config');
  const plugin = join(await cacheFolder('docker-config', 'cli-plugins'), 'docker-buildx');
  return withLock('buildx', async () => {
    const cached = await buildxVersion(engine.docker, dockerConfig);
    if (cached !== undefined) return { version: cached, dockerConfig };
    if (!(await isDebian())) {
      throw new Unavailable(
        'not-debian',
        'The docker client has no buildx. Install it: only on Debian is it fetched here.',
      );
    }
    await mustAgree(teller, "The docker client has no buildx: downloads Debian's into the checkout's .cache folder");
    await download(plugin);
    const version = await buildxVersion(engine.docker, dockerConfig);
    if (version === undefined)
      throw new Unavailable('install-failed', "Debian's buildx does not run with this client.");
    return { version, dockerConfig };
  });
}
