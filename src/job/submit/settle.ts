import type { Backoff } from '../../retry.ts';
import type { Job } from '../../vertex/jobs.ts';
import { openDesk } from './desk.ts';
import { endAll, giveWay } from './give-way.ts';
import type { SubmitOptions } from './options.ts';
import { doubleText } from './say.ts';
import { supersedeOlder } from './supersede.ts';

/** What a look for doubles takes. */
export interface SettleOptions extends SubmitOptions {
  /** The job that is followed. */
  readonly job: Job;
  /** Others that are known to be the step's, as last seen: lists may be behind. */
  readonly known?: readonly Job[];
}

/** What a look for doubles came to. */
export interface Settled {
  /** The job that stands for the step: another than the one followed where an older one has turned up. */
  readonly job: Job;
  /** The others, which were asked to end. */
  readonly cancelled: readonly Job[];
  /** Whether nothing is left that asking again may end. */
  readonly done: boolean;
}

/** Some seconds: the job goes on meanwhile, and there is a next look. */
const PATIENCE: Backoff = { firstMs: 1_000, capMs: 5_000, attempts: 3 };

/**
 * One more look for doubles: of several jobs the one that stands for the step goes on, the others are cancelled; so are
 * older runs' jobs where `supersede` says so. Throws UserError where another step of the same identity came first (this
 * one's job is cancelled then), ApiError where no look was to be had, the signal's reason. What cannot be cancelled is
 * warned of.
 */
export async function settleDoubles(options: SettleOptions): Promise<Settled> {
  const desk = openDesk(options, { patience: PATIENCE, followed: options.job });
  for (const job of options.known ?? []) desk.know(job);
  const verdict = await desk.judge();
  await giveWay(desk, verdict);
  const { job, others } = verdict.kind === 'take' ? verdict : { job: options.job, others: [] };
  const { ended, done } = await endAll(desk, others, (other) => options.log.info(doubleText(other, job)));
  await supersedeOlder(desk);
  return { job, cancelled: ended, done };
}
