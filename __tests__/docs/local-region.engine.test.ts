import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cacheFolder } from '../../scripts/machine/places.ts';
import { ensurePython } from '../../scripts/machine/python.ts';
import { must } from '../../scripts/machine/run.ts';
import { messageOf } from '../../src/faults.ts';
import { findGcloud } from '../local/gcloud.ts';
import { findMachine } from '../local/machine.ts';
import { type Block, pageAt, pageOf, root } from './pages.ts';

const machine = await findMachine();
const isThere = typeof machine !== 'string';
const suite = isThere ? describe : describe.skip;
if (!isThere) process.stderr.write(`SKIPPED: the blocks of docs/local-region.md (${machine})\n`);
const gcloud = isThere ? await findGcloud() : undefined;
const withGcloud = gcloud === undefined ? it.skip : it;
if (isThere && gcloud === undefined)
  process.stderr.write('SKIPPED: those of its blocks that need gcloud (none here)\n');

/** Google's libraries, or why there are none; with CI=true there must be some. */
async function findPython(): Promise<string | undefined> {
  try {
    return (await ensurePython(`${root}/__tests__/local/python/requirements.txt`)).program;
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    process.stderr.write(`SKIPPED: those of its blocks that need Google's Python libraries (${messageOf(error)})\n`);
    return undefined;
  }
}
const python = isThere ? await findPython() : undefined;
const withPython = python === undefined ? it.skip : it;

const START = 'npm run local -- ';
let home = '';
let services: readonly ChildProcess[] = [];
/** The page with ports that are free, each the same wherever it stands. */
let blocks: readonly Block[] = [];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** A user who has nothing set up. */
function env(...folders: readonly string[]): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:CLOUDSDK_|GOOGLE_|XDG_|STORAGE_)/.test(name));
  const path = [...folders, process.env['PATH'] ?? ''].join(delimiter);
  return { ...Object.fromEntries(own), HOME: home, PATH: path };
}

/** Starts a service as a block says it, from the sources, and resolves when it says that it listens. */
async function started({ text }: Block): Promise<ChildProcess> {
  const flags = text.trim().slice(START.length).split(' ');
  const child = spawn(process.execPath, [`${root}/src/local/index.ts`, ...flags], {
    env: env(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (said.includes('Ctrl+C ends it')) break;
  }
  if (child.exitCode !== null) throw new Error(`The service ended with code ${child.exitCode}.`);
  return child;
}

const isStart = ({ text }: Block) => text.startsWith(START);
const textsIn = (section: string, language: string) =>
  blocks
    .filter((block) => block.section === section && block.language === language && !isStart(block))
    .map(({ text }) => text);

/** Runs the shell blocks of a section, one after the other in one shell; gives what each printed. */
async function shell(section: string, ...folders: readonly string[]): Promise<string[]> {
  const mark = '-- the next block --';
  const script = textsIn(section, 'sh').join(`\necho '${mark}'\n`);
  const cwd = await mkdtemp(join(home, 'work-'));
  for (const text of textsIn(section, 'python')) await writeFile(join(cwd, 'train.py'), text);
  const printed = await must('bash', ['-euo', 'pipefail', '-c', script], {
    cwd,
    env: env(...folders),
    timeoutMs: 170_000,
  });
  return printed.split(`${mark}\n`);
}

beforeAll(async () => {
  if (!isThere) return;
  home = await mkdtemp(join(tmpdir(), 'local-region-docs-'));
  const text = pageAt('docs/local-region.md')
    .text.replaceAll('8600', String(await freePort()))
    .replaceAll('8601', String(await freePort()));
  ({ blocks } = pageOf('docs/local-region.md', text));
  services = await Promise.all(blocks.filter(isStart).map(started));
}, 60_000);

afterAll(async () => {
  if (!isThere) return;
  for (const child of services) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  await machine.stop();
  await rm(home, { recursive: true, force: true });
}, 60_000);

suite('docs/local-region.md', () => {
  it('has no block but those that are run here', () => {
    expect(blocks.map(({ section, language }) => `${section}: ${language}`)).toEqual([
      'Start: sh',
      ...['gcloud: sh', 'gcloud: sh', 'gcloud: sh', 'gcloud: sh'],
      ...['Python: sh', 'Python: sh', 'Python: python'],
      'Node.js: js',
      'Any HTTP client: sh',
    ]);
    expect(services).toHaveLength(2);
  });

  withGcloud(
    'gcloud: a job with its log and its file, a tuning job with its trials, a model',
    async () => {
      const [, job = '', study = '', model = ''] = await shell('gcloud');
      expect(job).toMatch(/^JOB_STATE_SUCCEEDED$/m);
      expect(job).toMatch(/^INFO\ttrains as \d{19}$/m);
      expect(job).toMatch(/^INFO\tJob completed successfully\.$/m);
      expect(job.trim().split('\n').at(-1)).toMatch(/\d\d:\d\d:\d\d/);
      const trials = study
        .trim()
        .split('\n')
        .map((line) => line.split('\t'));
      expect(trials.map(([id, state]) => [id, state])).toEqual(
        ['1', '2', '3', '4', '5', '6'].map((id) => [id, 'SUCCEEDED']),
      );
      for (const [, , rate, loss] of trials) expect(Number(loss)).toBeCloseTo((Number(rate) - 0.1) ** 2);
      expect(model).toMatch(/^\S*hello\t1\tgs:\/\/my-bucket\/hello\/model$/m);
    },
    180_000,
  );

  withPython(
    'Python: a training pipeline, its model and the model’s file',
    async () => {
      const [printed = ''] = await shell('Python', dirname(python ?? ''));
      expect(printed.trim().split('\n').slice(-2)).toEqual([
        expect.stringMatching(/^projects\/\d+\/locations\/us-central1\/models\/\d+ 1 gs:\/\/my-bucket\/run\/model\/?$/),
        'weights',
      ]);
    },
    180_000,
  );

  it('Node.js, and any HTTP client: a job, and the list that it is in', async () => {
    const [script = ''] = textsIn('Node.js', 'js');
    // Where packages are found as a user's program finds its own.
    const folder = await mkdtemp(join(await cacheFolder('docs'), 'node-'));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'train.mjs'), script);
    try {
      const printed = await must(process.execPath, [join(folder, 'train.mjs')], { env: env(), timeoutMs: 120_000 });
      expect(printed.trim()).toBe('JOB_STATE_SUCCEEDED');
    } finally {
      await rm(folder, { recursive: true });
    }
    const [list = ''] = await shell('Any HTTP client');
    const { customJobs } = JSON.parse(list) as { readonly customJobs: readonly object[] };
    expect(customJobs[0]).toEqual({
      name: expect.stringMatching(/\/customJobs\/\d{19}$/),
      state: expect.stringMatching(/^JOB_STATE_/),
    });
  }, 180_000);
});
