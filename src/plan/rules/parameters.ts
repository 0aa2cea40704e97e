import { shown } from '../../faults.ts';
import type { ConditionalParameterSpec, ParameterSpec } from '../../vertex/types.ts';
import type { Finding } from '../findings.ts';
import { error, repeated } from './rule.ts';

/** Parameters of a study by study.proto, with those that depend on them. */
export function parameterRules(parameters: readonly ParameterSpec[], path: string): Finding[] {
  if (parameters.length === 0) return [error('parameter-missing', path, 'is empty. Name what is varied.')];
  const findings = parameters.flatMap((parameter, index) => oneParameter(parameter, `${path}[${index}]`));
  for (const name of repeated(parameters.map(({ parameterId }) => parameterId))) {
    findings.push(error('parameter-unique', path, `${shown(name)} is named more than once. Keep one.`));
  }
  for (const name of sharedNames(parameters)) {
    const message = `${shown(name)} names parameters in several places. Names are unique in a study, conditional parameters included.`;
    findings.push(error('parameter-unique', path, message));
  }
  return findings;
}

/** Children of one parent may share a name, for other values of it; beyond that names are unique (study.proto). */
function sharedNames(parameters: readonly ParameterSpec[]): readonly string[] {
  return repeated(families(parameters).flatMap((family) => [...new Set(family.map(({ parameterId }) => parameterId))]));
}

/** The parameters themselves, and the children of each parent. */
function families(parameters: readonly ParameterSpec[]): (readonly ParameterSpec[])[] {
  const below = parameters.flatMap(({ conditionalParameterSpecs = [] }) =>
    families(conditionalParameterSpecs.map(({ parameterSpec }) => parameterSpec)),
  );
  return parameters.length === 0 ? below : [parameters, ...below];
}

/** The parameters with all that depend on them. */
export const withDependents = (parameters: readonly ParameterSpec[]) => families(parameters).flat();

const SPACES = ['doubleValueSpec', 'integerValueSpec', 'categoricalValueSpec', 'discreteValueSpec'] as const;

function oneParameter(parameter: ParameterSpec, path: string): Finding[] {
  const { parameterId } = parameter;
  const findings: Finding[] = [];
  if (!/^\S+$/u.test(parameterId)) {
    findings.push(
      error(
        'parameter-name',
        `${path}.parameterId`,
        `${shown(parameterId)} is not accepted: a name is not empty and holds no white space.`,
      ),
    );
  }
  if (!SPACES.some((space) => parameter[space] !== undefined)) {
    findings.push(
      error('parameter-range', path, `${shown(parameterId)} has no range: one of ${SPACES.join(', ')} is needed.`),
    );
  }
  findings.push(...boundRules(parameter, path), ...valueRules(parameter, path), ...scaleRules(parameter, path));
  return [...findings, ...childRules(parameter, path)];
}

function boundRules({ parameterId, doubleValueSpec, integerValueSpec }: ParameterSpec, path: string): Finding[] {
  const spec = doubleValueSpec ?? integerValueSpec;
  if (spec === undefined) return [];
  // proto3 leaves a bound of 0 out.
  const [min, max] = [Number(spec.minValue ?? 0), Number(spec.maxValue ?? 0)];
  if (!Number.isFinite(min) || !Number.isFinite(max)) {
    return [error('parameter-range', path, `${shown(parameterId)} has a bound that is not finite.`)];
  }
  const whole = integerValueSpec && BigInt(integerValueSpec.minValue ?? 0) > BigInt(integerValueSpec.maxValue ?? 0);
  return min <= max && whole !== true
    ? []
    : [
        error(
          'parameter-range',
          path,
          `${shown(parameterId)} has minValue ${spec.minValue ?? 0} above maxValue ${spec.maxValue ?? 0}. Swap them.`,
        ),
      ];
}

function valueRules({ parameterId, categoricalValueSpec, discreteValueSpec }: ParameterSpec, path: string): Finding[] {
  const findings: Finding[] = [];
  const refuse = (message: string) =>
    findings.push(error('parameter-values', path, `${shown(parameterId)} ${message}`));
  const categories = categoricalValueSpec?.values;
  if (categoricalValueSpec && (categories ?? []).length === 0) refuse('has no values.');
  if (categories && repeated(categories).length > 0) refuse(`has ${shown(repeated(categories)[0] ?? '')} twice.`);
  const numbers = discreteValueSpec?.values;
  if (discreteValueSpec && (numbers ?? []).length === 0) refuse('has no values.');
  if (numbers && numbers.length > 1_000) refuse(`has ${numbers.length} values; at most 1000 are accepted.`);
  const wrong = numbers?.find((value, index) => index > 0 && !(value - (numbers[index - 1] ?? value) >= 1e-10));
  if (wrong !== undefined) refuse(`has ${wrong} out of order: discrete values ascend, at least 1e-10 apart.`);
  return findings;
}

/** Both log scales need a space above 0; categories have no scale. */
function scaleRules(parameter: ParameterSpec, path: string): Finding[] {
  const { parameterId, scaleType, categoricalValueSpec } = parameter;
  if (scaleType === undefined || scaleType === 'SCALE_TYPE_UNSPECIFIED') return [];
  const at = `${path}.scaleType`;
  if (categoricalValueSpec)
    return [error('parameter-scale', at, `${shown(parameterId)} is categorical and has no scale. Remove it.`)];
  const least = leastValue(parameter);
  if (scaleType === 'UNIT_LINEAR_SCALE' || least > 0) return [];
  return [
    error(
      'parameter-scale',
      at,
      `${shown(parameterId)} has a log scale, but its least value is ${least}. It has to be above 0.`,
    ),
  ];
}

function leastValue({ doubleValueSpec, integerValueSpec, discreteValueSpec }: ParameterSpec): number {
  return Number(doubleValueSpec?.minValue ?? integerValueSpec?.minValue ?? discreteValueSpec?.values?.[0] ?? 0);
}

const PARENT_VALUES = ['parentDiscreteValues', 'parentIntValues', 'parentCategoricalValues'] as const;

/** Only a discrete, integer or categorical parameter can be a parent, by values that it can have. */
function childRules(parent: ParameterSpec, path: string): Finding[] {
  const children = parent.conditionalParameterSpecs ?? [];
  if (children.length > 0 && parent.doubleValueSpec) {
    return [
      error(
        'parameter-parent',
        path,
        `${shown(parent.parameterId)} is double and cannot be a parent. Give it a list of values.`,
      ),
    ];
  }
  const findings = children.flatMap((child, index) =>
    oneChild(parent, child, `${path}.conditionalParameterSpecs[${index}]`),
  );
  for (const name of repeated(children.map(({ parameterSpec }) => parameterSpec.parameterId))) {
    const values = children.filter(({ parameterSpec }) => parameterSpec.parameterId === name).flatMap(parentValues);
    if (repeated(values).length === 0) continue;
    const message = `${shown(name)} stands twice for the same value of ${shown(parent.parameterId)}. Their values have to be disjoint.`;
    findings.push(error('parameter-condition', path, message));
  }
  return findings;
}

function parentValues(child: ConditionalParameterSpec): string[] {
  return PARENT_VALUES.flatMap((kind) => (child[kind]?.values ?? []).map(String));
}

function oneChild(parent: ParameterSpec, child: ConditionalParameterSpec, path: string): Finding[] {
  const values = parentValues(child);
  const wanted = parent.discreteValueSpec
    ? PARENT_VALUES[0]
    : parent.integerValueSpec
      ? PARENT_VALUES[1]
      : PARENT_VALUES[2];
  const findings = oneParameter(child.parameterSpec, `${path}.parameterSpec`);
  if (child[wanted] === undefined || values.length === 0) {
    findings.push(error('parameter-condition', path, `needs ${wanted} with values of ${shown(parent.parameterId)}.`));
  }
  const impossible = values.find((value) => !canBe(parent, value));
  if (impossible !== undefined) {
    findings.push(
      error('parameter-condition', path, `${shown(parent.parameterId)} never has the value ${shown(impossible)}.`),
    );
  }
  return findings;
}

function canBe({ discreteValueSpec, integerValueSpec, categoricalValueSpec }: ParameterSpec, value: string): boolean {
  // Lists and bounds that a config leaves out are told by the rules above, or are 0.
  if (categoricalValueSpec) return (categoricalValueSpec.values ?? []).includes(value);
  if (discreteValueSpec) return (discreteValueSpec.values ?? []).some((each) => Math.abs(each - Number(value)) < 1e-10);
  if (!integerValueSpec) return true;
  const number = Number(value);
  return (
    Number.isInteger(number) &&
    number >= Number(integerValueSpec.minValue ?? 0) &&
    number <= Number(integerValueSpec.maxValue ?? 0)
  );
}
