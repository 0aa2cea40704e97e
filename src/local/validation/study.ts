import type { ParameterSpec, StudySpec } from '../../vertex/types.ts';
import { safeInteger } from '../study/search.ts';
import { type Finding, REQUIRED } from './findings.ts';

const VALUE_SPECS = ['doubleValueSpec', 'integerValueSpec', 'categoricalValueSpec', 'discreteValueSpec'] as const;

/** The smallest and largest number of a numeric parameter, as far as they are given. */
function bounds(parameter: ParameterSpec): { readonly min: number; readonly max: number } {
  const { doubleValueSpec, integerValueSpec, discreteValueSpec } = parameter;
  if (doubleValueSpec !== undefined) {
    return { min: doubleValueSpec.minValue ?? 0, max: doubleValueSpec.maxValue ?? 0 };
  }
  if (integerValueSpec !== undefined) {
    return { min: safeInteger(integerValueSpec.minValue), max: safeInteger(integerValueSpec.maxValue) };
  }
  const values = discreteValueSpec?.values ?? [];
  return { min: values[0] ?? Number.NaN, max: values.at(-1) ?? Number.NaN };
}

function valueProblem(parameter: ParameterSpec): string | undefined {
  const given = VALUE_SPECS.filter((name) => parameter[name] !== undefined);
  if (given.length !== 1) return 'Exactly one value spec must be set.';
  if (parameter.categoricalValueSpec !== undefined) {
    const { values = [] } = parameter.categoricalValueSpec;
    return values.length > 0 ? undefined : 'At least one category is required.';
  }
  const { min, max } = bounds(parameter);
  if (!(min <= max)) return 'The feasible space is empty: `min_value` must not exceed `max_value`.';
  const values = parameter.discreteValueSpec?.values ?? [];
  if (values.length > 1000) return 'At most 1000 discrete values are allowed.';
  const rising = values.every((value, index) => index === 0 || value - (values[index - 1] ?? value) >= 1e-10);
  if (!rising) return 'Discrete values must be in increasing order and at least 1e-10 apart.';
  const isLog = parameter.scaleType === 'UNIT_LOG_SCALE' || parameter.scaleType === 'UNIT_REVERSE_LOG_SCALE';
  return isLog && min <= 0 ? 'A log scale needs a feasible space that is strictly positive.' : undefined;
}

function idProblem(id: string | undefined): string | undefined {
  if (id === undefined || id === '') return REQUIRED;
  return /\s/.test(id) ? 'Must not contain white space.' : undefined;
}

function parameterFindings(parameter: ParameterSpec, field: string, isGrid: boolean): Finding[] {
  const findings: Finding[] = [];
  const id = idProblem(parameter.parameterId);
  if (id !== undefined) findings.push({ field: `${field}.parameter_id`, message: id });
  const value = valueProblem(parameter);
  if (value !== undefined) findings.push({ field, message: value });
  if (isGrid && parameter.doubleValueSpec !== undefined) {
    findings.push({ field, message: 'GRID_SEARCH takes integer, categorical and discrete parameters only.' });
  }
  const conditions = parameter.conditionalParameterSpecs ?? [];
  for (const [index, condition] of conditions.entries()) {
    const inner = `${field}.conditional_parameter_specs[${index}].parameter_spec`;
    if (condition.parameterSpec === undefined) findings.push({ field: inner, message: REQUIRED });
    else findings.push(...parameterFindings(condition.parameterSpec, inner, isGrid));
  }
  return findings;
}

/** What StudySpec's own rules refuse (the proto's comments). */
export function studyFindings(study: StudySpec | undefined): Finding[] {
  if (study === undefined) return [{ field: 'study_spec', message: REQUIRED }];
  const { metrics = [], parameters = [] } = study;
  const findings: Finding[] = [];
  if (metrics.length === 0) findings.push({ field: 'study_spec.metrics', message: REQUIRED });
  if (parameters.length === 0) findings.push({ field: 'study_spec.parameters', message: REQUIRED });
  for (const [index, metric] of metrics.entries()) {
    const message = idProblem(metric.metricId);
    if (message !== undefined) findings.push({ field: `study_spec.metrics[${index}].metric_id`, message });
  }
  if (new Set(metrics.map((metric) => metric.metricId)).size < metrics.length) {
    findings.push({ field: 'study_spec.metrics', message: 'Metric ids must be unique.' });
  }
  if (new Set(parameters.map((parameter) => parameter.parameterId)).size < parameters.length) {
    findings.push({ field: 'study_spec.parameters', message: 'Parameter ids must be unique.' });
  }
  const isGrid = study.algorithm === 'GRID_SEARCH';
  const inner = parameters.flatMap((parameter, index) =>
    parameterFindings(parameter, `study_spec.parameters[${index}]`, isGrid),
  );
  return [...findings, ...inner];
}
