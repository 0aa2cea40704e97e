import { randomFillSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuildx } from '../scripts/machine/buildx.ts';
import { ensureEngine } from '../scripts/machine/engine.ts';
import { must } from '../scripts/machine/run.ts';
import { openContext } from '../src/image/context/context.ts';

/**
 * Time to fingerprint a context of 20,000 files and 2 GB, against the time in which BuildKit loads the same context from
 * the client: all of it, and once more with nothing changed. All in one run, the files in the page cache for each.
 */

const FILES = 20_000;
const BYTES = 2_000_000_000;
/** As in a repository with data: a few files hold more than half of it. */
const LARGE = 20;
const LARGE_BYTES = 60_000_000;
const RUNS = 3;

function makeContext(folder: string): void {
  const buffer = Buffer.alloc(4 * 1024 * 1024);
  const small = (BYTES - LARGE * LARGE_BYTES) / (FILES - LARGE);
  for (let index = 0; index < FILES; index += 1) {
    const place = join(folder, `package_${index % 200}`, `part_${index % 7}`);
    if (index < 1_400) mkdirSync(place, { recursive: true });
    randomFillSync(buffer, 0, 64 * 1024);
    // Sizes from a fifth of the mean to nearly twice the mean.
    const size = index < LARGE ? LARGE_BYTES : Math.round(small * (0.2 + (1.6 * ((index * 7919) % 1000)) / 999));
    const file = join(place, `module_${index}`);
    for (let left = size; left > 0; left -= buffer.length) {
      writeFileSync(file, buffer.subarray(0, Math.min(left, buffer.length)), { flag: 'a' });
    }
  }
}

async function fingerprint(
  workspace: string,
  context: string,
): Promise<{ readonly ms: number; readonly text: string }> {
  const start = performance.now();
  const opened = await openContext({
    workspace,
    context,
    dockerfile: { path: undefined, text: '' },
    neverSent: [],
    tempFolder: tmpdir(),
    signal: new AbortController().signal,
  });
  const ms = performance.now() - start;
  await opened.remove();
  return { ms, text: `${opened.files} files, ${(opened.bytes / 1e9).toFixed(2)} GB` };
}

const engine = await ensureEngine();
const { dockerConfig } = await ensureBuildx(engine);
const env = dockerConfig === undefined ? process.env : { ...process.env, DOCKER_CONFIG: dockerConfig };
const docker = (...args: readonly string[]) => must(engine.docker, args, { env });

/** Milliseconds that BuildKit tells of its step 'load build context', and of the build as a whole. */
async function build(folder: string, dockerfile: string): Promise<{ readonly load: number; readonly all: number }> {
  let told = '';
  const start = performance.now();
  await must(engine.docker, ['buildx', 'build', '--progress=plain', `--file=${dockerfile}`, folder], {
    env,
    onOutput: (text) => {
      told += text;
    },
  });
  const all = performance.now() - start;
  const step = /^#(\d+) \[internal\] load build context$/m.exec(told)?.[1];
  const seconds = new RegExp(`^#${step} DONE (\\d+\\.\\d+)s$`, 'm').exec(told)?.[1];
  return { load: Number(seconds) * 1000, all };
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const say = (line: string) => process.stdout.write(`${line}\n`);
const megabytes = () => process.resourceUsage().maxRSS / 1024;

const work = mkdtempSync(join(tmpdir(), 'bench-context-'));
try {
  const dockerfile = join(work, 'Dockerfile');
  const layer = `bench-context-${process.pid}`;
  writeFileSync(dockerfile, `FROM scratch\nCOPY . /${layer}/\n`);
  let folder = join(work, 'context-0');
  mkdirSync(folder);
  makeContext(folder);
  const before = megabytes();
  const ours: number[] = [];
  const cold: number[] = [];
  const warm: number[] = [];
  for (let run = 1; run <= RUNS; run += 1) {
    const { ms, text } = await fingerprint(work, folder);
    ours.push(ms);
    if (run === 1) say(`${text}; peak memory ${megabytes().toFixed(0)} MB, ${before.toFixed(0)} MB of it before`);
    // BuildKit keeps what it was sent by the folder's name.
    renameSync(folder, join(work, `context-${run}`));
    folder = join(work, `context-${run}`);
    const [first, again] = [await build(folder, dockerfile), await build(folder, dockerfile)];
    cold.push(first.load);
    warm.push(again.load);
    const seconds = [ms, first.load, first.all, again.load, again.all].map((each) => (each / 1000).toFixed(2));
    say(
      `run ${run}: fingerprint ${seconds[0]} s; cold load ${seconds[1]} s of a build of ${seconds[2]} s; warm load ${seconds[3]} s of ${seconds[4]} s`,
    );
  }
  say(`ratio of the fingerprint to a cold load, medians: ${(median(ours) / median(cold)).toFixed(3)}`);
  say(`ratio of the fingerprint to a warm load, medians: ${(median(ours) / median(warm)).toFixed(3)}`);
  await docker('builder', 'prune', '--force', '--filter=type=source.local');
  await docker('builder', 'prune', '--force', `--filter=description="[1/1] COPY . /${layer}/"`);
} finally {
  rmSync(work, { recursive: true, force: true });
  await engine.stop();
}
