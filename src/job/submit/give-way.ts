import { messageOf } from '../../faults.ts';
import { isTransient } from '../../google/api-error.ts';
import type { Job } from '../../vertex/jobs.ts';
import type { Verdict } from './decide.ts';
import type { Desk } from './desk.ts';
import { clashError, uncancelledText } from './say.ts';

/** Where another step of the same identity came first, this one's jobs are cancelled; throws UserError then. */
export async function giveWay(desk: Desk, verdict: Verdict): Promise<void> {
  if (verdict.kind !== 'clash') return;
  await endAll(desk, verdict.mine, () => {});
  throw clashError(verdict.job);
}

interface EndedAll {
  /** Those that took the request. */
  readonly ended: readonly Job[];
  /** Whether nothing is left that asking again may end. */
  readonly done: boolean;
}

/** Cancels what must not run beside the step's job. Warns of what cannot be cancelled. */
export async function endAll(desk: Desk, jobs: readonly Job[], announce: (job: Job) => void): Promise<EndedAll> {
  const { log, signal } = desk.options;
  const ended: Job[] = [];
  let done = true;
  for (const job of jobs) {
    desk.tell(job);
    announce(job);
    try {
      await desk.end(job.name);
      ended.push(job);
    } catch (error) {
      if (signal.aborted) throw error;
      log.warning(uncancelledText(job, messageOf(error)));
      if (isTransient(error)) done = false;
    }
  }
  return { ended, done };
}
