import { byId, finalValue, parametersOf } from '../../../results/trials.ts';
import type { Job } from '../../../vertex/jobs.ts';
import type { MetricSpec, ParameterValue, Trial } from '../../../vertex/types.ts';

/** A trial with its value of one metric. */
export interface Measured {
  readonly trial: Trial;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** Finite; undefined for a trial that did not succeed, or measured none. */
  readonly value: number | undefined;
}

/** One that the study counts. */
export type WithValue = Measured & { readonly value: number };

/** The trials by id, each with its value of the metric that the study goes by. */
export function measuredOf(job: Pick<Job, 'trials' | 'study'>, metric: MetricSpec): Measured[] {
  return [...job.trials].sort(byId).map((trial) => ({
    trial,
    parameters: parametersOf(trial),
    value: finalValue(trial, metric, job.study?.selection),
  }));
}

/** Whether the study counts the trial. */
export const hasValue = (each: Measured): each is WithValue => each.value !== undefined;

/** The names of all parameters, those of the first trials first. */
export const parameterNames = (trials: readonly Measured[]): string[] => [
  ...new Set(trials.flatMap(({ parameters }) => Object.keys(parameters))),
];
