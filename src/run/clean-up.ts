import { UserError } from '../faults.ts';
import type { Step } from '../inputs/step.ts';
import { isLive } from '../job/submit/decide.ts';
import { type EndOursOptions, endOurs, leaveOurs } from '../job/submit/ours.ts';
import { cancelJob } from '../job/watch/cancel.ts';
import { resumeLines } from '../job/watch/detach.ts';
import type { Log } from '../log.ts';
import type { OpenedRegion } from '../runner/open-region.ts';
import { areParents, isJobNames, isMoment, isTraces, isTrue, type ReadState } from '../runner/state.ts';
import { collectionOf, hasEnded, idOf, type Job, locationOf } from '../vertex/jobs.ts';
import type { Edges } from './edges.ts';
import { placesOf } from './request.ts';

/** How long a cancelled job's end is waited for, in milliseconds; posts have some minutes in all. */
const CANCEL_WAIT_MS = 60_000;

/** What post stands on. */
export interface After extends Pick<Edges, 'clock' | 'random'> {
  readonly step: Step;
  readonly region: OpenedRegion;
  readonly log: Log;
  readonly readState: ReadState;
}

/** Whether main asked for a job, or followed one, and did not see to its end. */
export function hasLeft(readState: ReadState): boolean {
  if (readState('settled', isTrue) === true) return false;
  return readState('request', isTraces) !== undefined || namesLeft(readState).length > 0;
}

const namesLeft = (readState: ReadState) => readState('names', isJobNames) ?? [];

/**
 * Cancels every live job of the step that main neither followed to its end nor left on purpose; all but the one that stands
 * where `leave` says so. Throws UserError where one may live on, ApiError where a look was not to be had.
 */
export async function seeToJobs(after: After, leave: boolean): Promise<void> {
  if (leave) tellLeft(await left(after), after.log);
  else tellEnds(await ended(after), after.log);
}

/** What the jobs of main's request are found by; undefined where it made no request. */
function leftOptions({ region, log, clock, random, readState }: After): EndOursOptions | undefined {
  const traces = readState('request', isTraces);
  if (traces === undefined) return undefined;
  return {
    api: region.vertexIn(locationOf(traces.parent)),
    clock,
    random,
    log,
    traces,
    elsewhere: placesOf(readState('parents', areParents) ?? [], region),
    names: namesLeft(readState),
    givenUp: readState('givenUp', isJobNames),
    quietAt: readState('quietAt', isMoment) ?? undefined,
    lag: region.tempo.lag,
    waitMs: CANCEL_WAIT_MS,
  };
}

/** The jobs that were made to end. */
async function ended(after: After): Promise<readonly Job[]> {
  const { region, clock, random } = after;
  const options = leftOptions(after);
  if (options !== undefined) return await endOurs(options);
  const jobs: Job[] = [];
  for (const name of followedNames(after)) {
    const wishes = { api: region.vertexIn(locationOf(name)), clock, random, withinMs: CANCEL_WAIT_MS };
    const { job, accepted, error } = await cancelJob(name, wishes);
    if (!accepted) throw new UserError(`${name} could not be cancelled.`, { cause: error });
    if (job !== undefined) jobs.push(job);
  }
  return jobs;
}

/** The jobs that run on. */
async function left(after: After): Promise<readonly Job[]> {
  const options = leftOptions(after);
  const jobs =
    options === undefined
      ? await Promise.all(followedNames(after).map((name) => after.region.vertexIn(locationOf(name)).get(name)))
      : await leaveOurs({ ...options, onRerun: after.step.inputs.course.onRerun });
  return jobs.filter((job) => job !== undefined).filter(isLive);
}

/** A job that main followed without having made it: the input names it, and its project by the id or the number. */
function followedNames({ step, readState }: After): readonly string[] {
  const given = step.inputs.course.job?.name;
  if (given === undefined) return [];
  const isGiven = (name: string) =>
    [locationOf, collectionOf, idOf].every((part: (name: string) => string) => part(name) === part(given));
  return namesLeft(readState).filter(isGiven);
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
