import { messageOf } from './faults.ts';
import { readStep } from './inputs/step.ts';
import { cancelJob } from './job/cancel.ts';
import { findJobs } from './job/submit.ts';
import type { Log } from './log.ts';
import { systemClock } from './retry.ts';
import { actionsLog } from './runner/actions-log.ts';
import { endLeftProgram } from './runner/left-program.ts';
import { type OpenedRegion, reopenRegion } from './runner/open-region.ts';
import { isCollection, isLabels, isLocalService, isText, isTrue, readState } from './runner/state.ts';
import { removeStepFolder } from './runner/step-folder.ts';
import { hasEnded } from './vertex/jobs.ts';

/** How long a cancelled job's end is waited for; posts have some minutes in all. */
const CANCEL_WAIT_MS = 60_000;

/** Cancels a job that main neither followed to its end nor left on purpose, and removes what main left behind. */
async function cleanUp(log: Log): Promise<void> {
  // First, for it may still be reading the folder.
  await endLeftProgram(systemClock);
  await removeStepFolder(process.env['RUNNER_TEMP']);
  const local = readState('local', isLocalService);
  const parent = readState('parent', isText);
  const settled = readState('settled', isTrue) === true;
  if (local === undefined && (parent === undefined || settled)) return;
  const region = await reopenRegion(readStep(process.env), log, local);
  try {
    if (parent !== undefined && !settled) await cancelLeft(region, parent, log);
  } finally {
    await region.close();
  }
}

async function cancelLeft(region: OpenedRegion, parent: string, log: Log): Promise<void> {
  for (const name of await namesLeft(region, parent)) {
    const job = await cancelJob(name, { api: region.vertex, clock: systemClock, waitMs: CANCEL_WAIT_MS });
    const state = hasEnded(job) ? `is ${job.state}` : `was asked to end and is ${job.state}`;
    log.info(`${name} ${state}.`);
  }
}

/** The job by its name, or by its labels where its name never reached the state. */
async function namesLeft({ vertex }: OpenedRegion, parent: string): Promise<readonly string[]> {
  const name = readState('job', isText);
  if (name !== undefined) return [name];
  const collection = readState('collection', isCollection);
  const labels = readState('labels', isLabels);
  if (collection === undefined || labels === undefined) return [];
  const jobs = await findJobs(vertex, parent, collection, labels);
  return jobs.filter((job) => !hasEnded(job)).map((job) => job.name);
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
