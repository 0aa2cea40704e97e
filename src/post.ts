import { messageOf, UserError } from './faults.ts';
import { readStep, type Step } from './inputs/step.ts';
import { isLive } from './job/submit/decide.ts';
import { endOurs } from './job/submit/ours.ts';
import { cancelJob } from './job/watch/cancel.ts';
import { resumeLines } from './job/watch/detach.ts';
import type { Log } from './log.ts';
import { systemClock } from './retry.ts';
import { placesOf } from './run/request.ts';
import { actionsLog } from './runner/actions-log.ts';
import { endLeftProgram } from './runner/left-program.ts';
import { type OpenedRegion, reopenRegion } from './runner/open-region.ts';
import { isLocalService, isMoment, isTexts, isTraces, isTrue, readState } from './runner/state.ts';
import { removeStepFolder } from './runner/step-folder.ts';
import { hasEnded, type Job, locationOf } from './vertex/jobs.ts';

/** How long a cancelled job's end is waited for; posts have some minutes in all. */
const CANCEL_WAIT_MS = 60_000;

/** Cancels what main neither followed to its end nor left on purpose, and removes what main left behind. */
async function cleanUp(log: Log): Promise<void> {
  // First, for it may still be reading the folder.
  await endLeftProgram(systemClock);
  await removeStepFolder(process.env['RUNNER_TEMP']);
  const local = readState('local', isLocalService);
  const mayLive = hasLeft();
  if (local === undefined && !mayLive) return;
  const step = readStep(process.env);
  const region = await reopenRegion(step, log, local);
  try {
    if (!mayLive) return;
    // What runs in a service of this step's own ends with it.
    if (local === undefined && step.inputs.course.onCancel === 'detach') tellLeft(step, log);
    else tellEnds(await endLeft(region, log), log);
  } finally {
    await region.close();
  }
}

/** Whether main asked for a job, or followed one, and did not see to its end. */
function hasLeft(): boolean {
  if (readState('settled', isTrue) === true) return false;
  return readState('request', isTraces) !== undefined || namesLeft().length > 0;
}

const namesLeft = () => readState('names', isTexts) ?? [];

async function endLeft(region: OpenedRegion, log: Log): Promise<readonly Job[]> {
  const traces = readState('request', isTraces);
  const names = namesLeft();
  if (traces === undefined) return await endNamed(names, region);
  return await endOurs({
    api: region.vertexIn(locationOf(traces.parent)),
    clock: systemClock,
    log,
    traces,
    elsewhere: placesOf(readState('parents', isTexts) ?? [], region),
    names,
    quietAt: readState('quietAt', isMoment),
    lag: region.tempo.lag,
    waitMs: CANCEL_WAIT_MS,
  });
}

/** A job that main followed without having made it. */
async function endNamed(names: readonly string[], { vertexIn }: OpenedRegion): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  for (const name of names) {
    const options = { api: vertexIn(locationOf(name)), clock: systemClock, withinMs: CANCEL_WAIT_MS };
    const { job, accepted, error } = await cancelJob(name, options);
    if (!accepted) throw new UserError(`${name} could not be cancelled.`, { cause: error });
    if (job !== undefined) jobs.push(job);
  }
  return jobs;
}

function tellEnds(jobs: readonly Job[], log: Log): void {
  for (const job of jobs) {
    const state = hasEnded(job) ? `is ${job.state}` : `was asked to end and is ${job.state}`;
    log.info(`${job.name} ${state}.`);
  }
  const live = jobs.filter(isLive).map(({ name }) => name);
  if (live.length > 0)
    throw new UserError(`The request to cancel was taken, but shows no effect on ${live.join(', ')}.`);
}

function tellLeft(step: Step, log: Log): void {
  const names = namesLeft();
  log.info('on_cancel is detach: what this step started is left running.');
  for (const name of names) for (const line of resumeLines(name)) log.info(line);
  if (names.length > 0) return;
  log.info(
    `Whether a job was made in ${step.inputs.projectId} is not known: the console shows it by this run's labels.`,
  );
}

/** Cleans up after the step; gives its exit code. */
export async function post(): Promise<number> {
  const log = actionsLog();
  try {
    await cleanUp(log);
    return 0;
  } catch (error) {
    log.error(`Cleaning up failed: ${messageOf(error)}. See whether a job of this run is still live, and cancel it.`);
    return 1;
  }
}
