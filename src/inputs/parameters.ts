import { shown } from '../faults.ts';
import type { ParameterSpec } from '../vertex/types.ts';
import type { Faults } from './collect.ts';
import { yamlInput } from './collections.ts';
import { type Condition, nest, readCondition } from './conditions.ts';
import { refuseRepeated, refuseSpaces } from './metrics.ts';
import { categorical, discrete, NUMBER, type Refuse, rangeParameter, scaled } from './parameter-space.ts';
import { apiParameter } from './parameter-spec.ts';
import type { Entry, Tree } from './yaml.ts';

const INPUT = 'parameters';
const FORM = 'Write a list of values, or { min: …, max: … } with scale and type where wanted.';

/** `parameters`: a mapping of parameter to its values in the short form, or the API's list of ParameterSpec. */
export function parseParameters(faults: Faults, text: string): readonly ParameterSpec[] {
  if (text.trim() === '') return [];
  const tree = yamlInput(faults, INPUT, text);
  if (tree === undefined) return [];
  const specs = tree.kind === 'map' ? shortParameters(faults, tree.entries) : listedParameters(faults, tree);
  refuseRepeated(faults, INPUT, tree.kind === 'map' ? tree.entries.map(({ key }) => key) : specs.map(idOf));
  return specs;
}

const idOf = (spec: ParameterSpec) => spec.parameterId;

function shortParameters(faults: Faults, entries: readonly Entry[]): ParameterSpec[] {
  const conditioned = entries.flatMap(({ key, value, line }) => {
    refuseSpaces(faults, INPUT, key);
    const refuse = refusal(faults, key, line);
    const spec = shortParameter(key, value, refuse);
    return spec === undefined ? [] : [{ spec, when: conditionOf(value, refuse), refuse }];
  });
  return nest(
    conditioned,
    entries.map(({ key }) => key),
  );
}

function conditionOf(tree: Tree, refuse: Refuse): Condition | undefined {
  const when = tree.kind === 'map' ? tree.entries.find(({ key }) => key === 'when') : undefined;
  return when && readCondition(when.value, refuse);
}

function refusal(faults: Faults, name: string, line: number): Refuse {
  return (rule, message) => {
    faults.add(rule, INPUT, `line ${line}: ${shown(name)} ${message}`);
    return undefined;
  };
}

function listedParameters(faults: Faults, tree: Tree): ParameterSpec[] {
  if (tree.kind !== 'list') {
    faults.add('parameter-form', INPUT, `is neither a mapping of parameters nor a list of ParameterSpec. ${FORM}`);
    return [];
  }
  return tree.items.flatMap((item, index) => {
    const spec = apiParameter(item, refusal(faults, `number ${index + 1}`, item.line));
    if (spec === undefined) return [];
    refuseSpaces(faults, INPUT, spec.parameterId);
    return [spec];
  });
}

function shortParameter(name: string, tree: Tree, refuse: Refuse): ParameterSpec | undefined {
  if (tree.kind === 'list') return listParameter(name, tree.items, undefined, refuse);
  if (tree.kind === 'scalar') return refuse('parameter-form', `is ${shown(tree.text)}, which is no range. ${FORM}`);
  const fields = shortFields(tree.entries, refuse);
  if (fields === undefined) return undefined;
  const type = fields.get('type');
  if (type !== undefined && !(type.kind === 'scalar' && isType(type.text))) {
    return refuse('parameter-type', `has a type that is none of ${TYPES.join(', ')}.`);
  }
  const spec = spaceOf(name, fields, type?.kind === 'scalar' && isType(type.text) ? type.text : undefined, refuse);
  return spec && scaled(spec, fields.get('scale'), refuse);
}

/** What `type` may say of a parameter. */
export const TYPES = ['double', 'integer', 'categorical', 'discrete'] as const;
type Type = (typeof TYPES)[number];
const isType = (text: string): text is Type => (TYPES as readonly string[]).includes(text);
/** The keys of a parameter in the short form. */
export const KEYS = ['min', 'max', 'values', 'scale', 'type', 'when'] as const;

function shortFields(entries: readonly Entry[], refuse: Refuse): ReadonlyMap<string, Tree> | undefined {
  const unknown = entries.find(({ key }) => !(KEYS as readonly string[]).includes(key));
  if (unknown) return refuse('parameter-form', `has the key ${shown(unknown.key)}. Accepted: ${KEYS.join(', ')}.`);
  const fields = new Map(entries.map(({ key, value }) => [key, value]));
  return fields.size === entries.length ? fields : refuse('duplicate-key', 'has a key that stands there twice.');
}

function spaceOf(
  name: string,
  fields: ReadonlyMap<string, Tree>,
  type: Type | undefined,
  refuse: Refuse,
): ParameterSpec | undefined {
  const values = fields.get('values');
  const [min, max] = [fields.get('min'), fields.get('max')];
  if (values !== undefined && (min !== undefined || max !== undefined)) {
    return refuse('parameter-form', 'has values and a range. Keep one of them.');
  }
  if (values?.kind === 'list') return listParameter(name, values.items, type, refuse);
  if (min?.kind !== 'scalar' || max?.kind !== 'scalar') {
    return refuse('parameter-range', `has no range. ${FORM}`);
  }
  if (type === 'categorical' || type === 'discrete') {
    return refuse('parameter-type', `has a range, but its type is ${type}. Give it values: [ … ].`);
  }
  return rangeParameter(name, min.text, max.text, type, refuse);
}

function listParameter(
  parameterId: string,
  items: readonly Tree[],
  type: Type | undefined,
  refuse: Refuse,
): ParameterSpec | undefined {
  if (items.length === 0) return refuse('parameter-range', 'has an empty list of values.');
  const scalars = items.filter((item) => item.kind === 'scalar');
  if (scalars.length < items.length) return refuse('parameter-form', 'has a value that is a list or mapping itself.');
  if (scalars.some(({ plain, text }) => plain && text === '')) return refuse('parameter-form', 'has an empty value.');
  if (type === 'double' || type === 'integer') {
    return refuse('parameter-type', `has a list of values, but its type is ${type}. Give it min and max.`);
  }
  const numbers = scalars.filter(({ plain, text }) => plain && NUMBER.test(text)).length;
  const kind = type ?? (numbers === scalars.length ? 'discrete' : numbers === 0 ? 'categorical' : undefined);
  if (kind === undefined) {
    return refuse('parameter-mixed', 'mixes numbers and texts. Quote the numbers, or say type: categorical.');
  }
  const values = scalars.map(({ text }) => text);
  return kind === 'categorical' ? categorical(parameterId, values, refuse) : discrete(parameterId, values, refuse);
}
