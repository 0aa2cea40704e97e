// Starts a script with the Node of package.json's devDependency, installing the packages first where they are missing.
// It runs on whatever Node the machine has (20 and later), so it is plain JavaScript.
import { spawn, spawnSync } from 'node:child_process';
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
// What it started is told of an end that this process is asked for; Ctrl+C reaches the whole group at a terminal by itself.
const child = spawn(existsSync(node) ? node : process.execPath, [join(root, script), ...args], {
  cwd: root,
  stdio: 'inherit',
});
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
// npm tells the shell between it and this process, and a shell that ends so tells nobody.
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  child.kill('SIGTERM');
}, 500);
child.once('error', (error) => {
  throw error;
});
child.once('exit', (code) => process.exit(code ?? 1));
