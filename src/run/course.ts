import type { WaitedTooLong } from '../job/failover/wait.ts';
import type { Followed, FollowOptions } from '../job/follow.ts';
import type { SubmitOptions, Submitted } from '../job/submit/submit.ts';
import { timeLimitOf } from '../job/watch/deadline.ts';
import { onceAllowed, type Until } from '../job/watch/until.ts';
import type { Job } from '../vertex/jobs.ts';
import { type Detach, detachOf, followOptions } from './follow.ts';
import type { Requested } from './request.ts';
import type { Run } from './run.ts';
import { newTrail, type Trail } from './trail.ts';

/** What the course of a job knows from one choice to the next. */
export interface Course {
  readonly run: Run;
  readonly all: readonly Requested[];
  readonly trail: Trail;
  readonly detach: Until<Detach> | undefined;
  /** Name of the job that stands for the step, as far as is known. */
  stands: string | undefined;
  latest: { readonly requested: Requested; readonly options: SubmitOptions } | undefined;
  submitted: Submitted | undefined;
  followed: Followed<Detach | WaitedTooLong> | undefined;
}

export function newCourse(run: Run, all: readonly Requested[]): Course {
  const parents = all.map(({ request }) => request.parent);
  const trail = newTrail(parents, run.saveState);
  const detach = run.step.inputs.wait ? detachOf(run) : undefined;
  return { run, all, trail, detach, stands: undefined, latest: undefined, submitted: undefined, followed: undefined };
}

/** How a job of one of the choices is followed. */
export function optionsFor(
  job: Job,
  { request }: Requested,
  until: Until<WaitedTooLong> | undefined,
  { run, detach }: Course,
  isSettled: () => boolean,
): FollowOptions<Detach | WaitedTooLong> {
  // A step that leaves has seen to it that the job is its only one: until then it follows it.
  const leave = detach && onceAllowed(isSettled, detach);
  return followOptions<WaitedTooLong>(run, job, leave, { study: studyOf(run), limit: timeLimitOf(request), until });
}

function studyOf({ plan, step }: Run) {
  const { study } = plan.draft;
  if (study === undefined) return undefined;
  const { onMissingMetric } = step.inputs.course;
  return {
    metrics: study.studySpec.metrics,
    maxTrials: study.maxTrialCount,
    onMissingMetric,
    tagsInCode: plan.tagsInCode,
  };
}
