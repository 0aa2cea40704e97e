import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Registry, startRegistry } from '../../../scripts/machine/registry.ts';
import { must } from '../../../scripts/machine/run.ts';
import { faultText } from '../../../src/faults.ts';
import { checkAccess } from '../../../src/image/registry/access.ts';
import { giveDriverLibraries } from '../../../src/image/registry/amend.ts';
import { resolveBase } from '../../../src/image/registry/base.ts';
import { type RegistryClient, registryClient } from '../../../src/image/registry/client.ts';
import { classifyDenial } from '../../../src/image/registry/denial.ts';
import { findDigest, findImage } from '../../../src/image/registry/existing.ts';
import { nodeHttp } from '../../../src/image/registry/http.ts';
import { registryCredentials } from '../../../src/image/registry/login.ts';
import { DOCKER_INDEX } from '../../../src/image/registry/manifests.ts';
import { referenceOf } from '../../../src/image/registry/reference.ts';
import { putTags } from '../../../src/image/registry/tags.ts';
import type { Credential } from '../../../src/image/registry/token.ts';
import { systemPrograms } from '../../../src/runner/programs.ts';
import { SimulatedClock } from '../../ground/clock.ts';
import { recordingLog } from '../../ground/recording-log.ts';
import { findMachine, IMAGE } from '../../local/machine.ts';

const machine = await findMachine();
const isThere = typeof machine !== 'string';
const suite = isThere ? describe : describe.skip;
if (!isThere) process.stderr.write(`SKIPPED: image registries against a real one (${machine})\n`);

const PLATFORM = 'linux/amd64';
const FOLDER = '/usr/local/nvidia/lib64';
const LOGIN = { user: 'me', password: randomBytes(9).toString('hex') };

let registry: Registry;
let config: string;
let name: string;
/** The pushed image, as docker tells its digest. */
let pushed: string;

const docker = (...args: string[]) => (isThere ? machine.docker('--config', config, ...args) : Promise.resolve(''));

function newClient(password = LOGIN.password, again: readonly string[] = []): RegistryClient {
  const passwords = [password, ...again];
  return registryClient({
    http: nodeHttp({ env: {} }),
    clock: new SimulatedClock(),
    mask: () => {},
    credentials: async (): Promise<Credential> => ({
      username: LOGIN.user,
      password: (passwords.length > 1 ? passwords.shift() : passwords[0]) ?? '',
    }),
  });
}

const at = (reference: string) => referenceOf(`${name}${reference}`);

/** The requests that a piece of work makes, as `METHOD /path status`. */
async function requestsOf(work: () => Promise<unknown>): Promise<string[]> {
  const before = (await registry.requests()).length;
  await work();
  return (await registry.requests()).slice(before).map(({ method, path, status }) => `${method} ${path} ${status}`);
}

const digestOf = async (image: string) =>
  (JSON.parse(await docker('image', 'inspect', '--format', '{{json .RepoDigests}}', image)) as string[])
    .find((each) => each.startsWith(`${name}@`))
    ?.slice(name.length + 1) ?? '';

async function forget(image: string): Promise<void> {
  await docker('image', 'rm', '--force', image);
}

beforeAll(async () => {
  if (!isThere) return;
  registry = await startRegistry({ ...LOGIN });
  config = await mkdtemp(join(tmpdir(), 'docker-config-'));
  name = `${registry.host}/team/program-${randomBytes(4).toString('hex')}`;
  await must('docker', ['--config', config, 'login', '--username', LOGIN.user, '--password-stdin', registry.host], {
    input: LOGIN.password,
  });
  await docker('tag', IMAGE, `${name}:content`);
  await docker('push', `${name}:content`);
  pushed = await digestOf(`${name}:content`);
}, 120_000);

afterAll(async () => {
  if (!isThere) return;
  for (const tag of ['content', 'sha', 'gpu', 'index']) await forget(`${name}:${tag}`).catch(() => {});
  await registry.stop();
  await rm(config, { recursive: true, force: true });
  await machine.stop();
}, 60_000);

suite('an image that docker pushed', () => {
  test('is found by its digest, with one request and the sign-in', async () => {
    const client = newClient();
    const head = `HEAD ${new URL(`http://x/v2/${at('').path}/manifests/content`).pathname}`;
    const asked = await requestsOf(async () => {
      expect(await findDigest(client, at(':content'), PLATFORM)).toEqual({ digest: pushed, indexDigest: undefined });
    });
    expect(asked).toEqual([`${head} 401`, `${head} 200`]);
    expect(await requestsOf(() => findDigest(client, at(':content'), PLATFORM))).toEqual([`${head} 200`]);
    expect(await findDigest(client, at(':nothing'), PLATFORM)).toBeUndefined();
    expect(await findDigest(client, referenceOf(`${registry.host}/no/repository:x`), PLATFORM)).toBeUndefined();
  });

  test("tells what docker's own inspect tells", async () => {
    const found = await findImage(newClient(), at(':content'), PLATFORM);
    const [told] = JSON.parse(await docker('image', 'inspect', `${name}:content`)) as {
      Created: string;
      Config: { Env: string[]; Labels: Record<string, string> };
    }[];
    expect(found?.facts.created).toBe(Date.parse(told?.Created ?? ''));
    expect(Object.entries(found?.facts.env ?? {}).map(([key, value]) => `${key}=${value}`)).toEqual(told?.Config.Env);
    expect(found?.facts).toMatchObject({ labels: told?.Config.Labels ?? {}, platform: PLATFORM, libraryPath: [] });
    expect(found?.size).toBeGreaterThan(1_000_000);
  });

  test('is given tags by which docker pulls the very same', async () => {
    const client = newClient();
    const put = () =>
      putTags({ client, repository: at(''), digest: pushed, tags: ['content', 'sha'], log: recordingLog() });
    expect(await put()).toEqual({ put: ['sha'], there: ['content'], refused: [] });
    expect(await put()).toEqual({ put: [], there: ['content', 'sha'], refused: [] });
    await docker('pull', `${name}:sha`);
    expect(await digestOf(`${name}:sha`)).toBe(pushed);
  });

  test('is given the driver libraries, and docker runs it with them', async () => {
    const client = newClient();
    const log = recordingLog();
    const give = (digest: string) =>
      giveDriverLibraries({ client, repository: at(''), digest, platform: PLATFORM, log });
    const amended = await give(pushed);
    expect(amended).toMatchObject({ changed: true, indexDigest: undefined });
    expect(await give(amended.digest)).toEqual({ ...amended, changed: false });
    await putTags({ client, repository: at(''), digest: amended.digest, tags: ['gpu'], log });
    await docker('pull', `${name}:gpu`);
    expect(await digestOf(`${name}:gpu`)).toBe(amended.digest);
    const program = 'import os, sys; print(os.environ["LD_LIBRARY_PATH"], sys.version_info[0])';
    expect((await docker('run', '--rm', `${name}:gpu`, 'python3', '-c', program)).trim()).toBe(`${FOLDER} 3`);
    const history = await docker('history', '--no-trunc', '--format', '{{.CreatedBy}} | {{.Comment}}', `${name}:gpu`);
    expect(history.split('\n')[0]).toBe(
      `ENV LD_LIBRARY_PATH=${FOLDER} | train-on-vertex: where Vertex AI mounts the GPU driver's libraries`,
    );
    // The image as it was built stays what it was.
    expect(await docker('run', '--rm', `${name}:content`, 'sh', '-c', 'echo "[$LD_LIBRARY_PATH]"')).toContain('[]');
  }, 120_000);

  test('in an index is found by its own digest, and amended there', async () => {
    const client = newClient();
    const image = await client.getManifest({ ...at(''), digest: pushed });
    const platform = { os: 'linux', architecture: 'amd64' };
    const entry = { mediaType: image?.mediaType, digest: pushed, size: image?.bytes.length, platform };
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: DOCKER_INDEX, manifests: [entry] }));
    const indexDigest = await client.putManifest(at(''), 'index', { bytes, mediaType: DOCKER_INDEX });
    expect(await findDigest(client, at(':index'), PLATFORM)).toEqual({ digest: pushed, indexDigest });
    expect(await findDigest(client, at(':index'), 'linux/arm64')).toBeUndefined();
    const log = recordingLog();
    const amended = await giveDriverLibraries({
      client,
      repository: at(''),
      digest: indexDigest,
      platform: PLATFORM,
      log,
    });
    await putTags({ client, repository: at(''), digest: amended.indexDigest ?? '', tags: ['index'], log });
    await docker('pull', `${name}:index`);
    expect((await docker('run', '--rm', `${name}:index`, 'printenv', 'LD_LIBRARY_PATH')).trim()).toBe(FOLDER);
  }, 120_000);
});

suite('the right to push', () => {
  const access = (client: RegistryClient, image: string) =>
    checkAccess({
      image,
      client,
      artifactRegistry: undefined,
      project: 'p',
      projectNumber: undefined,
      principal: undefined,
      ownLogin: true,
    });

  test('is seen by an upload that leaves nothing behind', async () => {
    const image = `${registry.host}/never/pushed`;
    const client = newClient();
    const asked = await requestsOf(async () => expect(await access(client, image)).toEqual([]));
    expect(asked.map((line) => line.replace(/uploads\/.*(\d{3})$/, 'uploads/… $1'))).toEqual([
      'POST /v2/never/pushed/blobs/uploads/… 401',
      'POST /v2/never/pushed/blobs/uploads/… 202',
      'DELETE /v2/never/pushed/blobs/uploads/… 204',
    ]);
    const authorization = `Basic ${Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString('base64')}`;
    const get = (path: string) => fetch(`http://${registry.host}${path}`, { headers: { authorization } });
    const upload = /^DELETE (\S+)/.exec(asked[2] ?? '')?.[1] ?? '';
    expect((await get(upload)).status).toBe(404);
    expect((await get('/v2/never/pushed/tags/list')).status).toBe(404);
  });

  test('is not there with a wrong password, which is not told', async () => {
    const found = await access(newClient('Wr0ng'), `${registry.host}/never/pushed`);
    expect(found.map(({ level, fault }) => `${level}: ${faultText(fault)}`)).toEqual([
      expect.stringMatching(/^error: image: localhost:\d+ refused the login: POST .*HTTP 401.* \[image-access\]$/),
    ]);
    expect(JSON.stringify(found)).not.toContain('Wr0ng');
  });
});

suite('logins', () => {
  test("that docker login wrote are found in docker's configuration", async () => {
    const log = recordingLog();
    const credentials = registryCredentials({
      env: { DOCKER_CONFIG: config },
      programs: systemPrograms,
      log,
      given: undefined,
      vertexOnLoopback: false,
      accessToken: () => Promise.reject(new Error('nobody asks for it')),
    });
    expect(await credentials(registry.host)).toEqual({ username: LOGIN.user, password: LOGIN.password });
    expect(log.texts('mask')).toContain(LOGIN.password);
    const client = registryClient({
      http: nodeHttp({ env: {} }),
      clock: new SimulatedClock(),
      mask: () => {},
      credentials,
    });
    expect(await findDigest(client, at(':content'), PLATFORM)).toMatchObject({ digest: pushed });
  });

  test('that expire on the way are asked for once more', async () => {
    const client = newClient(LOGIN.password, ['N3w']);
    await findDigest(client, at(':content'), PLATFORM);
    await registry.demand(LOGIN.user, 'N3w');
    try {
      expect(await findDigest(client, at(':content'), PLATFORM)).toMatchObject({ digest: pushed });
      const failed = await docker('push', `${name}:content`).then(
        () => '',
        (error: unknown) => String(error),
      );
      expect(classifyDenial(failed.split('\n'), name)).toMatchObject({ again: 'renewed-login' });
    } finally {
      await registry.demand(LOGIN.user, LOGIN.password);
    }
  });
});

suite('a base image', () => {
  test('is what its registry says, else what the engine has', async () => {
    if (!isThere) return;
    const options = { client: newClient(), engine: machine.address, platform: PLATFORM };
    const candidates = [
      { image: `${name}:gone`, why: 'first' },
      { image: `${name}:content`, why: 'second' },
    ];
    expect(await resolveBase(candidates, options)).toMatchObject({
      image: `${name}:content`,
      digest: pushed,
      source: 'registry',
      passedOver: [{ image: `${name}:gone`, why: `${registry.host} does not have it` }],
    });
    const nowhere = `localhost:9/${IMAGE}`;
    await docker('tag', IMAGE, nowhere);
    try {
      const id = (await docker('image', 'inspect', '--format', '{{.Id}}', IMAGE)).trim();
      const found = await resolveBase([{ image: nowhere, why: '' }], options);
      expect(found).toMatchObject({ digest: id, source: 'engine', pin: undefined, warning: undefined });
      expect(found.size).toBeGreaterThan(1_000_000);
      expect(await resolveBase([{ image: nowhere, why: '' }], { ...options, platform: 'linux/arm64' })).toMatchObject({
        source: 'name',
      });
    } finally {
      await forget(nowhere);
    }
  });
});
