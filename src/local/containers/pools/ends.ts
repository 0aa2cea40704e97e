import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Decision } from '../../resources/types.ts';
import type { ContainerExit } from '../engine/engine-exit.ts';
import type { Post } from '../replica/post.ts';
import type { Runtime } from '../runtime.ts';
import { type PoolsRun, warn } from './pools-run.ts';
import { type Restarts, restartNote } from './restarts.ts';

/** What comes of a replica's end: the job's own, or another attempt. */
export type Found = (Decision & { readonly exit: ContainerExit }) | 'again';

/** Rejects with the signal's reason when it aborts; never resolves. */
export function aborted(signal: AbortSignal): { readonly promise: Promise<never>; readonly release: () => void } {
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

/**
 * Follows a replica through its restarts. Gives the exit that decides the job, or `again` where all of it is to be run once
 * more; never resolves for one that ends well and is not the primary, since the others go on without it.
 */
export async function follow(
  runtime: Runtime,
  run: PoolsRun,
  post: Post,
  restarts: Restarts,
  isPrimary: boolean,
): Promise<Found> {
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

/** An end that is found later than it came. */
function endedThen(end: Found): Found {
  if (end === 'again') return end;
  const { finishedMs = Number.NaN } = end.exit;
  return finishedMs > 0 ? { ...end, endedMs: finishedMs } : end;
}

/**
 * The first of the ends of replicas that decides the job. The job is told to be running before, but for one that ended while
 * the service was not there: that was in time, whenever it is found.
 */
export async function firstEnd(
  run: PoolsRun,
  ends: readonly Promise<Found>[],
  earlier: readonly Post[],
): Promise<Found> {
  const first = Promise.race(ends);
  if (earlier.length > 0) {
    const settled = Promise.all(earlier.map((post) => post.exit())).then(() => nextTurn());
    const found = await Promise.race([first, settled]);
    if (found !== undefined && run.record.resource.startTime !== undefined) return endedThen(found);
  }
  run.onRunning();
  return first;
}
