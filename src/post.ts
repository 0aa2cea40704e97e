import { messageOf, together } from './faults.ts';
import { readStep } from './inputs/step.ts';
import type { Log } from './log.ts';
import { systemClock } from './retry.ts';
import { hasLeft, seeToJobs } from './run/clean-up.ts';
import { actionsLog } from './runner/actions-log.ts';
import { endLeftProgram } from './runner/left-program.ts';
import { reopenRegion } from './runner/open-region.ts';
import { isLocalService, readState } from './runner/state.ts';
import { removeStepFolder } from './runner/step-folder.ts';

/**
 * Cancels what main neither followed to its end nor left on purpose, and removes what main left behind, each whatever becomes of
 * the other. Throws what failed.
 */
async function cleanUp(log: Log): Promise<void> {
  const results = await Promise.allSettled([removeLeft(), cleanUpJobs(log)]);
  const errors = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
  if (errors.length > 0) throw together(errors);
}

async function removeLeft(): Promise<void> {
  // First, for it may still be reading the folder.
  await endLeftProgram(systemClock);
  await removeStepFolder(process.env['RUNNER_TEMP']);
}

async function cleanUpJobs(log: Log): Promise<void> {
  const local = readState('local', isLocalService);
  const mayLive = hasLeft(readState);
  if (local === undefined && !mayLive) return;
  const step = readStep(process.env, undefined, log.mask);
  const region = await reopenRegion(step, log, local);
  try {
    if (!mayLive) return;
    // What runs in a service of this step's own ends with it.
    const leave = local === undefined && step.inputs.course.onCancel === 'detach';
    await seeToJobs({ step, region, log, clock: systemClock, random: Math.random, readState }, leave);
  } finally {
    await region.close();
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
