import type { MadeImage } from '../image/image.ts';
import { type Choice, choiceText } from '../job/failover/choices.ts';
import { failOver } from '../job/failover/fail-over.ts';
import type { Verdict } from '../job/failover/verdict.ts';
import type { WaitedTooLong } from '../job/failover/wait.ts';
import { type Followed, followJob } from '../job/follow.ts';
import { tracesOf } from '../job/submit/claim.ts';
import { submitJob } from '../job/submit/submit.ts';
import { followSurvivor } from '../job/submit/survivor.ts';
import { timeLimitOf } from '../job/watch/deadline.ts';
import type { Until } from '../job/watch/until.ts';
import type { PlannedChoice } from '../plan/choices.ts';
import { machineLines } from '../plan/explain.ts';
import { jobOutputs } from '../report/outputs.ts';
import type { Baseline } from '../results/types.ts';
import { hasEnded, type Job, locationOf } from '../vertex/jobs.ts';
import { conclude, type Ending, tellJob } from './conclude.ts';
import { type Course, newCourse, optionsFor } from './course.ts';
import { endGivenUp, endHeard, isOver, left } from './ends.ts';
import type { Detach } from './follow.ts';
import { pagesOf } from './page.ts';
import { type Requested, refusalOf, settingOf, submitOptions } from './request.ts';
import type { Run } from './run.ts';

/** What was there before the job. */
export interface Prepared {
  /** Undefined where every worker pool brings its own. */
  readonly image: MadeImage | undefined;
  readonly baseline: Baseline | undefined;
}

/**
 * The step's job from its submission to the report of its end, or of where the step leaves it; the job as last seen. Throws
 * as runJob does, and JobFailedError where the job did not succeed.
 */
export async function trainOn(run: Run, all: readonly Requested[], { image, baseline }: Prepared): Promise<Job> {
  const ending = await runJob(run, all);
  const choice = choiceOf(ending, all);
  await conclude(run, ending, {
    metrics: run.plan.draft.study?.studySpec.metrics ?? [],
    machines: machineLines(choice),
    image,
    baseline,
    upload: choice.upload,
  });
  return ending.job;
}

/** The choice that the job is of: one of an earlier attempt may be in another region than the choice that found it. */
function choiceOf(
  { job, choice }: Ending & { readonly choice: PlannedChoice },
  all: readonly Requested[],
): PlannedChoice {
  const region = locationOf(job.name);
  const isThere = (each: PlannedChoice) => locationOf(each.job.parent) === region;
  return isThere(choice) ? choice : (all.map((each) => each.choice).find(isThere) ?? choice);
}

/**
 * Submits the job on the first choice that can be had, exactly once, and follows it to its end, or to where this step leaves
 * it. Throws InputError where Vertex AI refused what the inputs ask for, UserError and ApiError as the rooms below do, and the
 * signal's reason where no job was made.
 */
async function runJob(run: Run, all: readonly Requested[]): Promise<Ending & { readonly choice: PlannedChoice }> {
  const course = newCourse(run, all);
  const { trail } = course;
  try {
    const { job, stopped, verdict, choice } = await failOver<Requested, Detach>({
      choices: all.map(asChoice),
      failoverAfterMs: milliseconds(run.step.inputs.course.failoverAfterSeconds),
      clock: run.clock,
      log: run.log,
      settingOf: (choice, words) => settingOf(run, choice.hardware.value, words),
      submit: (choice, givenUp) => submit(choice.hardware.value, givenUp, course),
      follow: (job, _choice, until) => follow(job, until, course),
      end: (job) => endGivenUp(job, course),
    });
    const { cause } = course.followed ?? {};
    const ending = stopped === undefined ? { job, stopped, cause } : await left(job, stopped, course);
    if (ending.stopped !== undefined || isOver(ending.job, course)) trail.settled();
    return { ...withVerdict(ending, verdict), choice: choice.hardware.value.choice };
  } catch (error) {
    const ended = await endHeard(course);
    if (ended !== undefined && course.latest !== undefined) return { ...ended, choice: course.latest.requested.choice };
    throw course.latest === undefined ? error : await refusalOf(error, run, course.latest.requested);
  }
}

/** What fail-over found out of the cause is told in its words. */
function withVerdict(ending: Ending, verdict: Verdict | undefined): Ending {
  const { cause } = ending;
  if (cause === undefined || verdict === undefined || verdict.kind === 'other') return ending;
  return { ...ending, cause: { ...cause, message: verdict.message } };
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
    onJob: trail.heardOf,
    onStanding: (job) => {
      if (job.name === course.stands) return;
      course.stands = job.name;
      // Whatever becomes of this step, the next ones know of the job.
      run.setOutputs(jobOutputs(job, pagesOf(run.step, job)));
    },
    onQuiet: trail.quietAt,
  });
  course.latest = { requested, options };
  course.stands = undefined;
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
  const followed = await followSurvivor(submitted, latest.options, (each, signal, isSettled) =>
    // The result of an earlier attempt is taken as it is: its log was told then.
    submitted.how === 'already-succeeded' && each.name === submitted.job.name
      ? Promise.resolve({ job: each, stopped: undefined, cause: undefined })
      : followJob<Detach | WaitedTooLong>(each, {
          ...optionsFor(each, latest.requested, until, course, isSettled),
          signal,
        }),
  );
  course.followed = followed;
  return followed;
}
