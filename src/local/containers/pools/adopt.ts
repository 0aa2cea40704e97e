import type { CustomJob } from '../../../vertex/types.ts';
import { RPC_CODES } from '../../api/errors.ts';
import type { LeftJob } from '../../life/left.ts';
import type { JobRecord } from '../../resources/store.ts';
import type { Decision } from '../../resources/types.ts';
import { MachineError } from '../failure.ts';
import { type JobContext, replicaName, seatsOf } from '../replica/environment.ts';
import type { Runtime } from '../runtime.ts';

/**
 * How a job goes on that an earlier process of the service ran: it had come to its end, its containers are adopted, it had not
 * begun and begins again, or its containers are gone and it fails.
 */
export type Continuation = 'decided' | 'adopt' | 'anew' | 'gone';

/** The engine is about to remove these, or could not. */
const GONE: ReadonlySet<string> = new Set(['removing', 'dead']);

/**
 * Decides by what is left of the job's replicas. A job that waits for another attempt has no containers; one whose containers
 * were made and not all started had not begun.
 */
export function continuation(
  { resource, decision }: JobRecord<CustomJob>,
  replicas: readonly string[],
  { containers }: Pick<LeftJob, 'containers'>,
): Continuation {
  if (decision !== undefined) return 'decided';
  const states = replicas.map((replica) => containers.get(replica)?.state ?? 'removing');
  if (states.every((state) => state !== 'created' && !GONE.has(state))) return 'adopt';
  const isWaiting = resource.state === 'JOB_STATE_PENDING' || resource.state === 'JOB_STATE_QUEUED';
  return resource.startTime === undefined || isWaiting ? 'anew' : 'gone';
}

/** The error of a job whose containers are gone: the code of errors that are not the program's, in words of our own. */
function goneError(): MachineError {
  const message =
    'Internal error occurred: containers of the job were removed while the local service was not running, so that it cannot be known how it went on.';
  return new MachineError({ code: RPC_CODES.INTERNAL.number, message });
}

/** Removes what is left of a job that does not go on with it. */
export async function removeLeft({ engine }: Runtime, { containers, network }: LeftJob): Promise<void> {
  for (const { id } of containers.values()) await engine.remove(id);
  if (network !== undefined) await engine.removeNetwork(network.id);
}

interface TakenUp {
  readonly record: JobRecord<CustomJob>;
  readonly job: JobContext;
  readonly signal: AbortSignal;
}

/**
 * What an earlier process of the service left of the job: containers to go on with, the exit that had decided it, or nothing.
 * Throws `MachineError` where its containers are gone.
 */
export async function takeUp(
  runtime: Runtime,
  { job, record, signal }: TakenUp,
): Promise<LeftJob | Decision | undefined> {
  const left = runtime.left?.take(job.jobId);
  if (left === undefined) return undefined;
  const course = continuation(record, seatsOf(job.spec).map(replicaName), left);
  if (course === 'adopt') return left;
  if (course === 'decided') {
    // How it ended is known, whatever the engine says now: what it does not remove goes when the service ends.
    await removeLeft(runtime, left).catch(() => {});
    return record.decision;
  }
  await removeLeft(runtime, left);
  signal.throwIfAborted();
  if (course === 'gone') throw goneError();
  return undefined;
}
