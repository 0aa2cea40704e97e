import { messageOf } from '../../faults.ts';
import type { CustomJob } from '../../vertex/types.ts';
import type { LogSource } from '../logging/store.ts';
import type { JobRecord } from '../resources/store.ts';
import { absences } from './absent.ts';
import type { ContainerExit } from './engine.ts';
import { type JobContext, seatsOf, tellsForAll } from './environment.ts';
import { StartError } from './failure.ts';
import { JOB_LABEL, REPLICA_LABEL, SERVICE_LABEL } from './labels.ts';
import type { JobNetwork } from './networks.ts';
import { Post } from './post.ts';
import { bucketsOf, type ReplicaPlan, replicaPlan, type Surroundings } from './replica-plan.ts';
import { Restarts, restartNote } from './restarts.ts';
import { type Runtime, update } from './runtime.ts';

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

/** The job's own log gets what a restart is about. */
function warn(runtime: Runtime, run: PoolsRun, text: string): void {
  runtime.logs.service(run.source, text, 'WARNING');
}

/**
 * Follows a replica through its restarts. Gives the exit that decides the job, or `again` where all of it is to be run once
 * more; never resolves for one that ends well and is not the primary, since the others go on without it.
 */
async function follow(
  runtime: Runtime,
  run: PoolsRun,
  post: Post,
  restarts: Restarts,
  isPrimary: boolean,
): Promise<Decision | 'again'> {
  for (;;) {
    const exit = await post.exit();
    const replica = post.name;
    if (exit.exitCode === 0 && !isPrimary) return new Promise(() => {});
    if (exit.exitCode === 0 || post.isOver) return { replica, exit };
    const course = restarts.after(replica, exit);
    if (course === 'job-fails') return { replica, exit };
    warn(runtime, run, restartNote(replica, exit, course));
    if (course === 'job-again') return 'again';
    await post.restart();
  }
}

async function makePosts(runtime: Runtime, run: PoolsRun, network: JobNetwork, made: Post[]): Promise<void> {
  const { job, signal } = run;
  const plans = seatsOf(job.spec).map((seat) => replicaPlan(job, seat));
  const base = job.spec.baseOutputDirectory?.outputUriPrefix;
  const machine = await runtime.engine.machine();
  const buckets = await runtime.folders.buckets(plans.flatMap((plan) => bucketsOf(plan, base)));
  if (base !== undefined) await runtime.folders.output(base);
  const { addresses } = network;
  const names = plans.flatMap(({ aliases }, index) => aliases.map((name) => `${name}:${addresses?.[index]}`));
  const around = async (plan: ReplicaPlan, index: number): Promise<Surroundings> => ({
    labels: { [SERVICE_LABEL]: runtime.instance, [JOB_LABEL]: job.jobId, [REPLICA_LABEL]: plan.name },
    network: network.id,
    address: addresses?.[index],
    names: addresses === undefined ? [] : names,
    buckets,
    metrics: job.trialId === undefined ? undefined : await runtime.folders.metrics(job.jobId, plan.name),
    withGpus: run.withGpus,
    machine,
  });
  for (const [index, plan] of plans.entries()) {
    signal.throwIfAborted();
    made.push(await Post.create(runtime, plan, await around(plan, index), run.source));
  }
}

async function removeAll(runtime: Runtime, run: PoolsRun, posts: readonly Post[], network: JobNetwork | undefined) {
  const left = await Promise.allSettled(posts.map((post) => post.remove()));
  if (network !== undefined) left.push(...(await Promise.allSettled([runtime.engine.removeNetwork(network.id)])));
  for (const result of left) {
    if (result.status === 'rejected')
      warn(runtime, run, `A container could not be removed: ${messageOf(result.reason)}`);
  }
}

/** Runs all replicas once, single ones as often as their restarts allow. No container and no network is left afterwards. */
async function attempt(runtime: Runtime, run: PoolsRun, restarts: Restarts): Promise<Decision | 'again'> {
  const posts: Post[] = [];
  const abort = aborted(run.signal);
  let ownNetwork: JobNetwork | undefined;
  try {
    run.signal.throwIfAborted();
    const { length } = seatsOf(run.job.spec);
    if (length > 1) ownNetwork = await runtime.networks.forJob(run.job.jobId, length);
    const shared = async () => ({ id: await runtime.networks.shared(), addresses: undefined });
    await makePosts(runtime, run, ownNetwork ?? (await shared()), posts);
    // All at once, and the primary not before the others: without addresses, names resolve only once their container runs.
    await Promise.all(posts.toReversed().map((post) => post.start()));
    run.onRunning();
    const ends = posts.map((post, index) => follow(runtime, run, post, restarts, index === 0));
    return await Promise.race([...ends, abort.promise]);
  } finally {
    abort.release();
    await removeAll(runtime, run, posts, ownNetwork);
  }
}

/** Trials of one job lack the same things: the first one tells. */
async function tellAbsences(runtime: Runtime, { job, source }: PoolsRun): Promise<void> {
  if (!tellsForAll(job)) return;
  // An engine that does not answer now fails the attempt that follows.
  const machine = await runtime.engine.machine().catch(() => undefined);
  if (machine === undefined) return;
  runtime.logs.append({ ...source, task: 'service' }, absences(job.spec, job.jobId, machine));
}

/** Between an error of the service and the next attempt. */
const RETRY_AFTER_MS = 1_000;

/** An attempt; one that fails by an error of the service itself, not by the job's fault, may be made again. */
async function attemptOrAgain(runtime: Runtime, run: PoolsRun, restarts: Restarts): Promise<Decision | 'again'> {
  try {
    return await attempt(runtime, run, restarts);
  } catch (error) {
    const isTheirs = error instanceof StartError || run.signal.aborted;
    if (isTheirs || restarts.afterInternalError() === 'job-fails') throw error;
    warn(runtime, run, `Internal error occurred for the current attempt: ${messageOf(error)} The job is tried again.`);
    await runtime.clock.sleep(RETRY_AFTER_MS, run.signal);
    return 'again';
  }
}

/**
 * Runs all replicas of a job until one decides it, with the restarts that `Restarts` allows. Whatever happens, no container
 * and no network is left afterwards. While a job waits to be tried again it is PENDING: our choice, the state is not
 * documented. Throws the signal's reason when that aborts.
 */
export async function runPools(runtime: Runtime, run: PoolsRun): Promise<Decision> {
  const restarts = new Restarts(run.job.spec.scheduling);
  await tellAbsences(runtime, run);
  for (;;) {
    const end = await attemptOrAgain(runtime, run, restarts);
    if (end !== 'again') return end;
    run.signal.throwIfAborted();
    update(runtime, run.record, { state: 'JOB_STATE_PENDING' });
  }
}
