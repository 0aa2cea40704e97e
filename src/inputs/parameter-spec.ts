import { shown } from '../faults.ts';
import type { ConditionalParameterSpec, ParameterSpec } from '../vertex/types.ts';
import { categorical, discrete, double, int64, type Refuse, rangeParameter, scaled } from './parameter-space.ts';
import type { Tree } from './yaml.ts';

type Fields = ReadonlyMap<string, Tree>;
type Build = (parameterId: string, spec: Fields, refuse: Refuse) => ParameterSpec | undefined;

const camel = (key: string) => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The value specs of google.cloud.aiplatform.v1.StudySpec.ParameterSpec, each with what makes it. */
export const VALUE_SPECS: ReadonlyMap<string, Build> = new Map<string, Build>([
  ['doubleValueSpec', (id, spec, refuse) => rangeSpec(id, spec, 'double', refuse)],
  ['integerValueSpec', (id, spec, refuse) => rangeSpec(id, spec, 'integer', refuse)],
  ['categoricalValueSpec', (id, spec, refuse) => listSpec(id, spec, categorical, refuse)],
  ['discreteValueSpec', (id, spec, refuse) => listSpec(id, spec, discrete, refuse)],
]);

const KEYS = ['parameterId', 'scaleType', 'conditionalParameterSpecs', ...VALUE_SPECS.keys()];

/** One parameter in the API's own form, in camelCase or snake_case. */
export function apiParameter(item: Tree, refuse: Refuse): ParameterSpec | undefined {
  const fields = fieldsOf(item, KEYS, refuse);
  if (fields === undefined) return undefined;
  const id = fields.get('parameterId');
  if (id?.kind !== 'scalar') return refuse('parameter-form', 'has no parameterId.');
  const named = [...VALUE_SPECS.keys()].filter((key) => fields.has(key));
  const [key] = named;
  if (key === undefined || named.length > 1) {
    return refuse('parameter-range', `needs exactly one of ${[...VALUE_SPECS.keys()].join(', ')}.`);
  }
  const spec = fieldsOf(fields.get(key), ['minValue', 'maxValue', 'values'], refuse);
  const built = spec && VALUE_SPECS.get(key)?.(id.text, spec, refuse);
  const whole = built && scaled(built, fields.get('scaleType'), refuse);
  return whole && withChildren(whole, fields.get('conditionalParameterSpecs'), refuse);
}

/** The conditions of google.cloud.aiplatform.v1.StudySpec.ParameterSpec.ConditionalParameterSpec. */
export const PARENT_VALUES = ['parentDiscreteValues', 'parentIntValues', 'parentCategoricalValues'] as const;
const CONVERT = {
  parentDiscreteValues: double,
  parentIntValues: int64,
  parentCategoricalValues: (text: string) => text,
} as const;

/** Whether the values fit the parent is a rule of the plan, where configs are judged too. */
function withChildren(spec: ParameterSpec, tree: Tree | undefined, refuse: Refuse): ParameterSpec | undefined {
  if (tree === undefined) return spec;
  if (tree.kind !== 'list') return refuse('parameter-form', 'has conditionalParameterSpecs that are no list.');
  const children = tree.items.map((item) => child(item, refuse));
  if (children.some((each) => each === undefined)) return undefined;
  return { ...spec, conditionalParameterSpecs: children.filter((each) => each !== undefined) };
}

function child(item: Tree, refuse: Refuse): ConditionalParameterSpec | undefined {
  const fields = fieldsOf(item, ['parameterSpec', ...PARENT_VALUES], refuse);
  if (fields === undefined) return undefined;
  const tree = fields.get('parameterSpec');
  if (tree === undefined) return refuse('parameter-form', 'has a condition without parameterSpec.');
  const named = PARENT_VALUES.filter((key) => fields.has(key));
  const [key] = named;
  if (key === undefined || named.length > 1) {
    return refuse('parameter-condition', `has a condition that needs exactly one of ${PARENT_VALUES.join(', ')}.`);
  }
  const condition = conditionOf(key, fields.get(key), refuse);
  const parameterSpec = apiParameter(tree, refuse);
  return condition && parameterSpec && { parameterSpec, ...condition };
}

function conditionOf(
  key: (typeof PARENT_VALUES)[number],
  tree: Tree | undefined,
  refuse: Refuse,
): Omit<ConditionalParameterSpec, 'parameterSpec'> | undefined {
  const fields = fieldsOf(tree, ['values'], refuse);
  if (fields === undefined) return undefined;
  const texts = textsOf(fields.get('values'));
  if (texts === undefined) return refuse('parameter-condition', `has ${key} without values.`);
  const values = texts.map((text) => CONVERT[key](text));
  const wrong = texts[values.indexOf(undefined)];
  if (wrong === undefined) return { [key]: { values } };
  return refuse('parameter-condition', `has ${key} with ${shown(wrong)}, which is none.`);
}

/** The texts of a list that is not empty and holds nothing else. */
function textsOf(tree: Tree | undefined): readonly string[] | undefined {
  const items = tree?.kind === 'list' ? tree.items : [];
  const texts = items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : []));
  return texts.length > 0 && texts.length === items.length ? texts : undefined;
}

function fieldsOf(tree: Tree | undefined, known: readonly string[], refuse: Refuse): Fields | undefined {
  if (tree?.kind !== 'map') return refuse('parameter-form', `has to be a mapping of ${known.join(', ')}.`);
  const fields = new Map(tree.entries.map(({ key, value }) => [camel(key), value]));
  const unknown = [...fields.keys()].find((key) => !known.includes(key));
  if (unknown) return refuse('parameter-form', `has the key ${shown(unknown)}. Accepted: ${known.join(', ')}.`);
  return fields.size === tree.entries.length ? fields : refuse('duplicate-key', 'has a key that stands there twice.');
}

function rangeSpec(id: string, spec: Fields, type: 'double' | 'integer', refuse: Refuse): ParameterSpec | undefined {
  const [min, max] = [spec.get('minValue'), spec.get('maxValue')];
  if (min?.kind === 'scalar' && max?.kind === 'scalar') return rangeParameter(id, min.text, max.text, type, refuse);
  return refuse('parameter-range', 'has no range: minValue and maxValue are needed.');
}

type FromTexts = (id: string, texts: readonly string[], refuse: Refuse) => ParameterSpec | undefined;

function listSpec(id: string, spec: Fields, build: FromTexts, refuse: Refuse): ParameterSpec | undefined {
  const texts = textsOf(spec.get('values'));
  return texts === undefined ? refuse('parameter-range', 'has no list of values.') : build(id, texts, refuse);
}
