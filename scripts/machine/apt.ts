import { readFile } from 'node:fs/promises';
import { findProgram } from './places.ts';
import { must, run } from './run.ts';
import { mustAgree, type Teller, Unavailable } from './say.ts';

/** Where this machine gets Debian's packages from. */
export interface Mirror {
  readonly main: string;
  /** The security archive, when the machine uses one. */
  readonly security: string | undefined;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

async function osRelease(): Promise<Map<string, string>> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const pairs = text.split('\n').map((line) => line.split('=', 2));
  return new Map(pairs.map(([key = '', value = '']) => [key, value.replace(/^"|"$/g, '')]));
}

export async function isDebian(): Promise<boolean> {
  return (await osRelease()).get('ID') === 'debian';
}

/** Throws unless packages can be installed here: `what` names the part that wants it. */
export async function mustBeDebianRoot(what: string): Promise<void> {
  if (!(await isDebian())) {
    throw new Unavailable('not-debian', `${what} can only be made on Debian; this machine runs another system.`);
  }
  if (!isRoot()) throw new Unavailable('not-root', `${what} can only be made by root.`);
}

/** The arguments that install packages without a question; `simulate` only shows what would be done. */
export function installArguments(packages: readonly string[], simulate = false): string[] {
  const flags = ['--yes', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];
  return ['install', ...(simulate ? ['--simulate'] : []), ...flags, ...packages];
}

async function aptGet(args: readonly string[]): Promise<void> {
  await must('apt-get', args, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
}

/** Installs the Debian packages after announcing it. Throws `Unavailable` where that cannot be done. */
export async function installPackages(packages: readonly string[], what: string, teller: Teller): Promise<void> {
  await mustBeDebianRoot(what);
  await mustAgree(teller, `${what}: installs Debian's ${packages.join(', ')} with apt-get`);
  try {
    await aptGet(['update']);
    await aptGet(installArguments(packages));
  } catch (error) {
    throw new Unavailable('install-failed', `${what}: apt-get could not install ${packages.join(', ')}.`, {
      cause: error,
    });
  }
}

/** The program's path; when it is missing, its Debian package is installed first. */
export async function ensureProgram(name: string, pkg: string, what: string, teller: Teller): Promise<string> {
  const found = await findProgram(name);
  if (found !== undefined) return found;
  await installPackages([pkg], what, teller);
  const installed = await findProgram(name);
  if (installed === undefined) throw new Unavailable('install-failed', `${pkg} brought no program ${name}.`);
  return installed;
}

/** Reads `apt-get indextargets` lines of the form `URI RELEASE`. */
export function readMirror(targets: string, codename: string): Mirror | undefined {
  const rows = targets.split('\n').map((line) => line.trim().split(' '));
  const uriOf = (release: string) => rows.find((row) => row[1] === release)?.[0]?.replace(/\/+$/, '');
  const main = uriOf(codename);
  return main === undefined ? undefined : { main, security: uriOf(`${codename}-security`) };
}

/** The mirror that this machine's own apt sources name. */
export async function findMirror(): Promise<Mirror> {
  const codename = (await osRelease()).get('VERSION_CODENAME') ?? '';
  const format = ['--format', '$(REPO_URI) $(RELEASE)', 'Created-By: Packages', 'Component: main'];
  const ran = await run('apt-get', ['indextargets', ...format]);
  const mirror = readMirror(ran.stdout, codename);
  if (mirror === undefined) {
    throw new Unavailable('install-failed', `apt's sources name no mirror for Debian ${codename}.`);
  }
  return mirror;
}
