import type { Faults } from './collect.ts';
import type { StudyInputs } from './inputs.ts';
import { parseMetrics } from './metrics.ts';
import { parseParameters } from './parameters.ts';
import type { RawInputs } from './raw.ts';
import { parseCount } from './scalars.ts';

const ALGORITHMS = ['ALGORITHM_UNSPECIFIED', 'GRID_SEARCH', 'RANDOM_SEARCH'];

/** The tuning job that is asked for, or undefined where neither metrics nor parameters are given. */
export function parseStudy(faults: Faults, raw: RawInputs): StudyInputs | undefined {
  if (raw('metrics').trim() === '' && raw('parameters').trim() === '') {
    if (raw('config').trim() !== '')
      return STUDY_INPUTS.some((input) => raw(input) !== '') ? studyOf(faults, raw) : undefined;
    refuseStray(faults, raw);
    return undefined;
  }
  if (raw('config').trim() === '') requireBoth(faults, raw);
  return studyOf(faults, raw);
}

const STUDY_INPUTS = [
  'max_trials',
  'parallel_trials',
  'algorithm',
  'max_failed_trials',
  'early_stopping',
  'measurement_selection',
] as const;

function studyOf(faults: Faults, raw: RawInputs): StudyInputs {
  const metrics = parseMetrics(faults, raw('metrics'));
  const parameters = parseParameters(faults, raw('parameters'));
  const count = (input: 'max_trials' | 'parallel_trials') =>
    // A number that was rejected compares with nothing: one fault must not make up another.
    raw(input) === '' ? undefined : (parseCount(faults, input, raw(input)) ?? Number.NaN);
  const algorithm = parseAlgorithm(faults, raw('algorithm'));
  return {
    metrics,
    parameters,
    maxTrials: count('max_trials'),
    parallelTrials: count('parallel_trials'),
    maxFailedTrials: parseFailed(faults, raw('max_failed_trials')),
    algorithm,
    earlyStopping: oneOf(faults, 'early_stopping', raw('early_stopping'), ['median', 'decay_curve', 'convex'] as const),
    measurementSelection: MEASUREMENTS.get(
      oneOf(faults, 'measurement_selection', raw('measurement_selection'), ['last', 'best'] as const) ?? '',
    ),
  };
}

function requireBoth(faults: Faults, raw: RawInputs): void {
  for (const [input, other] of [
    ['metrics', 'parameters'],
    ['parameters', 'metrics'],
  ] as const) {
    if (raw(input).trim() === '') {
      faults.add('required', input, `is missing: a tuning job needs it. Give it, or remove ${other} for a custom job.`);
    }
  }
}

function refuseStray(faults: Faults, raw: RawInputs): void {
  for (const input of STUDY_INPUTS) {
    if (raw(input) === '') continue;
    faults.add('tuning-only', input, 'belongs to a tuning job. Give metrics and parameters too, or remove it.');
  }
}

function parseAlgorithm(faults: Faults, value: string): StudyInputs['algorithm'] {
  const word = value.toUpperCase();
  if (word === 'GRID_SEARCH' || word === 'RANDOM_SEARCH') return word;
  if (word === '' || word === 'ALGORITHM_UNSPECIFIED') return undefined;
  return faults.reject('algorithm', 'algorithm', value, `Accepted: ${ALGORITHMS.join(', ')}.`);
}

const MEASUREMENTS: ReadonlyMap<string, 'LAST_MEASUREMENT' | 'BEST_MEASUREMENT'> = new Map([
  ['last', 'LAST_MEASUREMENT'],
  ['best', 'BEST_MEASUREMENT'],
]);

/** 0 leaves it to the service (hyperparameter_tuning_job.proto). */
function parseFailed(faults: Faults, value: string): number | undefined {
  if (value === '') return undefined;
  return value === '0' ? 0 : parseCount(faults, 'max_failed_trials', value);
}

function oneOf<T extends string>(faults: Faults, input: string, value: string, accepted: readonly T[]): T | undefined {
  if (value === '') return undefined;
  const found = accepted.find((word) => word === value.toLowerCase());
  return found ?? faults.reject('word', input, value, `Accepted: ${accepted.join(', ')}.`);
}
