import { messageSchema } from '../../vertex/schema.ts';

/**
 * Required fields that may be missing in a config: inputs, defaults and the built image fill them, rules of the request
 * look at them, or proto3 leaves them out where they are 0.
 */
const FILLED_LATER = new Set([
  'ContainerSpec.imageUri',
  'CustomJobSpec.workerPoolSpecs',
  'HyperparameterTuningJob.displayName',
  'HyperparameterTuningJob.maxTrialCount',
  'HyperparameterTuningJob.parallelTrialCount',
  'HyperparameterTuningJob.studySpec',
  'HyperparameterTuningJob.trialJobSpec',
  'NfsMount.mountPoint',
  'NfsMount.path',
  'NfsMount.server',
  'PythonPackageSpec.executorImageUri',
  'PythonPackageSpec.packageUris',
  'PythonPackageSpec.pythonModule',
  'StudySpec.MetricSpec.goal',
  'StudySpec.ParameterSpec.CategoricalValueSpec.values',
  'StudySpec.ParameterSpec.ConditionalParameterSpec.CategoricalValueCondition.values',
  'StudySpec.ParameterSpec.ConditionalParameterSpec.DiscreteValueCondition.values',
  'StudySpec.ParameterSpec.ConditionalParameterSpec.IntValueCondition.values',
  'StudySpec.ParameterSpec.DiscreteValueSpec.values',
  'StudySpec.ParameterSpec.DoubleValueSpec.maxValue',
  'StudySpec.ParameterSpec.DoubleValueSpec.minValue',
  'StudySpec.ParameterSpec.IntegerValueSpec.maxValue',
  'StudySpec.ParameterSpec.IntegerValueSpec.minValue',
  'StudySpec.metrics',
  'StudySpec.parameters',
]);

/** Whether a config has to hold the field of that message, by its camelCase name. */
export function isRequired(type: string, name: string): boolean {
  return messageSchema(type)?.[name]?.behavior === 'REQUIRED' && !FILLED_LATER.has(`${type}.${name}`);
}
