import { InputError } from './faults.ts';
import { ApiError } from './google/api-error.ts';
import type { MadeImage } from './image/image.ts';
import { readStep, type Step } from './inputs/step.ts';
import { type FollowOptions, followJob } from './job/follow.ts';
import { submitJob } from './job/submit.ts';
import type { Log } from './log.ts';
import { type JobPlan, withImage } from './plan/job.ts';
import { judgePlan, type Plan } from './plan/plan.ts';
import { refusalFaults } from './plan/vertex-errors.ts';
import { setOutputs, writeSummary, writeTrials } from './report/conclude.ts';
import { consoleUrl, jobOutputs, trialOutputs } from './report/outputs.ts';
import { imageSummary, metricsOf, summaryOf } from './report/summary.ts';
import { dryRunSummary, JobFailedError, requestText, tellFailure, tellPlan } from './report/tell.ts';
import { systemClock } from './retry.ts';
import { buildImage } from './run/image.ts';
import { checkNetwork } from './run/preflight.ts';
import type { Run } from './run/run.ts';
import { actionsLog } from './runner/actions-log.ts';
import { openRegion } from './runner/open-region.ts';
import { cancelSignal } from './runner/signals.ts';
import { saveState } from './runner/state.ts';
import { hasEnded, type Job } from './vertex/jobs.ts';

/** Inputs, plan, image, submit, watch, report. */
async function train(log: Log, signal: AbortSignal): Promise<void> {
  const step = readStep(process.env);
  const verdict = judgePlan(step);
  await tellPlan(verdict, log);
  const { plan } = verdict;
  if (plan === undefined) throw new InputError(verdict.errors);
  if (step.inputs.dryRun) return tellDryRun(plan, log);
  const run: Run = { step, plan, region: await openRegion(step, log), log, signal };
  let mayLive = false;
  try {
    const { request, projectNumber } = await checkNetwork(run);
    const image = await buildImage(run, projectNumber);
    if (!step.inputs.submit) return await leaveUnsubmitted(run, image);
    mayLive = true;
    const job = await submit(run, image === undefined ? request : withImage(request, image.reference, plan.built));
    mayLive = !hasEnded(step.inputs.wait ? await follow(run, job, image) : await detach(run, job, image));
  } finally {
    if (!mayLive) await run.region.close();
  }
}

async function tellDryRun(plan: Plan, log: Log): Promise<void> {
  log.info(requestText(plan));
  log.notice('Dry run: nothing was built, pushed or submitted.');
  await writeSummary(dryRunSummary(plan));
}

async function leaveUnsubmitted({ plan, log }: Run, image: MadeImage | undefined): Promise<void> {
  log.info('submit is false: the image is at hand, and this step ends here.');
  if (image !== undefined) await writeSummary(imageSummary(plan, image));
}

async function submit({ step, plan, region, log, signal }: Run, request: JobPlan): Promise<Job> {
  signal.throwIfAborted();
  saveState('parent', request.parent);
  saveState('collection', request.collection);
  saveState('labels', request.resource.labels ?? {});
  const job = await accepted(plan, submitJob(region.vertex, request, log));
  saveState('job', job.name);
  const page = pageOf(step, job);
  setOutputs(jobOutputs(job, page));
  log.notice(`Submitted ${job.name}${page === '' ? '' : `: ${page}`}`);
  return job;
}

/** Field errors of the API become findings on the inputs that the fields came from. */
async function accepted(plan: Plan, submitted: Promise<Job>): Promise<Job> {
  try {
    return await submitted;
  } catch (error) {
    const faults =
      error instanceof ApiError && error.httpStatus === 400 ? refusalFaults(error.message, plan.origins) : [];
    throw faults.length === 0 ? error : new InputError(faults, 'refused', { cause: error });
  }
}

const pageOf = ({ inputs }: Step, job: Job) => consoleUrl(job, inputs.region, inputs.projectId);

async function detach({ step, plan, log }: Run, job: Job, image: MadeImage | undefined): Promise<Job> {
  saveState('settled', true);
  log.info('wait is false: the job runs on, and this step ends here.');
  await writeSummary(summaryOf({ plan, job, image, consoleUrl: pageOf(step, job), cause: undefined }));
  return job;
}

async function follow(run: Run, submitted: Job, image: MadeImage | undefined): Promise<Job> {
  const { step, plan, region, log, signal } = run;
  const page = pageOf(step, submitted);
  const options: FollowOptions = {
    api: region.vertex,
    logging: region.logging,
    project: step.inputs.projectId,
    clock: systemClock,
    cadence: region.cadence,
    log,
    signal,
    onSeen: (seen) => {
      if (hasEnded(seen)) saveState('settled', true);
    },
  };
  const { job, cause } = await followJob(submitted, options);
  setOutputs({ ...jobOutputs(job, page), ...trialOutputs(job, metricsOf(plan)) });
  if (job.trials.length > 0) setOutputs({ trials_file: writeTrials(job, step.tempFolder) });
  await writeSummary(summaryOf({ plan, job, image, consoleUrl: page, cause }));
  if (cause !== undefined) {
    if (hasEnded(job)) await region.close();
    throw new JobFailedError(job, cause);
  }
  return job;
}

/** Runs the step; gives its exit code. */
export async function main(): Promise<number> {
  const log = actionsLog();
  try {
    await train(log, cancelSignal());
    return 0;
  } catch (error) {
    tellFailure(error, log);
    return 1;
  }
}
