import type { StudySpec, StudyStoppingConfig, StudyTimeConstraint, Trial } from '../../../vertex/types.ts';
import { durationMs } from '../../validation/scalars.ts';
import { onlyObjective, scoreOf } from '../objective.ts';

/** A study as it stands at one moment; times are milliseconds since the Unix epoch. */
export interface StudyProgress {
  /** When the study was made. */
  readonly begunMs: number;
  readonly nowMs: number;
  /** How many trials there are, ended or not. */
  readonly trialCount: number;
  /** In the order in which they ended. */
  readonly finished: readonly Trial[];
}

/** The last trial that was better than all before it, if any succeeded. */
interface Improvement {
  readonly endMs: number;
  /** How many trials have ended after it. */
  readonly since: number;
}

function lastImprovement(study: StudySpec, finished: readonly Trial[]): Improvement | undefined {
  let best = Number.NEGATIVE_INFINITY;
  let found: Improvement | undefined;
  for (const [index, { state, finalMeasurement, endTime = '' }] of finished.entries()) {
    const score = state === 'SUCCEEDED' ? scoreOf(study, finalMeasurement) : undefined;
    if (score === undefined || score <= best) continue;
    best = score;
    found = { endMs: Date.parse(endTime), since: finished.length - index - 1 };
  }
  return found;
}

/** The moment that a constraint names; undefined where it is not set. */
function momentOf({ maxDuration, endTime }: StudyTimeConstraint = {}, begunMs: number): number | undefined {
  if (endTime !== undefined) return Date.parse(endTime);
  return maxDuration === undefined ? undefined : begunMs + (durationMs(maxDuration) ?? 0);
}

/** The last improvement, of a study of one objective; of several no value is the best (the proto's warning). */
function onlyImprovement(study: StudySpec, { finished }: StudyProgress): Improvement | undefined {
  return onlyObjective(study) === undefined ? undefined : lastImprovement(study, finished);
}

function stagnationMs({ maxDurationNoProgress }: StudyStoppingConfig): number | undefined {
  return maxDurationNoProgress === undefined ? undefined : durationMs(maxDurationNoProgress);
}

/** Whether a rule that comes before the others says that it is too early to stop. */
function isTooEarly(config: StudyStoppingConfig, { begunMs, nowMs, finished }: StudyProgress): boolean {
  const earliest = momentOf(config.minimumRuntimeConstraint, begunMs);
  if (earliest !== undefined && nowMs < earliest) return true;
  const completed = finished.filter(({ state }) => state === 'SUCCEEDED').length;
  return completed < (config.minNumTrials ?? 0);
}

/**
 * Why the study ends, by its `studyStoppingConfig`, or undefined while it may go on. The rules and their order are those
 * of the proto's comment: a minimum that is not reached comes before every reason to stop. Where that comment leaves room,
 * this service's choices are: `maxNumTrials` is the most that there will be, trials that failed count as no progress, and
 * before any trial has succeeded nothing is called a lack of it.
 */
export function studyEnd(study: StudySpec, progress: StudyProgress): string | undefined {
  const { studyStoppingConfig: config } = study;
  if (config === undefined || isTooEarly(config, progress)) return undefined;
  const { maxNumTrials, maxNumTrialsNoProgress: mostIdle } = config;
  const latest = momentOf(config.maximumRuntimeConstraint, progress.begunMs);
  if (latest !== undefined && progress.nowMs >= latest) return 'its `maximum_runtime_constraint` has passed';
  if (maxNumTrials !== undefined && progress.trialCount >= maxNumTrials) return `\`max_num_trials\` is ${maxNumTrials}`;
  const improvement = onlyImprovement(study, progress);
  if (improvement === undefined) return undefined;
  const { since, endMs } = improvement;
  if (mostIdle !== undefined && since >= mostIdle) {
    return `${since} trials brought no progress, and \`max_num_trials_no_progress\` is ${mostIdle}`;
  }
  const longest = stagnationMs(config);
  if (longest === undefined || progress.nowMs < endMs + longest) return undefined;
  return `there was no progress for ${config.maxDurationNoProgress}, its \`max_duration_no_progress\``;
}

/** When `studyEnd` is to be asked again though no trial has ended until then; undefined where time alone changes nothing. */
export function nextLookMs(study: StudySpec, progress: StudyProgress): number | undefined {
  const { studyStoppingConfig: config = {} } = study;
  const { begunMs, nowMs } = progress;
  const longest = stagnationMs(config);
  const improvement = onlyImprovement(study, progress);
  const moments = [
    momentOf(config.minimumRuntimeConstraint, begunMs),
    momentOf(config.maximumRuntimeConstraint, begunMs),
    longest === undefined || improvement === undefined ? undefined : improvement.endMs + longest,
  ].filter((moment) => moment !== undefined && moment > nowMs);
  return moments.length === 0 ? undefined : Math.min(...moments.map((moment) => moment ?? 0));
}
