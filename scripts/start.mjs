// Starts a script with the Node of package.json's devDependency, installing the packages first where they are missing.
// It runs on whatever Node the machine has (20 and later), so it is plain JavaScript.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';

const root = resolve(import.meta.dirname, '..');
const node = join(root, 'node_modules/.bin/node');
const lock = join(root, 'package-lock.json');
const installed = join(root, 'node_modules/.package-lock.json');

async function mayInstall() {
  const step = 'The packages of package-lock.json are not installed: runs npm ci';
  if (!process.stdin.isTTY || !process.stdout.isTTY || process.env.CI === 'true') {
    process.stdout.write(`${step}.\n`);
    return true;
  }
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await lines.question(`${step}. Go on? [y/N] `);
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}

function run(program, args) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  return status ?? 1;
}

// Warnings of engines are about this Node, which the packages do not run on.
const install = ['ci', '--no-fund', '--no-audit', '--loglevel=error'];
const upToDate = existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
if (!upToDate && (!(await mayInstall()) || run('npm', install) !== 0)) process.exit(1);
const [script, ...args] = process.argv.slice(2);
// Signals reach the whole group at a terminal; this process waits for what it started.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
process.exit(run(existsSync(node) ? node : process.execPath, [join(root, script), ...args]));
