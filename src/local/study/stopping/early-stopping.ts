import type { StudySpec, Trial } from '../../../vertex/types.ts';
import type { Report } from '../metrics-file.ts';
import { onlyObjective, scoreOf, signOf } from '../objective.ts';
import { convexPrediction, convexRule } from './convex.ts';
import { type Curve, type CurvePoint, curveOf, reach } from './curve.ts';
import { type Completed, isHopeless } from './decay-curve.ts';
import { isBelowMedian } from './median.ts';

const RULES = {
  medianAutomatedStoppingSpec: 'the median rule',
  decayCurveStoppingSpec: 'the decay curve rule',
  convexAutomatedStoppingSpec: 'the convex rule',
} as const;
type Rule = keyof typeof RULES;

const ruleAsked = (study: StudySpec) => (Object.keys(RULES) as Rule[]).find((rule) => study[rule] !== undefined);

/** With several metrics no value is the best, and the service's way with them is not documented: no rule applies. */
function ruleOf(study: StudySpec): Rule | undefined {
  return onlyObjective(study) === undefined ? undefined : ruleAsked(study);
}

const CONVEX_WITHOUT = [
  ['learningRateParameterName', 'learning_rate_parameter_name'],
  ['updateAllStoppedTrials', 'update_all_stopped_trials'],
] as const;

/** What the service log says of early stopping; undefined where the study does not ask for it. */
export function stoppingNote(study: StudySpec): string | undefined {
  const rule = ruleAsked(study);
  if (rule === undefined) return undefined;
  if (ruleOf(study) === undefined) return 'Early stopping: with several metrics no trial is stopped.';
  const idle = CONVEX_WITHOUT.filter(([name]) => study.convexAutomatedStoppingSpec?.[name]).map(([, name]) => name);
  const without = idle.length === 0 ? '' : ` Without effect in this region: ${idle.join(', ')}.`;
  return `Early stopping: trials are stopped by ${RULES[rule]}.${without}`;
}

/** A trial is to be stopped. */
export interface Stop {
  /** Which rule says so, and where. */
  readonly why: string;
  /** What the trial is taken to have reported at its end: the convex rule's prediction. Its time counts from the trial's start. */
  readonly prediction?: Report;
}

interface Other extends Completed {
  readonly id: string;
}

/** What each rule makes of a trial: where it may not go on true, or the point that is predicted. */
const VERDICTS: Readonly<
  Record<
    Rule,
    (study: StudySpec, curve: Curve, completed: readonly Other[], whole: readonly Other[]) => boolean | CurvePoint
  >
> = {
  medianAutomatedStoppingSpec: (_study, curve, completed) =>
    isBelowMedian(
      curve,
      completed.map((other) => other.curve),
    ),
  decayCurveStoppingSpec: (_study, curve, completed, whole) => isHopeless(curve, whole, bestOf(completed)),
  convexAutomatedStoppingSpec: ({ convexAutomatedStoppingSpec = {} }, curve, completed, whole) =>
    convexPrediction(curve, whole, bestOf(completed), convexRule(convexAutomatedStoppingSpec)) ?? false,
};

const bestOf = (completed: readonly Other[]) => Math.max(...completed.map(({ final }) => final));

/** The point that the rule predicts as a report of the study's metric. */
function reportOf(study: StudySpec, { measurements = [] }: Trial, point: CurvePoint, usesTime: boolean): Report {
  const metric = onlyObjective(study);
  const { stepCount = '0', elapsedDuration = '0s' } = measurements.at(-1) ?? {};
  return {
    metricId: metric?.metricId ?? '',
    value: signOf(metric) * point.y,
    step: usesTime ? BigInt(stepCount) : BigInt(Math.round(point.x)),
    timestamp: usesTime ? point.x : Number.parseFloat(elapsedDuration),
  };
}

/**
 * Whether a trial that runs is to be stopped; undefined while it may go on. `trials` are all of the study; `stopped` names
 * those that were stopped early themselves, whose last value is not what they would have come to.
 */
export function stopOf(
  study: StudySpec,
  trial: Trial,
  trials: readonly Trial[],
  stopped: ReadonlySet<string>,
): Stop | undefined {
  const rule = ruleOf(study);
  if (rule === undefined) return undefined;
  const usesTime = study[rule]?.['useElapsedDuration'] === true;
  const curve = curveOf(study, trial, usesTime);
  if (curve.length === 0) return undefined;
  const completed = trials.flatMap((other): Other[] => {
    const final = other.state === 'SUCCEEDED' ? scoreOf(study, other.finalMeasurement) : undefined;
    return final === undefined ? [] : [{ id: other.id, curve: curveOf(study, other, usesTime), final }];
  });
  const whole = completed.filter(({ id }) => !stopped.has(id));
  const verdict = VERDICTS[rule](study, curve, completed, whole);
  if (verdict === false) return undefined;
  const why = `${RULES[rule]}, ${usesTime ? `${reach(curve)} s` : `step ${reach(curve)}`}`;
  return verdict === true ? { why } : { why, prediction: reportOf(study, trial, verdict, usesTime) };
}
