import type { ParameterSpec, ParameterValue, StudySpec, Trial } from '../../vertex/types.ts';
import { type Random, seededRandom } from './random.ts';
import { childrenOf, flattened, type Point, pointFrom, safeInteger } from './space.ts';
import { tpePoint } from './tpe.ts';

export { safeInteger };

/** The element `index` (1 upward) of van der Corput's sequence in `base`. */
function radicalInverse(index: number, base: number): number {
  let result = 0;
  let fraction = 1 / base;
  for (let rest = index; rest > 0; rest = Math.floor(rest / base)) {
    result += (rest % base) * fraction;
    fraction /= base;
  }
  return result;
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate += 1) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  }
  return found;
}

function* gridValues(parameter: ParameterSpec): Generator<ParameterValue> {
  yield* parameter.categoricalValueSpec?.values ?? parameter.discreteValueSpec?.values ?? [];
  if (parameter.integerValueSpec === undefined) return;
  const max = safeInteger(parameter.integerValueSpec.maxValue);
  for (let value = safeInteger(parameter.integerValueSpec.minValue); value <= max; value += 1) yield value;
}

/** All combinations, the last parameter changing fastest; made one at a time, as a grid can be far larger than the job. */
function* grid(parameters: readonly ParameterSpec[]): Generator<Point> {
  const [first, ...others] = parameters;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const value of gridValues(first)) {
    for (const rest of grid([...childrenOf(first, value), ...others])) {
      yield [{ parameterId: first.parameterId, value }, ...rest];
    }
  }
}

/** Chooses the points of a study's trials. */
export interface Search {
  /**
   * The next point, given the trials that there are: ended or not. Undefined when there is none left. The points of a
   * seed are the same for the same trials.
   */
  next(trials: readonly Trial[]): Point | undefined;
}

function gridSearch({ parameters }: StudySpec): Search {
  const points = grid(parameters);
  return { next: () => points.next().value ?? undefined };
}

function randomSearch({ parameters }: StudySpec, random: Random): Search {
  return { next: () => pointFrom(parameters, random) };
}

/** A Halton sequence, one prime base for each parameter, shifted by the seed: spread more evenly than chance would. */
function quasiRandomSearch({ parameters }: StudySpec, random: Random): Search {
  const dimensions = flattened(parameters);
  const bases = primes(dimensions.length);
  const shifts = dimensions.map(random);
  let index = 0;
  return {
    next: () => {
      index += 1;
      const shares = new Map(
        dimensions.map((parameter, dimension) => [
          parameter,
          (radicalInverse(index, bases[dimension] ?? 2) + (shifts[dimension] ?? 0)) % 1,
        ]),
      );
      return pointFrom(parameters, (parameter) => shares.get(parameter) ?? 0);
    },
  };
}

/** So many trials must have succeeded before a model is made of them. */
export const FIRST_TRIALS = 10;

/** Of a small space it may give a point again, as the service's own does (the Python SDK's comment on `search_algorithm`). */
function modelSearch(study: StudySpec, random: Random): Search {
  const first = quasiRandomSearch(study, random);
  return {
    next: (trials) => {
      const succeeded = trials.filter(({ state }) => state === 'SUCCEEDED').length;
      return succeeded < FIRST_TRIALS ? first.next(trials) : tpePoint(study, trials, random);
    },
  };
}

/** The search that the study asks for. */
export function searchOf(study: StudySpec, seed: string): Search {
  if (study.algorithm === 'GRID_SEARCH') return gridSearch(study);
  const random = seededRandom(seed);
  return study.algorithm === 'RANDOM_SEARCH' ? randomSearch(study, random) : modelSearch(study, random);
}

function algorithmNote(study: StudySpec): string {
  if (study.algorithm === 'GRID_SEARCH') return 'GRID_SEARCH: every combination, one after the other.';
  if (study.algorithm === 'RANDOM_SEARCH') return 'RANDOM_SEARCH: points drawn at random.';
  return (
    "This region's own search stands in for the service's Bayesian optimisation: until " +
    `${FIRST_TRIALS} trials have succeeded a quasi-random one (a Halton sequence), then a tree-structured Parzen ` +
    'estimator, which learns from the trials that have ended.'
  );
}

/** What the service log says of the way in which points are chosen, and which wishes of the study change nothing in it. */
export function searchNote(study: StudySpec): string {
  const noise = 'observationNoise' in study ? ' observation_noise is for Vizier studies, and has no effect.' : '';
  return `${algorithmNote(study)}${noise}`;
}

/**
 * The arguments that tell a trial its values, in the form that the service passes: `--name=value`. Whole numbers have no
 * decimal point, those of discrete parameters neither: Google's samples read them as integers (vertex-ai-samples,
 * distributed-hyperparameter-tuning). One report of 2026 tells of `128.0`.
 */
export function trialArguments(point: Point): string[] {
  return point.map(({ parameterId, value }) => `--${parameterId}=${value}`);
}
