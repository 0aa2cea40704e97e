import { closestMatch } from 'leven';
import { shown } from '../faults.ts';
import type { ConditionalParameterSpec, ParameterSpec } from '../vertex/types.ts';
import type { Refuse } from './parameter-space.ts';
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

/** Hangs every conditional parameter under its parent, as the API wants them; a missing parent or a circle is a fault. */
export function nest(parameters: readonly Conditioned[]): ParameterSpec[] {
  const names = parameters.map(({ spec }) => spec.parameterId);
  const sound = parameters.filter(({ when, refuse }) => {
    if (when === undefined || names.includes(when.parent)) return true;
    const nearest = closestMatch(when.parent, names);
    refuse(
      'parameter-condition',
      `depends on ${shown(when.parent)}, which is no parameter; the nearest is ${nearest}.`,
    );
    return false;
  });
  const placed = new Set<string>();
  const roots = sound.filter(({ when }) => when === undefined).map(({ spec }) => withChildren(spec, sound, placed));
  for (const { spec, refuse } of sound) {
    if (!placed.has(spec.parameterId))
      refuse('parameter-condition', 'depends on itself by way of its parents. Break the circle.');
  }
  return roots;
}

function withChildren(spec: ParameterSpec, all: readonly Conditioned[], placed: Set<string>): ParameterSpec {
  placed.add(spec.parameterId);
  const children = all.filter(({ when }) => when?.parent === spec.parameterId);
  if (children.length === 0) return spec;
  const conditionalParameterSpecs = children.flatMap(({ spec: child, when, refuse }) => {
    const values = parentValues(spec, when?.values ?? [], refuse);
    return values === undefined ? [] : [{ ...values, parameterSpec: withChildren(child, all, placed) }];
  });
  return { ...spec, conditionalParameterSpecs };
}

type ParentValues = Omit<ConditionalParameterSpec, 'parameterSpec'>;

function parentValues(parent: ParameterSpec, texts: readonly string[], refuse: Refuse): ParentValues | undefined {
  if (parent.categoricalValueSpec) return { parentCategoricalValues: { values: texts } };
  const wrong = texts.find((text) => text.trim() === '' || !Number.isFinite(Number(text)));
  if (wrong !== undefined) {
    return refuse(
      'parameter-condition',
      `depends on the value ${shown(wrong)} of ${shown(parent.parameterId)}, which is a number.`,
    );
  }
  if (parent.integerValueSpec) return { parentIntValues: { values: texts } };
  if (parent.discreteValueSpec) return { parentDiscreteValues: { values: texts.map(Number) } };
  return refuse(
    'parameter-condition',
    `depends on ${shown(parent.parameterId)}, which is double. Only a list or an integer can be a parent.`,
  );
}
