import { messageOf } from '../faults.ts';
import { quotaMetrics } from '../job/failover/quota.ts';
import { ask } from '../job/watch/ask.ts';
import type { Base } from './run.ts';

/** A refusal is told without its limits rather than late, in milliseconds. */
const ANSWER_MS = 5_000;

/** The limits of the quotas that the service's words name, in the region that they speak of; without those that are not to be had. */
export async function quotaLimitsIn(
  words: string,
  place: string,
  { region, log, signal, clock }: Pick<Base, 'region' | 'log' | 'signal' | 'clock'>,
): Promise<ReadonlyMap<string, number>> {
  const limits = new Map<string, number>();
  const learn = async (metric: string) => {
    const call = () => region.quotaLimit(metric, place);
    const limit = await ask(`get the quota ${metric}`, call, { clock, signal, withinMs: ANSWER_MS });
    if (limit !== undefined) limits.set(metric, limit);
  };
  for (const result of await Promise.allSettled(quotaMetrics(words).map(learn))) {
    if (result.status === 'rejected') log.debug(messageOf(result.reason));
  }
  return limits;
}
