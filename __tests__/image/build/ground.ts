import { randomBytes } from 'node:crypto';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ensureBaseImage } from '../../../scripts/machine/base-images.ts';
import { type Engine, ensureEngine } from '../../../scripts/machine/engine.ts';
import { type Registry, startRegistry } from '../../../scripts/machine/registry.ts';
import { must } from '../../../scripts/machine/run.ts';
import { messageOf } from '../../../src/faults.ts';
import { textAt } from '../../../src/json.ts';
import { anyClient, type DockerClient } from '../../e2e/parts/docker-client.ts';
import { Endings } from '../../e2e/parts/endings.ts';
import { type RegistryProxy, startRegistryProxy } from './registry-proxy.ts';

/** An image with a shell and Python: the real one, or the stand-in that this project makes. */
const WHOLE = 'python:3.12-slim';
/** A few of its programs and what they need: small enough to travel through a registry for every builder. */
const SMALL = `FROM ${WHOLE} AS whole
RUN mkdir -p /small/bin /small/tmp \\
 && for p in sh cat head sleep env ls sha256sum cut mkdir; do cp -L "$(command -v $p)" /small/bin/; done \\
 && ldd /small/bin/* | grep -o '/[^ )]*\\.so[^ )]*' | sort -u | while read f; do cp --parents -L "$f" /small; done
FROM scratch
COPY --from=whole /small /
`;

export interface Manifest {
  readonly status: number;
  readonly digest: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What all builders of a test stand on: an engine, a real registry behind a proxy, and a base image in it. */
export class Ground {
  readonly engine: Engine;
  readonly client: DockerClient;
  readonly registry: Registry;
  readonly proxy: RegistryProxy;
  /** `HOST/base:1`, behind the registry's login. */
  readonly base: string;
  /** What the registry asks for now. */
  password: string;
  readonly #endings: Endings;

  private constructor(parts: Pick<Ground, 'engine' | 'client' | 'registry' | 'proxy' | 'password'>, endings: Endings) {
    this.engine = parts.engine;
    this.client = parts.client;
    this.registry = parts.registry;
    this.proxy = parts.proxy;
    this.password = parts.password;
    this.base = `${parts.proxy.host}/base:1`;
    this.#endings = endings;
  }

  static async open(): Promise<Ground> {
    const endings = new Endings();
    try {
      const engine = await ensureEngine();
      endings.add(() => engine.stop());
      await ensureBaseImage(engine, WHOLE);
      const password = newPassword();
      const registry = await startRegistry({ user: USER, password });
      endings.add(() => registry.stop());
      const proxy = await startRegistryProxy(registry.port);
      endings.add(() => proxy.stop());
      const client = await anyClient(engine);
      const ground = new Ground({ engine, client, registry, proxy, password }, endings);
      await ground.#pushBase();
      return ground;
    } catch (error) {
      await endings.run();
      throw error;
    }
  }

  async #pushBase(): Promise<void> {
    const folder = await this.folder();
    const config = await this.folder();
    await writeFile(join(folder, 'Dockerfile'), SMALL);
    await writeFile(join(config, 'config.json'), JSON.stringify({ auths: this.auths() }));
    const env = { ...process.env, DOCKER_CONFIG: config, DOCKER_BUILDKIT: '1' };
    const docker = (...args: readonly string[]) => must(this.client.docker, args, { env });
    await docker('build', `--tag=${this.base}`, folder);
    this.removeImage(this.base);
    await docker('push', this.base);
  }

  /** From here on the registry lets another password in alone. */
  async expire(): Promise<void> {
    this.password = newPassword();
    await this.registry.demand(USER, this.password);
  }

  /** Docker's logins with the password that is good now. */
  auths(): Readonly<Record<string, unknown>> {
    return { [this.proxy.host]: { auth: Buffer.from(`${USER}:${this.password}`).toString('base64') } };
  }

  /** A private folder, gone afterwards. */
  async folder(): Promise<string> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'build-test-')));
    this.add(() => rm(folder, { recursive: true, force: true }));
    return folder;
  }

  /** Takes an image out of the engine in the end; one that is not there is no error. */
  removeImage(name: string): void {
    this.add(() => must(this.client.docker, ['image', 'rm', '--force', name]));
  }

  add(end: () => unknown): void {
    this.#endings.add(end);
  }

  /** Asks the registry itself for something under `/v2/REPOSITORY/`; `repository` is the image's name with the host. */
  async ask(repository: string, path: string): Promise<Response> {
    const name = repository.slice(repository.indexOf('/') + 1);
    const authorization = `Basic ${Buffer.from(`${USER}:${this.password}`).toString('base64')}`;
    return fetch(`http://127.0.0.1:${this.registry.port}/v2/${name}/${path}`, {
      headers: { authorization, accept: TYPES.join(', ') },
    });
  }

  async manifest(repository: string, reference: string): Promise<Manifest> {
    const answer = await this.ask(repository, `manifests/${reference}`);
    const body = (await answer.json()) as Manifest['body'];
    return { status: answer.status, digest: answer.headers.get('docker-content-digest'), body };
  }

  /** All that an image is made of, unpacked: its manifest, its configuration with the history, its layers. */
  async contents(repository: string, reference: string): Promise<Buffer[]> {
    const { body } = await this.manifest(repository, reference);
    const blob = async (descriptor: unknown) => {
      const answer = await this.ask(repository, `blobs/${textAt(descriptor, 'digest')}`);
      const bytes = Buffer.from(await answer.arrayBuffer());
      return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
    };
    const layers = Array.isArray(body['layers']) ? body['layers'] : [];
    return [Buffer.from(JSON.stringify(body)), ...(await Promise.all([body['config'], ...layers].map(blob)))];
  }

  close(): Promise<void> {
    return this.#endings.run();
  }
}

export const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
const TYPES = [DOCKER_MANIFEST, OCI_MANIFEST, OCI_INDEX, 'application/vnd.docker.distribution.manifest.list.v2+json'];

const USER = 'pusher';
const newPassword = () => `pw-${randomBytes(8).toString('hex')}`;

/** The ground, or why this machine has none. With CI=true there must be one. */
export async function findGround(): Promise<Ground | string> {
  try {
    return await Ground.open();
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    return messageOf(error);
  }
}
