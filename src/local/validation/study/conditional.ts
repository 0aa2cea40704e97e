import type { ConditionalParameterSpec, ParameterSpec } from '../../../vertex/types.ts';
import { type Finding, findingUnless } from '../findings.ts';

/** Values of a discrete parent match within this (study.proto). */
const EPSILON = 1e-10;

/** A condition on the parent, by the kind of parent that it goes with. */
const CONDITIONS = [
  { name: 'parentDiscreteValues', field: 'parent_discrete_values', parent: 'discreteValueSpec' },
  { name: 'parentIntValues', field: 'parent_int_values', parent: 'integerValueSpec' },
  { name: 'parentCategoricalValues', field: 'parent_categorical_values', parent: 'categoricalValueSpec' },
] as const;

const conditionOf = (child: ConditionalParameterSpec) => CONDITIONS.find(({ name }) => child[name] !== undefined);

/** The parent's values that make the child active, as texts. */
function valuesOf(child: ConditionalParameterSpec): string[] {
  const { parentDiscreteValues, parentIntValues, parentCategoricalValues } = child;
  return (parentDiscreteValues?.values ?? parentIntValues?.values ?? parentCategoricalValues?.values ?? []).map(String);
}

/** The parent's own value that a condition's value means; undefined where it has none. */
type Domain = (value: string) => string | undefined;

function domainOf({ integerValueSpec, discreteValueSpec, categoricalValueSpec }: ParameterSpec): Domain {
  if (categoricalValueSpec !== undefined) {
    const categories = new Set(categoricalValueSpec.values);
    return (value) => (categories.has(value) ? value : undefined);
  }
  if (discreteValueSpec !== undefined) return nearestOf(discreteValueSpec.values ?? []);
  const [min, max] = [BigInt(integerValueSpec?.minValue ?? 0), BigInt(integerValueSpec?.maxValue ?? 0)];
  return (value) => (BigInt(value) >= min && BigInt(value) <= max ? value : undefined);
}

/** Looked up by halves: both lists may be long. */
function nearestOf(values: readonly number[]): Domain {
  const sorted = Float64Array.from(values).sort();
  return (text) => {
    const value = Number(text);
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] ?? 0) <= value - EPSILON) low = middle + 1;
      else high = middle;
    }
    const found = sorted[low];
    return found !== undefined && found - value < EPSILON ? String(found) : undefined;
  };
}

/** What the rules of a parameter's conditional ones refuse, each seen with its parent (study.proto). */
export function conditionFindings(parent: ParameterSpec, field: string): Finding[] {
  const children = parent.conditionalParameterSpecs ?? [];
  if (children.length === 0) return [];
  if (parent.doubleValueSpec !== undefined) {
    const message = 'Only an integer, categorical or discrete parameter can have conditional parameters.';
    return [{ field, message }];
  }
  const wanted = CONDITIONS.find(({ parent: kind }) => parent[kind] !== undefined);
  // Without a value spec the parent is refused itself.
  if (wanted === undefined) return [];
  const domain = domainOf(parent);
  const message = `All values must be values of the parent parameter ${JSON.stringify(parent.parameterId)}.`;
  const matching = children.map((child) => conditionOf(child) === wanted);
  const meant = children.map((child, index) => (matching[index] ? valuesOf(child).map(domain) : []));
  return [
    ...children.flatMap((child, index) => {
      const path = `${field}[${index}]`;
      if (!matching[index]) return [mismatch(conditionOf(child), wanted, path)];
      return findingUnless(meant[index]?.includes(undefined) !== true, `${path}.${wanted.field}.values`, message);
    }),
    ...overlapFindings(children, meant, field),
  ];
}

function mismatch(given: (typeof CONDITIONS)[number] | undefined, wanted: { readonly field: string }, path: string) {
  const message = `A condition that matches the type of the parent parameter is required: \`${wanted.field}\`.`;
  return { field: given === undefined ? path : `${path}.${given.field}`, message };
}

/** Two conditional parameters of one name need conditions that share no value of the parent; `meant` has each one's. */
function overlapFindings(
  children: readonly ConditionalParameterSpec[],
  meant: readonly (readonly (string | undefined)[])[],
  field: string,
): Finding[] {
  const taken = new Map<string, Set<string>>();
  return children.flatMap(({ parameterSpec }, index) => {
    const id = parameterSpec?.parameterId;
    if (id === undefined) return [];
    const before = taken.get(id) ?? new Set();
    taken.set(id, before);
    const values = [...new Set(meant[index])].filter((value) => value !== undefined);
    const isDisjoint = values.every((value) => !before.has(value));
    for (const value of values) before.add(value);
    const message = 'Conditional parameters of the same name must have disjoint parent values.';
    return findingUnless(isDisjoint, `${field}[${index}]`, message);
  });
}
