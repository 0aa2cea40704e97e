import { UserError } from '../../faults.ts';
import type { Log } from '../../log.ts';
import type { Job } from '../../vertex/jobs.ts';
import { attemptOf } from './claim.ts';
import type { Submitted } from './options.ts';

/** Two steps of one attempt with one identity, and different jobs. */
export function clashError({ name }: Job): UserError {
  return new UserError(
    `Another step of this run has the same identity as this one and asks for another job: ${name}. ` +
      'Give the input job_key of each a value of its own.',
  );
}

/** A later attempt of this run has a job for the step. */
export function overtakenError(job: Job): UserError {
  return new UserError(
    `Attempt ${attemptOf(job)} of this run is at work already: ${job.name}. This attempt makes no job beside it.`,
  );
}

/** An earlier attempt's job lives on `minutes` after it was asked to end. */
export function unendedError(job: Job, minutes: number): UserError {
  return new UserError(
    `The job of an earlier attempt was asked to end and is ${job.state} ${minutes} minutes later: ${job.name}. ` +
      'No other one is made beside it. Cancel it by hand, then run this step again.',
  );
}

/** An earlier attempt's job is still on its way to its end after `minutes`. */
export const unendedText = (job: Job, minutes: number) =>
  `The job of an earlier attempt is still ${job.state} after ${minutes} minutes, and is not waited for any longer: ${job.name}`;

/** An earlier attempt's job is cancelled before another is made. */
export const endedFirstText = (job: Job) =>
  `Attempt ${attemptOf(job)} of this run left a job that this attempt has no use for; it is cancelled first: ${job.name}`;

/** An earlier attempt's job came to nothing. */
export const spentText = (job: Job) =>
  `The job of attempt ${attemptOf(job)} of this run is ${job.state}, so that another one is made: ${job.name}`;

/** One of several jobs of a step is cancelled. */
export const doubleText = (double: Job, survivor: Job) =>
  `${double.name} was made for the same step as ${survivor.name} and is cancelled.`;

/** A job that is to end could not be asked to. */
export const uncancelledText = ({ name }: Job, message: string) =>
  `${name} runs beside the job of this step and could not be cancelled: ${message}. See that it ends.`;

/** How a job came to be this step's, where it was not simply made; `lost` says that an answer to a request was. */
export function tellTaken({ job, how }: Pick<Submitted, 'job' | 'how'>, lost: boolean, log: Log): void {
  const attempt = attemptOf(job);
  if (how === 'attached') {
    log.notice(
      `Attempt ${attempt} of this run left a job that is ${job.state}, and this attempt joins it: ${job.name}. ` +
        'With on_rerun: new it would be cancelled, and another one made.',
    );
  } else if (how === 'already-succeeded') {
    log.notice(
      `The job of attempt ${attempt} of this run has SUCCEEDED, and its result is taken: ${job.name}. ` +
        'With on_rerun: new another one would be made.',
    );
  } else if (how === 'found' && lost) {
    log.info(`The answer to the request was lost, but the job was made: ${job.name}`);
  } else if (how === 'found') {
    log.notice(
      `This attempt of the run has made its job already, and this step joins it: ${job.name}. ` +
        'Where two steps are to make a job each, give the input job_key of each a value of its own.',
    );
  }
}

/** The service is to be asked again: it refused for the time being. */
export const laterText = (message: string) => `The service puts the request off, which is repeated: ${message}`;

/** A request to create got no answer that tells what became of it. */
export const unclearText = (message: string) =>
  `Whether the job was made is not clear, so that it is looked for before it is asked for again: ${message}`;

/** The job that is followed turned out to be the double. */
export const otherStandsText = (followed: Job, standing: Job) =>
  `Another job stands for this step: ${standing.name}, which is ${standing.state}, and not ${followed.name}.`;

/** A look for doubles was not to be had. */
export const noLookText = (message: string) =>
  `Whether another job was made for this step could not be found out: ${message}. Each job carries the same label train-on-vertex-key.`;

/** What post still waits for, for `ms` milliseconds. */
export const waitText = (ms: number) =>
  `For ${Math.ceil(ms / 1_000)} s more a job may turn up that was asked for a moment ago; it is looked for and cancelled.`;
