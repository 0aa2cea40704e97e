import { requestTokenEnd } from '../inputs/id-token.ts';
import type { FollowOptions, StudyWatch } from '../job/follow.ts';
import type { TimeLimit } from '../job/watch/deadline.ts';
import type { DetachMoment } from '../job/watch/detach.ts';
import { detachMoment } from '../job/watch/detach.ts';
import { anyOf, atMoment, type Until } from '../job/watch/until.ts';
import { jobOutputs } from '../report/outputs.ts';
import { type Job, locationOf } from '../vertex/jobs.ts';
import { pagesOf } from './page.ts';
import type { Base } from './run.ts';

/** The step leaves the job, which runs on, to a later one. */
export interface Detach {
  readonly kind: 'detach';
  /** `wait`: it was not to be waited for in the first place. */
  readonly because: DetachMoment['because'] | 'wait';
}

export interface Following<T> {
  readonly study: StudyWatch | undefined;
  readonly limit: TimeLimit | undefined;
  readonly until: Until<T> | undefined;
}

/** How this step follows a job, whether it made it or not; it leaves the job at `detach`. */
export function followOptions<T>(
  base: Base,
  job: Job,
  detach: Until<Detach> | undefined,
  { study, limit, until }: Following<T>,
): FollowOptions<T | Detach> {
  const { step, region, log, signal, clock, random } = base;
  const { course, projectId } = step.inputs;
  const all: Until<T | Detach>[] = [...(until === undefined ? [] : [until]), ...(detach === undefined ? [] : [detach])];
  return {
    api: region.vertexIn(locationOf(job.name)),
    logging: region.logging,
    project: projectId,
    clock,
    random,
    tempo: region.tempo,
    log,
    signal,
    onCancel: course.onCancel,
    logs: course.logs,
    tell: (source, text) => {
      log.untrusted(source, text);
      return base.drained();
    },
    study,
    limit,
    until: all.length === 0 ? undefined : anyOf(...all),
    onSeen: outputsOf(base),
  };
}

/** Keeps the outputs true to the job's state: the step may be killed at any moment. */
function outputsOf({ step, setOutputs }: Base): (job: Job) => void {
  let told = '';
  return (job) => {
    if (job.state === told) return;
    told = job.state;
    setOutputs(jobOutputs(job, pagesOf(step, job)));
  };
}

/** When this step leaves a job that still runs. Never where the job ends with the step. */
export function detachOf({ step, log, startedAt, env }: Base): Until<Detach> | undefined {
  const { inputs, standingLocal } = step;
  if (inputs.region === 'local' && !standingLocal) return undefined;
  const seconds = inputs.course.detachAfterSeconds;
  const { at, because, warning } = detachMoment({
    startedAt,
    tokenEnd: signsInByWorkflow(step, env) ? requestTokenEnd(env) : undefined,
    after: seconds === undefined ? undefined : seconds * 1_000,
  });
  if (warning !== undefined) log.warning(warning);
  return atMoment(at, { kind: 'detach', because });
}

/** Whether the sign-in lives on the workflow job's token: by a provider of this step's, or of google-github-actions/auth. */
const signsInByWorkflow = ({ inputs }: Base['step'], env: Base['env']) =>
  inputs.signIn.workloadIdentityProvider !== undefined || Boolean(env['GOOGLE_GHA_CREDS_PATH']);
