import { shown } from '../../faults.ts';
import type { MetricSpec } from '../../vertex/types.ts';
import type { StudyDraft } from '../draft.ts';
import type { Finding } from '../findings.ts';
import { parameterRules, withDependents } from './parameters.ts';
import { error, type Rule, repeated, warning } from './rule.ts';

/** A tuning job by hyperparameter_tuning_job.proto, study.proto and cloudml-hypertune's file format. */
export const studyRules: Rule = (draft) => {
  const { study, spec } = draft;
  if (study === undefined) return [];
  const { metrics, parameters } = study.studySpec;
  return [
    ...metricRules(metrics),
    ...parameterRules(parameters, 'study.studySpec.parameters'),
    ...algorithmRules(study),
    ...countRules(study),
    ...tpuRules(spec.workerPoolSpecs.map(({ machineSpec }) => machineSpec?.machineType ?? '')),
  ];
};

/** Keys of a line of cloudml-hypertune's metric file beside the metric itself: a metric of that name would overwrite them. */
const RESERVED_METRICS = ['timestamp', 'trial', 'global_step', 'checkpoint_path'];

function metricRules(metrics: readonly MetricSpec[]): Finding[] {
  const path = 'study.studySpec.metrics';
  if (metrics.length === 0)
    return [error('metric-missing', path, 'is empty. Name the metric that the program reports.')];
  const findings = metrics.flatMap(({ metricId, goal }, index) => metricFindings(metricId, goal, `${path}[${index}]`));
  for (const name of repeated(metrics.map(({ metricId }) => metricId))) {
    findings.push(error('metric-unique', path, `${shown(name)} is named more than once. Keep one.`));
  }
  return findings;
}

function metricFindings(metricId: string, goal: string | undefined, path: string): Finding[] {
  const findings: Finding[] = [];
  if (!/^\S+$/u.test(metricId)) {
    findings.push(
      error(
        'metric-name',
        `${path}.metricId`,
        `${shown(metricId)} is not accepted: a metric's name is not empty and holds no white space.`,
      ),
    );
  }
  if (RESERVED_METRICS.includes(metricId)) {
    const message = `${shown(metricId)} is a field of cloudml-hypertune's metric file. Report the metric by another name; taken are ${RESERVED_METRICS.join(', ')}.`;
    findings.push(error('metric-reserved', `${path}.metricId`, message));
  }
  if (goal === undefined || goal === 'GOAL_TYPE_UNSPECIFIED') {
    findings.push(
      warning(
        'metric-goal-unspecified',
        `${path}.goal`,
        'is not given; Vertex AI then maximises. Write MAXIMIZE or MINIMIZE.',
      ),
    );
  }
  return findings;
}

function algorithmRules({ studySpec }: StudyDraft): Finding[] {
  if (studySpec.algorithm !== 'GRID_SEARCH') return [];
  const double = withDependents(studySpec.parameters).find(({ doubleValueSpec }) => doubleValueSpec !== undefined);
  if (double === undefined) return [];
  const message = `GRID_SEARCH takes integer, categorical and discrete parameters only; ${shown(double.parameterId)} is double. Give it a list of values, or use RANDOM_SEARCH.`;
  return [error('grid-search-double', 'study.studySpec.algorithm', message)];
}

function countRules({ maxTrialCount, parallelTrialCount, maxFailedTrialCount = 0, studySpec }: StudyDraft): Finding[] {
  const findings: Finding[] = [];
  if (maxTrialCount < 1)
    findings.push(error('trial-count', 'study.maxTrialCount', `is ${maxTrialCount}; 1 or more is accepted.`));
  if (parallelTrialCount < 1) {
    findings.push(
      error('parallel-trials', 'study.parallelTrialCount', `is ${parallelTrialCount}; 1 or more is accepted.`),
    );
  }
  if (maxTrialCount >= 1 && parallelTrialCount > maxTrialCount) {
    const message = `${parallelTrialCount} is more than the ${maxTrialCount} trials in all. Lower it, or raise max_trials.`;
    findings.push(error('parallel-trials', 'study.parallelTrialCount', message));
  }
  if (maxFailedTrialCount < 0 || maxFailedTrialCount > maxTrialCount) {
    const message = `is ${maxFailedTrialCount}; 0 to max_trials (${maxTrialCount}) is accepted.`;
    findings.push(error('failed-trials', 'study.maxFailedTrialCount', message));
  }
  const advised = 10 * studySpec.parameters.length;
  if (studySpec.algorithm === undefined && maxTrialCount > 1 && maxTrialCount < studySpec.parameters.length) {
    const message = `${maxTrialCount} trials over ${studySpec.parameters.length} parameters find little; the documentation advises ${advised} or more.`;
    findings.push(warning('few-trials', 'study.maxTrialCount', message));
  }
  return findings;
}

/** TPUs are not supported for tuning (training/using-hyperparameter-tuning). */
function tpuRules(machineTypes: readonly string[]): Finding[] {
  const index = machineTypes.findIndex((type) => /^(?:ct\d|tpu|cloud-tpu)/.test(type));
  if (index === -1) return [];
  const path = `spec.workerPoolSpecs[${index}].machineSpec.machineType`;
  return [
    error(
      'tuning-tpu',
      path,
      `${machineTypes[index]} is a TPU machine, and tuning jobs run on none. Use a GPU machine, or a custom job.`,
    ),
  ];
}
