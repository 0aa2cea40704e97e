import { messageOf } from '../../faults.ts';
import type { VertexApi } from '../../google/vertex.ts';
import type { Log } from '../../log.ts';
import type { Job } from '../../vertex/jobs.ts';
import type { MetricSpec, Trial } from '../../vertex/types.ts';
import type { Until } from '../watch/until.ts';
import { judgeTrials, type MissingMetric, missingMetricText, type OnMissingMetric } from './judge.ts';
import { endByJob, type ProgramEnd } from './program.ts';

interface MetricWatchOptions {
  readonly api: Pick<VertexApi, 'get'>;
  readonly log: Log;
  readonly metrics: readonly MetricSpec[];
  readonly mode: OnMissingMetric;
  /** Tags that the training code was seen to report. */
  readonly tagsInCode: readonly string[];
}

/** Why the study is stopped. */
export interface MetricStop {
  readonly kind: 'missing-metric';
  readonly message: string;
}

/** Jobs of trials that are asked after at one time. */
const MOST_ASKED = 4;

/**
 * Ends the watching of a study with the first trial that came to a good end without a measurement. What its trial does not
 * tell, the trial's own job does: it is asked beside the watching, which never waits for that.
 */
export function metricWatch({ api, log, metrics, mode, tagsInCode }: MetricWatchOptions): Until<MetricStop> {
  const ends = new Map<string, ProgramEnd>();
  const asking = new Set<string>();
  let warned = false;

  const askAfter = ({ id, customJob }: Trial): void => {
    if (customJob === undefined || asking.has(id) || asking.size >= MOST_ASKED) return;
    asking.add(id);
    api
      .get(customJob)
      .then((job: Job) => ends.set(id, endByJob(job)))
      .catch((error: unknown) => log.debug(`${messageOf(error)}; asked again with the next look`))
      .finally(() => asking.delete(id));
  };
  const told = (missing: MissingMetric): MetricStop | undefined => {
    const message = missingMetricText(missing, { mode, tagsInCode });
    if (mode === 'stop') return { kind: 'missing-metric', message };
    warned = true;
    log.warning(message);
    return undefined;
  };
  return {
    at: () => undefined,
    due: ({ job, fresh }) => {
      if (!fresh || warned || metrics.length === 0) return undefined;
      const { verdict, toAsk } = judgeTrials(job.trials, metrics, ends);
      for (const trial of toAsk) askAfter(trial);
      return verdict && told(verdict);
    },
  };
}

/**
 * Whether a study that has ended failed for want of its metric: Vertex AI may end it with its first trial, before the watching
 * could. The text to tell, or undefined. A trial whose job cannot be read is passed over.
 */
export async function missingMetricOf(
  job: Pick<Job, 'trials'>,
  { api, metrics, tagsInCode }: Pick<MetricWatchOptions, 'api' | 'metrics' | 'tagsInCode'>,
): Promise<string | undefined> {
  if (metrics.length === 0) return undefined;
  const ends = new Map<string, ProgramEnd>();
  const { toAsk } = judgeTrials(job.trials, metrics, ends);
  const asked = toAsk
    .slice(0, MOST_ASKED)
    .flatMap(({ id, customJob }) => (customJob === undefined ? [] : [{ id, customJob }]));
  await Promise.all(
    asked.map(async ({ id, customJob }) => {
      const end = await api.get(customJob).then(endByJob, () => 'unknown' as const);
      ends.set(id, end);
    }),
  );
  const { verdict } = judgeTrials(job.trials, metrics, ends);
  return verdict && missingMetricText(verdict, { mode: 'ended', tagsInCode });
}
