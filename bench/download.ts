import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { crc32c } from '../src/artifacts/crc32c.ts';
import { downloadFolder } from '../src/artifacts/download/download.ts';
import { fixedCredentials } from '../src/google/credentials.ts';
import { objectsApi } from '../src/google/objects.ts';
import type { Log } from '../src/log.ts';
import { systemClock } from '../src/retry.ts';

/**
 * A folder of many objects, and one of a single large one, downloaded from a server on loopback over several connections, against one
 * connection, and against a plain stream to a file for each object in turn (no checksum, no other name meanwhile): time, processor time
 * and peak memory, each way in a process of its own. Once as fast as loopback is, and once as a network far away is taken to be: a first
 * byte after FIRST_MS, and no connection faster than RATE.
 */

const OBJECTS = Number(process.env['OBJECTS'] ?? 200);
const TOTAL = Number(process.env['TOTAL'] ?? 500_000_000);
/** Milliseconds. */
const FIRST_MS = Number(process.env['FIRST_MS'] ?? 50);
/** Bytes a second. */
const RATE = Number(process.env['RATE'] ?? 50_000_000);
const WIDTHS = [1, 2, 4, 8, 16];

const SIZE = Math.ceil(TOTAL / OBJECTS);
const NAMES = Array.from({ length: OBJECTS }, (_, index) => `m/${index % 10}/weights-${index}.bin`);
const GENERATION = '1763888888000001';

/** The service, in a process of its own: `slow` is as Cloud Storage is like. */
async function serve(slow: boolean): Promise<void> {
  const bytes = Buffer.alloc(SIZE);
  for (let index = 0; index < SIZE; index += 1) bytes[index] = Math.imul(index, 2_654_435_761) >>> 13;
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32c(bytes));
  const item = { size: String(SIZE), generation: GENERATION, crc32c: sum.toString('base64') };
  const list = JSON.stringify({ items: [...NAMES].sort().map((name) => ({ name, ...item })) });
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.includes('alt=media')) await send(bytes, { slow, hash: item.crc32c, request, response });
    else {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(list);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
}

interface Sending {
  readonly slow: boolean;
  readonly hash: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** An object's content, or the range of it that is asked for. */
async function send(bytes: Buffer, { slow, hash, request, response }: Sending): Promise<void> {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const content = bytes.subarray(Number(first ?? 0), last ? Number(last) + 1 : SIZE);
  const range = `bytes ${first}-${Number(first) + content.length - 1}/${SIZE}`;
  if (slow) await systemClock.sleep(FIRST_MS);
  response.writeHead(first === undefined ? 200 : 206, {
    'content-length': content.length,
    'x-goog-generation': GENERATION,
    'x-goog-hash': `crc32c=${hash}`,
    'x-goog-stored-content-encoding': 'identity',
    ...(first === undefined ? {} : { 'content-range': range }),
  });
  if (slow) await trickle(content, response);
  response.end(slow ? undefined : content);
}

/** No faster than RATE, in pieces of 10 ms. */
async function trickle(bytes: Buffer, response: ServerResponse): Promise<void> {
  const began = performance.now();
  for (let done = 0; done < bytes.length; ) {
    const due = Math.min(bytes.length, Math.ceil(((performance.now() - began + 10) * RATE) / 1_000));
    if (due > done && !response.write(bytes.subarray(done, due))) await once(response, 'drain');
    done = Math.max(done, due);
    await systemClock.sleep(10);
  }
}

const QUIET: Log = {
  debug: () => {},
  info: () => {},
  notice: () => {},
  warning: () => {},
  error: () => {},
  untrusted: () => {},
  group: (_, body) => body(),
  mask: () => {},
};

/** One object after the other, straight into its file. */
async function plain(url: string, workspace: string): Promise<void> {
  for (const [index, name] of NAMES.entries()) {
    const address = `${url}/storage/v1/b/bucket/o/${encodeURIComponent(name)}?alt=media`;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => get(address, resolve).on('error', reject));
    await pipeline(answer, createWriteStream(join(workspace, `${index}`)));
  }
}

interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Above what the process had before, in MiB. */
  readonly mib: number;
}

async function measure(url: string, way: string): Promise<void> {
  const workspace = mkdtempSync(join(tmpdir(), 'download-'));
  const options = { clock: systemClock, random: Math.random, signal: new AbortController().signal, log: QUIET };
  const api = objectsApi(url, fixedCredentials('TOKEN'));
  const before = process.memoryUsage().rss;
  const began = performance.now();
  const cpu = process.cpuUsage();
  try {
    if (way === 'plain') await plain(url, workspace);
    else await downloadFolder({ ...options, api, uri: 'gs://bucket/m', into: 'out', workspace, width: Number(way) });
    const seconds = (performance.now() - began) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    const mib = (process.resourceUsage().maxRSS * 1_024 - before) / 2 ** 20;
    process.stdout.write(`${JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, mib } satisfies Measured)}\n`);
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

/** Starts this file anew; gives the first line that it says. */
async function started(objects: number, ...args: readonly string[]): Promise<{ line: string; stop(): void }> {
  const child = spawn(process.execPath, [import.meta.filename, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, OBJECTS: String(objects) },
  });
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    if (text.includes('\n')) break;
  }
  return { line: text.trim(), stop: () => child.kill() };
}

async function compare(objects: number, slow: boolean): Promise<void> {
  const server = await started(objects, 'serve', slow ? 'slow' : 'fast');
  const kind = slow ? `first byte after ${FIRST_MS} ms, ${RATE / 1e6} MB/s a connection` : 'as fast as loopback is';
  process.stdout.write(`${objects} object${objects === 1 ? '' : 's'}, ${TOTAL / 1e6} MB, ${kind}:\n`);
  let base: Measured | undefined;
  for (const way of ['plain', ...WIDTHS.map(String)]) {
    const { line } = await started(objects, 'measure', server.line, way);
    const found = JSON.parse(line) as Measured;
    base ??= found;
    const name = way === 'plain' ? 'plain stream, one at a time' : `download, ${way} at a time`;
    process.stdout.write(
      `  ${name.padEnd(28)} ${(base.seconds / found.seconds).toFixed(2)} times as fast, ${(TOTAL / 1e6 / found.seconds).toFixed(0)} MB/s, ` +
        `${found.cpuSeconds.toFixed(1)} s of CPU time, ${found.mib.toFixed(0)} MiB more at its peak\n`,
    );
  }
  server.stop();
}

const [task, ...args] = process.argv.slice(2);
if (task === 'serve') await serve(args[0] === 'slow');
else if (task === 'measure') await measure(args[0] ?? '', args[1] ?? '');
else {
  await compare(OBJECTS, false);
  await compare(OBJECTS, true);
  await compare(1, true);
}
