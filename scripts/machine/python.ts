import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureProgram, installPackages } from './apt.ts';
import { withLock } from './lock.ts';
import { cacheFolder, isThere } from './places.ts';
import { must, run } from './run.ts';
import { mustAgree, type Teller, terminalTeller, Unavailable } from './say.ts';

/** A Python with packages of its own, apart from the machine's. */
export interface Python {
  /** Path of the interpreter. */
  readonly program: string;
}

/** Debian ships Python without what makes a virtual environment. */
async function mustMakeEnvironments(python: string, what: string, teller: Teller): Promise<void> {
  const ran = await run(python, ['-c', 'import ensurepip, venv']);
  if (ran.code !== 0) await installPackages(['python3-venv'], what, teller);
}

async function install(python: string, folder: string, requirements: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
    await must(python, ['-m', 'venv', folder]);
    const quiet = ['--quiet', '--no-input', '--disable-pip-version-check'];
    await must(join(folder, 'bin/python'), ['-m', 'pip', 'install', ...quiet, '-r', requirements]);
  } catch (error) {
    throw new Unavailable('install-failed', "The Python packages could not be installed from Python's index.", {
      cause: error,
    });
  }
}

/**
 * A Python with the packages of a requirements file: installed once into the checkout's cache, in about 20 seconds and
 * 300 MB for Google's. Throws `Unavailable` where it cannot be had.
 */
export async function ensurePython(
  requirements: string,
  what = "Google's Python libraries for the tests",
  teller: Teller = terminalTeller,
): Promise<Python> {
  const digest = createHash('sha256').update(await readFile(requirements));
  const folder = join(await cacheFolder('python'), digest.digest('hex').slice(0, 16));
  const program = join(folder, 'bin/python');
  const complete = join(folder, 'complete');
  return withLock('python', async () => {
    if (await isThere(complete)) return { program };
    const python = await ensureProgram('python3', 'python3', what, teller);
    await mustMakeEnvironments(python, what, teller);
    await mustAgree(teller, `${what}: installs those of ${requirements} into the .cache folder`);
    await install(python, folder, requirements);
    // Written last, so that an environment that was left half-made is made anew.
    await writeFile(complete, '');
    return { program };
  });
}
