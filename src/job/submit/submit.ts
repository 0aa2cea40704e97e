import { within } from '../../abort.ts';
import { messageOf, UserError } from '../../faults.ts';
import type { Backoff } from '../../retry.ts';
import type { Job } from '../../vertex/jobs.ts';
import { type Asking, askFor, newAsking } from './ask-for.ts';
import { attemptOf } from './claim.ts';
import { type Desk, openDesk } from './desk.ts';
import { endAll, giveWay } from './give-way.ts';
import { CLOUD_LAG, lastSight, looksAfter } from './lag.ts';
import { makeWay } from './make-way.ts';
import type { SubmitOptions, Submitted } from './options.ts';
import { doubleText, overtakenError, tellTaken } from './say.ts';
import { settleDoubles } from './settle.ts';
import { supersedeOlder } from './supersede.ts';

export type { Place, SubmitOptions, Submitted } from './options.ts';

/** Bridges an outage of about twenty minutes before it gives up. */
const PATIENCE: Backoff = { firstMs: 1_000, capMs: 60_000, attempts: 28 };
const ONE_LOOK: Backoff = { firstMs: 0, capMs: 0, attempts: 1 };
/** How long what may have been made is looked for at the end of a call that does not know, in milliseconds. */
const LAST_LOOK_MS = 3_000;
/** When the look that follows a creation failed, the next one, in milliseconds. */
const SOON_MS = 10_000;

/**
 * The one job of this step: made, or found where it has been made before. Throws UserError where another step has the same
 * identity, a later attempt has taken over, or an earlier attempt's job will not end; ApiError as the API refused; the
 * signal's reason.
 */
export async function submitJob(options: SubmitOptions): Promise<Submitted> {
  const desk = openDesk(options, { patience: PATIENCE });
  const asking = newAsking(options.clock.now());
  try {
    return await submitted(desk, asking);
  } catch (error) {
    if (asking.open) await lastLook(options);
    options.onQuiet?.(quietAfter(desk, asking));
    throw options.signal.aborted ? options.signal.reason : error;
  }
}

/** When no job of this step can turn up any more that this attempt or, before it began, an earlier one has asked for. */
function quietAfter({ options, claim }: Desk, asking: Asking): number {
  const { clock, lag = CLOUD_LAG } = options;
  const now = clock.now();
  if (asking.open) return lastSight(now, lag);
  return claim.attempt > 1 ? Math.max(now, lastSight(asking.startedAt, lag)) : now;
}

async function submitted(desk: Desk, asking: Asking): Promise<Submitted> {
  const { clock, log } = desk.options;
  for (let first = true; ; first = false) {
    const lookedAt = clock.now();
    const verdict = await desk.judge();
    await giveWay(desk, verdict);
    if (verdict.kind === 'overtaken') throw overtakenError(verdict.job);
    if (first) await supersedeOlder(desk);
    if (verdict.kind === 'take') {
      const { done } = await endAll(desk, verdict.others, (other) => log.info(doubleText(other, verdict.job)));
      return report(desk, asking, verdict.job, undefined, !done);
    }
    if (verdict.kind === 'end-first') await makeWay(desk, verdict.jobs);
    const made = verdict.kind === 'create' ? await askFor(desk, asking, lookedAt, verdict.spent) : undefined;
    if (made !== undefined) return await lookOnceMore(desk, asking, made);
  }
}

/** Another may have been made at the same time. The job is there in any case: a failure puts the look off. */
async function lookOnceMore(desk: Desk, asking: Asking, made: Job): Promise<Submitted> {
  const { options } = desk;
  try {
    const { job, done } = await settleDoubles({ ...options, job: made });
    return report(desk, asking, job, made, !done);
  } catch (error) {
    if (options.signal.aborted || error instanceof UserError) throw error;
    options.log.debug(`The look after the creation failed: ${messageOf(error)}`);
    return report(desk, asking, made, made, true);
  }
}

function report(desk: Desk, asking: Asking, job: Job, made: Job | undefined, soon: boolean): Submitted {
  const { claim, options } = desk;
  const { clock, log, lag = CLOUD_LAG } = options;
  const attempt = attemptOf(job);
  const earlierAttempt = attempt === claim.attempt ? undefined : attempt;
  const how = howCome(job, made, earlierAttempt);
  tellTaken({ job, how }, asking.open, log);
  const now = clock.now();
  const lookAgain = [...(soon ? [now + SOON_MS] : []), ...looksAfter(now, lag)];
  return { job, how, earlierAttempt, lookAgain, quietAt: Math.max(lastSight(now, lag), soon ? now + SOON_MS : now) };
}

function howCome(job: Job, made: Job | undefined, earlierAttempt: number | undefined): Submitted['how'] {
  if (job.name === made?.name) return 'created';
  if (earlierAttempt === undefined) return 'found';
  return job.state === 'SUCCEEDED' ? 'already-succeeded' : 'attached';
}

/** Tells of whatever is there, within the little time that a cancelled step has; post does the rest. */
async function lastLook(options: SubmitOptions): Promise<void> {
  const desk = openDesk({ ...options, signal: new AbortController().signal }, { patience: ONE_LOOK });
  const look = desk.judge().then((verdict) => {
    if (verdict.kind === 'take') for (const job of verdict.others) desk.tell(job);
  });
  await within(LAST_LOOK_MS, look, options.clock);
}
