import type { StudySpec, Trial } from '../../../vertex/types.ts';
import { scoreOf } from '../objective.ts';
import { curveOf, reach } from './curve.ts';
import { isHopeless } from './decay-curve.ts';
import { isBelowMedian } from './median.ts';

const RULES = {
  medianAutomatedStoppingSpec: 'the median rule',
  decayCurveStoppingSpec: 'the decay curve rule',
} as const;
type Rule = keyof typeof RULES;

/** With several metrics no value is the best, and the service's way with them is not documented: no rule applies. */
function ruleOf(study: StudySpec): Rule | undefined {
  if (study.metrics.length !== 1) return undefined;
  return (Object.keys(RULES) as Rule[]).find((rule) => study[rule] !== undefined);
}

/** What the service log says of early stopping; undefined where the study does not ask for it. */
export function stoppingNote(study: StudySpec): string | undefined {
  const rule = ruleOf(study);
  if (rule !== undefined) return `Early stopping: trials are stopped by ${RULES[rule]}.`;
  if (study.convexAutomatedStoppingSpec !== undefined) {
    return 'Early stopping: this region does not know the convex rule, and stops no trial.';
  }
  const asks = study.medianAutomatedStoppingSpec ?? study.decayCurveStoppingSpec;
  return asks && 'Early stopping: with several metrics no trial is stopped.';
}

/**
 * Why a trial that runs is to be stopped, or undefined while it may go on. `trials` are all of the study; `stopped` names
 * those that were stopped early themselves, whose last value is not what they would have come to.
 */
export function stopReason(
  study: StudySpec,
  trial: Trial,
  trials: readonly Trial[],
  stopped: ReadonlySet<string>,
): string | undefined {
  const rule = ruleOf(study);
  if (rule === undefined) return undefined;
  const usesTime = study[rule]?.['useElapsedDuration'] === true;
  const curve = curveOf(study, trial, usesTime);
  if (curve.length === 0) return undefined;
  const completed = trials.flatMap((other) => {
    const final = other.state === 'SUCCEEDED' ? scoreOf(study, other.finalMeasurement) : undefined;
    return final === undefined ? [] : [{ id: other.id, curve: curveOf(study, other, usesTime), final }];
  });
  const isVain =
    rule === 'medianAutomatedStoppingSpec'
      ? isBelowMedian(
          curve,
          completed.map((other) => other.curve),
        )
      : isHopeless(
          curve,
          completed.filter(({ id }) => !stopped.has(id)),
          Math.max(...completed.map(({ final }) => final)),
        );
  return isVain ? `${RULES[rule]}, ${usesTime ? `${reach(curve)} s` : `step ${reach(curve)}`}` : undefined;
}
