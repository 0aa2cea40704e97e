import { messageOf } from '../../faults.ts';
import type { JobStateWord, Status } from '../../vertex/types.ts';
import { RPC_CODES } from '../api/errors.ts';
import type { ContainerExit } from './engine/engine-exit.ts';

/** A job's image is neither here nor to be had. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}

/** A replica's container could not be made or started, by the fault of its image or command. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Whether the user cancelled it, its time was up, or the tuning job that it is a trial of failed. */
type StopKind = 'cancelled' | 'timeout' | 'failed';

/** Why a job's run was broken off: the reason that its signal aborts with. */
export class JobStopped extends Error {
  override readonly name = 'JobStopped';
  readonly kind: StopKind;

  constructor(kind: StopKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** How a job ends. */
export interface Ending {
  readonly state: JobStateWord;
  readonly error?: Status | undefined;
}

/** The platform itself ends the job, whatever its program does: the reason that its signal aborts with. */
export class JobEnded extends Error {
  override readonly name = 'JobEnded';
  readonly ending: Ending;

  constructor(ending: Ending) {
    super(ending.error?.message ?? `The job is ${ending.state}.`);
    this.ending = ending;
  }
}

/** The job's machines failed it, with an error that is the job's as it stands. */
export class MachineError extends Error {
  override readonly name = 'MachineError';
  readonly status: Status;

  constructor(status: Status) {
    super(status.message);
    this.status = status;
  }
}

/** Where the real service links to its console, whose pages know nothing of a local job: the filter that the link holds. */
function whereToLook(logJobId: string): string {
  return `To find out more about why your job exited please check the logs: resource.type="ml_job" resource.labels.job_id="${logJobId}"`;
}

/** The error of a job whose replica ended with a code other than 0, in the real service's words. */
export function exitStatus(replica: string, exit: ContainerExit, logJobId: string): Status {
  const code = RPC_CODES.INVALID_ARGUMENT.number;
  const what = exit.oomKilled
    ? `The replica ${replica} ran out of memory and exited with a non-zero status of ${exit.exitCode}.`
    : `The replica ${replica} exited with a non-zero status of ${exit.exitCode}. Termination reason: Error.`;
  return { code, message: `${what} ${whereToLook(logJobId)}` };
}

/**
 * The text about a replica whose container could not be started, in the real service's words (observed: vertex-ai-samples
 * #1898); the engine's own stand where those of the service's engine do.
 */
export function startMessage(replica: string, words: string): string {
  return `The replica ${replica} exited with a non-zero status of 128. Termination reason: StartError. \n Termination log message: ${words}`;
}

/**
 * The error of a cancelled job, by the reason that its signal aborted with. The service's full text is not known; that it
 * holds the word CANCELED is.
 */
export function cancelledStatus(reason?: unknown): Status {
  const text =
    reason instanceof JobStopped && reason.kind === 'failed'
      ? 'The trial was stopped because its tuning job failed.'
      : 'The job was cancelled by the user.';
  return { code: RPC_CODES.CANCELLED.number, message: `CANCELED: ${text}` };
}

/** How a job ends that was broken off, by the reason that its signal aborted with, and what its log says of it. */
export function stoppedEnding(reason?: unknown): Ending & { readonly text: string; readonly severity: string } {
  if (reason instanceof JobEnded) {
    const { ending, message } = reason;
    return { ...ending, text: message, severity: ending.error === undefined ? 'INFO' : 'ERROR' };
  }
  return { state: 'CANCELLED', error: cancelledStatus(reason), text: 'Job is cancelled.', severity: 'INFO' };
}

/** The error of a job that something else than its program ended. */
export function troubleStatus(error: unknown): Status {
  if (error instanceof JobStopped && error.kind === 'timeout') {
    return { code: RPC_CODES.DEADLINE_EXCEEDED.number, message: `DEADLINE_EXCEEDED: ${error.message}` };
  }
  if (error instanceof MachineError) return error.status;
  if (error instanceof ImageError) return { code: RPC_CODES.NOT_FOUND.number, message: error.message };
  if (error instanceof StartError) return { code: RPC_CODES.INVALID_ARGUMENT.number, message: error.message };
  return {
    code: RPC_CODES.INTERNAL.number,
    message: `Internal error occurred for the current attempt: ${messageOf(error)}`,
  };
}
