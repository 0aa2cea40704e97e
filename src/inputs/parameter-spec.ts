import { shown } from '../faults.ts';
import type { ParameterSpec } from '../vertex/types.ts';
import { categorical, discrete, type Refuse, rangeParameter, scaled } from './parameter-space.ts';
import type { Tree } from './yaml.ts';

type Fields = ReadonlyMap<string, Tree>;
type Build = (parameterId: string, spec: Fields, refuse: Refuse) => ParameterSpec | undefined;

const camel = (key: string) => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The value specs of google.cloud.aiplatform.v1.StudySpec.ParameterSpec, each with what makes it. */
const VALUE_SPECS: ReadonlyMap<string, Build> = new Map<string, Build>([
  ['doubleValueSpec', (id, spec, refuse) => rangeSpec(id, spec, 'double', refuse)],
  ['integerValueSpec', (id, spec, refuse) => rangeSpec(id, spec, 'integer', refuse)],
  ['categoricalValueSpec', (id, spec, refuse) => listSpec(id, spec, categorical, refuse)],
  ['discreteValueSpec', (id, spec, refuse) => listSpec(id, spec, discrete, refuse)],
]);

const KEYS = ['parameterId', 'scaleType', ...VALUE_SPECS.keys()];

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
  return built && scaled(built, fields.get('scaleType'), refuse);
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
  const values = spec.get('values');
  const texts =
    values?.kind === 'list' ? values.items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : [])) : [];
  if (values?.kind !== 'list' || texts.length === 0 || texts.length < values.items.length) {
    return refuse('parameter-range', 'has no list of values.');
  }
  return build(id, texts, refuse);
}
