import { createHash } from 'node:crypto';
import { type Registry, startRegistry } from '../../../scripts/machine/registry.ts';
import { type SignInServices, startSignIn } from './google.ts';
import { endpointsAt, type StandingService, startService } from './local-service.ts';
import { type CheckingProxy, startProxy } from './proxy.ts';
import type { Scene } from './scene.ts';

const PROVIDER = 'projects/123456789/locations/global/workloadIdentityPools/github/providers/repo';
const SERVICE_ACCOUNT = 'trainer@my-project.iam.gserviceaccount.com';

/** Google's services as a step in a region of Google's meets them, each a real or a checking one on loopback. */
export interface Cloud {
  readonly signIn: SignInServices;
  /** Vertex AI's place is taken by the local service, behind a check of the access token. */
  readonly service: StandingService;
  readonly vertex: CheckingProxy;
  readonly logging: CheckingProxy;
  /** A registry that lets in nobody but Google's token. */
  readonly registry: Registry;
  /** The environment that points the action at them. */
  readonly env: Readonly<Record<string, string>>;
  /** The inputs that go with it. */
  readonly inputs: Readonly<Record<string, string>>;
}

export interface CloudOptions {
  /** How long an access token is good for, by what its issuer says. */
  readonly lifetimeSeconds?: number;
}

/** Starts all of them; they end with the scene. */
export async function openCloud(scene: Scene, options: CloudOptions = {}): Promise<Cloud> {
  const signIn = await startSignIn({ provider: PROVIDER, serviceAccount: SERVICE_ACCOUNT, ...options });
  scene.add(() => signIn.stop());
  const service = await startService(scene);
  const check = async () => {
    const proxy = await startProxy({ target: service.url, accepts: (token) => token === signIn.accessToken });
    scene.add(() => proxy.stop());
    return proxy;
  };
  const vertex = await check();
  const logging = await check();
  const registry = await startRegistry({ user: 'oauth2accesstoken', password: signIn.accessToken });
  scene.add(() => registry.stop());
  return {
    signIn,
    service,
    vertex,
    logging,
    registry,
    env: { ...signIn.env, ...endpointsAt(vertex.url, logging.url) },
    inputs: {
      project_id: 'my-project',
      region: 'us-central1',
      workload_identity_provider: PROVIDER,
      service_account: SERVICE_ACCOUNT,
    },
  };
}

/** The digest of a manifest in the registry: what it says, held against what it is. */
export async function manifestDigest({ registry, signIn }: Cloud, repository: string, tag: string): Promise<string> {
  const path = repository.slice(repository.indexOf('/') + 1);
  const login = Buffer.from(`oauth2accesstoken:${signIn.accessToken}`).toString('base64');
  const accept = [
    'application/vnd.docker.distribution.manifest.v2+json',
    'application/vnd.oci.image.manifest.v1+json',
    'application/vnd.oci.image.index.v1+json',
  ].join(', ');
  const response = await fetch(`http://${registry.host}/v2/${path}/manifests/${tag}`, {
    headers: { authorization: `Basic ${login}`, accept },
  });
  const manifest = Buffer.from(await response.arrayBuffer());
  const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
  const said = response.headers.get('docker-content-digest');
  if (!response.ok || said !== digest) throw new Error(`the registry says ${said}, its manifest is ${digest}`);
  return digest;
}
