import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { IdleWatch, readLifeline } from '../../src/local/embedded.ts';
import { Client } from './client.ts';

const ENTRY = resolve(import.meta.dirname, '../../src/local/index.ts');
const TOKEN = 'embedded-token';

let temp = '';
let child: ChildProcessWithoutNullStreams | undefined;
const said = { stdout: '', stderr: '' };

beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'local-entry-'));
});
afterAll(() => rm(temp, { recursive: true, force: true }));
afterEach(() => {
  if (child?.exitCode === null) child.kill('SIGKILL');
});

/** The entry as a process, with an engine that is not there: nothing here needs one. */
function start(...flags: readonly string[]): ChildProcessWithoutNullStreams {
  said.stdout = '';
  said.stderr = '';
  const env = {
    ...process.env,
    DOCKER_HOST: `unix://${join(temp, 'no-engine.sock')}`,
    TMPDIR: temp,
    XDG_STATE_HOME: join(temp, 'state'),
  };
  const started = spawn(process.execPath, [ENTRY, ...flags], { env });
  for (const name of ['stdout', 'stderr'] as const) {
    started[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  child = started;
  return started;
}

async function line(started: ChildProcessWithoutNullStreams): Promise<string> {
  while (!said.stdout.includes('\n') && started.exitCode === null) await delay(20);
  return said.stdout;
}

/** Whether something takes a connection there, or why not. */
function reach(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const done = (what: string) => {
      socket.destroy();
      resolve(what);
    };
    socket.once('connect', () => done('connected'));
    socket.once('timeout', () => done('ETIMEDOUT'));
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? 'E'));
  });
}

async function ended(started: ChildProcessWithoutNullStreams): Promise<number | null> {
  if (started.exitCode === null) await once(started, 'exit');
  return started.exitCode;
}

async function embedded(
  ...flags: readonly string[]
): Promise<{ readonly started: ChildProcessWithoutNullStreams; readonly port: number }> {
  const started = start('--embedded', ...flags);
  started.stdin.write(`${JSON.stringify({ token: TOKEN })}\n`);
  const { port } = JSON.parse(await line(started)) as { readonly port: number };
  return { started, port };
}

describe('embedded', () => {
  it('prints one line, asks for the token, goes on after SIGINT and ends on SIGTERM', async () => {
    const { started, port } = await embedded();
    const path = '/v1/projects/p/locations/l/customJobs';
    expect(await new Client(port, 'other').call('GET', path)).toMatchObject({ error: { code: 401 } });
    started.kill('SIGINT');
    await delay(100);
    expect(await new Client(port, TOKEN).call('GET', path)).toEqual({});
    expect(readdirSync(temp).some((name) => name.startsWith('train-on-vertex-'))).toBe(true);
    started.kill('SIGTERM');
    expect(await ended(started)).toBe(0);
    expect(said.stdout).toBe(`{"port":${port}}\n`);
    expect(readdirSync(temp)).toEqual([]);
  });

  it('ends when it is asked to', async () => {
    const { started, port } = await embedded();
    expect(await new Client(port, 'other').call('POST', '/-/shutdown')).toMatchObject({ error: { code: 401 } });
    expect(await new Client(port, TOKEN).call('POST', '/-/shutdown')).toEqual({});
    expect(await ended(started)).toBe(0);
  });

  it('fails on demand where it is started so, and for whom the token has', async () => {
    const plain = await embedded();
    expect(await new Client(plain.port, TOKEN).call('GET', '/-/faults')).toMatchObject({ error: { code: 404 } });
    plain.started.kill('SIGKILL');
    const { port } = await embedded('--faults');
    for (const method of ['GET', 'POST', 'DELETE']) {
      expect(await new Client(port, 'other').call(method, '/-/faults')).toMatchObject({ error: { code: 401 } });
      expect(await new Client(port).call(method, '/-/faults')).toMatchObject({ error: { code: 401 } });
    }
    const client = new Client(port, TOKEN);
    const rules = [{ call: 'list', fault: { kind: 'refuse', reason: 'unavailable' } }];
    expect(await client.call('POST', '/-/faults', { rules })).toEqual({});
    const path = '/v1/projects/p/locations/l/customJobs';
    expect(await client.call('GET', path)).toMatchObject({ error: { code: 503 } });
    expect(await client.call('GET', path)).toEqual({});
  });

  it('outlives its lifeline, so that a later step can still ask', async () => {
    const { started, port } = await embedded();
    started.stdin.end();
    await delay(300);
    expect(await new Client(port, TOKEN).call('POST', '/-/shutdown')).toEqual({});
    expect(await ended(started)).toBe(0);
  });

  it.each([
    ['no JSON', 'token\n', /first line on stdin/],
    ['an empty token', '{"token":""}\n', /first line on stdin/],
    ['nothing', '', /stdin closed before/],
  ])('does not start with %s on stdin', async (_name, text, message) => {
    const started = start('--embedded');
    started.stdin.end(text);
    expect(await ended(started)).toBe(1);
    expect(said.stderr).toMatch(message);
    expect(said.stdout).toBe('');
  });
});

describe('alone', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('says how gcloud reaches it, and ends on %s', async (signal) => {
    const data = join(temp, `data-${signal}`);
    const started = start('--port', '0', '--data', data);
    const text = await line(started);
    const port = /CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM=http:\/\/127\.0\.0\.1:(\d+)\//.exec(text)?.[1];
    expect(text).toContain(`CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING=http://127.0.0.1:${port}/`);
    expect(text).toContain(`CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE=http://127.0.0.1:${port}/storage/v1/`);
    expect(text).toContain(`STORAGE_EMULATOR_HOST=http://127.0.0.1:${port}\n`);
    for (const path of ['/-/shutdown', '/-/faults']) {
      expect(await new Client(Number(port)).call('POST', path)).toMatchObject({ error: { code: 404 } });
    }
    started.kill(signal);
    expect(await ended(started)).toBe(0);
    expect(existsSync(data)).toBe(true);
  });

  it('listens on loopback alone', async () => {
    const started = start('--port', '0', '--data', join(temp, 'data-loopback'));
    const port = Number(/127\.0\.0\.1:(\d+)/.exec(await line(started))?.[1]);
    const addresses = Object.values(networkInterfaces()).flatMap((found = []) => found.filter((one) => !one.internal));
    for (const { address, scopeid } of addresses) {
      const host = scopeid ? `${address}%${scopeid}` : address;
      await expect(reach(host, port)).resolves.toMatch(/^E/);
    }
    expect(await reach('127.0.0.1', port)).toBe('connected');
    // Not on a loopback address that others on this machine could be given, nor on all of them.
    expect(await reach('127.0.0.2', port)).toMatch(/^E/);
    started.kill('SIGTERM');
    expect(await ended(started)).toBe(0);
  });

  it('refuses a port that is taken before it touches anything, and a folder that is in use', async () => {
    const data = join(temp, 'data-taken');
    const first = start('--port', '0', '--data', data);
    const port = /127\.0\.0\.1:(\d+)/.exec(await line(first))?.[1] ?? '';
    const taken = start('--port', port, '--data', join(temp, 'data-other'));
    expect(await ended(taken)).toBe(1);
    expect(said.stderr).toMatch(`Port ${port} of 127.0.0.1 cannot be had`);
    expect(said.stderr).toMatch(/EADDRINUSE.*--port/);
    expect(existsSync(join(temp, 'data-other'))).toBe(false);
    const sharing = start('--port', '0', '--data', data);
    expect(await ended(sharing)).toBe(1);
    expect(said.stderr).toMatch(`is in use by another local region, the process ${first.pid}.`);
    expect(await new Client(Number(port)).call('GET', '/v1/projects/p/locations/l/customJobs')).toEqual({});
    // Without an end of its own it leaves a lock, which is nobody's then.
    first.kill('SIGKILL');
    await once(first, 'exit');
    const next = start('--port', port, '--data', data);
    expect(await line(next)).toContain(`kept in ${data}`);
    next.kill('SIGTERM');
    next.kill('SIGTERM');
    expect(await ended(next)).toBe(0);
    expect(existsSync(join(data, 'lock'))).toBe(false);
  });

  it('keeps what is at a port of its own in the folder for state, where it names none', async () => {
    const first = start('--port', '0');
    const port = /127\.0\.0\.1:(\d+)/.exec(await line(first))?.[1] ?? '';
    expect(said.stdout).toContain('Nothing is kept when it ends.');
    first.kill('SIGTERM');
    await ended(first);
    const started = start('--port', port);
    expect(await line(started)).toContain(`kept in ${join(temp, 'state/train-on-vertex', `local-${port}`)}\n`);
    started.kill('SIGTERM');
    expect(await ended(started)).toBe(0);
    expect(readdirSync(join(temp, 'state/train-on-vertex', `local-${port}`)).sort()).toEqual([
      'entries.ndjson',
      'jobs.ndjson',
    ]);
  });

  it('names the accepted flags when it is given another', async () => {
    const started = start('--prot', '1');
    expect(await ended(started)).toBe(1);
    expect(said.stderr).toMatch(/'--prot'[\s\S]*Accepted: --port P/);
  });
});

describe('readLifeline', () => {
  it('tells when stdin has closed', async () => {
    const stdin = new Readable({ read: () => {} });
    stdin.push('{"token":"t"}\nmore\n');
    const { token, closed } = await readLifeline(stdin);
    expect(token).toBe('t');
    let isClosed = false;
    closed.then(() => {
      isClosed = true;
    });
    await delay(20);
    expect(isClosed).toBe(false);
    stdin.push(null);
    await closed;
  });
});

describe('IdleWatch', () => {
  it('waits anew after each request, once the lifeline is broken', async () => {
    let idle = 0;
    const watch = new IdleWatch(() => {
      idle += 1;
    }, 200);
    await delay(300);
    watch.begin();
    for (let index = 0; index < 5; index += 1) {
      await delay(80);
      watch.touch();
    }
    expect(idle).toBe(0);
    await delay(400);
    expect(idle).toBe(1);
  });
});
