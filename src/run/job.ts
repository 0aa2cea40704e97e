import { untilAborted } from '../abort.ts';
import { messageOf } from '../faults.ts';
import { causeWith } from '../job/cause/cause.ts';
import { type Choice, choiceText } from '../job/failover/choices.ts';
import { failOver } from '../job/failover/fail-over.ts';
import type { WaitedTooLong } from '../job/failover/wait.ts';
import { type Followed, type FollowOptions, followJob } from '../job/follow.ts';
import { tracesOf } from '../job/submit/claim.ts';
import type { SubmitOptions, Submitted } from '../job/submit/submit.ts';
import { submitJob } from '../job/submit/submit.ts';
import { followSurvivor, settleFully } from '../job/submit/survivor.ts';
import { cancelJob } from '../job/watch/cancel.ts';
import { timeLimitOf } from '../job/watch/deadline.ts';
import type { Until } from '../job/watch/until.ts';
import type { PlannedChoice } from '../plan/choices.ts';
import { setOutputs } from '../report/conclude.ts';
import { jobOutputs } from '../report/outputs.ts';
import { metricsOf } from '../report/summary.ts';
import { systemClock } from '../retry.ts';
import { hasEnded, type Job, locationOf } from '../vertex/jobs.ts';
import { type Ending, tellJob } from './conclude.ts';
import { type Detach, detachOf, followOptions } from './follow.ts';
import { pageOf } from './page.ts';
import { type Requested, refusalOf, settingOf, submitOptions } from './request.ts';
import type { Run } from './run.ts';
import { newTrail, type Trail } from './trail.ts';

/** How long the end of a job that makes way for another choice is waited for, in milliseconds. */
const MAKE_WAY_MS = 10 * 60_000;

/** A cancelled step may have waited for an answer that was on its way; so much of the runner's 7.5 s is left, in milliseconds. */
const LATE_CANCEL_MS = 2_500;

/** What the course of a job knows from one choice to the next. */
interface Course {
  readonly run: Run;
  readonly all: readonly Requested[];
  readonly trail: Trail;
  readonly detach: Until<Detach> | undefined;
  latest: { readonly requested: Requested; readonly options: SubmitOptions } | undefined;
  submitted: Submitted | undefined;
  followed: Followed<Detach | WaitedTooLong> | undefined;
}

/**
 * Submits the job on the first choice that can be had, exactly once, and follows it to its end, or to where this step leaves
 * it. Throws InputError where Vertex AI refused what the inputs ask for, UserError and ApiError as the rooms below do, and the
 * signal's reason where no job was made.
 */
export async function runJob(
  run: Run,
  all: readonly Requested[],
): Promise<Ending & { readonly choice: PlannedChoice }> {
  const trail = newTrail(all.map(({ request }) => request.parent));
  const detach = run.step.inputs.wait ? detachOf(run) : undefined;
  const course: Course = { run, all, trail, detach, latest: undefined, submitted: undefined, followed: undefined };
  try {
    const { job, stopped, verdict, choice } = await failOver<Requested, Detach>({
      choices: all.map(asChoice),
      failoverAfterMs: milliseconds(run.step.inputs.course.failoverAfterSeconds),
      clock: systemClock,
      log: run.log,
      settingOf: (choice, words) => settingOf(run, choice.hardware.value, words),
      submit: (choice, givenUp) => submit(choice.hardware.value, givenUp, course),
      follow: (job, _choice, until) => follow(job, until, course),
      end: (job) => endGivenUp(job, course),
    });
    const last = stopped === undefined ? job : await settled(job, course);
    if (stopped !== undefined || isOver(last, course)) trail.settled();
    const { cause } = course.followed ?? {};
    const told = cause !== undefined && verdict !== undefined && verdict.kind !== 'other';
    return {
      choice: choice.hardware.value.choice,
      job: last,
      stopped,
      cause: told ? { ...cause, message: verdict.message } : cause,
    };
  } catch (error) {
    const ended = await endHeard(course);
    if (ended !== undefined && course.latest !== undefined) return { ...ended, choice: course.latest.requested.choice };
    throw course.latest === undefined ? error : await refusalOf(error, run, course.latest.requested);
  }
}

/** A step that is cancelled between two looks ends what it knows to be its own; undefined where that is nothing. */
async function endHeard({ run, trail, latest }: Course): Promise<Ending | undefined> {
  const { signal, step, region, log } = run;
  const names = trail.names().filter((name) => latest?.options.givenUp?.includes(name) !== true);
  if (!signal.aborted || names.length === 0 || step.inputs.course.onCancel === 'detach') return undefined;
  const jobs = await Promise.all(
    names.map(async (name) => {
      const api = region.vertexIn(locationOf(name));
      const { job } = await cancelJob(name, { api, clock: systemClock, withinMs: LATE_CANCEL_MS });
      log.info(`The job is cancelled${job === undefined ? '' : ` and is ${job.state}`}: ${name}`);
      return job;
    }),
  );
  const job = jobs.findLast((each) => each !== undefined);
  return job && { job, stopped: undefined, cause: causeWith(messageOf(signal.reason)) };
}

const milliseconds = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1_000);

const asChoice = (requested: Requested): Choice<Requested> => {
  const { region, hardware, quotaGroup } = requested.choice;
  return { region, hardware: { value: requested, name: hardware, quotaGroup } };
};

async function submit(requested: Requested, givenUp: readonly string[], course: Course): Promise<Job> {
  const { run, all, trail } = course;
  run.signal.throwIfAborted();
  const options = submitOptions(run, requested, all, {
    givenUp,
    onJob: (job) => {
      trail.heardOf(job);
      // Whatever becomes of this step, the next ones know of the job.
      setOutputs(jobOutputs(job, pageOf(run.step, job)));
    },
    onQuiet: trail.quietAt,
  });
  course.latest = { requested, options };
  trail.asksFor(tracesOf(requested.request), givenUp);
  const submitted = await submitJob(options);
  course.submitted = submitted;
  trail.quietAt(submitted.quietAt);
  const { choice, request } = requested;
  if (all.length > 1) run.log.info(`The job runs on ${choiceText(asChoice(requested))}.`);
  tellJob(run, submitted, choice.region === 'local' ? undefined : timeLimitOf(request));
  return submitted.job;
}

async function follow(
  job: Job,
  until: Until<WaitedTooLong> | undefined,
  course: Course,
): Promise<Followed<Detach | WaitedTooLong>> {
  const { run, submitted, latest } = course;
  if (submitted === undefined || latest === undefined) throw new Error('a job is followed that was not submitted');
  if (!run.step.inputs.wait && !hasEnded(job))
    return { job, stopped: { kind: 'detach', because: 'wait' }, cause: undefined };
  const followed = await followSurvivor(submitted, latest.options, (each, signal) =>
    // The result of an earlier attempt is taken as it is: its log was told then.
    submitted.how === 'already-succeeded' && each.name === submitted.job.name
      ? Promise.resolve({ job: each, stopped: undefined, cause: undefined })
      : followJob<Detach | WaitedTooLong>(each, { ...optionsFor(each, latest.requested, until, course), signal }),
  );
  course.followed = followed;
  return followed;
}

function optionsFor(
  job: Job,
  { request }: Requested,
  until: Until<WaitedTooLong> | undefined,
  { run, detach }: Course,
): FollowOptions<Detach | WaitedTooLong> {
  return followOptions<WaitedTooLong>(run, job, detach, { study: studyOf(run), limit: timeLimitOf(request), until });
}

function studyOf({ plan, step }: Run) {
  const { study } = plan.draft;
  if (study === undefined) return undefined;
  const { onMissingMetric } = step.inputs.course;
  return { metrics: metricsOf(plan), maxTrials: study.maxTrialCount, onMissingMetric, tagsInCode: plan.tagsInCode };
}

/** A job that is given up has to end before another is made. A step that is cancelled leaves that to post. */
async function endGivenUp(job: Job, course: Course): Promise<Job> {
  const { region, signal } = course.run;
  const api = region.vertexIn(locationOf(job.name));
  const ending = cancelJob(job.name, { api, clock: systemClock, withinMs: MAKE_WAY_MS });
  const { job: last = job, error } = await untilAborted(ending, signal);
  if (error !== undefined && !hasEnded(last)) throw error;
  if (!hasEnded(last) || last.state === 'CANCELLED' || course.latest === undefined) return last;
  // It came to an end of its own before the request was taken: that is told like any other.
  const options = optionsFor(last, course.latest.requested, undefined, course);
  course.followed = await followJob<Detach | WaitedTooLong>(last, options);
  return course.followed.job;
}

/** The job that stands for the step once no other can turn up: a step that leaves sees to that first. */
async function settled(job: Job, { submitted, latest, run }: Course): Promise<Job> {
  if (submitted === undefined || latest === undefined) return job;
  const leftMs = submitted.quietAt - systemClock.now();
  if (leftMs > 0) {
    run.log.info(
      `For ${Math.ceil(leftMs / 1_000)} s more the step looks whether this is its only job; then it leaves it.`,
    );
  }
  return settleFully({ ...submitted, job }, latest.options);
}

const isOver = (job: Job, { submitted }: Course) =>
  hasEnded(job) && submitted !== undefined && systemClock.now() >= submitted.quietAt;
