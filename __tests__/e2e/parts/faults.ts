import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultClient } from '../../local/faults/client.ts';
import { type FaultyProcess, startProcess } from '../../local/faults/process.ts';
import type { Endings } from './endings.ts';
import { type RenewingSignIn, startRenewingSignIn } from './faults-sign-in.ts';
import { endpointsAt } from './local-service.ts';
import type { Scene } from './scene.ts';

/** What the parts need of a scene; a scene without an engine will do, since simulated jobs need none. */
export type Stage = Pick<Scene, 'add' | 'folder'>;

/** A stage whose things end with `endings`. */
export function bareStage(endings: Endings): Stage {
  return {
    add: (end) => endings.add(end),
    folder: async (prefix) => {
      const folder = await realpath(await mkdtemp(join(tmpdir(), prefix)));
      endings.add(() => rm(folder, { recursive: true, force: true }));
      return folder;
    },
  };
}

/** The local service as the sources have it, failing on demand: a process of its own at an address that stays. */
export interface FaultyService {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly faults: FaultClient;
  /** The folder of its buckets. */
  readonly buckets: string;
  /** Kills it at once; nothing answers any more. */
  kill(): Promise<void>;
  /** Kills it if it runs, and starts it again on what it left. */
  restart(): Promise<void>;
}

/** Starts the service on a free port; it ends with the stage. Nothing is asked of the engine but for jobs in containers. */
export async function startFaultyService(stage: Stage): Promise<FaultyService> {
  const data = await stage.folder('faulty-service-');
  let running: FaultyProcess | undefined = await startProcess({ data });
  const { port } = running;
  const kill = async () => {
    await running?.kill();
    running = undefined;
  };
  stage.add(() => running?.stop());
  const url = `http://127.0.0.1:${port}`;
  const restart = async () => {
    await kill();
    running = await startProcess({ data, port });
  };
  return { url, faults: new FaultClient(url), buckets: join(data, 'gcs'), kill, restart };
}

export const PROVIDER = 'projects/123456789/locations/global/workloadIdentityPools/github/providers/repo';

/** Google's services as a step in a region of Google's meets them, with Vertex AI and Cloud Logging failing on demand. */
export interface FaultyCloud {
  readonly service: FaultyService;
  readonly signIn: RenewingSignIn;
  /** The environment that points the action at them. */
  readonly env: Readonly<Record<string, string>>;
  /** The inputs that go with it: nothing is built where `config` brings images of its own. */
  readonly inputs: Readonly<Record<string, string>>;
}

/**
 * Starts all of them; they end with the stage. The action asks the service itself, with no proxy in between, so that a
 * reset reaches it as a reset; what token it comes with is no matter but for the faults about tokens, which are good for
 * `tokenSeconds` each.
 */
export async function openFaultyCloud(stage: Stage, tokenSeconds?: number): Promise<FaultyCloud> {
  const signIn = await startRenewingSignIn(PROVIDER, tokenSeconds);
  stage.add(() => signIn.stop());
  const service = await startFaultyService(stage);
  return {
    service,
    signIn,
    env: { ...signIn.env, ...endpointsAt(service.url) },
    inputs: { project_id: 'my-project', region: 'us-central1', workload_identity_provider: PROVIDER },
  };
}

/** A gcloud config of a job whose course is the script of that name. */
export function simulatedConfig(script: string): string {
  return `workerPoolSpecs:
  - machineSpec:
      machineType: n1-standard-4
    replicaCount: 1
    containerSpec:
      imageUri: simulated/${script}
`;
}
