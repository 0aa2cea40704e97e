import type { ParameterSpec, ParameterValue } from '../../vertex/types.ts';

/** The values that one trial runs with, in the order of the study; only parameters that are active. */
export type Point = readonly { readonly parameterId: string; readonly value: ParameterValue }[];

/**
 * Where a point lies: for each active parameter its share in [0, 1) of the parameter's space. A parameter is known by its
 * place in the study: two conditional ones may have one id.
 */
export type Shares = ReadonlyMap<ParameterSpec, number>;

/** An int64 as a number; NaN where it is missing or too large to be one. */
export function safeInteger(text: string | undefined): number {
  const number = Number(text ?? '0');
  return Number.isSafeInteger(number) ? number : Number.NaN;
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Where `share` in [0, 1) of the way from `min` to `max` lies on the parameter's scale. */
function scaled(share: number, { min, max }: Range, scale: ParameterSpec['scaleType']): number {
  const log = (part: number) => Math.exp(Math.log(min) + part * (Math.log(max) - Math.log(min)));
  if (scale === 'UNIT_LOG_SCALE') return log(share);
  // The mirror image of the log scale: values near the top are spread out most (the proto's comment).
  if (scale === 'UNIT_REVERSE_LOG_SCALE') return min + max - log(1 - share);
  return min + share * (max - min);
}

/** The inverse of `scaled`. */
function unscaled(value: number, { min, max }: Range, scale: ParameterSpec['scaleType']): number {
  if (min === max) return 0;
  const log = (number: number) => (Math.log(number) - Math.log(min)) / (Math.log(max) - Math.log(min));
  if (scale === 'UNIT_LOG_SCALE') return log(value);
  if (scale === 'UNIT_REVERSE_LOG_SCALE') return 1 - log(min + max - value);
  return (value - min) / (max - min);
}

function clamp(value: number, { min, max }: Range): number {
  return Math.min(max, Math.max(min, value));
}

function pick<T>(values: readonly T[], share: number): T | undefined {
  return values[Math.min(values.length - 1, Math.floor(share * values.length))];
}

const isLog = ({ scaleType }: ParameterSpec) =>
  scaleType === 'UNIT_LOG_SCALE' || scaleType === 'UNIT_REVERSE_LOG_SCALE';

function integerRange({ minValue, maxValue }: NonNullable<ParameterSpec['integerValueSpec']>): Range {
  return { min: safeInteger(minValue), max: safeInteger(maxValue) };
}

/** The parameter's value at `share` in [0, 1) of its space. */
export function valueAt(parameter: ParameterSpec, share: number): ParameterValue {
  const { doubleValueSpec, integerValueSpec, categoricalValueSpec, discreteValueSpec, scaleType } = parameter;
  if (categoricalValueSpec !== undefined) return pick(categoricalValueSpec.values, share) ?? '';
  if (discreteValueSpec !== undefined) return pick(discreteValueSpec.values, share) ?? Number.NaN;
  if (integerValueSpec !== undefined) {
    const range = integerRange(integerValueSpec);
    const { min, max } = range;
    if (!isLog(parameter)) return clamp(min + Math.floor(share * (max - min + 1)), range);
    return clamp(Math.round(scaled(share, range, scaleType)), range);
  }
  const { minValue: min = 0, maxValue: max = 0 } = doubleValueSpec ?? {};
  return clamp(scaled(share, { min, max }, scaleType), { min, max });
}

/** How many values the parameter has; Infinity for a double. */
export function valueCount({ integerValueSpec, categoricalValueSpec, discreteValueSpec }: ParameterSpec): number {
  if (integerValueSpec === undefined) {
    return (categoricalValueSpec ?? discreteValueSpec)?.values.length ?? Number.POSITIVE_INFINITY;
  }
  const { min, max } = integerRange(integerValueSpec);
  return max - min + 1;
}

/** The share at which the parameter has the value: of those that do, one in the middle. */
export function shareOf(parameter: ParameterSpec, value: ParameterValue): number {
  const { doubleValueSpec, integerValueSpec, categoricalValueSpec, discreteValueSpec, scaleType } = parameter;
  const unit = { min: 0, max: 1 };
  const values: readonly ParameterValue[] | undefined = categoricalValueSpec?.values ?? discreteValueSpec?.values;
  if (values !== undefined) return (Math.max(0, values.indexOf(value)) + 0.5) / values.length;
  if (integerValueSpec !== undefined) {
    const range = integerRange(integerValueSpec);
    if (isLog(parameter)) return clamp(unscaled(Number(value), range, scaleType), unit);
    return (Number(value) - range.min + 0.5) / (range.max - range.min + 1);
  }
  const { minValue: min = 0, maxValue: max = 0 } = doubleValueSpec ?? {};
  return clamp(unscaled(Number(value), { min, max }, scaleType), unit);
}

/** The parameters that become active when `parameter` has `value`. */
export function childrenOf(parameter: ParameterSpec, value: ParameterValue): ParameterSpec[] {
  // Within 1e-10, as the service compares discrete parents (the proto's comment).
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
export function flattened(parameters: readonly ParameterSpec[]): ParameterSpec[] {
  return parameters.flatMap((parameter) => [
    parameter,
    ...flattened((parameter.conditionalParameterSpecs ?? []).map((condition) => condition.parameterSpec)),
  ]);
}

/** The point at these shares; those of parameters that turn out not to be active are not asked for. */
export function pointFrom(parameters: readonly ParameterSpec[], share: (parameter: ParameterSpec) => number): Point {
  return parameters.flatMap((parameter) => {
    const value = valueAt(parameter, share(parameter));
    return [{ parameterId: parameter.parameterId, value }, ...pointFrom(childrenOf(parameter, value), share)];
  });
}

/** Where a point lies in the study's space. */
export function sharesOf(parameters: readonly ParameterSpec[], point: Point): Shares {
  const values = new Map(point.map(({ parameterId, value }) => [parameterId, value]));
  const entries = (specs: readonly ParameterSpec[]): [ParameterSpec, number][] =>
    specs.flatMap((parameter) => {
      const value = values.get(parameter.parameterId);
      if (value === undefined) return [];
      return [[parameter, shareOf(parameter, value)], ...entries(childrenOf(parameter, value))];
    });
  return new Map(entries(parameters));
}
