import type { Scheduling } from '../../../vertex/types.ts';
import type { ContainerExit } from '../engine/engine-exit.ts';

/** What follows the end of a replica with a code other than 0: it runs again, all of the job's do, or the job fails. */
export type Course = 'replica-again' | 'job-again' | 'job-fails';

/** "Up to five restarts per worker" (understanding-training-service, non-zero exits). */
export const MOST_REPLICA_RESTARTS = 5;
/** "Up to three times" (the same page, non-zero exits and user code exceptions). */
export const MOST_JOB_RETRIES = 3;
/** "Three attempts in total" (the same page, internal errors). */
export const MOST_INTERNAL_RETRIES = 2;

/** The exit codes that the page takes for transient: SIGABRT and SIGSEGV, with and without a shell's 128. */
const TRANSIENT: ReadonlyMap<number, string> = new Map([
  [6, 'SIGABRT'],
  [134, 'SIGABRT'],
  [11, 'SIGSEGV'],
  [139, 'SIGSEGV'],
]);

/**
 * The restarts of one job, by the rules of understanding-training-service:
 * - a user code exception or lack of memory is permanent, but a transient exit code has the whole job tried again;
 * - any other end of a replica has it restarted, and the whole job tried again when its restarts are used up;
 * - `restartJobOnWorkerRestart` restarts all replicas with the one, `disableRetries` overrules it and all of the above.
 * A container that somebody else ended is all that can end in any other way here: its program did nothing wrong.
 * Both kinds of retries count as one sum, and each gives the replicas their restarts anew: the page does not say.
 */
export class Restarts {
  readonly #scheduling: Scheduling;
  readonly #ofReplica = new Map<string, number>();
  #ofJob = 0;
  #internal = 0;

  constructor(scheduling: Scheduling = {}) {
    this.#scheduling = scheduling;
  }

  /** Decides, and counts what it decides. */
  after(replica: string, exit: ContainerExit): Course {
    if (this.#scheduling.disableRetries === true) return 'job-fails';
    if (exit.endedByOthers === true) return this.#replicaAgain(replica);
    if (!exit.oomKilled && TRANSIENT.has(exit.exitCode)) return this.#jobAgain();
    return 'job-fails';
  }

  /** The same after an error of the service itself. */
  afterInternalError(): Course {
    if (this.#scheduling.disableRetries === true || this.#internal >= MOST_INTERNAL_RETRIES) return 'job-fails';
    this.#internal += 1;
    return 'job-again';
  }

  #replicaAgain(replica: string): Course {
    const before = this.#ofReplica.get(replica) ?? 0;
    if (before >= MOST_REPLICA_RESTARTS) return this.#jobAgain();
    this.#ofReplica.set(replica, before + 1);
    return this.#scheduling.restartJobOnWorkerRestart === true ? 'job-again' : 'replica-again';
  }

  #jobAgain(): Course {
    if (this.#ofJob >= MOST_JOB_RETRIES) return 'job-fails';
    this.#ofJob += 1;
    this.#ofReplica.clear();
    return 'job-again';
  }
}

/** What the job's log says of a restart. */
export function restartNote(replica: string, exit: ContainerExit, course: Exclude<Course, 'job-fails'>): string {
  const signal = TRANSIENT.get(exit.exitCode);
  const why = exit.endedByOthers === true ? ', ended from outside' : signal === undefined ? '' : ` (${signal})`;
  const next = course === 'job-again' ? 'The job is tried again.' : 'The replica is restarted.';
  return `The replica ${replica} exited with a non-zero status of ${exit.exitCode}${why}. ${next}`;
}
