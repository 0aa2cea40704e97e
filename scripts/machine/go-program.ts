import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { withLock } from './lock.ts';
import { cacheFolder, findProgram, isThere } from './places.ts';
import { must } from './run.ts';
import { mustAgree, type Teller, terminalTeller, Unavailable } from './say.ts';

/** A program of the tests that is to be had as a Go module. */
export interface GoProgram {
  /** The package of its main function; the program is named after its last part. */
  readonly path: string;
  readonly version: string;
}

export const ACTIONLINT: GoProgram = { path: 'github.com/rhysd/actionlint/cmd/actionlint', version: 'v1.7.12' };
/** Runs workflows on this machine. */
export const ACT: GoProgram = { path: 'github.com/nektos/act', version: 'v0.2.87' };

/** Compiled in caches that are gone afterwards. */
async function compile(go: string, { path, version }: GoProgram, program: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'go-program-'));
  const env = {
    ...process.env,
    GOBIN: join(work, 'bin'),
    GOMODCACHE: join(work, 'modules'),
    GOCACHE: join(work, 'cache'),
    GOFLAGS: '-modcacherw',
    CGO_ENABLED: '0',
  };
  try {
    await must(go, ['install', `${path}@${version}`], { env });
    // A copy beside the place, since only within a file system it is put there in one go.
    const unfinished = `${program}.${process.pid}.part`;
    await must('cp', [join(work, 'bin', basename(path)), unfinished]);
    await rename(unfinished, program);
  } catch (error) {
    throw new Unavailable('install-failed', `${path} ${version} could not be compiled.`, { cause: error });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * Path of the program: compiled once into the checkout's cache, in a few minutes at most on two cores. Throws `Unavailable` where it
 * cannot be.
 */
export async function ensureGoProgram(wanted: GoProgram, teller: Teller = terminalTeller): Promise<string> {
  const name = basename(wanted.path);
  const program = join(await cacheFolder('go', `${name}-${wanted.version}`), name);
  return withLock(`go-${name}`, async () => {
    if (await isThere(program)) return program;
    const go = await findProgram('go');
    if (go === undefined) throw new Unavailable('install-failed', `${name} is compiled, and go is missing.`);
    await mustAgree(teller, `${name} for the tests: compiles ${wanted.version} into the .cache folder`);
    await compile(go, wanted, program);
    return program;
  });
}
