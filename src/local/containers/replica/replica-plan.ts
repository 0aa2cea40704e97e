import type { WorkerPoolSpec } from '../../../vertex/types.ts';
import { bucketOf, bucketsIn } from '../../storage/buckets.ts';
import { type EngineMachine, limitsOf } from '../engine/limits.ts';
import {
  containerVariables,
  expand,
  hostNames,
  type JobContext,
  METRIC_FILE,
  ownHostName,
  replicaName,
  type Seat,
  serviceVariables,
} from './environment.ts';
import { containerOf } from './python-package.ts';

/** One replica's container, before the engine knows it. */
export interface ReplicaPlan {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly variables: ReadonlyMap<string, string>;
  readonly host: string;
  /** The names by which the other replicas reach it. */
  readonly aliases: readonly [string, string];
  readonly gpus: number;
  readonly pool: WorkerPoolSpec;
}

/** What surrounds the container on this machine. */
export interface Surroundings {
  readonly labels: Readonly<Record<string, string>>;
  /** The network that the replicas of a job share. */
  readonly network: string;
  /** The container's own address there; undefined where the engine chooses it. */
  readonly address: string | undefined;
  /** The names of all replicas, `NAME:ADDRESS`: known to each before the others run, as the service's names are. */
  readonly names: readonly string[];
  /** The host's folder behind /gcs. */
  readonly buckets: string;
  /** The host's folder for the metric file; undefined outside tuning jobs. */
  readonly metrics: string | undefined;
  readonly withGpus: boolean;
  /** All GPUs of the engine, where it has fewer than the replica asks for. */
  readonly allGpus?: boolean;
  readonly machine: EngineMachine;
}

/**
 * The engine keeps a container's output as long as it has the container, for a service that is started again. Whole, since
 * it is counted from its beginning: without a limit of its own the engine's settings could set one that cuts it off.
 */
const LOG = { Type: 'json-file', Config: { 'max-size': '1000g', 'max-file': '1' } };

/** How many GPUs a replica of the pool is to have; a TPU is none. */
export function gpusOf({ machineSpec }: WorkerPoolSpec): number {
  const { acceleratorType = '', acceleratorCount = 0 } = machineSpec ?? {};
  return acceleratorType.startsWith('NVIDIA_') ? acceleratorCount : 0;
}

export function replicaPlan(job: JobContext, seat: Seat): ReplicaPlan {
  const pool = job.spec.workerPoolSpecs[seat.pool] ?? {};
  const container = containerOf(pool) ?? { imageUri: '' };
  const variables = containerVariables(serviceVariables(job, seat), container.env ?? []);
  const expanded = (texts: readonly string[] = []) => texts.map((text) => expand(text, variables));
  return {
    name: replicaName(seat),
    image: container.imageUri,
    command: expanded(container.command),
    args: expanded(container.args),
    variables,
    host: ownHostName(job.clusterId, seat),
    aliases: hostNames(job.clusterId, seat),
    gpus: gpusOf(pool),
    pool,
  };
}

/** Every bucket that the replica's settings name: they are there when the program starts, as on the service. */
export function bucketsOf(plan: ReplicaPlan, baseOutput: string | undefined): string[] {
  const texts = [...plan.command, ...plan.args, ...plan.variables.values()];
  return [bucketOf(baseOutput ?? '') ?? [], ...texts.map(bucketsIn)].flat();
}

/** The body of the engine's `POST /containers/create`. */
export function containerBody(plan: ReplicaPlan, around: Surroundings): Record<string, unknown> {
  const metrics = METRIC_FILE.slice(0, METRIC_FILE.lastIndexOf('/'));
  const bind = (source: string, target: string) => ({ Type: 'bind', Source: source, Target: target });
  const mounts = [
    bind(around.buckets, '/gcs'),
    ...(around.metrics === undefined ? [] : [bind(around.metrics, metrics)]),
  ];
  const address = around.address === undefined ? {} : { IPAMConfig: { IPv4Address: around.address } };
  const gpus = plan.gpus > 0 && around.withGpus;
  return {
    Image: plan.image,
    Hostname: plan.host,
    Env: [...plan.variables].map(([name, value]) => `${name}=${value}`),
    // `command` replaces the image's ENTRYPOINT and, since the engine then takes no CMD from the image, its CMD too.
    ...(plan.command.length > 0 ? { Entrypoint: plan.command } : {}),
    ...(plan.args.length > 0 ? { Cmd: plan.args } : {}),
    Labels: around.labels,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      Mounts: mounts,
      LogConfig: LOG,
      NetworkMode: around.network,
      ExtraHosts: around.names,
      ...limitsOf(plan.pool, around.machine),
      ...(gpus
        ? { DeviceRequests: [{ Count: around.allGpus === true ? -1 : plan.gpus, Capabilities: [['gpu']] }] }
        : {}),
    },
    NetworkingConfig: { EndpointsConfig: { [around.network]: { Aliases: plan.aliases, ...address } } },
  };
}
