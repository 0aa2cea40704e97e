import { messageOf } from '../../../faults.ts';
import type { LeftJob } from '../../life/left.ts';
import type { Decision } from '../../resources/types.ts';
import { JOB_LABEL, REPLICA_LABEL, SERVICE_LABEL } from '../engine/labels.ts';
import type { JobNetwork } from '../engine/networks.ts';
import { StartError } from '../failure.ts';
import { seatsOf, tellsForAll } from '../replica/environment.ts';
import { Post } from '../replica/post.ts';
import { bucketsOf, type ReplicaPlan, replicaPlan, type Surroundings } from '../replica/replica-plan.ts';
import { type Runtime, update } from '../runtime.ts';
import { absences } from './absent.ts';
import { takeUp } from './adopt.ts';
import { aborted, firstEnd, follow } from './ends.ts';
import { type PoolsRun, warn } from './pools-run.ts';
import { Restarts } from './restarts.ts';

/** Makes the replicas' containers, or adopts those that are `left` of all of them. */
async function makePosts(
  runtime: Runtime,
  run: PoolsRun,
  network: JobNetwork,
  left: LeftJob | undefined,
  made: Post[],
): Promise<void> {
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
    const container = left?.containers.get(plan.name)?.id;
    if (container === undefined) signal.throwIfAborted();
    const setting = { runtime, plan, around: await around(plan, index), source: run.source };
    made.push(container === undefined ? await Post.create(setting) : Post.adopt(setting, container));
  }
}

/** Removes the containers, what is `left` and was never adopted too, and the job's own network. */
async function removeAll(
  runtime: Runtime,
  run: PoolsRun,
  posts: readonly Post[],
  network: { readonly id: string } | undefined,
  left: LeftJob | undefined,
): Promise<void> {
  const { engine } = runtime;
  const names = new Set(posts.map(({ name }) => name));
  const others = [...(left?.containers ?? [])].filter(([name]) => !names.has(name));
  const removals = [...posts.map((post) => post.remove()), ...others.map(([, { id }]) => engine.remove(id))];
  const results = await Promise.allSettled(removals);
  if (network !== undefined) results.push(...(await Promise.allSettled([engine.removeNetwork(network.id)])));
  for (const result of results) {
    if (result.status === 'rejected')
      warn(runtime, run, `A container could not be removed: ${messageOf(result.reason)}`);
  }
}

/** The network of a job's containers; its own one is removed with them. */
async function networkOf({ networks }: Runtime, { job }: PoolsRun, left: LeftJob | undefined) {
  const { length } = seatsOf(job.spec);
  if (left?.network !== undefined) return { network: await networks.takeUp(left.network, length), isOwn: true };
  if (length > 1) return { network: await networks.forJob(job.jobId, length), isOwn: true };
  return { network: { id: await networks.shared(), addresses: undefined }, isOwn: false };
}

/**
 * Runs all replicas once, single ones as often as their restarts allow; goes on with those that are `left`. No container and
 * no network is there afterwards.
 */
async function attempt(
  runtime: Runtime,
  run: PoolsRun,
  restarts: Restarts,
  left: LeftJob | undefined,
): Promise<Decision | 'again'> {
  const posts: Post[] = [];
  const abort = aborted(run.signal);
  let own: JobNetwork | undefined;
  try {
    if (left === undefined) run.signal.throwIfAborted();
    const { network, isOwn } = await networkOf(runtime, run, left);
    if (isOwn) own = network;
    await makePosts(runtime, run, network, left, posts);
    // All at once, and the primary not before the others: without addresses, names resolve only once their container runs.
    if (left === undefined) await Promise.all(posts.toReversed().map((post) => post.start()));
    const ends = posts.map((post, index) => follow(runtime, run, post, restarts, index === 0));
    const earlier = posts.filter(({ name }) => left?.containers.get(name)?.state === 'exited');
    const end = await Promise.race([firstEnd(run, ends, earlier), abort.promise]);
    if (end !== 'again') runtime.journal?.decided(run.record, { endedMs: runtime.clock.now(), ...end });
    return end;
  } finally {
    abort.release();
    await removeAll(runtime, run, posts, own ?? left?.network, left);
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
async function attemptOrAgain(
  runtime: Runtime,
  run: PoolsRun,
  restarts: Restarts,
  left: LeftJob | undefined,
): Promise<Decision | 'again'> {
  try {
    return await attempt(runtime, run, restarts, left);
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
  const earlier = await takeUp(runtime, run);
  if (earlier === undefined) await tellAbsences(runtime, run);
  if (earlier !== undefined && 'exit' in earlier) return earlier;
  let left = earlier;
  for (;;) {
    const end = await attemptOrAgain(runtime, run, restarts, left);
    if (end !== 'again') return end;
    left = undefined;
    run.signal.throwIfAborted();
    update(runtime, run.record, { state: 'JOB_STATE_PENDING' });
  }
}
