import { untilAborted } from '../abort.ts';
import { messageOf } from '../faults.ts';
import { causeWith } from '../job/cause/cause.ts';
import type { WaitedTooLong } from '../job/failover/wait.ts';
import { followJob } from '../job/follow.ts';
import { settleFully } from '../job/submit/survivor.ts';
import { cancelJob } from '../job/watch/cancel.ts';
import { hasEnded, type Job, locationOf } from '../vertex/jobs.ts';
import type { Ending } from './conclude.ts';
import { type Course, optionsFor } from './course.ts';
import type { Detach } from './follow.ts';

/** How long the end of a job that makes way for another choice is waited for, in milliseconds. */
const MAKE_WAY_MS = 10 * 60_000;

/** A cancelled step may have waited for an answer that was on its way; so much of the runner's 7.5 s is left, in milliseconds. */
const LATE_CANCEL_MS = 2_500;

/** A step that is cancelled between two looks ends what it knows to be its own; undefined where none of it stands for the step. */
export async function endHeard({ run, trail, latest, stands }: Course): Promise<Ending | undefined> {
  const { signal, step, region, log, clock, random } = run;
  const names = trail.names().filter((name) => latest?.options.givenUp?.includes(name) !== true);
  if (!signal.aborted || names.length === 0 || step.inputs.course.onCancel === 'detach') return undefined;
  const jobs = await Promise.all(
    names.map(async (name) => {
      const api = region.vertexIn(locationOf(name));
      const { job } = await cancelJob(name, { api, clock, random, withinMs: LATE_CANCEL_MS });
      log.info(`The job is cancelled${job === undefined ? '' : ` and is ${job.state}`}: ${name}`);
      return job;
    }),
  );
  const job = jobs.find((each) => each?.name === stands);
  const cause = job?.state === 'SUCCEEDED' ? undefined : causeWith(messageOf(signal.reason));
  return job && { job, stopped: undefined, cause };
}

/** A job that is given up has to end before another is made. A step that is cancelled leaves that to post. */
export async function endGivenUp(job: Job, course: Course): Promise<Job> {
  const { region, signal, clock, random } = course.run;
  const api = region.vertexIn(locationOf(job.name));
  const ending = cancelJob(job.name, { api, clock, random, withinMs: MAKE_WAY_MS });
  const { job: last = job, error } = await untilAborted(ending, signal);
  if (error !== undefined && !hasEnded(last)) throw error;
  // It may have come to an end of its own before the request was taken: that is told like any other.
  return hasEnded(last) && last.state !== 'CANCELLED' ? (await toldEnd(last, course)).job : last;
}

/**
 * The step leaves its job. One that nobody followed is left once it is known to be the only one; where it ends by then, that is
 * told like any other end.
 */
export async function left(job: Job, stopped: Detach, course: Course): Promise<Ending> {
  if (stopped.because !== 'wait') return { job, stopped, cause: undefined };
  const last = await settled(job, course);
  return hasEnded(last) ? toldEnd(last, course) : { job: last, stopped, cause: undefined };
}

/** What is told of a job that has ended. */
async function toldEnd(job: Job, course: Course): Promise<Ending> {
  const { latest } = course;
  if (latest === undefined) return { job, stopped: undefined, cause: undefined };
  const options = optionsFor(job, latest.requested, undefined, course, () => false);
  course.followed = await followJob<Detach | WaitedTooLong>(job, options);
  return { job: course.followed.job, stopped: undefined, cause: course.followed.cause };
}

/** The job that stands for the step once no other can turn up: a step that leaves sees to that first. */
async function settled(job: Job, { submitted, latest, run }: Course): Promise<Job> {
  if (submitted === undefined || latest === undefined) return job;
  const leftMs = submitted.quietAt - run.clock.now();
  if (leftMs > 0) {
    run.log.info(
      `For ${Math.ceil(leftMs / 1_000)} s more the step looks whether this is its only job; then it leaves it.`,
    );
  }
  return settleFully({ ...submitted, job }, latest.options);
}

/** Whether the job ended and no other can turn up any more. */
export const isOver = (job: Job, { submitted, run }: Course) =>
  hasEnded(job) && submitted !== undefined && run.clock.now() >= submitted.quietAt;
