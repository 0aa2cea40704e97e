import { messageOf, UserError } from './faults.ts';
import { readStep, type Step } from './inputs/step.ts';
import { isLive } from './job/submit/decide.ts';
import { type EndOursOptions, endOurs, leaveOurs } from './job/submit/ours.ts';
import { cancelJob } from './job/watch/cancel.ts';
import { resumeLines } from './job/watch/detach.ts';
import type { Log } from './log.ts';
import { systemClock } from './retry.ts';
import { placesOf } from './run/request.ts';
import { actionsLog } from './runner/actions-log.ts';
import { endLeftProgram } from './runner/left-program.ts';
import { type OpenedRegion, reopenRegion } from './runner/open-region.ts';
import { areParents, isJobNames, isLocalService, isMoment, isTraces, isTrue, readState } from './runner/state.ts';
import { removeStepFolder } from './runner/step-folder.ts';
import { collectionOf, hasEnded, idOf, type Job, locationOf } from './vertex/jobs.ts';

/** How long a cancelled job's end is waited for; posts have some minutes in all. */
const CANCEL_WAIT_MS = 60_000;

/**
 * Cancels what main neither followed to its end nor left on purpose, and removes what main left behind, each whatever becomes of
 * the other. Throws what failed.
 */
async function cleanUp(log: Log): Promise<void> {
  const results = await Promise.allSettled([removeLeft(), seeToJobs(log)]);
  const errors = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
  if (errors.length > 1) throw new UserError(errors.map(messageOf).join('\n'), { cause: errors[0] });
  if (errors.length > 0) throw errors[0];
}

async function removeLeft(): Promise<void> {
  // First, for it may still be reading the folder.
  await endLeftProgram(systemClock);
  await removeStepFolder(process.env['RUNNER_TEMP']);
}

async function seeToJobs(log: Log): Promise<void> {
  const local = readState('local', isLocalService);
  const mayLive = hasLeft();
  if (local === undefined && !mayLive) return;
  const step = readStep(process.env);
  const region = await reopenRegion(step, log, local);
  try {
    if (!mayLive) return;
    // What runs in a service of this step's own ends with it.
    const leave = local === undefined && step.inputs.course.onCancel === 'detach';
    if (leave) tellLeft(await left(region, step, log), log);
    else tellEnds(await ended(region, step, log), log);
  } finally {
    await region.close();
  }
}

/** Whether main asked for a job, or followed one, and did not see to its end. */
function hasLeft(): boolean {
  if (readState('settled', isTrue) === true) return false;
  return readState('request', isTraces) !== undefined || namesLeft().length > 0;
}

const namesLeft = () => readState('names', isJobNames) ?? [];

/** What the jobs of main's request are found by; undefined where it made no request. */
function leftOptions(region: OpenedRegion, log: Log): EndOursOptions | undefined {
  const traces = readState('request', isTraces);
  if (traces === undefined) return undefined;
  return {
    api: region.vertexIn(locationOf(traces.parent)),
    clock: systemClock,
    log,
    traces,
    elsewhere: placesOf(readState('parents', areParents) ?? [], region),
    names: namesLeft(),
    givenUp: readState('givenUp', isJobNames),
    quietAt: readState('quietAt', isMoment) ?? undefined,
    lag: region.tempo.lag,
    waitMs: CANCEL_WAIT_MS,
  };
}

/** The jobs that were made to end. */
async function ended(region: OpenedRegion, step: Step, log: Log): Promise<readonly Job[]> {
  const options = leftOptions(region, log);
  if (options !== undefined) return await endOurs(options);
  const jobs: Job[] = [];
  for (const name of followedNames(step)) {
    const wishes = { api: region.vertexIn(locationOf(name)), clock: systemClock, withinMs: CANCEL_WAIT_MS };
    const { job, accepted, error } = await cancelJob(name, wishes);
    if (!accepted) throw new UserError(`${name} could not be cancelled.`, { cause: error });
    if (job !== undefined) jobs.push(job);
  }
  return jobs;
}

/** The jobs that run on. */
async function left(region: OpenedRegion, step: Step, log: Log): Promise<readonly Job[]> {
  const options = leftOptions(region, log);
  const jobs =
    options === undefined
      ? await Promise.all(followedNames(step).map((name) => region.vertexIn(locationOf(name)).get(name)))
      : [await leaveOurs(options)];
  return jobs.filter((job) => job !== undefined).filter(isLive);
}

/** A job that main followed without having made it: the input names it, and its project by the id or the number. */
function followedNames({ inputs }: Step): readonly string[] {
  const given = inputs.course.job?.name;
  if (given === undefined) return [];
  const isGiven = (name: string) =>
    [locationOf, collectionOf, idOf].every((part: (name: string) => string) => part(name) === part(given));
  return namesLeft().filter(isGiven);
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

function tellLeft(jobs: readonly Job[], log: Log): void {
  for (const { name, state } of jobs) {
    log.info([`The job is ${state} and runs on, as on_cancel is detach.`, ...resumeLines(name)].join('\n'));
  }
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
