import { type Backoff, backoffMs } from '../../retry.ts';
import { hasEnded, type Job } from '../../vertex/jobs.ts';
import { isLive } from './decide.ts';
import type { Desk } from './desk.ts';
import { endedFirstText, unendedError, unendedText } from './say.ts';

/** How long the end of an earlier attempt's job is waited for, in minutes. */
const END_WAIT_MIN = 10;
const POLL: Backoff = { firstMs: 1_000, capMs: 10_000, attempts: Number.POSITIVE_INFINITY };

/**
 * Ends what earlier attempts left and this one cannot use, before it makes a job of its own. One that is still on its way
 * to its end when time is up is left to get there. Throws UserError where one lives on all the same, else as the desk does.
 */
export async function makeWay(desk: Desk, jobs: readonly Job[]): Promise<void> {
  const { log, clock } = desk.options;
  for (const job of jobs) {
    desk.tell(job);
    if (!isLive(job)) continue;
    log.notice(endedFirstText(job));
    await desk.end(job.name);
  }
  const until = clock.now() + END_WAIT_MIN * 60_000;
  await Promise.all(jobs.map(({ name }) => awaitEnd(desk, name, until)));
}

async function awaitEnd(desk: Desk, name: string, until: number): Promise<void> {
  const { clock, signal, random = Math.random, log } = desk.options;
  for (let poll = 1; ; poll += 1) {
    const job = await desk.see(name);
    if (job === undefined) return desk.forget(name);
    desk.know(job);
    if (hasEnded(job)) return;
    if (clock.now() >= until) {
      if (isLive(job)) throw unendedError(job, END_WAIT_MIN);
      log.warning(unendedText(job, END_WAIT_MIN));
      return desk.forget(name);
    }
    await clock.sleep(backoffMs(POLL, poll, random()), signal);
  }
}
