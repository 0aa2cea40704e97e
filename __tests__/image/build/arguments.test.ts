import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildCommand, type CommandParts } from '../../../src/image/build/arguments.ts';
import { type CachePlan, planCache } from '../../../src/image/build/cache.ts';
import { BUILDERS, type BuilderName, REQUEST } from './samples.ts';

type Changes = Partial<CommandParts['request']>;

function command(name: BuilderName, changes: Changes = {}, env: Record<string, string> = {}, cache?: CachePlan) {
  const request = { ...REQUEST, ...changes };
  const builder = BUILDERS[name];
  return buildCommand({
    request,
    builder,
    env,
    cache: cache ?? planCache(request, builder, env),
    secrets: { options: [], env: {} },
    idFile: '/t/id',
    metadataFile: '/t/metadata',
    runtimeFolder: '/t/runtime',
  });
}

/** The next run looks for the tag: a builder that pushes by itself leaves it to the caller. */
const BY_DIGEST = ['--file=/temp/Dockerfile', '/temp/context'];
const END = ['--file=/temp/Dockerfile', '--tag=gcr.io/p/i:abc', '/temp/context'];

describe('the command of each builder', () => {
  test.each<{ name: BuilderName; args: readonly string[] }>([
    {
      name: 'container',
      args: [
        'buildx',
        'build',
        '--progress=plain',
        '--output=type=image,name=gcr.io/p/i,push-by-digest=true,push=true,oci-mediatypes=false',
        '--provenance=false',
        '--iidfile=/t/id',
        '--metadata-file=/t/metadata',
        ...BY_DIGEST,
      ],
    },
    {
      name: 'engine',
      args: [
        ...['buildx', 'build', '--progress=plain', '--load', '--provenance=false', '--iidfile=/t/id'],
        ...['--metadata-file=/t/metadata', ...END],
      ],
    },
    {
      name: 'containerd',
      args: [
        ...['buildx', 'build', '--progress=plain', '--output=type=image,oci-mediatypes=false', '--provenance=false'],
        ...['--iidfile=/t/id', '--metadata-file=/t/metadata', ...END],
      ],
    },
    { name: 'plain', args: ['build', '--progress=plain', '--iidfile=/t/id', ...END] },
    {
      name: 'podman',
      args: [
        ...['build', '--format=docker', '--layers', '--ignorefile=/temp/Dockerfile.dockerignore', '--iidfile=/t/id'],
        ...['--runtime-flag=root=/t/runtime', ...END],
      ],
    },
  ])('$name', ({ name, args }) => {
    expect(command(name)).toEqual({ args, env: {} });
  });

  test.each(['container', 'engine', 'containerd'] as const)('%s loads an image that is not pushed', (name) => {
    const { args } = command(name, { push: false, provenance: 'mode=max', sbom: true });
    expect(args.filter((arg) => /^--(?:load|output|provenance|sbom)/.test(arg))).toEqual([
      '--load',
      '--provenance=false',
    ]);
  });

  test('target, platform and labels keep every value whole', () => {
    const changes = { target: 'final', platform: 'linux/arm64', labels: { 'a.b': 'c="d, e"', f: '' } };
    for (const name of ['container', 'plain', 'podman'] as const) {
      const { args } = command(name, changes);
      expect(args.includes('--tag=gcr.io/p/i:abc')).toBe(name !== 'container');
      expect(args.slice(-5, -1)).toEqual([
        '--platform=linux/arm64',
        '--target=final',
        '--label=a.b=c="d, e"',
        '--label=f=',
      ]);
    }
  });

  test.each<{ name: BuilderName; changes: Changes; flags: readonly string[] }>([
    { name: 'container', changes: { fresh: true }, flags: ['--no-cache'] },
    { name: 'container', changes: { pull: true }, flags: ['--pull'] },
    { name: 'engine', changes: {}, flags: [] },
    { name: 'plain', changes: { fresh: true, pull: true }, flags: ['--no-cache', '--pull'] },
    { name: 'podman', changes: { fresh: true, pull: true }, flags: ['--no-cache', '--pull=always'] },
    { name: 'podman', changes: {}, flags: [] },
  ])('$name uses as much of what is old as $changes allows', ({ name, changes, flags }) => {
    expect(command(name, changes).args.filter((arg) => /^--(?:no-cache|pull)/.test(arg))).toEqual(flags);
  });
});

describe('attestations', () => {
  test.each<{ name: string; changes: Changes; options: readonly string[] }>([
    { name: 'none', changes: {}, options: ['oci-mediatypes=false', '--provenance=false'] },
    {
      name: 'provenance',
      changes: { provenance: 'mode=max' },
      options: ['oci-mediatypes=true', '--provenance=mode=max'],
    },
    { name: 'an SBOM', changes: { sbom: true }, options: ['oci-mediatypes=true', '--provenance=false', '--sbom=true'] },
  ])('$name: with OCI types where there are any', ({ changes, options }) => {
    const { args } = command('container', changes);
    const shown = args.flatMap((arg) => /oci-mediatypes=\w+|^--(?:provenance|sbom)=.*$/.exec(arg)?.[0] ?? []);
    expect(shown).toEqual(options);
  });

  test('are unknown to buildx before 0.10', () => {
    const old = { ...BUILDERS.engine, version: { major: 0, minor: 9, text: '0.9.1' } };
    const parts = { cache: planCache(REQUEST, old, {}), secrets: { options: [], env: {} }, env: {} };
    const files = { idFile: '/i', metadataFile: '/m', runtimeFolder: '/r' };
    const { args } = buildCommand({ request: REQUEST, builder: old, ...parts, ...files });
    expect(args.filter((arg) => arg.startsWith('--provenance'))).toEqual([]);
  });
});

describe('SOURCE_DATE_EPOCH', () => {
  const env = { SOURCE_DATE_EPOCH: '1600000000' };
  test.each<{ name: BuilderName; options: readonly string[] }>([
    {
      name: 'container',
      options: [
        '--output=type=image,name=gcr.io/p/i,push-by-digest=true,push=true,oci-mediatypes=false,rewrite-timestamp=true',
        '--build-arg=SOURCE_DATE_EPOCH',
      ],
    },
    { name: 'engine', options: ['--build-arg=SOURCE_DATE_EPOCH'] },
    // The engine unpacks, which cannot be combined with new file times.
    { name: 'containerd', options: ['--output=type=image,oci-mediatypes=false', '--build-arg=SOURCE_DATE_EPOCH'] },
    { name: 'plain', options: ['--build-arg=SOURCE_DATE_EPOCH'] },
    { name: 'podman', options: ['--timestamp=1600000000'] },
  ])('goes to $name', ({ name, options }) => {
    const { args } = command(name, {}, env);
    expect(args.filter((arg) => /^--(?:output|build-arg|timestamp)/.test(arg))).toEqual(options);
  });

  test('that is no number is not for podman', () => {
    expect(command('podman', {}, { SOURCE_DATE_EPOCH: 'context' }).args.join(' ')).not.toContain('--timestamp');
  });
});

describe('build arguments', () => {
  const shown = (buildArgs: Record<string, string>, env: Record<string, string> = {}) => {
    const { args, env: given } = command('container', { buildArgs }, env);
    return { args: args.filter((arg) => arg.startsWith('--build-arg=')).map((arg) => arg.slice(12)), env: given };
  };

  test.each<{ name: string; buildArgs: Record<string, string>; env?: Record<string, string>; answer: unknown }>([
    {
      name: 'go through the environment',
      buildArgs: { BASE_IMAGE: 'python:3.12-slim', TEXT: 'a\n"b"' },
      answer: { args: ['BASE_IMAGE', 'TEXT'], env: { BASE_IMAGE: 'python:3.12-slim', TEXT: 'a\n"b"' } },
    },
    {
      name: "that would change docker's own environment are arguments",
      buildArgs: { PATH: '/x', DOCKER_HOST: 'y', http_proxy: 'z', LD_PRELOAD: 'p', GOFLAGS: 'g', Buildkit_Syntax: 's' },
      answer: {
        args: ['PATH=/x', 'DOCKER_HOST=y', 'http_proxy=z', 'LD_PRELOAD=p', 'GOFLAGS=g', 'Buildkit_Syntax=s'],
        env: {},
      },
    },
    {
      name: 'that differ from a variable of the same name are arguments',
      buildArgs: { STAGE: 'a', SAME: 'b' },
      env: { STAGE: 'other', SAME: 'b' },
      answer: { args: ['SAME', 'STAGE=a'], env: { SAME: 'b' } },
    },
    {
      name: 'whose names no variable has are arguments',
      buildArgs: { 'a-b': 'c' },
      answer: { args: ['a-b=c'], env: {} },
    },
    {
      name: 'of proxies come from the environment by name alone',
      buildArgs: {},
      env: { HTTPS_PROXY: 'http://u:secret@p', no_proxy: 'x', OTHER: 'y' },
      answer: { args: ['HTTPS_PROXY', 'no_proxy'], env: {} },
    },
    {
      name: 'win over proxies of the environment',
      buildArgs: { HTTPS_PROXY: 'http://mine' },
      env: { HTTPS_PROXY: 'http://u:secret@p' },
      answer: { args: ['HTTPS_PROXY=http://mine'], env: {} },
    },
  ])('$name', ({ buildArgs, env, answer }) => {
    expect(shown(buildArgs, env)).toEqual(answer);
  });

  test('reach docker whatever they are, and change no variable that it has', () => {
    const name = fc.oneof(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/), fc.constantFrom('PATH', 'A', 'B', 'HOME'));
    const map = fc.dictionary(name, fc.string({ maxLength: 6 }), { maxKeys: 6 });
    fc.assert(
      fc.property(map, map, (buildArgs, env) => {
        const { args, env: added } = command('container', { buildArgs }, env);
        const whole: Record<string, string> = { ...env, ...added };
        expect(whole).toMatchObject(env);
        const reached = args
          .filter((arg) => arg.startsWith('--build-arg='))
          .map((arg) => arg.slice(12))
          .map((arg) => (arg.includes('=') ? arg : `${arg}=${whole[arg]}`));
        for (const [key, value] of Object.entries(buildArgs)) expect(reached).toContain(`${key}=${value}`);
      }),
    );
  });
});

describe('caches', () => {
  const flags = (name: BuilderName, changes: Changes) =>
    command(name, changes).args.filter((arg) => /^--cache|INLINE/.test(arg));
  test.each<{ name: BuilderName; changes: Changes; options: readonly string[] }>([
    {
      name: 'container',
      changes: { cache: 'auto' },
      options: [
        '--cache-from=type=registry,ref=gcr.io/p/i:buildcache',
        '--cache-to=type=registry,ref=gcr.io/p/i:buildcache,image-manifest=true,oci-mediatypes=true,mode=max,ignore-error=true',
      ],
    },
    {
      name: 'engine',
      changes: { cache: 'auto' },
      options: ['--cache-from=type=registry,ref=gcr.io/p/i:buildcache', '--cache-to=type=inline'],
    },
    {
      name: 'plain',
      changes: { cache: 'auto' },
      options: ['--cache-from=gcr.io/p/i:buildcache', '--build-arg=BUILDKIT_INLINE_CACHE=1'],
    },
    { name: 'podman', changes: { cache: 'auto' }, options: [] },
  ])('of $name', ({ name, changes, options }) => {
    expect(flags(name, changes)).toEqual(options);
  });
});
