import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { BASE_IMAGES, prepare } from './machine/prepare.ts';
import { Unavailable } from './machine/say.ts';

/** Runs every test on real parts, and ends with a line that counts them. */

const root = resolve(import.meta.dirname, '..');
const results = join(root, 'build/test-results.json');
/** Tests that need a Docker engine. */
const ENGINE_TESTS = ['\\.engine\\.test\\.ts$', '__tests__/e2e/[^/]*\\.test\\.ts$'];

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function node(args: readonly string[], env: NodeJS.ProcessEnv): number {
  return spawnSync(process.execPath, [...args], { cwd: root, env, stdio: 'inherit' }).status ?? 1;
}

function jest(args: readonly string[], env: NodeJS.ProcessEnv): number {
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  return node([...flags, 'node_modules/jest/bin/jest.js', '--json', `--outputFile=${results}`, ...args], env);
}

/** Jest's own count, in one plain line. */
function countLine(): string {
  const counts: unknown = JSON.parse(readFileSync(results, 'utf8'));
  const count = (name: string) => Number((counts as Readonly<Record<string, unknown>>)[name] ?? 0);
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

async function main(): Promise<number> {
  const given = process.argv.slice(2);
  const built = node(['scripts/build.ts'], process.env);
  if (built !== 0) return built;
  mkdirSync(dirname(results), { recursive: true });
  try {
    const { engine } = await prepare({ images: BASE_IMAGES });
    try {
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
