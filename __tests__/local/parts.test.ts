import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseEngineAddress } from '../../src/engine/http.ts';
import { bucketOf, bucketsIn } from '../../src/local/buckets.ts';
import { exitStatus } from '../../src/local/failure.ts';
import { FrameSplitter, LineSplitter, type StreamName } from '../../src/local/frames.ts';
import { placeOf, projectNumber } from '../../src/local/ids.ts';
import { imageName, isImageId } from '../../src/local/image-name.ts';
import { LogStore } from '../../src/local/log-store.ts';
import { readOptions } from '../../src/local/options.ts';
import { lineContent } from '../../src/local/output-line.ts';
import { masked } from '../../src/local/read-mask.ts';
import { registryAuth } from '../../src/local/registry-auth.ts';
import { tuningFailure } from '../../src/local/trial-rules.ts';
import { systemClock } from '../../src/retry.ts';
import type { Trial } from '../../src/vertex/types.ts';

describe('tuningFailure', () => {
  const trials = (text: string): Trial[] =>
    [...text].map((letter, index) => ({
      id: String(index + 1),
      state: letter === 'F' ? 'INFEASIBLE' : 'SUCCEEDED',
      parameters: [],
      infeasibleReason: 'why',
    }));
  it.each([
    ['nothing failed', 0, 'SSS', true, undefined],
    ['the first to end failed', 0, 'F', false, /first trial.*Trial 1: why/],
    ['a later one failed', 0, 'SFF', false, undefined],
    ['more than half failed at the end', 0, 'SFF', true, /More than half.*2 of 3/],
    ['half failed at the end', 0, 'SF', true, undefined],
    ['below the limit', 2, 'FS', true, undefined],
    ['at the limit', 2, 'FSF', false, /2 failed trials.*is 2\. Trial 1/],
  ] as const)('%s', (_name, maxFailedTrialCount, finished, isEnd, expected) => {
    const found = tuningFailure({ maxFailedTrialCount }, trials(finished), isEnd);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(expected);
  });
});

describe('output streams', () => {
  it('are put together again however they were cut', () => {
    const piece = fc.record({
      stream: fc.constantFrom<StreamName>('stdout', 'stderr'),
      text: fc.string({ unit: 'binary' }),
    });
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.nat(40)), (pieces, cuts) => {
        const frames = pieces.map(({ stream, text }) => {
          const payload = Buffer.from(text);
          const header = Buffer.alloc(8);
          header[0] = stream === 'stderr' ? 2 : 1;
          header.writeUInt32BE(payload.length, 4);
          return Buffer.concat([header, payload]);
        });
        const got = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
        const splitter = new FrameSplitter((stream, chunk) => got[stream].push(chunk));
        let rest = Buffer.concat(frames);
        for (const cut of cuts) {
          splitter.push(rest.subarray(0, cut));
          rest = rest.subarray(cut);
        }
        splitter.push(rest);
        for (const name of ['stdout', 'stderr'] as const) {
          const expected = pieces.filter(({ stream }) => stream === name).map(({ text }) => Buffer.from(text));
          expect(Buffer.concat(got[name]).equals(Buffer.concat(expected))).toBe(true);
        }
      }),
    );
  });

  it('become lines, also where a character is cut in two', () => {
    const lines = new LineSplitter();
    const bytes = Buffer.from('é1\r\n\n漢字');
    const found = [...bytes].flatMap((byte) => lines.push(Buffer.from([byte])));
    expect([...found, ...lines.end()]).toEqual(['é1', '', '漢字']);
  });

  it('tell a line without end in parts', () => {
    const lines = new LineSplitter();
    expect(lines.push(Buffer.alloc(600_000, 'x')).map((line) => line.length)).toEqual([250_000, 250_000]);
    expect(lines.end()[0]).toHaveLength(100_000);
  });

  it.each([
    ['text from stdout', 'hello', 'stdout', { severity: 'INFO', textPayload: 'hello' }],
    ['text from stderr', 'oops', 'stderr', { severity: 'ERROR', textPayload: 'oops' }],
    [
      'an object',
      '{"severity":"warning","message":"m","n":1}',
      'stderr',
      { severity: 'WARNING', jsonPayload: { message: 'm', n: 1 } },
    ],
    ['an object without severity', '{"message":"m"}', 'stdout', { severity: 'INFO', jsonPayload: { message: 'm' } }],
    ['an unknown severity', '{"severity":"loud"}', 'stdout', { severity: 'INFO', jsonPayload: {} }],
    ['half an object', '{"a":}', 'stdout', { severity: 'INFO', textPayload: '{"a":}' }],
    ['a list', '[1]', 'stdout', { severity: 'INFO', textPayload: '[1]' }],
  ] as const)('%s', (_name, line, stream, expected) => {
    expect(lineContent(line, stream)).toEqual(expected);
  });
});

describe('LogStore', () => {
  let folder = '';
  let store: LogStore;
  const source = { place: placeOf('my-project', 'us-central1'), jobId: '42', task: 'workerpool0-0' };
  const query = {
    projects: [projectNumber('my-project')],
    filter: '',
    descending: false,
    pageSize: 10,
    pageToken: undefined,
  };
  const lines = (count: number) =>
    Array.from({ length: count }, (_u, index) => ({ severity: 'INFO', textPayload: `line ${index} \u2028é` }));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'log-store-'));
    store = new LogStore(join(folder, 'entries'), systemClock);
  });
  afterEach(async () => {
    store.close();
    await rm(folder, { recursive: true });
  });

  it.each([false, true])('gives every entry once, page by page (descending: %s)', async (descending) => {
    store.append(source, lines(25));
    store.append({ ...source, jobId: '43' }, lines(5));
    const texts: (string | undefined)[] = [];
    const filter = 'resource.labels.job_id="42"';
    for (let pageToken: string | undefined, first = true; first || pageToken !== undefined; first = false) {
      const page = await store.list({ ...query, filter, descending, pageToken });
      texts.push(...page.entries.map((entry) => entry.textPayload));
      pageToken = page.nextPageToken;
    }
    const expected = lines(25).map((line) => line.textPayload);
    expect(texts).toEqual(descending ? expected.reverse() : expected);
  });

  it('finds what came after an entry, by time and insertId', async () => {
    store.append(source, lines(5));
    const { entries } = await store.list(query);
    const [, second] = entries;
    const filter = `(timestamp="${second?.timestamp}" AND insertId>"${second?.insertId}") OR timestamp>"${second?.timestamp}"`;
    expect((await store.list({ ...query, filter })).entries).toEqual(entries.slice(2));
  });

  it('passes over what is older than the filter allows', async () => {
    for (let index = 0; index < 40; index += 1) store.append(source, [{ textPayload: 'x'.repeat(10_000) }]);
    await systemClock.sleep(5);
    store.append(source, [{ textPayload: 'new' }]);
    const { entries } = await store.list({ ...query, descending: true, pageSize: 1 });
    const found = await store.list({ ...query, filter: `timestamp>="${entries[0]?.timestamp}"` });
    expect(found.entries.map((entry) => entry.textPayload)).toEqual(['new']);
  });

  it('keeps projects apart', async () => {
    store.append(source, lines(1));
    expect((await store.list({ ...query, projects: ['1'] })).entries).toEqual([]);
  });

  it('refuses a page token of another request', async () => {
    store.append(source, lines(3));
    const { nextPageToken: pageToken } = await store.list({ ...query, pageSize: 1 });
    await expect(store.list({ ...query, filter: 'severity=ERROR', pageToken })).rejects.toThrow(/page token/);
  });
});

describe('names', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  it.each([
    ['python', { name: 'python', reference: 'latest', registry: 'docker.io' }],
    ['python:3.12', { name: 'python', reference: '3.12', registry: 'docker.io' }],
    ['me/app', { name: 'me/app', reference: 'latest', registry: 'docker.io' }],
    ['localhost:5000/app', { name: 'localhost:5000/app', reference: 'latest', registry: 'localhost:5000' }],
    ['eu.host/p/app:1', { name: 'eu.host/p/app', reference: '1', registry: 'eu.host' }],
    [`eu.host/p/app:1@${digest}`, { name: 'eu.host/p/app', reference: digest, registry: 'eu.host' }],
  ])('image %s', (image, expected) => {
    expect(imageName(image)).toEqual(expected);
  });

  it('knows an image id', () => {
    expect([isImageId(digest), isImageId(`app@${digest}`)]).toEqual([true, false]);
  });

  it.each([
    ['gs://bucket/x', 'bucket'],
    ['gs://my.bucket_1', 'my.bucket_1'],
    ['gs://../etc', undefined],
    ['gs://a..b/x', undefined],
    ['gs://UPPER/x', undefined],
    ['/gcs/bucket', undefined],
  ])('bucket of %s', (uri, expected) => {
    expect(bucketOf(uri)).toBe(expected);
  });

  it('finds the buckets in a text', () => {
    expect(bucketsIn('--in=/gcs/data/x,gs://out-1/y /gcs/../etc gs://data')).toEqual(['data', 'out-1']);
  });

  it('gives a project the same number each time, and a number itself', () => {
    expect(projectNumber('123456')).toBe('123456');
    expect(projectNumber('my-project')).toMatch(/^\d{12}$/);
    expect(projectNumber('my-project')).toBe(projectNumber('my-project'));
  });
});

describe('registryAuth', () => {
  const auth = Buffer.from('user:pass:word').toString('base64');
  const opened = (header: string | undefined): unknown =>
    header === undefined ? undefined : JSON.parse(Buffer.from(header, 'base64url').toString());
  it.each([
    ['a host', { 'eu.host': { auth } }, 'eu.host'],
    ['a URL', { 'https://eu.host': { auth } }, 'eu.host'],
    ['Docker Hub', { 'https://index.docker.io/v1/': { auth } }, 'docker.io'],
  ])('of %s', (_name, auths, registry) => {
    const expected = { username: 'user', password: 'pass:word', serveraddress: registry };
    expect(opened(registryAuth(JSON.stringify({ auths }), registry))).toEqual(expected);
  });

  it('is nothing for another registry', () => {
    expect(registryAuth(JSON.stringify({ auths: { 'eu.host': { auth } } }), 'us.host')).toBeUndefined();
    expect(registryAuth('{}', 'us.host')).toBeUndefined();
  });
});

describe('readOptions', () => {
  it.each([
    ['nothing', [], {}],
    [
      'everything',
      ['--port', '0', '--data=d', '--host-engine', 'unix:///s', '--faults'],
      { port: 0, data: 'd', engine: 'unix:///s', faults: true },
    ],
    ['embedded', ['--embedded'], { port: 0, embedded: true }],
  ])('%s', (_name, argv, expected) => {
    const defaults = { port: 8600, data: undefined, engine: undefined, embedded: false, faults: false };
    expect(readOptions(argv)).toEqual({ ...defaults, ...expected });
  });

  it.each([
    ['an unknown flag', ['--prot', '1']],
    ['a word', ['start']],
    ['a port that is none', ['--port', 'http']],
    ['a port too high', ['--port', '70000']],
  ])('refuses %s and names the accepted flags', (_name, argv) => {
    expect(() => readOptions(argv)).toThrow(/--port P.*--data DIR.*--host-engine ADDRESS/);
  });
});

describe('parseEngineAddress', () => {
  it.each([
    ['unix:///var/run/docker.sock', { socketPath: '/var/run/docker.sock' }],
    ['npipe:////./pipe/docker_engine', { socketPath: '//./pipe/docker_engine' }],
    ['tcp://127.0.0.1:2375', { host: '127.0.0.1', port: 2375 }],
    ['tcp://[::1]:2375', { host: '::1', port: 2375 }],
  ])('%s', (text, expected) => {
    expect(parseEngineAddress(text)).toEqual(expected);
  });

  it.each(['tcp://10.0.0.1:2375', 'ssh://me@host', 'docker'])('refuses %s', (text) => {
    expect(() => parseEngineAddress(text)).toThrow(/accepted are unix:/);
  });
});

describe('masked', () => {
  const resource = { name: 'n', displayName: 'd', jobSpec: { a: 1, bC: 2 } };
  it.each([
    ['name,display_name', { name: 'n', displayName: 'd' }],
    ['jobSpec.b_c', { jobSpec: { bC: 2 } }],
    ['*', resource],
    [null, resource],
    ['nothing', {}],
  ])('%s', (mask, expected) => {
    expect(masked(resource, mask)).toEqual(expected);
  });
});

describe('exitStatus', () => {
  it.each([
    [
      'an exit code',
      { exitCode: 1, oomKilled: false },
      /^The replica workerpool1-0 exited with a non-zero status of 1\. Termination reason: Error\. To find out more/,
    ],
    [
      'memory',
      { exitCode: 137, oomKilled: true },
      /^The replica workerpool1-0 ran out of memory and exited with a non-zero status of 137\./,
    ],
  ])('%s', (_name, exit, expected) => {
    expect(exitStatus('workerpool1-0', exit, '42')).toEqual({ code: 3, message: expect.stringMatching(expected) });
  });
});
