import { messageOf } from '../../faults.ts';
import { KEY_LABEL, SERIES_LABEL } from '../../plan/labels.ts';
import type { Collection, Job } from '../../vertex/jobs.ts';
import { type Claim, numberIn } from './claim.ts';
import { isLive } from './decide.ts';
import type { Desk } from './desk.ts';

/** The number of the run that made the job, by which a later run knows it for an older one's. */
export const RUN_LABEL = 'train-on-vertex-run';

/** The live jobs of the same series that runs with a lower number made. A job without a number is left alone. */
function olderRuns(
  found: readonly Job[],
  { series, key }: Pick<Claim, 'series' | 'key'>,
  runNumber: number,
): readonly Job[] {
  return found.filter((job) => {
    const { labels } = job;
    const run = numberIn(labels[RUN_LABEL]);
    const sameSeries = labels[SERIES_LABEL] === series && labels[KEY_LABEL] !== key;
    return sameSeries && isLive(job) && run !== undefined && run < runNumber;
  });
}

/**
 * Cancels what older runs of the series left running, where that is wished. What cannot be found or cancelled is warned of:
 * this run's own job comes first.
 */
export async function supersedeOlder({ options, claim, places, end }: Desk): Promise<void> {
  const { supersede, runNumber, signal, log } = options;
  if (!supersede) return;
  try {
    const found = await places.list(
      (collection) => `labels.${SERIES_LABEL}="${claim.series}" AND ${notEnded(collection)}`,
    );
    for (const { name, labels } of olderRuns(found, claim, runNumber)) {
      log.info(`The job of run ${labels[RUN_LABEL]} is superseded by this run's and is cancelled: ${name}`);
      await end(name);
    }
  } catch (error) {
    if (signal.aborted) throw error;
    log.warning(`Not every job of an older run could be cancelled: ${messageOf(error)}`);
  }
}

/** A series grows with every run: the ended jobs, which are nearly all, stay with the service. Rarer ends are sorted out here. */
export function notEnded(collection: Collection): string {
  const prefix = collection === 'trainingPipelines' ? 'PIPELINE_STATE' : 'JOB_STATE';
  return ['SUCCEEDED', 'FAILED', 'CANCELLED'].map((state) => `state!="${prefix}_${state}"`).join(' AND ');
}
