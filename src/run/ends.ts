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

/** A step that is cancelled between two looks ends what it knows to be its own; undefined where that is nothing. */
export async function endHeard({ run, trail, latest }: Course): Promise<Ending | undefined> {
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
  const job = jobs.findLast((each) => each !== undefined);
  return job && { job, stopped: undefined, cause: causeWith(messageOf(signal.reason)) };
}

/** A job that is given up has to end before another is made. A step that is cancelled leaves that to post. */
export async function endGivenUp(job: Job, course: Course): Promise<Job> {
  const { region, signal, clock, random } = course.run;
  const api = region.vertexIn(locationOf(job.name));
  const ending = cancelJob(job.name, { api, clock, random, withinMs: MAKE_WAY_MS });
  const { job: last = job, error } = await untilAborted(ending, signal);
  if (error !== undefined && !hasEnded(last)) throw error;
  if (!hasEnded(last) || last.state === 'CANCELLED' || course.latest === undefined) return last;
  // It came to an end of its own before the request was taken: that is told like any other.
  const options = optionsFor(last, course.latest.requested, undefined, course);
  course.followed = await followJob<Detach | WaitedTooLong>(last, options);
  return course.followed.job;
}

/** The job that stands for the step once no other can turn up: a step that leaves sees to that first. */
export async function settled(job: Job, { submitted, latest, run }: Course): Promise<Job> {
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
