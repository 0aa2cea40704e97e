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
    refuseStray(faults, raw);
    return undefined;
  }
  const metrics = parseMetrics(faults, raw('metrics'));
  const parameters = parseParameters(faults, raw('parameters'));
  requireBoth(faults, raw);
  const maxTrials = parseCount(faults, 'max_trials', raw('max_trials') || '1') ?? 1;
  const parallelTrials = parseCount(faults, 'parallel_trials', raw('parallel_trials') || '1') ?? 1;
  const algorithm = parseAlgorithm(faults, raw('algorithm'));
  const double = parameters.find((parameter) => parameter.doubleValueSpec);
  if (algorithm === 'GRID_SEARCH' && double) {
    faults.add(
      'grid-search-double',
      'algorithm',
      `GRID_SEARCH takes integer, categorical and discrete parameters only; ${double.parameterId} is double. Give it a list of values, or use RANDOM_SEARCH.`,
    );
  }
  return { metrics, parameters, maxTrials, parallelTrials, algorithm };
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
  for (const input of ['max_trials', 'parallel_trials', 'algorithm'] as const) {
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
