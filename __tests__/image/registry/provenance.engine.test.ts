import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type BuildKit, canHaveBuildKit, startBuildKit } from '../../../scripts/machine/buildkit.ts';
import { ensureEngine } from '../../../scripts/machine/engine.ts';
import { type Registry, startRegistry } from '../../../scripts/machine/registry.ts';
import { must } from '../../../scripts/machine/run.ts';
import { messageOf } from '../../../src/faults.ts';
import { giveDriverLibraries } from '../../../src/image/registry/amend.ts';
import { registryClient } from '../../../src/image/registry/client.ts';
import { findDigest, findImage, resolve } from '../../../src/image/registry/existing.ts';
import { nodeHttp } from '../../../src/image/registry/http.ts';
import { referenceOf } from '../../../src/image/registry/reference.ts';
import { type DockerClient, findClient } from '../../e2e/parts/docker-client.ts';
import { SimulatedClock } from '../../ground/clock.ts';
import { recordingLog } from '../../ground/recording-log.ts';

/** A docker client with buildx, where a BuildKit daemon can be had too, or why not. With CI=true there must be an engine. */
async function findBuilder(): Promise<DockerClient | string> {
  try {
    const engine = await ensureEngine();
    if (!(await canHaveBuildKit())) return 'a BuildKit daemon takes root and the compiler go';
    return (await findClient(engine, 'buildx')) ?? 'no docker client has buildx';
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    return messageOf(error);
  }
}

const builder = await findBuilder();
const suite = typeof builder === 'string' ? describe.skip : describe;
if (typeof builder === 'string') process.stderr.write(`SKIPPED: images with provenance (${builder})\n`);

const LOGIN = { user: 'me', password: 'word' };
const PLATFORMS = ['linux/amd64', 'linux/arm64'];

let registry: Registry;
let daemon: BuildKit;
let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  if (typeof builder === 'string') return;
  registry = await startRegistry(LOGIN);
  daemon = await startBuildKit();
  folder = await mkdtemp(join(tmpdir(), 'provenance-'));
  if (builder.plugins !== undefined) await symlink(builder.plugins, join(folder, 'cli-plugins'));
  const auth = Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString('base64');
  await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }));
  await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\nENV LD_LIBRARY_PATH=/own\nCOPY Dockerfile /\n');
  env = { PATH: builder.path, HOME: folder, DOCKER_CONFIG: folder, BUILDX_CONFIG: join(folder, 'buildx') };
  await must('docker', ['buildx', 'create', '--name=remote', '--driver=remote', '--use', daemon.address], { env });
}, 300_000);

afterAll(async () => {
  if (typeof builder === 'string') return;
  await daemon.stop();
  await registry.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

async function built(tag: string, ...args: string[]) {
  const name = `${registry.host}/team/program`;
  const all = ['buildx', 'build', '--push', '--provenance=mode=max', `--tag=${name}:${tag}`, ...args, folder];
  await must('docker', all, { env });
  const client = registryClient({
    http: nodeHttp({ env: {} }),
    clock: new SimulatedClock(),
    mask: () => {},
    credentials: async () => ({ username: LOGIN.user, password: LOGIN.password }),
  });
  return { client, reference: referenceOf(`${name}:${tag}`) };
}

interface Entry {
  readonly digest: string;
  readonly platform: { readonly os: string; readonly architecture: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

suite('an image with provenance', () => {
  test.each([
    {
      types: 'OCI',
      args: ['--output=type=image,push=true,oci-mediatypes=true'],
      kind: 'application/vnd.oci.image.index.v1+json',
    },
    { types: 'the default', args: [], kind: undefined },
  ])(
    "is found by the platform's own digest (types: $types)",
    async ({ types, args, kind }) => {
      const { client, reference } = await built(types.replace(/\W/g, '-'), `--platform=${PLATFORMS[0]}`, ...args);
      const found = await findDigest(client, reference, 'linux/amd64');
      const index = await client.getManifest(reference);
      expect(found?.indexDigest).toBe(index?.digest);
      if (kind !== undefined) expect(index?.mediaType).toBe(kind);
      const entries = index?.json['manifests'] as Entry[];
      expect(entries.map(({ platform }) => `${platform.os}/${platform.architecture}`)).toEqual([
        'linux/amd64',
        'unknown/unknown',
      ]);
      expect(found?.digest).toBe(entries[0]?.digest);
      const image = await findImage(client, reference, 'linux/amd64');
      expect(image?.facts).toMatchObject({ libraryPath: ['/own'], platform: 'linux/amd64' });
    },
    120_000,
  );

  test('for two platforms is amended for one; the other keeps its own provenance', async () => {
    const { client, reference } = await built('both', `--platform=${PLATFORMS.join(',')}`);
    const before = await findDigest(client, reference, 'linux/amd64');
    const log = recordingLog();
    const digest = before?.indexDigest ?? '';
    const amended = await giveDriverLibraries({ client, repository: reference, digest, platform: 'linux/amd64', log });
    const index = { ...reference, tag: undefined, digest: amended.indexDigest };
    const [one, other] = await Promise.all(PLATFORMS.map((platform) => resolve(client, index, platform)));
    expect(one?.digest).toBe(amended.digest);
    expect(other?.digest).toBe((await findDigest(client, reference, 'linux/arm64'))?.digest);
    const attested = ((one?.index?.json['manifests'] ?? []) as Entry[]).flatMap(
      ({ annotations }) => annotations?.['vnd.docker.reference.digest'] ?? [],
    );
    expect(attested).toEqual([other?.digest]);
    expect((await findImage(client, index, 'linux/amd64'))?.facts.libraryPath).toEqual([
      '/own',
      '/usr/local/nvidia/lib64',
    ]);
    expect((await findImage(client, index, 'linux/arm64'))?.facts.libraryPath).toEqual(['/own']);
    expect(log.texts('warning')).toEqual([expect.stringContaining(`The attestations of ${before?.digest}`)]);
  }, 120_000);
});
