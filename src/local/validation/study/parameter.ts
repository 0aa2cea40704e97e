import type { ParameterSpec } from '../../../vertex/types.ts';
import { type Finding, findingUnless } from '../findings.ts';

const SPECS = ['doubleValueSpec', 'integerValueSpec', 'categoricalValueSpec', 'discreteValueSpec'] as const;
const MOST_VALUES = 1000;
const LEAST_DISTANCE = 1e-10;
const EMPTY = 'The feasible space is empty: `min_value` must not exceed `max_value`.';

const NAME_RULE = 'Must not contain white space.';

/** What the form of a metric's or a parameter's id refuses (study.proto); that it is required is another rule. */
export function idFindings(id: string | undefined, field: string): Finding[] {
  return findingUnless(id === undefined || !/\s/.test(id), field, NAME_RULE);
}

/** What the rules of one ParameterSpec refuse, those that depend on it aside (study.proto). */
export function parameterFindings(parameter: ParameterSpec, field: string, isGrid: boolean): Finding[] {
  const given = SPECS.filter((name) => parameter[name] !== undefined);
  return [
    ...idFindings(parameter.parameterId, `${field}.parameter_id`),
    ...findingUnless(given.length === 1, field, 'Exactly one value spec must be set.'),
    ...doubleFindings(parameter, `${field}.double_value_spec`, isGrid),
    ...integerFindings(parameter, `${field}.integer_value_spec`),
    ...discreteFindings(parameter, `${field}.discrete_value_spec.values`),
    ...scaleFindings(parameter, `${field}.scale_type`),
  ];
}

function doubleFindings({ doubleValueSpec }: ParameterSpec, field: string, isGrid: boolean): Finding[] {
  if (doubleValueSpec === undefined) return [];
  const { minValue = 0, maxValue = 0 } = doubleValueSpec;
  const message = 'GRID_SEARCH takes integer, categorical and discrete parameters only.';
  return [...findingUnless(minValue <= maxValue, field, EMPTY), ...findingUnless(!isGrid, field, message)];
}

function integerFindings({ integerValueSpec }: ParameterSpec, field: string): Finding[] {
  if (integerValueSpec === undefined) return [];
  const [min, max] = [BigInt(integerValueSpec.minValue ?? 0), BigInt(integerValueSpec.maxValue ?? 0)];
  const isSafe = [min, max].every((bound) => Number.isSafeInteger(Number(bound)));
  return [
    ...findingUnless(min <= max, field, EMPTY),
    ...findingUnless(isSafe, field, `This service takes integers of at most ${Number.MAX_SAFE_INTEGER}.`),
  ];
}

function discreteFindings({ discreteValueSpec }: ParameterSpec, field: string): Finding[] {
  const values = discreteValueSpec?.values ?? [];
  const ascends = values.every((value, index) => index === 0 || value - (values[index - 1] ?? value) >= LEAST_DISTANCE);
  return [
    ...findingUnless(values.length <= MOST_VALUES, field, `At most ${MOST_VALUES} discrete values are allowed.`),
    ...findingUnless(
      ascends,
      field,
      `Discrete values must be in increasing order and at least ${LEAST_DISTANCE} apart.`,
    ),
  ];
}

/** Log scales, the reverse one too, need a space that is strictly positive. A category's scale means nothing. */
function scaleFindings(parameter: ParameterSpec, field: string): Finding[] {
  const { scaleType, doubleValueSpec, integerValueSpec, discreteValueSpec } = parameter;
  if (scaleType !== 'UNIT_LOG_SCALE' && scaleType !== 'UNIT_REVERSE_LOG_SCALE') return [];
  const least = [
    ...(doubleValueSpec === undefined ? [] : [doubleValueSpec.minValue ?? 0]),
    ...(integerValueSpec === undefined ? [] : [Number(integerValueSpec.minValue ?? 0)]),
    ...(discreteValueSpec?.values ?? []),
  ];
  const message = 'A log scale needs a feasible space that is strictly positive.';
  return findingUnless(
    least.every((value) => value > 0),
    field,
    message,
  );
}
