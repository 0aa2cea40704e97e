import { byId } from '../../results/trials.ts';
import type { MetricSpec, Trial } from '../../vertex/types.ts';
import { endByTrial, type ProgramEnd } from './program.ts';

/** The input on_missing_metric. */
export type OnMissingMetric = 'stop' | 'warn';

/** A trial that came to a good end and left nothing that the study could go by. */
export interface MissingMetric {
  readonly trial: string;
  /** The metrics of the study that it left no value of. */
  readonly missing: readonly string[];
  /** Tags of other names that it did report. */
  readonly found: readonly string[];
}

interface JudgedTrials {
  /** The first such trial, by its number; undefined where there is none as far as is known. */
  readonly verdict: MissingMetric | undefined;
  /** Trials of which only the job that ran them can tell. */
  readonly toAsk: readonly Trial[];
}

/**
 * The first trial whose program ended well but left no value of each metric. A trial that crashed is only infeasible: the study
 * goes on without it. `ends` is what the trials' own jobs told of their programs.
 */
export function judgeTrials(
  trials: readonly Trial[],
  metrics: readonly MetricSpec[],
  ends: ReadonlyMap<string, ProgramEnd>,
): JudgedTrials {
  const suspects = trials.filter((trial) => isOver(trial) && missingOf(trial, metrics).length > 0).sort(byId);
  const toAsk: Trial[] = [];
  for (const trial of suspects) {
    const told = endByTrial(trial);
    const end = told === 'unknown' ? (ends.get(trial.id) ?? 'unknown') : told;
    if (end === 'well') return { verdict: verdictOn(trial, metrics), toAsk: [] };
    if (end === 'unknown') toAsk.push(trial);
  }
  return { verdict: undefined, toAsk };
}

const isOver = ({ state }: Trial) => state === 'SUCCEEDED' || state === 'INFEASIBLE';

/** A metric counts as left when its final value came, whatever number it is. */
function missingOf(trial: Trial, metrics: readonly MetricSpec[]): string[] {
  const final = tagsOf(trial.finalMeasurement === undefined ? [] : [trial.finalMeasurement]);
  return metrics.map(({ metricId }) => metricId).filter((name) => !final.has(name));
}

function tagsOf(measurements: NonNullable<Trial['measurements']>): Set<string> {
  return new Set(measurements.flatMap(({ metrics = [] }) => metrics.map(({ metricId }) => metricId)));
}

function verdictOn(trial: Trial, metrics: readonly MetricSpec[]): MissingMetric {
  const wanted = new Set(metrics.map(({ metricId }) => metricId));
  const measured = tagsOf([...(trial.measurements ?? []), ...(trial.finalMeasurement ? [trial.finalMeasurement] : [])]);
  for (const tag of tagsInReason(trial.infeasibleReason ?? '')) measured.add(tag);
  return {
    trial: trial.id,
    missing: missingOf(trial, metrics),
    found: [...measured].filter((tag) => !wanted.has(tag)).sort(),
  };
}

/** The local service tells in the reason which tags it read. */
function tagsInReason(reason: string): string[] {
  const [, list] = /: it reported (?!none\.)(.+)\.$/s.exec(reason) ?? [];
  return list === undefined ? [] : list.split(', ');
}

/** cloudml-hypertune's own tag, where the program names none. */
const DEFAULT_TAG = 'training/hptuning/metric';

/** How a text about a missing metric ends. */
const ENDINGS: Readonly<Record<OnMissingMetric | 'ended', readonly string[]>> = {
  stop: ['The study is stopped, as every trial would be in vain; on_missing_metric: warn lets it go on.'],
  warn: ['The study goes on, as on_missing_metric is warn.'],
  ended: [],
};

/**
 * What is wrong, and the mend. `tagsInCode` are the tags that the training code was seen to report, for a service that keeps
 * silent about those it does not know.
 */
export function missingMetricText(
  { trial, missing, found }: MissingMetric,
  { mode, tagsInCode }: { readonly mode: OnMissingMetric | 'ended'; readonly tagsInCode: readonly string[] },
): string {
  const names = missing.join(', ');
  const what = missing.length === 1 ? `the metric ${names} was expected` : `the metrics ${names} were expected`;
  const other = found.length > 0 ? found : tagsInCode.filter((tag) => !missing.includes(tag));
  const came = found.length > 0 ? `${found.join(', ')} came` : 'none of that name came';
  const code = found.length === 0 && other.length > 0 ? [`The training code reports ${other.join(', ')}.`] : [];
  return [
    `Trial ${trial} ended well but left no measurement to go by: ${what}, ${came}.`,
    ...code,
    mend(missing, other),
    ...ENDINGS[mode],
  ].join(' ');
}

function mend(missing: readonly string[], other: readonly string[]): string {
  const [name] = missing;
  if (other.includes(DEFAULT_TAG)) {
    return `Give report_hyperparameter_tuning_metric the argument hyperparameter_metric_tag='${name}'; without it the tag is ${DEFAULT_TAG}.`;
  }
  if (other.length > 0) return 'The tag that the program reports and the name in metrics have to be the same.';
  return `The program has to report it with hypertune's report_hyperparameter_tuning_metric(hyperparameter_metric_tag='${name}', …), before it ends.`;
}
