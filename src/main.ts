import { InputError } from './faults.ts';
import type { MadeImage } from './image/image.ts';
import { readStep } from './inputs/step.ts';
import { mapChoices } from './plan/choices.ts';
import { withImage } from './plan/job.ts';
import { judgePlan, type Plan } from './plan/plan.ts';
import { imageSummary } from './report/summary/image.ts';
import { dryRunSummary, requestText, tellFailure, tellPlan } from './report/tell.ts';
import { lookUpBaseline, type Whereabouts } from './run/baseline.ts';
import { runnerEdges } from './run/edges.ts';
import { buildImage } from './run/image.ts';
import { trainOn } from './run/job.ts';
import { checkNetwork } from './run/preflight.ts';
import { tellSummary } from './run/report.ts';
import type { Base, Run } from './run/run.ts';
import { followStanding } from './run/standing.ts';
import { actionsLog } from './runner/actions-log.ts';
import { Masks } from './runner/masks.ts';
import { openRegion } from './runner/open-region.ts';
import { cancelSignal } from './runner/signals.ts';
import { hasEnded, type Job } from './vertex/jobs.ts';

type Start = Omit<Base, 'region'>;

/** Inputs, plan, image, submit, watch, report. */
async function train(start: Start): Promise<void> {
  const { step, log } = start;
  const { job } = step.inputs.course;
  const namesJob = job !== undefined || step.faults.some(({ input }) => input === 'job');
  // Nothing is planned where a job stands already.
  if (namesJob && step.faults.length > 0) throw new InputError(step.faults);
  if (job !== undefined) {
    return inRegion(start, (base, hold) => {
      hold();
      return followStanding(base, job);
    });
  }
  const verdict = judgePlan(step);
  await tellPlan(verdict, log);
  const { plan } = verdict;
  if (plan === undefined) throw new InputError(verdict.errors);
  if (step.inputs.dryRun) return tellDryRun(plan, start);
  await inRegion(start, (base, hold) => buildAndRun({ ...base, plan }, hold));
}

/** Gives the job, once its end was seen; undefined where none was made. */
async function buildAndRun(run: Run, hold: () => void): Promise<Job | undefined> {
  const { step, plan } = run;
  const { requests, projectNumber } = await checkNetwork(run);
  const baseline = step.inputs.submit ? await lookUpBaseline(run, whereabouts(plan)) : undefined;
  const image = await buildImage(run, projectNumber);
  if (!step.inputs.submit) {
    await leaveUnsubmitted(run, image);
    return undefined;
  }
  const requested = plan.choices.flatMap((choice, index) => {
    const request = requests[index];
    if (request === undefined) return [];
    return [{ choice, request: image === undefined ? request : withImage(request, image.reference, plan.built) }];
  });
  hold();
  return await trainOn(run, requested, { image, baseline });
}

const whereabouts = ({ choices }: Plan): Whereabouts => ({
  parents: mapChoices(choices, ({ job }) => job.parent),
  collection: choices[0].job.collection,
});

/**
 * Opens the region for `body` and closes it behind it, but for one that a job may still live in, from `hold` on: post sees to
 * that.
 */
async function inRegion(start: Start, body: (base: Base, hold: () => void) => Promise<Job | undefined>): Promise<void> {
  const region = await openRegion(start.step, start.log);
  let mayLive = false;
  const hold = () => {
    mayLive = true;
  };
  try {
    const job = await body({ ...start, region }, hold);
    mayLive = job !== undefined && !hasEnded(job);
  } finally {
    if (!mayLive) await region.close();
  }
}

async function tellDryRun(plan: Plan, start: Start): Promise<void> {
  const { log } = start;
  log.info(requestText(plan));
  log.notice('Dry run: nothing was built, pushed or submitted.');
  await tellSummary(start, dryRunSummary(plan));
}

async function leaveUnsubmitted(run: Run, image: MadeImage | undefined): Promise<void> {
  run.log.info('submit is false: the image is at hand, and this step ends here.');
  if (image !== undefined) await tellSummary(run, imageSummary(run.plan, image));
}

/** Runs the step; gives its exit code. */
export async function main(): Promise<number> {
  const masks = new Masks();
  const log = actionsLog(masks);
  try {
    const signal = cancelSignal();
    const edges = runnerEdges(masks, log);
    await train({
      ...edges,
      step: readStep(process.env, undefined, log.mask),
      log,
      signal,
      startedAt: edges.clock.now(),
    });
    return 0;
  } catch (error) {
    tellFailure(error, log);
    return 1;
  }
}
