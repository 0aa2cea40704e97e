import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { messageOf } from '../src/faults.ts';
import { canHaveBuildKit, ensureBuildKitd } from './machine/buildkit.ts';
import { ACT, ACTIONLINT, ensureGoProgram } from './machine/go-program.ts';
import { findProgram } from './machine/places.ts';
import { BASE_IMAGES, prepare } from './machine/prepare.ts';
import { Unavailable } from './machine/say.ts';

/** Runs every test on real parts, and ends with a line that counts them. */

const root = resolve(import.meta.dirname, '..');
const results = join(root, 'build/test-results');
/** A process for each part: jest keeps what every file has loaded, and one for all of them would run out of memory. */
const PARTS = 8;
/** Most of the time a test waits for the processes that it started: another one runs meanwhile. */
const WORKERS = '--maxWorkers=2';
/** Tests that need a Docker engine. */
const ENGINE_TESTS = ['\\.engine\\.test\\.ts$', '__tests__/e2e/[^/]*\\.test\\.ts$'];

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function node(args: readonly string[], env: NodeJS.ProcessEnv): number {
  return spawnSync(process.execPath, [...args], { cwd: root, env, stdio: 'inherit' }).status ?? 1;
}

/** Runs jest, every test in parts, those that are named in one go; the worst exit code. */
function jest(args: readonly string[], env: NodeJS.ProcessEnv): number {
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const named = process.argv.length > 2;
  const parts = named ? [[]] : Array.from({ length: PARTS }, (_, index) => [`--shard=${index + 1}/${PARTS}`, WORKERS]);
  const codes = parts.map((part, index) =>
    node([...flags, '--json', `--outputFile=${join(results, `${index}.json`)}`, ...part, ...args], env),
  );
  return Math.max(...codes);
}

/** Jest's own counts, in one plain line. */
function countLine(): string {
  const all = readdirSync(results).map((name) => JSON.parse(readFileSync(join(results, name), 'utf8')) as unknown);
  const countIn = (counts: unknown, name: string) => Number((counts as Readonly<Record<string, unknown>>)[name] ?? 0);
  const count = (name: string) => all.reduce<number>((sum, counts) => sum + countIn(counts, name), 0);
  const skipped = count('numPendingTests') + count('numTodoTests');
  // A suite that could not even be loaded counts as one failure.
  const failed = count('numFailedTests') + count('numRuntimeErrorTestSuites');
  return `${count('numPassedTests')} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}

function sayWithout(reason: string): void {
  const rule = '!'.repeat(100);
  say(
    [rule, `No Docker engine: ${reason}`, 'SKIPPED: every end-to-end test, and every test of containers.', rule].join(
      '\n',
    ),
  );
}

/** Beside tests the compiler would take longer than a test may; what it fails for, the tests tell that need what it makes. */
async function compileFirst(): Promise<void> {
  const sayWhy = (error: unknown) => say(messageOf(error));
  if (await canHaveBuildKit()) await ensureBuildKitd().catch(sayWhy);
  if ((await findProgram('go')) === undefined) return;
  for (const program of [ACTIONLINT, ACT]) await ensureGoProgram(program).catch(sayWhy);
}

async function main(): Promise<number> {
  const given = process.argv.slice(2);
  const built = node(['scripts/build.ts'], process.env);
  if (built !== 0) return built;
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  try {
    const { engine } = await prepare({ images: BASE_IMAGES });
    try {
      if (given.length === 0) await compileFirst();
      const path = `${dirname(engine.docker)}:${process.env['PATH'] ?? ''}`;
      return jest(given, { ...process.env, PATH: path });
    } finally {
      await engine.stop();
    }
  } catch (error) {
    if (!(error instanceof Unavailable) || process.env['CI'] === 'true') throw error;
    sayWithout(error.message);
    const status = jest(
      [...given, ...ENGINE_TESTS.map((pattern) => `--testPathIgnorePatterns=${pattern}`)],
      process.env,
    );
    sayWithout(error.message);
    return status;
  }
}

const status = await main();
say(countLine());
process.exit(status);
