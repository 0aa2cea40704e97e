import { describe, expect, it } from '@jest/globals';
import { readTuningJob } from '../../../src/local/validation/job.ts';
import { type Fields, tuning, violations, withParameter, withStudy } from './requests.ts';

const P = 'study_spec.parameters[0]';
const REQUIRED = 'Required field is not set.';
const double = (minValue: unknown, maxValue: unknown) => ({ doubleValueSpec: { minValue, maxValue } });
const integer = (minValue: unknown, maxValue: unknown) => ({ integerValueSpec: { minValue, maxValue } });
const discrete = (...values: number[]) => ({ discreteValueSpec: { values } });
const categorical = (...values: string[]) => ({ categoricalValueSpec: { values } });
const EMPTY = 'The feasible space is empty';

/** A conditional parameter `c`, active by the condition. */
const child = (condition: Fields, parameter: Fields = {}) => ({
  ...condition,
  parameterSpec: { parameterId: 'c', ...('doubleValueSpec' in parameter ? {} : discrete(1)), ...parameter },
});
const withChildren = (parent: Fields, ...conditionalParameterSpecs: Fields[]) =>
  withParameter({ ...parent, conditionalParameterSpecs });
const ints = (...values: unknown[]) => ({ parentIntValues: { values } });
const numbers = (...values: number[]) => ({ parentDiscreteValues: { values } });
const names = (...values: string[]) => ({ parentCategoricalValues: { values } });
const C = `${P}.conditional_parameter_specs`;

describe('readTuningJob', () => {
  it.each<[string, object]>([
    ['a space of one value', withParameter(integer(3, 3))],
    ['bounds of 0, which proto3 leaves out', withParameter({ doubleValueSpec: {} })],
    ['a negative space', withParameter(double(-2, -1))],
    ['the largest integers that are exact', withParameter(integer('-9007199254740991', '9007199254740991'))],
    ['1,000 discrete values', withParameter(discrete(...Array.from({ length: 1000 }, (_none, index) => index)))],
    ['a log scale of discrete values', withParameter({ scaleType: 'UNIT_LOG_SCALE', ...discrete(1e-9, 1) })],
    ['a linear scale from below 0', withParameter({ scaleType: 'UNIT_LINEAR_SCALE', ...double(-1, 1) })],
    ['a scale of categories, which means nothing', withParameter({ scaleType: 'UNIT_LOG_SCALE', ...categorical('a') })],
    ['an empty category', withParameter(categorical('', 'a'))],
    [
      'a default value, which is for another service',
      withParameter({ doubleValueSpec: { minValue: 0, maxValue: 1, defaultValue: 0.5 } }),
    ],
    ['a goal unspecified', withStudy({ metrics: [{ metricId: 'm' }] })],
    [
      'a safety metric beside the objective',
      withStudy({
        metrics: [
          { metricId: 'm', goal: 1 },
          { metricId: 's', goal: 2, safetyConfig: { safetyThreshold: -1, desiredMinSafeTrialsFraction: 1 } },
        ],
      }),
    ],
    ['a grid', withStudy({ algorithm: 'GRID_SEARCH' })],
    ['more trials side by side than there are', { ...tuning, parallelTrialCount: 100 }],
    ['as many failures as trials', { ...tuning, maxFailedTrialCount: 4 }],
    ['median stopping', withStudy({ medianAutomatedStoppingSpec: { useElapsedDuration: true } })],
    ['decay-curve stopping', withStudy({ decayCurveStoppingSpec: {} })],
    [
      'convex stopping',
      withStudy({
        convexAutomatedStoppingSpec: {
          maxStepCount: 100,
          minStepCount: '10',
          minMeasurementCount: 0,
          updateAllStoppedTrials: false,
        },
      }),
    ],
    [
      'conditions that end a study',
      withStudy({
        studyStoppingConfig: {
          shouldStopAsap: false,
          minimumRuntimeConstraint: { maxDuration: '60s' },
          maximumRuntimeConstraint: { endTime: '2030-01-01T00:00:00Z' },
          minNumTrials: 1,
          maxNumTrials: 9,
          maxNumTrialsNoProgress: 3,
          maxDurationNoProgress: '3.5s',
        },
      }),
    ],
    ['the best measurement', withStudy({ measurementSelectionType: 2, observationNoise: 'HIGH' })],
    ['a child of an integer', withChildren(integer(1, 9), child(ints(1, '9')))],
    ['a child of a discrete value, within 1e-10', withChildren(discrete(0.1, 0.3), child(numbers(0.1 + 0.2)))],
    ['a child of a category', withChildren(categorical('a', 'b'), child(names('b')))],
    [
      'two children of one name with values of their own',
      withChildren(categorical('a', 'b'), child(names('a')), child(names('b'), double(0, 1))),
    ],
    [
      'two children of one value',
      withChildren(categorical('a'), child(names('a')), child(names('a'), { parameterId: 'd' })),
    ],
    [
      'a grandchild',
      withChildren(
        integer(1, 9),
        child(ints(1), { conditionalParameterSpecs: [child(numbers(1), { parameterId: 'd', ...double(0, 1) })] }),
      ),
    ],
  ])('takes %s', (_name, body) => {
    expect(violations(() => readTuningJob(body))).toEqual([]);
  });

  it.each<[string, object, string[]]>([
    [
      'nothing',
      {},
      [
        `display_name: ${REQUIRED}`,
        `study_spec: ${REQUIRED}`,
        `trial_job_spec: ${REQUIRED}`,
        'max_trial_count: Must be at least 1.',
        'parallel_trial_count: Must be at least 1.',
      ],
    ],
    [
      'an empty study',
      { ...tuning, studySpec: {} },
      [`study_spec.metrics: ${REQUIRED}`, `study_spec.parameters: ${REQUIRED}`],
    ],
    [
      'two metrics of one name',
      withStudy({ metrics: [{ metricId: 'm' }, { metricId: 'm' }] }),
      ['study_spec.metrics[1].metric_id: Metric ids must be unique.'],
    ],
    [
      'a metric without a name',
      withStudy({ metrics: [{ goal: 1 }] }),
      [`study_spec.metrics[0].metric_id: ${REQUIRED}`],
    ],
    [
      'white space in a metric',
      withStudy({ metrics: [{ metricId: 'a b' }] }),
      ['study_spec.metrics[0].metric_id: Must not contain white space.'],
    ],
    [
      'safety metrics alone',
      withStudy({ metrics: [{ metricId: 'm', safetyConfig: {} }] }),
      ['study_spec.metrics: Safety metrics need a separate'],
    ],
    [
      'a fraction above 1',
      withStudy({
        metrics: [{ metricId: 'm' }, { metricId: 's', safetyConfig: { desiredMinSafeTrialsFraction: 1.1 } }],
      }),
      ['study_spec.metrics[1].safety_config.desired_min_safe_trials_fraction: Must be between'],
    ],
    ['no range', withParameter({}), [`${P}: Exactly one value spec must be set.`]],
    ['a parameter without a name', withStudy({ parameters: [integer(1, 2)] }), [`${P}.parameter_id: ${REQUIRED}`]],
    [
      'white space in a parameter',
      withParameter({ parameterId: 'a\tb', ...integer(1, 2) }),
      [`${P}.parameter_id: Must not contain white space.`],
    ],
    [
      'two parameters of one name',
      withStudy({
        parameters: [
          { parameterId: 'p', ...integer(1, 2) },
          { parameterId: 'p', ...integer(1, 2) },
        ],
      }),
      ['study_spec.parameters[1].parameter_id: Parameter ids must be unique.'],
    ],
    ['doubles upside down', withParameter(double(1, 0.5)), [`${P}.double_value_spec: ${EMPTY}`]],
    [
      'doubles below 0, whose upper bound is left out',
      withParameter(double(1, undefined)),
      [`${P}.double_value_spec: ${EMPTY}`],
    ],
    ['integers upside down', withParameter(integer('9', '1')), [`${P}.integer_value_spec: ${EMPTY}`]],
    [
      'integers upside down by less than a double tells',
      withParameter(integer('9007199254740993', '9007199254740992')),
      [
        `${P}.integer_value_spec: ${EMPTY}`,
        `${P}.integer_value_spec: This service takes integers of at most 9007199254740991.`,
      ],
    ],
    [
      'integers that no double holds',
      withParameter(integer(0, '9007199254740992')),
      [`${P}.integer_value_spec: This service takes`],
    ],
    ['a log scale from 0', withParameter({ scaleType: 2, ...double(0, 1) }), [`${P}.scale_type: A log scale needs`]],
    [
      'a log scale from a bound left out',
      withParameter({ scaleType: 2, ...double(undefined, 1) }),
      [`${P}.scale_type: A log scale needs`],
    ],
    [
      'a reverse log scale of integers from 0',
      withParameter({ scaleType: 3, ...integer(0, 9) }),
      [`${P}.scale_type: A log scale needs`],
    ],
    [
      'a log scale of discrete values below 0',
      withParameter({ scaleType: 2, ...discrete(-1, 1) }),
      [`${P}.scale_type: A log scale needs`],
    ],
    [
      'falling discrete values',
      withParameter(discrete(2, 1)),
      [`${P}.discrete_value_spec.values: Discrete values must be in increasing order`],
    ],
    [
      'a discrete value twice',
      withParameter(discrete(1, 1)),
      [`${P}.discrete_value_spec.values: Discrete values must`],
    ],
    [
      'discrete values too close',
      withParameter(discrete(1, 1 + 1e-11)),
      [`${P}.discrete_value_spec.values: Discrete values must`],
    ],
    [
      '1,001 discrete values',
      withParameter(discrete(...Array.from({ length: 1001 }, (_none, index) => index))),
      [`${P}.discrete_value_spec.values: At most 1000`],
    ],
    ['no discrete values', withParameter(discrete()), [`${P}.discrete_value_spec.values: ${REQUIRED}`]],
    ['no categories', withParameter({ categoricalValueSpec: {} }), [`${P}.categorical_value_spec.values: ${REQUIRED}`]],
    [
      'a grid over doubles',
      { ...tuning, studySpec: { ...withParameter(double(0, 1)).studySpec, algorithm: 2 } },
      [`${P}.double_value_spec: GRID_SEARCH takes`],
    ],
    [
      'a grid over doubles that depend on another',
      {
        ...tuning,
        studySpec: {
          ...withChildren(integer(1, 2), child(ints(1), { discreteValueSpec: undefined, ...double(0, 1) })).studySpec,
          algorithm: 2,
        },
      },
      [`${C}[0].parameter_spec.double_value_spec: GRID_SEARCH takes`],
    ],
    ['no trials', { ...tuning, maxTrialCount: 0 }, ['max_trial_count: Must be at least 1.']],
    ['trials below 0', { ...tuning, maxTrialCount: -1 }, ['max_trial_count: Must be at least 1.']],
    ['no trials side by side', { ...tuning, parallelTrialCount: 0 }, ['parallel_trial_count: Must be at least 1.']],
    ['more failures than trials', { ...tuning, maxFailedTrialCount: 5 }, ['max_failed_trial_count: Must not exceed']],
    ['failures below 0', { ...tuning, maxFailedTrialCount: -1 }, ['max_failed_trial_count: Must not exceed']],
    [
      'convex stopping below 0',
      withStudy({ convexAutomatedStoppingSpec: { maxStepCount: -1, minStepCount: -1, minMeasurementCount: -1 } }),
      [
        'study_spec.convex_automated_stopping_spec.max_step_count: Must not be negative.',
        'study_spec.convex_automated_stopping_spec.min_step_count: Must not be negative.',
        'study_spec.convex_automated_stopping_spec.min_measurement_count: Must not be negative.',
      ],
    ],
    [
      'conditions below 0',
      withStudy({
        studyStoppingConfig: {
          minimumRuntimeConstraint: { maxDuration: '-1s' },
          maximumRuntimeConstraint: { maxDuration: '-1s' },
          minNumTrials: -1,
          maxNumTrials: -1,
          maxNumTrialsNoProgress: -1,
          maxDurationNoProgress: '-0.5s',
        },
      }),
      [
        'study_spec.study_stopping_config.minimum_runtime_constraint.max_duration: Must not be negative.',
        'study_spec.study_stopping_config.maximum_runtime_constraint.max_duration: Must not be negative.',
        'study_spec.study_stopping_config.min_num_trials: Must not be negative.',
        'study_spec.study_stopping_config.max_num_trials: Must not be negative.',
        'study_spec.study_stopping_config.max_num_trials_no_progress: Must not be negative.',
        'study_spec.study_stopping_config.max_duration_no_progress: Must not be negative.',
      ],
    ],
    [
      'two ways of early stopping',
      withStudy({ medianAutomatedStoppingSpec: {}, decayCurveStoppingSpec: {} }),
      [
        "hyperparameter_tuning_job.study_spec: Invalid value at 'hyperparameter_tuning_job.study_spec' (oneof), oneof field 'automated_stopping_spec' is already set.",
      ],
    ],
    [
      'two value specs',
      withParameter({ ...double(0, 1), ...integer(0, 1) }),
      [
        "hyperparameter_tuning_job.study_spec.parameters[0]: Invalid value at 'hyperparameter_tuning_job.study_spec.parameters[0]' (oneof), oneof field 'parameter_value_spec' is already set.",
      ],
    ],
    [
      'an algorithm of another name',
      withStudy({ algorithm: 'BAYES' }),
      ['hyperparameter_tuning_job.study_spec.algorithm: Invalid value'],
    ],
    [
      'a child of a double',
      withChildren(double(0, 1), child(numbers(0))),
      [`${C}: Only an integer, categorical or discrete`],
    ],
    [
      'a child without a condition',
      withChildren(integer(1, 9), child({})),
      [`${C}[0]: A condition that matches the type of the parent parameter is required: \`parent_int_values\`.`],
    ],
    [
      'a condition of another type',
      withChildren(integer(1, 9), child(numbers(1))),
      [`${C}[0].parent_discrete_values: A condition that matches`],
    ],
    [
      'a condition without values',
      withChildren(integer(1, 9), child(ints())),
      [`${C}[0].parent_int_values.values: ${REQUIRED}`],
    ],
    [
      'a value beyond the bounds',
      withChildren(integer(1, 9), child(ints(9, 10))),
      [`${C}[0].parent_int_values.values: All values must be values of the parent parameter "p".`],
    ],
    [
      'a value that is not listed',
      withChildren(discrete(1, 2), child(numbers(1.5))),
      [`${C}[0].parent_discrete_values.values: All values must`],
    ],
    [
      'a category that is not listed',
      withChildren(categorical('a'), child(names('A'))),
      [`${C}[0].parent_categorical_values.values: All values must`],
    ],
    ['a child that is not there', withChildren(integer(1, 9), ints(1)), [`${C}[0].parameter_spec: ${REQUIRED}`]],
    [
      'two children of one name for one value',
      withChildren(categorical('a', 'b'), child(names('a')), child(names('b', 'a'))),
      [`${C}[1]: Conditional parameters of the same name`],
    ],
    [
      'two children of one name for one value, within 1e-10',
      withChildren(discrete(0.1, 0.3), child(numbers(0.3)), child(numbers(0.1 + 0.2))),
      [`${C}[1]: Conditional parameters of the same name`],
    ],
    [
      'a condition of texts for a parent of integers',
      withChildren(integer(1, 9), child(ints(1)), child(numbers(1.5)), child(names('x'))),
      [
        `${C}[1].parent_discrete_values: A condition that matches`,
        `${C}[2].parent_categorical_values: A condition that matches`,
      ],
    ],
    [
      'a child of its parent’s name',
      withChildren(integer(1, 9), child(ints(1), { parameterId: 'p' })),
      [`${C}[0].parameter_spec.parameter_id: Parameter ids must be unique.`],
    ],
    [
      'children of one name below two parents',
      withStudy({
        parameters: ['p', 'q'].map((parameterId) => ({
          parameterId,
          ...integer(1, 9),
          conditionalParameterSpecs: [child(ints(1))],
        })),
      }),
      [
        'study_spec.parameters[1].conditional_parameter_specs[0].parameter_spec.parameter_id: Parameter ids must be unique.',
      ],
    ],
    [
      'a faulty grandchild',
      withChildren(
        integer(1, 9),
        child(ints(1), {
          conditionalParameterSpecs: [child(numbers(2), { parameterId: 'd', discreteValueSpec: undefined })],
        }),
      ),
      [
        `${C}[0].parameter_spec.conditional_parameter_specs[0].parent_discrete_values.values: All values must`,
        `${C}[0].parameter_spec.conditional_parameter_specs[0].parameter_spec: Exactly one value spec`,
      ],
    ],
    [
      'no image',
      { ...tuning, trialJobSpec: { workerPoolSpecs: [{ containerSpec: {} }] } },
      [`trial_job_spec.worker_pool_specs[0].container_spec.image_uri: ${REQUIRED}`],
    ],
  ])('refuses %s', (_name, body, expected) => {
    expect(violations(() => readTuningJob(body))).toEqual(expected.map((start) => startsWith(start)));
  });
});

const startsWith = (text: string) =>
  expect.stringMatching(new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`));
