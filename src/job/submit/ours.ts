import { type Backoff, backoffMs } from '../../retry.ts';
import type { Job } from '../../vertex/jobs.ts';
import { newCleanUp, type Trouble } from './clean-up.ts';
import { CLOUD_LAG, lastSight } from './lag.ts';
import type { EndOursOptions } from './options.ts';
import { waitText } from './say.ts';

export type { EndOursOptions } from './options.ts';

const LOOK_AGAIN: Backoff = { firstMs: 2_000, capMs: 10_000, attempts: Number.POSITIVE_INFINITY };
/**
 * How long a look or a cancel that fails is tried again after that, in milliseconds: a cancelled workflow's posts have some
 * four minutes in all.
 */
const TROUBLE_MS = 90_000;

/**
 * Post's part: cancels every live job of the step, also those that turn up while lists are behind, and waits for their
 * ends while time lasts; gives them as last seen. Throws ApiError where a job could not be cancelled or looked for.
 */
export async function endOurs(options: EndOursOptions): Promise<readonly Job[]> {
  const cleanUp = newCleanUp(options);
  await untilQuiet(cleanUp.round, options);
  return await cleanUp.ends();
}

/**
 * Post's part where the step's job is to run on: every other live job of the step is cancelled, also those that turn up while
 * lists are behind. Gives the job that stands for the step, as last seen; where none does, what earlier attempts left. Throws as
 * endOurs does.
 */
export async function leaveOurs(options: EndOursOptions): Promise<readonly Job[]> {
  const cleanUp = newCleanUp(options);
  await untilQuiet(cleanUp.roundButStanding, options);
  return cleanUp.left();
}

/** Rounds until no job of the step can turn up any more and the last one left nothing to be done. */
async function untilQuiet(round: () => Promise<Trouble | undefined>, options: EndOursOptions): Promise<void> {
  const { clock, random = Math.random, lag = CLOUD_LAG, log } = options;
  const startedAt = clock.now();
  const quietAt = options.quietAt ?? lastSight(startedAt, lag);
  const until = Math.max(quietAt, startedAt) + TROUBLE_MS;
  if (quietAt > startedAt) log.info(waitText(quietAt - startedAt));
  for (let count = 1; ; count += 1) {
    const lookedAt = clock.now();
    const trouble = await round();
    if (trouble === undefined && lookedAt >= quietAt) return;
    if (trouble !== undefined && lookedAt >= until) throw trouble.error;
    const waitMs = backoffMs(LOOK_AGAIN, count, random());
    await clock.sleep(lookedAt < quietAt ? Math.max(0, Math.min(waitMs, quietAt - clock.now())) : waitMs);
  }
}
