import { depthOf } from '../job/origin.ts';
import { askToEnd } from '../job/submit/end.ts';
import type { Log } from '../log.ts';
import { inParallel } from '../preflight/limits.ts';
import type { Clock } from '../retry.ts';
import type { Leftover } from './leftovers.ts';
import { patiently } from './list.ts';
import { type Asker, type Refusal, refusalTexts } from './refusals.ts';

interface EndOptions extends Asker {
  readonly clock: Clock;
  readonly log: Log;
}

/** What became of the leftovers that were to end. */
export interface Ended {
  /** Names of the jobs whose end was asked for, or that had ended by then. */
  readonly cancelled: readonly string[];
  /** What could not be ended, and why. */
  readonly faults: readonly string[];
}

/** How many jobs are asked to end at the same time. */
const AT_ONCE = 8;

/** Asks the jobs whose course it is to end; a pipeline or study before custom jobs. What is refused hinders nothing else. */
export async function endLeftovers(leftovers: readonly Leftover[], options: EndOptions): Promise<Ended> {
  const { clock, log } = options;
  const cancelled: string[] = [];
  const refusals: Refusal[] = [];
  const due = leftovers.filter(({ verdict }) => verdict.course === 'end');
  const depths = [...new Set(due.map(({ job }) => depthOf(job)))].sort((a, b) => a - b);
  for (const depth of depths) {
    const group = due.filter(({ job }) => depthOf(job) === depth);
    await inParallel(group, AT_ONCE, async ({ job, place }) => {
      try {
        await patiently(clock, () => askToEnd(place.api, job.name));
        cancelled.push(job.name);
        log.info(`Asked to end: ${job.name}`);
      } catch (error) {
        refusals.push({ about: job.name, error });
      }
    });
  }
  const told = (names: readonly string[]) => `${names.join(', ')} could not be ended`;
  return { cancelled, faults: refusalTexts(refusals, options, told) };
}
