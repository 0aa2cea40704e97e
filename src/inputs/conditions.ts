import { closestMatch } from 'leven';
import { shown } from '../faults.ts';
import type { ConditionalParameterSpec, ParameterSpec } from '../vertex/types.ts';
import { double, int64, type Refuse } from './parameter-space.ts';
import type { Tree } from './yaml.ts';

/** A parameter with the condition of its short form: `when: { parent: [values] }`. */
export interface Conditioned {
  readonly spec: ParameterSpec;
  readonly when: Condition | undefined;
  readonly refuse: Refuse;
}

export interface Condition {
  readonly parent: string;
  readonly values: readonly string[];
}

/** Reads `when`; it names one parent and the values with which the parameter is active. */
export function readCondition(tree: Tree, refuse: Refuse): Condition | undefined {
  const form = 'has a when that is not { PARENT: [values] }.';
  if (tree.kind !== 'map' || tree.entries.length !== 1) return refuse('parameter-condition', form);
  const [entry] = tree.entries;
  const items = entry?.value.kind === 'list' ? entry.value.items : entry === undefined ? [] : [entry.value];
  const values = items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : []));
  if (entry === undefined || values.length === 0 || values.length < items.length)
    return refuse('parameter-condition', form);
  return { parent: entry.key, values };
}

/**
 * Hangs every conditional parameter under its parent, as the API wants them; a missing parent or a circle is a fault.
 * `declared` names the parameters that were rejected too: what depends on one of them is left out, and is no fault.
 */
export function nest(parameters: readonly Conditioned[], declared: readonly string[]): ParameterSpec[] {
  const names = parameters.map(({ spec }) => spec.parameterId);
  // Of a name that stands twice, the first counts: the second is told elsewhere.
  const unique = parameters.filter(({ spec }, index) => names.indexOf(spec.parameterId) === index);
  const parentOf = new Map(unique.map(({ spec, when }) => [spec.parameterId, when?.parent]));
  const sound = unique.filter(({ spec, when, refuse }) => {
    if (when === undefined) return true;
    if (!declared.includes(when.parent)) {
      const nearest = closestMatch(when.parent, declared);
      refuse(
        'parameter-condition',
        `depends on ${shown(when.parent)}, which is no parameter; the nearest is ${nearest}.`,
      );
      return false;
    }
    if (!isCircular(spec.parameterId, parentOf)) return true;
    refuse('parameter-condition', 'depends on itself by way of its parents. Break the circle.');
    return false;
  });
  return sound.filter(({ when }) => when === undefined).map(({ spec }) => withChildren(spec, sound));
}

function isCircular(name: string, parentOf: ReadonlyMap<string, string | undefined>): boolean {
  const passed = new Set<string>();
  for (let each = parentOf.get(name); each !== undefined && !passed.has(each); each = parentOf.get(each)) {
    if (each === name) return true;
    passed.add(each);
  }
  return false;
}

function withChildren(spec: ParameterSpec, all: readonly Conditioned[]): ParameterSpec {
  const children = all.filter(({ when }) => when?.parent === spec.parameterId);
  if (children.length === 0) return spec;
  const conditionalParameterSpecs = children.flatMap(({ spec: child, when, refuse }) => {
    const values = parentValues(spec, when?.values ?? [], refuse);
    return values === undefined ? [] : [{ ...values, parameterSpec: withChildren(child, all) }];
  });
  return { ...spec, conditionalParameterSpecs };
}

type ParentValues = Omit<ConditionalParameterSpec, 'parameterSpec'>;

function parentValues(parent: ParameterSpec, texts: readonly string[], refuse: Refuse): ParentValues | undefined {
  if (parent.categoricalValueSpec) return { parentCategoricalValues: { values: texts } };
  const read = <T>(convert: (text: string) => T | undefined, kind: string): readonly T[] | undefined => {
    const values = texts.map(convert);
    const wrong = texts[values.indexOf(undefined)];
    if (wrong === undefined) return values.filter((value) => value !== undefined);
    const message = `depends on the value ${shown(wrong)} of ${shown(parent.parameterId)}, which is ${kind}.`;
    return refuse('parameter-condition', message);
  };
  if (parent.integerValueSpec) {
    const values = read(int64, 'an integer');
    return values && { parentIntValues: { values } };
  }
  if (parent.discreteValueSpec) {
    const values = read(double, 'a number');
    return values && { parentDiscreteValues: { values } };
  }
  return refuse(
    'parameter-condition',
    `depends on ${shown(parent.parameterId)}, which is double. Only a list or an integer can be a parent.`,
  );
}
