import fc from 'fast-check';
import type { ConditionalParameterSpec, ParameterSpec, ParameterValue } from '../../../src/vertex/types.ts';

type ValueSpec = Omit<ParameterSpec, 'parameterId' | 'conditionalParameterSpecs'>;

const scaleType = fc.constantFrom('UNIT_LINEAR_SCALE', 'UNIT_LOG_SCALE', 'UNIT_REVERSE_LOG_SCALE');
const positive = fc.double({ min: 1e-9, max: 1e9, noNaN: true });

const doubles = fc.oneof(
  fc.record({ scaleType, ends: fc.tuple(positive, positive) }).map(
    ({ scaleType: scale, ends: [one, other] }): ValueSpec => ({
      scaleType: scale,
      doubleValueSpec: { minValue: Math.min(one, other), maxValue: Math.max(one, other) },
    }),
  ),
  fc
    .tuple(fc.double({ min: -1e6, max: 0, noNaN: true }), positive)
    .map(([minValue, maxValue]): ValueSpec => ({ doubleValueSpec: { minValue, maxValue } })),
);
const integers = fc
  .record({ scaleType, first: fc.integer({ min: 1, max: 50 }), count: fc.integer({ min: 1, max: 5 }) })
  .map(
    ({ scaleType: scale, first, count }): ValueSpec => ({
      scaleType: scale,
      integerValueSpec: { minValue: String(first), maxValue: String(first + count - 1) },
    }),
  );
const categories = fc
  .uniqueArray(fc.string({ maxLength: 6 }), { minLength: 1, maxLength: 4 })
  .map((values): ValueSpec => ({ categoricalValueSpec: { values } }));
const discrete = fc
  .uniqueArray(fc.integer({ min: -40, max: 40 }), { minLength: 1, maxLength: 5 })
  .map(
    (values): ValueSpec => ({ discreteValueSpec: { values: values.map((value) => value / 8).sort((a, b) => a - b) } }),
  );

/** The values that a parameter can have; undefined of a double, which has too many and can be no parent. */
function valuesOf({
  integerValueSpec,
  categoricalValueSpec,
  discreteValueSpec,
}: ValueSpec): ParameterValue[] | undefined {
  if (integerValueSpec === undefined) return [...((categoricalValueSpec ?? discreteValueSpec)?.values ?? [])];
  const [first, last] = [Number(integerValueSpec.minValue), Number(integerValueSpec.maxValue)];
  return Array.from({ length: last - first + 1 }, (_unused, index) => first + index);
}

function condition(
  parent: ValueSpec,
  values: readonly ParameterValue[],
): Omit<ConditionalParameterSpec, 'parameterSpec'> {
  if (parent.categoricalValueSpec !== undefined) return { parentCategoricalValues: { values: values.map(String) } };
  if (parent.integerValueSpec !== undefined) return { parentIntValues: { values: values.map(String) } };
  return { parentDiscreteValues: { values: values.map(Number) } };
}

/** A parameter of any type and scale, with children that hang on some of its values; `depth` is how deep they may go. */
function parameter(id: string, own: fc.Arbitrary<ValueSpec>, depth: number): fc.Arbitrary<ParameterSpec> {
  return own.chain((spec) => {
    const values = valuesOf(spec) ?? [];
    if (depth === 0 || values.length === 0) return fc.constant({ parameterId: id, ...spec });
    const child = (index: number) =>
      fc
        .tuple(parameter(`${id}.${index}`, own, depth - 1), fc.subarray(values, { minLength: 1 }))
        .map(([parameterSpec, on]): ConditionalParameterSpec => ({ parameterSpec, ...condition(spec, on) }));
    return fc
      .integer({ min: 0, max: 2 })
      .chain((count) => fc.tuple(...Array.from({ length: count }, (_unused, index) => child(index))))
      .map((conditionalParameterSpecs) => ({ parameterId: id, ...spec, conditionalParameterSpecs }));
  });
}

function space(own: fc.Arbitrary<ValueSpec>, most: number): fc.Arbitrary<ParameterSpec[]> {
  return fc
    .integer({ min: 1, max: most })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_unused, index) => parameter(`p${index}`, own, 2))));
}

/** The parameters of a study, of all types and scales, with conditional ones. */
export const spaces = space(fc.oneof(doubles, integers, categories, discrete), 4);

/** The same without doubles, and few enough for a grid. */
export const gridSpaces = space(fc.oneof(integers, categories, discrete), 2);
