import { createHash } from 'node:crypto';
import type { CustomJobSpec, EnvVar, WorkerPoolSpec } from '../../../vertex/types.ts';
import { containerOf, jobText } from './python-package.ts';

/** Which replica of a job it is: `workerpool{pool}-{index}`. */
export interface Seat {
  readonly pool: number;
  readonly index: number;
}

/** What the environment of a job's containers is made from. */
export interface JobContext {
  readonly spec: CustomJobSpec;
  readonly projectNumber: string;
  readonly region: string;
  readonly jobId: string;
  /** Ten hexadecimal digits, the same in all host names of the job. */
  readonly clusterId: string;
  /** Set in tuning jobs only. */
  readonly trialId?: string | undefined;
}

const PORT = 2222;
/** The port that the service's pods call TRAINING_PORT; what it sets MASTER_PORT to is not documented. */
const MASTER_PORT = 3333;
const TF_ROLES = ['chief', 'worker', 'ps', 'evaluator'] as const;
export const METRIC_FILE = '/var/hypertune/output.metrics';

/** Whether the job's log is to hold what is the same for all trials of a tuning job: it is told for the first. */
export function tellsForAll({ trialId = '1' }: Pick<JobContext, 'trialId'>): boolean {
  return trialId === '1';
}

export function replicaName(seat: Seat): string {
  return `workerpool${seat.pool}-${seat.index}`;
}

/** How many replicas a pool has; an empty pool only holds its position, and one without a count has one. */
export function replicaCount(pool: WorkerPoolSpec): number {
  return containerOf(pool) === undefined ? 0 : Number(pool.replicaCount ?? '1');
}

/** Every replica of the job, the primary (`workerpool0-0`) first. */
export function seatsOf(spec: CustomJobSpec): Seat[] {
  return spec.workerPoolSpecs.flatMap((pool, index) =>
    Array.from({ length: replicaCount(pool) }, (_unused, replica) => ({ pool: index, index: replica })),
  );
}

function hostName(prefix: string, clusterId: string, seat: Seat): string {
  return `${prefix}workerpool${seat.pool}-${clusterId}-${seat.index}`;
}

/** The names under which the others reach a replica: the one of CLUSTER_SPEC, then the one of TF_CONFIG. */
export function hostNames(clusterId: string, seat: Seat): readonly [string, string] {
  return [hostName('cmle-training-', clusterId, seat), hostName('training-', clusterId, seat)];
}

/**
 * The container's own host name, which none of the others knows it by: that of CLUSTER_SPEC and five letters more, as pods
 * have (observed). It stays through restarts (understanding-training-service).
 */
export function ownHostName(clusterId: string, seat: Seat): string {
  const [known] = hostNames(clusterId, seat);
  const letters = createHash('sha256').update(known).digest().subarray(0, 5);
  return `${known}-${[...letters].map((byte) => String.fromCharCode(97 + (byte % 26))).join('')}`;
}

function clusterSpec(job: JobContext, seat: Seat): string {
  const cluster: Record<string, string[]> = {};
  for (const other of seatsOf(job.spec)) {
    const role = `workerpool${other.pool}`;
    cluster[role] = [...(cluster[role] ?? []), `${hostName('cmle-training-', job.clusterId, other)}:${PORT}`];
  }
  const trial = job.trialId === undefined ? {} : { trial: job.trialId };
  const task = { type: `workerpool${seat.pool}`, index: seat.index, ...trial };
  return JSON.stringify({ cluster, environment: 'cloud', task, job: jobText(job.spec.workerPoolSpecs[seat.pool]) });
}

function tfConfig(job: JobContext, seat: Seat): string {
  const cluster: Record<string, string[]> = {};
  for (const other of seatsOf(job.spec)) {
    const role = TF_ROLES[other.pool];
    if (role === undefined || role === 'evaluator') continue;
    cluster[role] = [...(cluster[role] ?? []), `${hostName('training-', job.clusterId, other)}:${PORT}`];
  }
  const trial = job.trialId === undefined ? {} : { trial: job.trialId };
  const type = TF_ROLES[seat.pool] ?? `workerpool${seat.pool}`;
  const task = { type, index: seat.index, ...trial, cloud: job.clusterId };
  return JSON.stringify({ cluster, task, job: jobText(job.spec.workerPoolSpecs[seat.pool]), environment: 'cloud' });
}

/** PyTorch's variables. They count machines; a Reduction Server takes part in no process group, so it is not counted. */
function torchVariables(job: JobContext, seat: Seat): EnvVar[] {
  const isReducer = (pool: number) =>
    job.spec.workerPoolSpecs[pool]?.containerSpec?.imageUri.includes('/reductionserver');
  const ranked = seatsOf(job.spec).filter((other) => !isReducer(other.pool));
  const rank = ranked.findIndex((other) => other.pool === seat.pool && other.index === seat.index);
  if (rank < 0) return [];
  return [
    { name: 'MASTER_ADDR', value: hostName('cmle-training-', job.clusterId, { pool: 0, index: 0 }) },
    { name: 'MASTER_PORT', value: String(MASTER_PORT) },
    { name: 'RANK', value: String(rank) },
    { name: 'WORLD_SIZE', value: String(ranked.length) },
  ];
}

/** The output folder with the slash that the service adds; a trial's own job names the trial's folder. */
function outputFolder(spec: CustomJobSpec): string | undefined {
  const base = spec.baseOutputDirectory?.outputUriPrefix;
  return base === undefined || base.endsWith('/') ? base : `${base}/`;
}

/** AIP_MODEL_DIR of a job; undefined where it names no output folder. */
export function modelDir(spec: CustomJobSpec): string | undefined {
  const folder = outputFolder(spec);
  return folder === undefined ? undefined : `${folder}model/`;
}

function outputVariables(spec: CustomJobSpec): EnvVar[] {
  const folder = outputFolder(spec);
  if (folder === undefined) return [];
  return [
    { name: 'AIP_MODEL_DIR', value: `${folder}model/` },
    { name: 'AIP_CHECKPOINT_DIR', value: `${folder}checkpoints/` },
    { name: 'AIP_TENSORBOARD_LOG_DIR', value: `${folder}logs/` },
  ];
}

/** The ports that the SDK's profiler listens on; the service's are not documented: these are free to be chosen. */
const PROFILER_PORT = '6009';
const HANDLER_PORT = '6010';

/**
 * What the SDK's profiler (google.cloud.aiplatform.training_utils) reads of a job with a TensorBoard. When the service
 * sets the handler's port is not documented: here wherever something could be reached by it.
 */
function tensorboardVariables({ spec, region }: JobContext): EnvVar[] {
  const { tensorboard, enableDashboardAccess = false } = spec;
  const handler = { name: 'AIP_HTTP_HANDLER_PORT', value: HANDLER_PORT };
  if (tensorboard === undefined) return enableDashboardAccess ? [handler] : [];
  return [
    { name: 'AIP_TENSORBOARD_RESOURCE_NAME', value: tensorboard },
    { name: 'AIP_TENSORBOARD_API_URI', value: `${region}-aiplatform.googleapis.com` },
    { name: 'AIP_TF_PROFILER_PORT', value: PROFILER_PORT },
    handler,
  ];
}

/** The variables that the service itself sets in a replica's container. */
export function serviceVariables(job: JobContext, seat: Seat): EnvVar[] {
  const isDistributed = seatsOf(job.spec).length > 1;
  const tuning =
    job.trialId === undefined
      ? []
      : [
          { name: 'CLOUD_ML_TRIAL_ID', value: job.trialId },
          { name: 'CLOUD_ML_HP_METRIC_FILE', value: METRIC_FILE },
        ];
  return [
    { name: 'CLOUD_ML_PROJECT_ID', value: job.projectNumber },
    { name: 'CLOUD_ML_JOB_ID', value: job.jobId },
    { name: 'CLOUD_ML_REGION', value: job.region },
    { name: 'CLUSTER_SPEC', value: clusterSpec(job, seat) },
    ...(isDistributed ? [{ name: 'TF_CONFIG', value: tfConfig(job, seat) }, ...torchVariables(job, seat)] : []),
    ...outputVariables(job.spec),
    ...tensorboardVariables(job),
    ...tuning,
  ];
}

/** `$(NAME)` replaced by the variable's value; an unknown one stays as written, `$$(NAME)` is a literal `$(NAME)`. */
export function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\$\$(\([A-Za-z_]\w*\))|\$\(([A-Za-z_]\w*)\)/g, (whole, literal?: string, name?: string) => {
    if (literal !== undefined) return `$${literal}`;
    return variables.get(name ?? '') ?? whole;
  });
}

/** Text that `expand` gives back unchanged. */
export function escapeReferences(text: string): string {
  return text.replace(/\$(?=\([A-Za-z_]\w*\))/g, '$$$$');
}

/** The container's whole environment: the service's variables, then the user's, each seeing those before it. */
export function containerVariables(service: readonly EnvVar[], user: readonly EnvVar[]): Map<string, string> {
  const variables = new Map(service.map(({ name, value }) => [name, value]));
  for (const { name, value } of user) variables.set(name, expand(value ?? '', variables));
  return variables;
}
