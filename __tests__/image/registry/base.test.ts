import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { EngineAddress } from '../../../src/engine/http.ts';
import { UserError } from '../../../src/faults.ts';
import { resolveBase, resolveDigests } from '../../../src/image/registry/base.ts';
import { RegistryError } from '../../../src/image/registry/errors.ts';
import type { HttpRequest } from '../../../src/image/registry/http.ts';
import { OCI_INDEX } from '../../../src/image/registry/manifests.ts';
import { tempFolders } from '../../ground/temp-folder.ts';
import { type Scripted, scriptedHttp, testClient } from './clients.ts';
import { sha256 } from './memory-registry.ts';

const newFolder = tempFolders();
const ends: (() => Promise<unknown>)[] = [];
afterAll(() => Promise.all(ends.map((end) => end())));

/** An engine on a socket that has these images. */
async function engineWith(
  images: Readonly<Record<string, object>>,
): Promise<{ address: EngineAddress; asked: string[] }> {
  const socketPath = join(await newFolder(), 'engine.sock');
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const name = /^\/images\/(.+)\/json$/.exec(request.url ?? '')?.[1] ?? '';
    const image = images[name];
    response.writeHead(image === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(image ?? { message: `No such image: ${name}` }));
  });
  await new Promise<void>((done) => server.listen(socketPath, done));
  ends.push(() => new Promise((done) => server.close(done)));
  return { address: { socketPath }, asked };
}

/** Docker Hub with these images by `PATH:TAG`; anything else is unknown to it. */
function hub(images: Readonly<Record<string, string>>, status = 404) {
  return ({ url, headers }: HttpRequest): Scripted => {
    if (url.host === 'auth.docker.io') return { body: { token: url.searchParams.get('scope') ?? '' } };
    if (headers['authorization'] === undefined) {
      return { status: 401, headers: { 'www-authenticate': 'Bearer realm="https://auth.docker.io/token"' } };
    }
    const [, path, tag] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(url.pathname) ?? [];
    const digest = images[`${path}:${tag}`];
    if (digest === undefined) return { status };
    return { headers: { 'docker-content-digest': digest, 'content-type': OCI_INDEX } };
  };
}

const CUDA = [
  { image: 'nvidia/cuda:12.8.1-base', why: 'torch' },
  { image: 'nvidia/cuda:12.6.3-base', why: 'the next older' },
];
const D1 = sha256('1');
const D2 = sha256('2');

function options(answer: (request: HttpRequest) => Scripted, engine?: EngineAddress) {
  const http = scriptedHttp(answer);
  const heads = () => http.asked.filter(({ method }) => method === 'HEAD').map(({ url }) => url.pathname);
  return { http, heads, with: { ...testClient({ http }), engine, platform: 'linux/amd64' } };
}

const unreachable = () => {
  throw new RegistryError('getaddrinfo ENOTFOUND');
};

describe('a base image', () => {
  test('is the first candidate that its registry has', async () => {
    const { heads, with: given } = options(hub({ 'nvidia/cuda:12.8.1-base': D1, 'nvidia/cuda:12.6.3-base': D2 }));
    expect(await resolveBase(CUDA, given)).toEqual({
      image: 'nvidia/cuda:12.8.1-base',
      why: 'torch',
      digest: D1,
      pin: D1,
      source: 'registry',
      size: undefined,
      warning: undefined,
      passedOver: [],
    });
    expect(new Set(heads())).toEqual(new Set(['/v2/nvidia/cuda/manifests/12.8.1-base']));
  });

  test('is the next one where the first is gone', async () => {
    const { http, with: given } = options(hub({ 'nvidia/cuda:12.6.3-base': D2 }));
    expect(await resolveBase(CUDA, given)).toMatchObject({
      image: 'nvidia/cuda:12.6.3-base',
      digest: D2,
      passedOver: [{ image: 'nvidia/cuda:12.8.1-base', why: 'docker.io does not have it' }],
    });
    // A pull is a GET of a manifest: there is none.
    expect(http.asked.filter(({ url, method }) => url.pathname.includes('/manifests/') && method === 'GET')).toEqual(
      [],
    );
    expect(http.asked.filter(({ url }) => url.host === 'auth.docker.io')).toHaveLength(1);
  });

  test('that no registry has is an error with the whole list', async () => {
    const engine = await engineWith({ 'nvidia/cuda:12.8.1-base': { Id: D1 } });
    const error = await resolveBase(CUDA, options(hub({}), engine.address).with).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toBe(
      'None of the base images is to be had:\n- nvidia/cuda:12.8.1-base: docker.io does not have it\n- nvidia/cuda:12.6.3-base: docker.io does not have it\nName one that is with base_image.',
    );
  });

  test('whose name is no reference is an error', async () => {
    await expect(resolveBase([{ image: 'A B', why: '' }], options(hub({})).with)).rejects.toThrow('no image reference');
  });

  test('with a digest needs no registry to be known', async () => {
    const candidate = { image: `me/base@${D1}`, why: 'as base_image asks' };
    expect(await resolveBase([candidate], options(unreachable).with)).toMatchObject({
      digest: D1,
      pin: D1,
      source: 'reference',
      warning: undefined,
    });
  });
});

describe('where the registry cannot be asked', () => {
  const engineImage = { Id: D1, RepoDigests: [], Os: 'linux', Architecture: 'amd64', Size: 1234 };

  test.each([
    {
      name: 'it has a digest for the name',
      image: { ...engineImage, RepoDigests: [`other/cuda@${D1}`, `nvidia/cuda@${D2}`] },
      digest: D2,
      pin: D2,
    },
    { name: 'it has it without one', image: engineImage, digest: D1, pin: undefined },
    {
      name: 'its digests are of another form',
      image: { ...engineImage, RepoDigests: [5, 'nvidia/cuda', 'nvidia/cuda@x'] },
      digest: D1,
      pin: undefined,
    },
  ])('the engine is: $name', async ({ image, digest, pin }) => {
    const engine = await engineWith({ 'nvidia/cuda:12.8.1-base': image });
    const found = await resolveBase(CUDA, options(unreachable, engine.address).with);
    expect(found).toMatchObject({
      image: 'nvidia/cuda:12.8.1-base',
      source: 'engine',
      digest,
      pin,
      size: 1234,
      warning: undefined,
    });
    expect(engine.asked).toEqual(['/images/nvidia/cuda:12.8.1-base/json']);
  });

  test.each([
    { name: 'the engine does not have it', images: {} },
    {
      name: 'the engine has it for another platform',
      images: { 'nvidia/cuda:12.8.1-base': { ...engineImage, Architecture: 'arm64' } },
    },
    { name: 'the engine answers something else', images: { 'nvidia/cuda:12.8.1-base': { Id: 'x' } } },
  ])('the name alone counts, with a warning: $name', async ({ images }) => {
    const { address } = await engineWith(images);
    const found = await resolveBase(CUDA, options(unreachable, address).with);
    expect(found).toMatchObject({
      image: 'nvidia/cuda:12.8.1-base',
      source: 'name',
      digest: undefined,
      pin: undefined,
    });
    expect(found.warning).toMatch(
      /^Which image nvidia\/cuda:12\.8\.1-base means today could not be found out \(HEAD https:[^()]*ENOTFOUND\), and this machine's Docker engine does not have it\. Its name alone counts: a newer image of that name brings no new build\.$/,
    );
  });

  test.each([
    {
      name: 'there is no engine',
      engine: undefined,
      told: 'and there is no Docker engine of this machine to ask',
    },
    {
      name: 'no engine answers',
      engine: { socketPath: '/nonexistent/engine.sock' },
      told: "and this machine's Docker engine could not be asked either (connect ENOENT /nonexistent/engine.sock)",
    },
    {
      name: 'nobody listens where the engine should',
      engine: { host: '127.0.0.1', port: 1 },
      told: "and this machine's Docker engine could not be asked either (connect ECONNREFUSED 127.0.0.1:1)",
    },
  ])('the name alone counts where $name', async ({ engine, told }) => {
    const found = await resolveBase(CUDA, options(unreachable, engine).with);
    expect(found.source).toBe('name');
    // Node's own errors are none of the test's realm, and have their name before their message here.
    expect(found.warning?.replace('(Error: ', '(')).toContain(`ENOTFOUND), ${told}. Its name alone counts`);
  });

  test('the name alone counts where the engine is at fault', async () => {
    const socketPath = join(await newFolder(), 'engine.sock');
    const server = createServer((_, response) => response.writeHead(500).end('{"message":"disk\\n::error::x"}'));
    await new Promise<void>((done) => server.listen(socketPath, done));
    ends.push(() => new Promise((done) => server.close(done)));
    const { warning } = await resolveBase(CUDA, options(unreachable, { socketPath }).with);
    expect(warning).toContain('could not be asked either (The Docker engine answered: disk ::error::x).');
  });

  test.each([401, 403, 429, 500])('which is so after %i, and told within two attempts', async (status) => {
    const { heads, with: given } = options(hub({}, status));
    expect(await resolveBase(CUDA, given)).toMatchObject({ image: 'nvidia/cuda:12.8.1-base', source: 'name' });
    expect(heads().length).toBeLessThanOrEqual(3);
  });

  test('because nobody could sign in, neither could it be asked', async () => {
    const given = options(hub({})).with;
    const { registryClient } = await import('../../../src/image/registry/client.ts');
    const credentials = () => Promise.reject(new UserError('Sign-in to Google Cloud failed.'));
    const client = registryClient({ ...given.options, credentials });
    const found = await resolveBase([{ image: 'us-docker.pkg.dev/p/r/base', why: '' }], { ...given, client });
    expect(found).toMatchObject({
      source: 'name',
      warning: expect.stringContaining('Sign-in to Google Cloud failed.'),
    });
  });

  test('because the step ends, nothing counts', async () => {
    const signal = AbortSignal.abort(new Error('cancelled'));
    const given = testClient({ http: scriptedHttp(hub({})), signal });
    await expect(resolveBase(CUDA, { ...given, engine: undefined, platform: undefined, signal })).rejects.toThrow(
      'cancelled',
    );
  });
});

test("other images are asked for side by side, each once, and a stranger may be the engine's", async () => {
  const engine = await engineWith({ 'mine:dev': { Id: D1, Os: 'linux', Architecture: 'amd64' } });
  const { http, with: given } = options(hub({ 'library/python:3.12': D2, 'a/b:latest': D1 }), engine.address);
  const images = ['python:3.12', 'a/b', 'python:3.12', 'mine:dev', `c/d@${D2}`, 'scratch', 'gone:1'];
  const found = await resolveDigests(images, given);
  expect([...found].map(([name, { source, digest }]) => [name, source, digest])).toEqual([
    ['python:3.12', 'registry', D2],
    ['a/b', 'registry', D1],
    ['mine:dev', 'engine', D1],
    [`c/d@${D2}`, 'reference', D2],
    ['gone:1', 'name', undefined],
  ]);
  expect(found.get('gone:1')?.warning).toContain('docker.io does not have it');
  expect(http.asked.filter(({ url }) => url.host === 'auth.docker.io')).toHaveLength(4);
  expect(engine.asked.sort()).toEqual(['/images/gone:1/json', '/images/mine:dev/json']);
});
