import type { EngineAddress } from '../engine/http.ts';
import type { Log } from '../log.ts';
import type { ImagePlan } from '../plan/image/types.ts';
import type { Clock } from '../retry.ts';
import { type DockerConfig, type Login, privateDockerConfig } from './docker-config.ts';
import { engineStore } from './engine-store.ts';
import type { Programs } from './programs.ts';
import { checkPush, type Pusher, report } from './push-access.ts';
import { type RegistryClient, registryClient } from './registry/client.ts';
import { engineSocket } from './registry/docker-files.ts';
import { nodeHttp } from './registry/http.ts';
import { registryCredentials } from './registry/login.ts';
import { checkPublicPull } from './registry/public-pull.ts';
import { registryOf } from './registry/reference.ts';
import { registryStore } from './registry-store.ts';
import type { ImageStore } from './store.ts';

export interface ToolsOptions {
  readonly plan: ImagePlan;
  readonly tempFolder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly programs: Programs;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly login: Login | undefined;
  readonly vertexOnLoopback: boolean;
  readonly pusher: Pusher;
  readonly accessToken: () => Promise<string>;
}

/** What an image is looked up, built and pushed with. */
export interface Tools {
  readonly config: DockerConfig;
  readonly client: RegistryClient;
  /** This machine's engine; undefined where none is known. */
  readonly engine: EngineAddress | undefined;
  readonly store: ImageStore;
  /** Puts a login that is good now where docker finds it. */
  signIn(): Promise<void>;
}

export async function openTools(options: ToolsOptions): Promise<Tools> {
  const { plan, env, clock, log, signal, login } = options;
  const registry = registryOf(plan.repository);
  const config = await privateDockerConfig(options);
  const credentials = registryCredentials({ ...options, given: login && { registry, ...login } });
  const http = nodeHttp({ env });
  const mask = (secret: string) => log.mask(secret);
  const client = registryClient({ http, clock, credentials, mask, signal, log });
  const engine = await engineSocket(env);
  const { ignore } = options.pusher;
  const asked = { ...options.pusher, image: plan.repository, client, ownLogin: login !== undefined, log };
  const store = plan.push
    ? registryStore({
        client,
        repository: plan.repository,
        platform: plan.platform ?? 'linux/amd64',
        tags: plan.tags,
        gpu: plan.gpu,
        ageCounts: plan.maxAge !== undefined,
        log,
        checkAccess: () => checkPush(asked),
        checkPull: async (image) => {
          const found = await checkPublicPull(image, { http, clock, mask, signal, log });
          if (found !== undefined) report([found], { log, ignore });
        },
      })
    : engineStore({ engine, repository: plan.repository, signal });
  const signIn = async () => {
    const credential = plan.push ? await credentials(registry) : undefined;
    if (credential !== undefined && 'password' in credential) await config.signIn(registry, credential);
  };
  return { config, client, engine, store, signIn };
}
