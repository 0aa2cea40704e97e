import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { isDebian, isRoot } from '../../../scripts/machine/apt.ts';
import { withLock } from '../../../scripts/machine/lock.ts';
import { cacheFolder, isThere } from '../../../scripts/machine/places.ts';
import { must, run } from '../../../scripts/machine/run.ts';
import { messageOf } from '../../../src/faults.ts';
import type { Ground } from './ground.ts';

/** Podman and what it needs beside a minimal Debian; unpacked, not installed, so that the machine stays as it is. */
const PACKAGES = [
  'podman',
  'conmon',
  'containernetworking-plugins',
  'golang-github-containers-common',
  'golang-github-containers-image',
  'libgpgme11',
  'libassuan0',
  'libsubid4',
  'runc',
];

async function unpacked(): Promise<string> {
  const files = join(await cacheFolder('podman'), 'files');
  return withLock('podman', async () => {
    if (await isThere(files)) return files;
    const work = await cacheFolder('podman', 'packages');
    await must('apt-get', ['update']);
    await must('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', ...PACKAGES], { cwd: work });
    const unfinished = `${files}.part`;
    for (const name of await readdir(work)) await must('dpkg', ['-x', join(work, name), unfinished]);
    await rename(unfinished, files);
    await rm(work, { recursive: true, force: true });
    return files;
  });
}

/** Its whole configuration in one folder: storage, loopback registries without TLS, no signatures. */
async function configured(files: string, folder: string): Promise<Record<string, string>> {
  const config = {
    'containers.conf': `[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
conmon_path = ["${files}/usr/bin/conmon"]
[engine.runtimes]
runc = ["${files}/usr/sbin/runc"]
[network]
cni_plugin_dirs = ["${files}/usr/lib/cni"]
network_config_dir = "${folder}/cni"
`,
    'storage.conf': `[storage]
driver = "overlay"
graphroot = "${folder}/graph"
runroot = "${folder}/run"
`,
    'registries.conf': `unqualified-search-registries = ["docker.io"]
[[registry]]
location = "localhost"
insecure = true
`,
  };
  for (const [name, text] of Object.entries(config)) await writeFile(join(folder, name), text);
  await mkdir(join(folder, '.config', 'containers'), { recursive: true });
  await writeFile(join(folder, '.config/containers/policy.json'), '{"default":[{"type":"insecureAcceptAnything"}]}');
  return {
    CONTAINERS_CONF: join(folder, 'containers.conf'),
    CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
    CONTAINERS_REGISTRIES_CONF: join(folder, 'registries.conf'),
    LD_LIBRARY_PATH: join(files, 'usr/lib/x86_64-linux-gnu'),
  };
}

/**
 * The variables that lead to podman under docker's name, as Debian's podman-docker gives it, or why there is none. Its
 * images and containers are in a folder of the test's.
 */
export async function podmanEnv(ground: Ground): Promise<Record<string, string> | string> {
  if (!isRoot() || !(await isDebian())) return 'podman is tried on Debian as root only';
  try {
    const files = await unpacked();
    const folder = await ground.folder();
    // Its storage is a mount of its own.
    ground.add(() => run('umount', ['--lazy', join(folder, 'graph', 'overlay')]));
    const env = await configured(files, folder);
    const exports = Object.entries(env).map(([name, value]) => `export ${name}='${value}'`);
    const program = join(folder, 'bin', 'docker');
    await mkdir(join(folder, 'bin'));
    await writeFile(program, ['#!/bin/sh', ...exports, `exec ${files}/usr/bin/podman "$@"`, ''].join('\n'));
    await chmod(program, 0o755);
    const path = [join(folder, 'bin'), process.env['PATH'] ?? ''].join(delimiter);
    await must(program, ['info'], { env: { PATH: path, HOME: folder } });
    return { PATH: path, HOME: folder, DOCKER_CONFIG: folder };
  } catch (error) {
    return messageOf(error);
  }
}
