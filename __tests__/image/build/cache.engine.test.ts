import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, test } from '@jest/globals';
import { must } from '../../../scripts/machine/run.ts';
import { type Attempt, type AttemptOptions, attempt } from './attempt.ts';
import { findGround, type Ground, OCI_MANIFEST } from './ground.ts';
import type { Fate } from './registry-proxy.ts';
import { findWays, type Way } from './ways.ts';

const found = await findGround();
const ways = await findWays(found, ['plain', 'docker driver', 'remote driver']);
afterAll(() => (typeof found === 'string' ? undefined : found.close()));

const MINUTE = 60_000;
const ground = found as Ground;
const digestOf = (reference: string) => reference.slice(reference.indexOf('@') + 1);
const remote = ways.find(({ name }) => name === 'remote driver')?.way ?? '';
const onRemote = typeof remote === 'string' ? test.skip : test;

/** Forgets all that our own builder has built. */
const forget = () =>
  must('docker', ['buildx', 'prune', '--all', '--force'], { env: { ...process.env, ...(remote as Way).env } });
/** A new program each time: what is cached of it was cached by the test itself. */
const program = () => ({ Dockerfile: `FROM ${ground.base}\nRUN echo ${randomBytes(8).toString('hex')} > /made\n` });
const builds = (run: Attempt) => run.calls.filter((args) => args.includes('build')).length;

/** A new repository at the registry, and what becomes of the requests for its cache. */
function repositoryWhere(decide: (method: string) => Fate): string {
  const name = `t-${randomBytes(5).toString('hex')}/app`;
  ground.proxy.fate = (method, path) => (path === `/v2/${name}/manifests/buildcache` ? decide(method) : 'pass');
  return `${ground.proxy.host}/${name}`;
}

/** The lines of the step whose title begins so. */
function stepLines({ log }: Attempt, title: string): string[] {
  const lines = log.texts('untrusted').map((line) => line.replace(/^build: /, ''));
  const step = lines.find((line) => line.replace(/^#\d+ (?:\[\d+\/\d+\] )?/, '').startsWith(title))?.split(' ')[0];
  return step === undefined ? [] : lines.filter((line) => line.startsWith(`${step} `));
}

const isCached = (run: Attempt) => stepLines(run, 'RUN echo').some((line) => line.endsWith(' CACHED'));

describe('a cache in the registry', () => {
  const start = (options: AttemptOptions) => attempt(ground, remote as Way, options);

  onRemote(
    'is written beside the image, and read by the next build on a builder that knows nothing, unless it is a fresh one',
    async () => {
      const repository = repositoryWhere(() => 'pass');
      const options = { files: program(), request: { repository, cache: 'auto' } } as const;
      const first = await start(options);
      const { reference, cache } = await first.built;
      expect(cache).toBe(`${repository}:buildcache beside the image`);
      const left = await ground.manifest(repository, 'buildcache');
      expect(left).toMatchObject({ status: 200, body: { mediaType: OCI_MANIFEST } });
      await forget();
      const second = await start(options);
      expect((await second.built).reference).toBe(reference);
      const fresh = await start({ ...options, request: { ...options.request, fresh: true } });
      await fresh.built;
      expect([first, second, fresh].map(isCached)).toEqual([false, true, false]);
      expect([first, second, fresh].flatMap((run) => run.log.texts('warning'))).toEqual([]);
    },
    MINUTE,
  );

  const broken: { name: string; decide: (method: string) => Fate }[] = [
    { name: 'refuses its manifest', decide: (method) => (method === 'PUT' ? { status: 405 } : 'pass') },
    { name: 'answers with errors', decide: () => ({ status: 500 }) },
  ];

  onRemote.each(broken)(
    'fails no build when the registry $name',
    async ({ decide }) => {
      const repository = repositoryWhere(decide);
      const run = await start({ files: program(), request: { repository, cache: 'auto' } });
      const { reference } = await run.built;
      expect((await ground.manifest(repository, digestOf(reference))).status).toBe(200);
      expect(builds(run)).toBe(1);
      expect(run.log.texts('warning')).toEqual([
        expect.stringMatching(
          /^The cache could not be written, and the next build finds no newer one: #\d+ ERROR: .*\b(?:405|500)\b/,
        ),
      ]);
    },
    MINUTE,
  );

  onRemote(
    'fails no build by a builder that takes it for a failure: it builds once more, warm, and without it',
    async () => {
      const repository = repositoryWhere((method) => (method === 'PUT' ? { status: 405 } : 'pass'));
      const run = await start({
        files: program(),
        request: { repository, cache: 'registry', fresh: true },
        rewrite: (arg) => arg.replace(',ignore-error=true', ''),
      });
      const { reference } = await run.built;
      expect((await ground.manifest(repository, digestOf(reference))).status).toBe(200);
      expect([builds(run), isCached(run)]).toEqual([2, true]);
      expect(run.log.texts('warning')).toEqual([
        expect.stringMatching(/^The cache could not be written: the image is built once more /),
      ]);
    },
    MINUTE,
  );
});

describe.each(ways)('a cache inside the image, by $name,', ({ way }) => {
  const on = typeof way === 'string' ? test.skip : test;
  const start = (options: AttemptOptions) => attempt(ground, way as Way, options);

  on(
    'is found by the next build at a tag of its own',
    async () => {
      const repository = repositoryWhere(() => 'pass');
      const options = { files: program(), request: { repository, cache: 'inline' } } as const;
      const { reference, cache } = await (await start(options)).built;
      expect(cache).toBe(`inside the image, found at ${repository}:buildcache: as cache asks`);
      const [, config] = await ground.contents(repository, digestOf(reference));
      expect(config?.toString()).toContain('moby.buildkit.cache');
      // The engine's own builder is shared with others, and keeps what it has built.
      const ours = (way as Way).name === 'remote driver';
      if (ours) await forget();
      const next = await start(options);
      expect((await next.built).reference).toBe(reference);
      const imported = stepLines(next, 'importing cache manifest from');
      expect(imported.at(-1)).toMatch(/^#\d+ DONE/);
      expect(isCached(next)).toBe(true);
    },
    MINUTE,
  );

  on(
    'fails no build when the registry refuses its tag',
    async () => {
      const repository = repositoryWhere(() => ({ status: 405 }));
      const run = await start({ files: program(), request: { repository, cache: 'inline' } });
      const { reference } = await run.built;
      expect((await ground.manifest(repository, digestOf(reference))).status).toBe(200);
      expect(run.log.texts('warning')).toEqual([
        expect.stringMatching(`^The cache could not be left at ${repository}:buildcache: .*405`),
      ]);
    },
    MINUTE,
  );
});
