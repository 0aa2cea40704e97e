import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../..');
const START = join(ROOT, 'scripts/start.mjs');

let folder: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  // It would install the packages where they are not those of the lock file.
  const times = ['node_modules/.package-lock.json', 'package-lock.json'].map(
    (file) => statSync(join(ROOT, file)).mtimeMs,
  );
  expect(times).toEqual([...times].sort((left, right) => right - left));
  folder = mkdtempSync(join(tmpdir(), 'start-'));
  const ended = JSON.stringify(join(folder, 'ended'));
  writeFileSync(
    join(folder, 'script.mjs'),
    `import { writeFileSync } from 'node:fs';
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => { writeFileSync(${ended}, signal); process.exit(5); });
setTimeout(() => process.exit(9), 30_000);
console.log('ready');`,
  );
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the script and waits until it runs. */
async function start(program: string, args: readonly string[]): Promise<ChildProcess> {
  const started = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child = started;
  await new Promise((ready) => started.stdout.once('data', ready));
  return started;
}

const script = () => relative(ROOT, join(folder, 'script.mjs'));
const hasEnded = async () => {
  while (!existsSync(join(folder, 'ended'))) await delay(50);
};

it.each(['SIGTERM', 'SIGHUP'] as const)('hands %s on to what it started, and ends as that does', async (signal) => {
  const started = await start(process.execPath, [START, script()]);
  const code = new Promise((exit) => started.once('exit', exit));
  started.kill(signal);
  await hasEnded();
  expect(await code).toBe(5);
});

it('ends what it started when the shell is gone that npm runs it in', async () => {
  const started = await start('sh', ['-c', `"$1" "$2" "$3"; exit 0`, 'sh', process.execPath, START, script()]);
  started.kill('SIGTERM');
  await hasEnded();
});
