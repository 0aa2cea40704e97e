import { messageOf } from '../../faults.ts';
import type { CustomJob } from '../../vertex/types.ts';
import type { LogSource } from '../logging/store.ts';
import type { JobRecord } from '../resources/store.ts';
import type { ContainerExit } from './engine.ts';
import { type JobContext, seatsOf } from './environment.ts';
import { JOB_LABEL, REPLICA_LABEL, SERVICE_LABEL } from './labels.ts';
import { Replica } from './replica.ts';
import { bucketsOf, type ReplicaPlan, replicaPlan, type Surroundings } from './replica-plan.ts';
import type { Runtime } from './runtime.ts';

/** The exit that decided the job. */
export interface Decision {
  readonly replica: string;
  readonly exit: ContainerExit;
}

export interface PoolsRun {
  readonly record: JobRecord<CustomJob>;
  readonly job: JobContext;
  /** Whose log the output goes to. */
  readonly source: Omit<LogSource, 'task'>;
  readonly withGpus: boolean;
  readonly signal: AbortSignal;
  /** Called when all replicas have been started, each time that they are. */
  readonly onRunning: () => void;
}

/** Rejects with the signal's reason when it aborts; never resolves. */
function aborted(signal: AbortSignal): { readonly promise: Promise<never>; readonly release: () => void } {
  let release = () => {};
  const promise = new Promise<never>((_resolve, reject) => {
    const listener = () => reject(signal.reason);
    if (signal.aborted) listener();
    else signal.addEventListener('abort', listener, { once: true });
    release = () => signal.removeEventListener('abort', listener);
  });
  promise.catch(() => {});
  return { promise, release };
}

/** The job ends with its primary replica, or with the first other one that fails. */
async function decisive(replicas: readonly Replica[]): Promise<Decision> {
  const decisions = replicas.map(async (replica, index) => {
    const exit = await replica.exit();
    if (index > 0 && exit.exitCode === 0) return new Promise<Decision>(() => {});
    return { replica: replica.name, exit };
  });
  return Promise.race(decisions);
}

async function makeReplicas(runtime: Runtime, run: PoolsRun, network: string, made: Replica[]): Promise<void> {
  const { job, signal } = run;
  const plans = seatsOf(job.spec).map((seat) => replicaPlan(job, seat));
  const base = job.spec.baseOutputDirectory?.outputUriPrefix;
  const buckets = await runtime.folders.buckets(plans.flatMap((plan) => bucketsOf(plan, base)));
  const around = async (plan: ReplicaPlan): Promise<Surroundings> => ({
    labels: { [SERVICE_LABEL]: runtime.instance, [JOB_LABEL]: job.jobId, [REPLICA_LABEL]: plan.name },
    network,
    buckets,
    metrics: job.trialId === undefined ? undefined : await runtime.folders.metrics(job.jobId, plan.name),
    withGpus: run.withGpus,
  });
  for (const plan of plans) {
    signal.throwIfAborted();
    made.push(await Replica.create(runtime, plan, await around(plan), run.source));
  }
}

async function removeAll(runtime: Runtime, run: PoolsRun, replicas: readonly Replica[], network: string | undefined) {
  const left = await Promise.allSettled(replicas.map((replica) => replica.remove()));
  if (network !== undefined) left.push(...(await Promise.allSettled([runtime.engine.removeNetwork(network)])));
  for (const result of left) {
    if (result.status === 'fulfilled') continue;
    runtime.logs.service(run.source, `A container could not be removed: ${messageOf(result.reason)}`, 'WARNING');
  }
}

/**
 * Runs all replicas of a job until one decides it. Whatever happens, no container and no network is left afterwards.
 * Throws the signal's reason when that aborts.
 */
export async function runPools(runtime: Runtime, run: PoolsRun): Promise<Decision> {
  const replicas: Replica[] = [];
  const abort = aborted(run.signal);
  let ownNetwork: string | undefined;
  try {
    run.signal.throwIfAborted();
    if (seatsOf(run.job.spec).length > 1) ownNetwork = await runtime.networks.forJob(run.job.jobId);
    await makeReplicas(runtime, run, ownNetwork ?? (await runtime.networks.shared()), replicas);
    // All at once, and the primary not before the others: names resolve only once their container runs.
    await Promise.all(replicas.toReversed().map((replica) => replica.start()));
    run.onRunning();
    return await Promise.race([decisive(replicas), abort.promise]);
  } finally {
    abort.release();
    await removeAll(runtime, run, replicas, ownNetwork);
  }
}
