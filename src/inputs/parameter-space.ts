import { shown } from '../faults.ts';
import type { ParameterSpec, ScaleType } from '../vertex/types.ts';
import type { Tree } from './yaml.ts';

/** Says what is wrong with one parameter, and gives no value for it. */
export type Refuse = (rule: string, message: string) => undefined;

/** A decimal number as YAML and JSON write it. */
export const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;

/** A range of doubles or integers: double where a bound is written with a point or exponent and no type says otherwise. */
export function rangeParameter(
  parameterId: string,
  min: string,
  max: string,
  type: 'double' | 'integer' | undefined,
  refuse: Refuse,
): ParameterSpec | undefined {
  const wrong = [min, max].find((bound) => !NUMBER.test(bound) || !Number.isFinite(Number(bound)));
  if (wrong !== undefined) return refuse('parameter-range', `has the bound ${shown(wrong)}, which is no number.`);
  if (isAbove(min, max)) return refuse('parameter-range', `has min ${min} above max ${max}. Swap them.`);
  const whole = INTEGER.test(min) && INTEGER.test(max);
  if (type === undefined && whole && Number(min) === 0 && Number(max) === 1) {
    return refuse(
      'parameter-type',
      'has the range 0 to 1: only 0 and 1, or all between? Say type: integer or type: double.',
    );
  }
  if (type === 'double' || (type === undefined && !whole)) {
    return { parameterId, doubleValueSpec: { minValue: Number(min), maxValue: Number(max) } };
  }
  if (!whole || !inInt64(min) || !inInt64(max)) {
    return refuse(
      'parameter-range',
      `is of type integer, but its range is ${min} to ${max}. Write whole 64-bit bounds.`,
    );
  }
  return { parameterId, integerValueSpec: { minValue: String(BigInt(min)), maxValue: String(BigInt(max)) } };
}

/** Whole numbers are compared whole: doubles cannot tell large ones apart. */
function isAbove(min: string, max: string): boolean {
  return INTEGER.test(min) && INTEGER.test(max) ? BigInt(min) > BigInt(max) : Number(min) > Number(max);
}

function inInt64(text: string): boolean {
  const value = BigInt(text);
  return BigInt.asIntN(64, value) === value;
}

/** A whole number as proto3 JSON writes an int64; undefined where the text is none. */
export function int64(text: string): string | undefined {
  return INTEGER.test(text) && inInt64(text) ? String(BigInt(text)) : undefined;
}

/** A decimal number that a double holds; undefined where the text is none. */
export function double(text: string): number | undefined {
  return NUMBER.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

export function categorical(parameterId: string, values: readonly string[], refuse: Refuse): ParameterSpec | undefined {
  if (new Set(values).size < values.length) return refuse('parameter-values', 'has a value twice.');
  return { parameterId, categoricalValueSpec: { values } };
}

/** Discrete values ascend, lie at least 1e-10 apart and are at most 1,000 (study.proto); they are sorted here. */
export function discrete(parameterId: string, texts: readonly string[], refuse: Refuse): ParameterSpec | undefined {
  const wrong = texts.find((text) => !NUMBER.test(text) || !Number.isFinite(Number(text)));
  if (wrong !== undefined) return refuse('parameter-values', `has the value ${shown(wrong)}, which is no number.`);
  const values = texts.map(Number).sort((a, b) => a - b);
  if (values.length > 1_000)
    return refuse('parameter-values', `has ${values.length} values; at most 1000 are accepted.`);
  const close = values.find((value, index) => index > 0 && value - (values[index - 1] ?? value) < 1e-10);
  if (close !== undefined)
    return refuse('parameter-values', `has ${close} twice, or two values less than 1e-10 apart.`);
  return { parameterId, discreteValueSpec: { values } };
}

/** The words for a scale, the API's own among them. */
export const SCALES: ReadonlyMap<string, ScaleType> = new Map([
  ['linear', 'UNIT_LINEAR_SCALE'],
  ['log', 'UNIT_LOG_SCALE'],
  ['reverse_log', 'UNIT_REVERSE_LOG_SCALE'],
  ['UNIT_LINEAR_SCALE', 'UNIT_LINEAR_SCALE'],
  ['UNIT_LOG_SCALE', 'UNIT_LOG_SCALE'],
  ['UNIT_REVERSE_LOG_SCALE', 'UNIT_REVERSE_LOG_SCALE'],
]);

/** Adds the scale. Both log scales need a space above 0, and categories have none (study.proto). */
export function scaled(spec: ParameterSpec, scale: Tree | undefined, refuse: Refuse): ParameterSpec | undefined {
  if (scale === undefined) return spec;
  const scaleType = scale.kind === 'scalar' ? SCALES.get(scale.text) : undefined;
  if (scaleType === undefined)
    return refuse('parameter-scale', 'has a scale that is none of linear, log, reverse_log.');
  if (spec.categoricalValueSpec) return refuse('parameter-scale', 'is categorical and has no scale. Remove it.');
  const least = Number(
    spec.doubleValueSpec?.minValue ?? spec.integerValueSpec?.minValue ?? spec.discreteValueSpec?.values[0] ?? 0,
  );
  if (scaleType !== 'UNIT_LINEAR_SCALE' && least <= 0) {
    return refuse('parameter-scale', `has a log scale, but its least value is ${least}. It has to be above 0.`);
  }
  return { ...spec, scaleType };
}
