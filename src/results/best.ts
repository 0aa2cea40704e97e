import type { Job } from '../vertex/jobs.ts';
import type { MetricSpec, Trial } from '../vertex/types.ts';
import { hypervolumeOf } from './hypervolume.ts';
import { paretoFront } from './pareto.ts';
import { pickFrom } from './pick.ts';
import { pointsOf } from './points.ts';
import { byId, finalValue, isBetter, type Selecting, toResult } from './trials.ts';
import type { Best, Metrics, OutputFolders, ParetoSet, PickRule, TrialResult } from './types.ts';

export interface BestRequest {
  readonly job: Pick<Job, 'trials' | 'study' | 'spec'>;
  /** The study's metrics; none for a job that is no study. */
  readonly metrics: readonly MetricSpec[];
  /** How one is picked where there are several metrics. */
  readonly pick: PickRule;
  /** What a job without trials left; undefined where it left nothing. */
  readonly metricsFile: Metrics | undefined;
}

/**
 * What is best of what came of a job: a study's best trial, or the one picked from its Pareto set; the job itself where it has
 * no trials.
 */
export function bestOf({ job, metrics, pick, metricsFile }: BestRequest): Best {
  const selecting = {
    metrics: metrics.length > 0 ? metrics : (job.study?.metrics ?? []),
    selection: job.study?.selection,
  };
  if (selecting.metrics.length === 0 && job.trials.length === 0) {
    return { trial: undefined, metrics: metricsFile ?? {}, pareto: undefined, folders: foldersOf(job) };
  }
  const { trial, pareto } = bestOfTrials(job.trials, selecting, pick);
  return { trial, metrics: trial?.metrics ?? {}, pareto, folders: trial && foldersOf(job, trial.id) };
}

function bestOfTrials(
  trials: readonly Trial[],
  selecting: Selecting,
  pick: PickRule,
): { readonly trial: TrialResult | undefined; readonly pareto: ParetoSet | undefined } {
  const { metrics, selection } = selecting;
  if (metrics.length < 2) return { trial: bestTrial(trials, metrics, selection), pareto: undefined };
  const points = pointsOf(trials, selecting);
  const front = paretoFront(points);
  const picked = pickFrom(front, points, pick);
  if (picked === undefined) return { trial: undefined, pareto: undefined };
  const pareto: ParetoSet = {
    trials: front.map(({ trial }) => toResult(trial, selecting)),
    hypervolume: hypervolumeOf(front, points),
    rule: picked.rule,
  };
  return { trial: toResult(picked.point.trial, selecting), pareto };
}

/**
 * The best of the trials that succeeded with a value of the metric, by its goal; an unspecified goal maximises (study.proto).
 * Ties go to the lower id. With several metrics no single trial is best: undefined.
 */
export function bestTrial(
  trials: readonly Trial[],
  metrics: readonly MetricSpec[],
  selection?: string,
): TrialResult | undefined {
  const [metric] = metrics;
  if (metric === undefined || metrics.length > 1) return undefined;
  let best: { readonly trial: Trial; readonly value: number } | undefined;
  for (const trial of [...trials].sort(byId)) {
    const value = finalValue(trial, metric, selection);
    if (value === undefined) continue;
    if (best === undefined || isBetter(value, best.value, metric.goal)) best = { trial, value };
  }
  return best && toResult(best.trial, { metrics, selection });
}

/**
 * AIP_MODEL_DIR and AIP_CHECKPOINT_DIR of a trial, or of a job that has none (custom_job.proto, base_output_directory). A trial's
 * id is text from outside: one that is no number gives no folders.
 */
function foldersOf({ spec }: Pick<Job, 'spec'>, trialId?: string): OutputFolders | undefined {
  const base = spec?.outputUri;
  if (base === undefined || !/^gs:\/\/[^/]/.test(base)) return undefined;
  if (trialId !== undefined && !/^\d+$/.test(trialId)) return undefined;
  const folder = trialId === undefined ? base : `${base}/${trialId}`;
  return { model: `${folder}/model`, checkpoints: `${folder}/checkpoints` };
}
