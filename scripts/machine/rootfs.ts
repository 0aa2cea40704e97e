import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureProgram, findMirror, type Mirror, mustBeDebianRoot } from './apt.ts';
import { withLock } from './lock.ts';
import { cacheFolder, isThere } from './places.ts';
import { must, run } from './run.ts';
import { mustAgree, type Teller } from './say.ts';
import { RECIPE_VERSION, type StandIn } from './stand-ins.ts';

const SUITE = 'bookworm';
const CA_BUNDLE = '/etc/ssl/certs/ca-certificates.crt';

/** What a stand-in's files depend on, as a short hash: the recipe and this machine's certificates. */
export async function fingerprint(standIn: StandIn): Promise<string> {
  const certificates = await readFile(CA_BUNDLE).catch(() => '');
  const recipe = JSON.stringify([RECIPE_VERSION, SUITE, standIn.kind, standIn.packages]);
  return createHash('sha256').update(recipe).update(certificates).digest('hex').slice(0, 16);
}

function sourcesList(mirror: Mirror): string {
  const suites = [`${mirror.main} ${SUITE}`, `${mirror.main} ${SUITE}-updates`];
  if (mirror.security !== undefined) suites.push(`${mirror.security} ${SUITE}-security`);
  return suites.map((suite) => `deb ${suite} main\n`).join('');
}

/** The machine's own settings for reaching its mirror (proxy, certificates, dates), so that they hold in a build too. */
async function aptSettings(): Promise<string> {
  const dump = await run('apt-config', ['dump']);
  const kept = dump.stdout.split('\n').filter((line) => /^Acquire::(https?::|Check-)[\w:-]* ".+";$/.test(line));
  return kept.map((line) => `${line}\n`).join('');
}

async function emptyFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Makes Python as it is in Python's own images: `python` is there and pip installs without objection. */
async function likePythonImage(root: string): Promise<void> {
  const library = join(root, 'usr/lib');
  const pythons = (await readdir(library)).filter((name) => /^python3\.\d+$/.test(name));
  for (const python of pythons) await rm(join(library, python, 'EXTERNALLY-MANAGED'), { force: true });
  await symlink('/usr/bin/python3', join(root, 'usr/local/bin/python'));
}

async function finish(root: string, standIn: StandIn, mirror: Mirror): Promise<void> {
  await copyFile(CA_BUNDLE, join(root, CA_BUNDLE));
  await writeFile(join(root, 'etc/apt/sources.list'), sourcesList(mirror));
  await writeFile(join(root, 'etc/apt/apt.conf.d/99machine'), await aptSettings());
  if (standIn.kind === 'python') await likePythonImage(root);
  await emptyFolder(join(root, 'var/cache/apt/archives'));
  await emptyFolder(join(root, 'var/lib/apt/lists'));
  // An image made by `docker import` keeps these; an engine writes its own when a container starts.
  await rm(join(root, 'etc/resolv.conf'), { force: true });
  await rm(join(root, 'etc/hostname'), { force: true });
}

async function bootstrap(standIn: StandIn, tar: string, teller: Teller): Promise<void> {
  const debootstrap = await ensureProgram('debootstrap', 'debootstrap', 'A stand-in base image', teller);
  await mustAgree(teller, `Makes the files of a ${standIn.kind} stand-in base image with debootstrap (about a minute)`);
  const mirror = await findMirror();
  const work = await mkdtemp(join(tmpdir(), 'stand-in-'));
  try {
    const root = join(work, 'root');
    await mkdir(root);
    const include = `--include=${standIn.packages.join(',')}`;
    await must(debootstrap, ['--variant=minbase', include, SUITE, root, mirror.main]);
    await finish(root, standIn, mirror);
    const unfinished = `${tar}.${process.pid}.part`;
    await must('tar', ['--numeric-owner', '--one-file-system', '-C', root, '-cf', unfinished, '.']);
    await rename(unfinished, tar);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The tar file with a stand-in's files, made once and kept in the checkout's cache. */
export async function ensureRootfs(standIn: StandIn, teller: Teller): Promise<string> {
  const tar = join(await cacheFolder('stand-ins'), `${standIn.kind}-${await fingerprint(standIn)}.tar`);
  if (await isThere(tar)) return tar;
  await mustBeDebianRoot('A stand-in base image');
  return withLock(`rootfs-${standIn.kind}`, async () => {
    if (!(await isThere(tar))) await bootstrap(standIn, tar, teller);
    return tar;
  });
}
