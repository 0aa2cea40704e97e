import { createHash } from 'node:crypto';
import type { ParameterSpec, ParameterValue, StudySpec } from '../../vertex/types.ts';

/** The values that one trial runs with, in the order of the study; only parameters that are active. */
export type Point = readonly { readonly parameterId: string; readonly value: ParameterValue }[];

/** An int64 as a number; NaN where it is missing or too large to be one. */
export function safeInteger(text: string | undefined): number {
  const number = Number(text ?? '0');
  return Number.isSafeInteger(number) ? number : Number.NaN;
}

/** A number in [0, 1) that depends on nothing but `key`. */
function unit(key: string): number {
  return createHash('sha256').update(key).digest().readUInt32BE() / 2 ** 32;
}

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

/** Where `share` in [0, 1) of the way from `min` to `max` lies on the parameter's scale. */
function scaled(share: number, min: number, max: number, scale: ParameterSpec['scaleType']): number {
  const log = (part: number) => Math.exp(Math.log(min) + part * (Math.log(max) - Math.log(min)));
  if (scale === 'UNIT_LOG_SCALE') return log(share);
  // The mirror image of the log scale: values near the top are spread out most (the proto's comment).
  if (scale === 'UNIT_REVERSE_LOG_SCALE') return min + max - log(1 - share);
  return min + share * (max - min);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

function pick<T>(values: readonly T[], share: number): T | undefined {
  return values[Math.min(values.length - 1, Math.floor(share * values.length))];
}

/** The parameter's value at `share` in [0, 1) of its space. */
export function valueAt(parameter: ParameterSpec, share: number): ParameterValue {
  const { doubleValueSpec, integerValueSpec, categoricalValueSpec, discreteValueSpec, scaleType } = parameter;
  if (categoricalValueSpec !== undefined) return pick(categoricalValueSpec.values, share) ?? '';
  if (discreteValueSpec !== undefined) return pick(discreteValueSpec.values, share) ?? Number.NaN;
  if (integerValueSpec !== undefined) {
    const min = safeInteger(integerValueSpec.minValue);
    const max = safeInteger(integerValueSpec.maxValue);
    const isLog = scaleType === 'UNIT_LOG_SCALE' || scaleType === 'UNIT_REVERSE_LOG_SCALE';
    if (!isLog) return clamp(min + Math.floor(share * (max - min + 1)), min, max);
    return clamp(Math.round(scaled(share, min, max, scaleType)), min, max);
  }
  const { minValue: min = 0, maxValue: max = 0 } = doubleValueSpec ?? {};
  return clamp(scaled(share, min, max, scaleType), min, max);
}

/** The parameters that become active when `parameter` has `value`. */
function childrenOf(parameter: ParameterSpec, value: ParameterValue): ParameterSpec[] {
  const near = (other: number) => typeof value === 'number' && Math.abs(other - value) < 1e-10;
  return (parameter.conditionalParameterSpecs ?? [])
    .filter((condition) => {
      if (condition.parentCategoricalValues) return condition.parentCategoricalValues.values?.includes(String(value));
      if (condition.parentIntValues) return condition.parentIntValues.values?.some((other) => near(Number(other)));
      return condition.parentDiscreteValues?.values?.some(near);
    })
    .map((condition) => condition.parameterSpec);
}

/** Every parameter of the study, children after their parent: each has a dimension of its own, active or not. */
function flattened(parameters: readonly ParameterSpec[]): ParameterSpec[] {
  return parameters.flatMap((parameter) => [
    parameter,
    ...flattened((parameter.conditionalParameterSpecs ?? []).map((condition) => condition.parameterSpec)),
  ]);
}

function pointFrom(parameters: readonly ParameterSpec[], share: (parameter: ParameterSpec) => number): Point {
  return parameters.flatMap((parameter) => {
    const value = valueAt(parameter, share(parameter));
    return [{ parameterId: parameter.parameterId, value }, ...pointFrom(childrenOf(parameter, value), share)];
  });
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

/**
 * The points of a quasi-random search (a Halton sequence, one prime base for each parameter, shifted by the seed), or of
 * a random one: endless, and the same for the same seed.
 */
function* sampled(parameters: readonly ParameterSpec[], seed: string, isRandom: boolean): Generator<Point> {
  const dimensions = flattened(parameters);
  const bases = primes(dimensions.length);
  const shifts = dimensions.map((_parameter, dimension) => unit(`${seed}/shift/${dimension}`));
  for (let index = 1; ; index += 1) {
    const shares = new Map(
      dimensions.map((parameter, dimension) => {
        if (isRandom) return [parameter, unit(`${seed}/${index}/${dimension}`)];
        return [parameter, (radicalInverse(index, bases[dimension] ?? 2) + (shifts[dimension] ?? 0)) % 1];
      }),
    );
    yield pointFrom(parameters, (parameter) => shares.get(parameter) ?? 0);
  }
}

/** The points to try, in order. A grid ends with its last point, the others do not end. */
export function searchPoints(study: StudySpec, seed: string): Generator<Point> {
  if (study.algorithm === 'GRID_SEARCH') return grid(study.parameters);
  return sampled(study.parameters, seed, study.algorithm === 'RANDOM_SEARCH');
}

/** What the service log says of the way in which points are chosen. */
export function searchNote(study: StudySpec): string {
  if (study.algorithm === 'GRID_SEARCH') return 'GRID_SEARCH: every combination, one after the other.';
  if (study.algorithm === 'RANDOM_SEARCH') return 'RANDOM_SEARCH: points drawn at random.';
  return (
    "This region has no Bayesian optimisation: in place of the service's default algorithm it takes a quasi-random " +
    'search (a Halton sequence), which spreads the trials evenly and does not learn from their results.'
  );
}

/** The arguments that tell a trial its values, in the form that the service passes: `--name=value`. */
export function trialArguments(point: Point): string[] {
  return point.map(({ parameterId, value }) => `--${parameterId}=${value}`);
}
