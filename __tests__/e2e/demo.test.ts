import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type Engine, ensureEngine } from '../../scripts/machine/engine.ts';
import { CHECKOUT } from './parts/action-file.ts';
import { docker, dockerLines } from './parts/docker-client.ts';
import { processesWith } from './parts/processes.ts';

jest.setTimeout(300_000);

let engine: Engine;
let child: ChildProcess & { readonly stdout: Readable; readonly stderr: Readable };
/** The demo's own folder for temporary files: what it starts can be told by it. */
let folder: string;
let exitCode: number | null;
let lines: string[];
let seen: { containers: number; processes: number };

/** The containers of local services whose buckets lie in the demo's folder. */
async function containers(): Promise<string[]> {
  const ids = await dockerLines(engine, 'ps', '--all', '--quiet', '--filter', 'label=train-on-vertex.service');
  const sources = ids.map(async (id) =>
    docker(engine, 'inspect', '--format', '{{range .Mounts}}{{.Source}} {{end}}', id).catch(() => ''),
  );
  const found = await Promise.all(sources);
  return ids.filter((_, index) => found[index]?.includes(folder));
}

beforeAll(async () => {
  engine = await ensureEngine();
  folder = await mkdtemp(join(tmpdir(), 'demo-'));
  const env = { ...process.env, TMPDIR: folder };
  child = spawn(process.execPath, ['scripts/demo.ts'], { cwd: CHECKOUT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
  }
  seen = { containers: 0, processes: 0 };
  const closed = once(child, 'close') as Promise<[number | null]>;
  let over = false;
  void closed.then(() => {
    over = true;
  });
  while (!over) {
    const [now, processes] = await Promise.all([containers(), processesWith(folder)]);
    seen = {
      containers: Math.max(seen.containers, now.length),
      processes: Math.max(seen.processes, processes.length),
    };
    // Each look asks the whole machine: the demo needs it more.
    await Promise.race([closed, delay(300)]);
  }
  [exitCode] = await closed;
  lines = text.split('\n').map((line) => line.trim());
});
afterAll(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    // As at a terminal: the demo cancels its step and cleans up.
    child.kill('SIGINT');
    await once(child, 'close');
  }
  await rm(folder, { recursive: true, force: true });
  await engine?.stop();
});

const output = (name: string) => lines.find((line) => line.startsWith(`${name} = `))?.slice(name.length + 3) ?? '';

test('trains the example to success', () => {
  expect({ exitCode, end: exitCode === 0 ? [] : lines.slice(-40) }).toEqual({ exitCode: 0, end: [] });
  expect(output('state')).toBe('SUCCEEDED');
  expect(lines).toContainEqual(expect.stringMatching(/^\[trial \d+\] epoch 40\/40: loss \S+, accuracy \S+$/));
});

test('hands on the best of the trials that its log tells', () => {
  const told = lines.flatMap((line) => {
    const [, id, accuracy] = /^Trial (\d+) SUCCEEDED after .+: accuracy = (\S+)$/.exec(line) ?? [];
    return id === undefined ? [] : [{ id: Number(id), accuracy: Number(accuracy) }];
  });
  expect(told.map(({ id }) => id).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  const best = Math.max(...told.map(({ accuracy }) => accuracy));
  const first = Math.min(...told.filter(({ accuracy }) => accuracy === best).map(({ id }) => id));
  expect(JSON.parse(output('best_metrics'))).toEqual({ accuracy: best });
  expect(output('best_trial_id')).toBe(String(first));
  const started = lines.find((line) => line.startsWith(`Trial ${first} started: `));
  const parameters = Object.entries(JSON.parse(output('best_parameters')) as object);
  expect(started).toBe(`Trial ${first} started: ${parameters.map(([name, value]) => `${name}=${value}`).join(', ')}`);
  expect(lines).toContainEqual(expect.stringMatching(new RegExp(`Best trial: ${first}$`)));
});

test('shows what else a step hands on: the gate, the comment, every trial, the model', async () => {
  expect(output('gate')).toBe('passed');
  expect(lines).toContainEqual(expect.stringMatching(/^Gate passed: accuracy is [\d.]+; it has to be >= 0\.9\.$/));
  const kept = lines.flatMap((line) => /: (file:\/\/\S*\/build\/demo\/\S+)$/.exec(line)?.slice(1) ?? []);
  expect(kept.map((url) => basename(url))).toEqual(['summary.html', 'comment.html', 'trials.json', 'model']);
  const [, comment = '', trials = '', model = ''] = kept.map((url) => fileURLToPath(url));
  expect(await readFile(comment, 'utf8')).toMatch(/<!-- train-on-vertex:[0-9a-f]{32} -->[\s\S]*Best trial/);
  expect(JSON.parse(await readFile(trials, 'utf8'))).toHaveLength(8);
  expect(await readdir(model)).toEqual(['model.joblib']);
});

test('writes no colours into a pipe', () => {
  expect(lines.filter((line) => line.includes('\u001b'))).toEqual([]);
});

test('leaves no container, no process and no file behind', async () => {
  expect(seen.containers).toBeGreaterThan(0);
  expect(await containers()).toEqual([]);
  if (process.platform === 'linux') expect(seen.processes).toBeGreaterThan(2);
  expect(await processesWith(folder)).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
});
