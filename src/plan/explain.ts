import type { JobPlan } from './job.ts';
import type { Plan } from './plan.ts';

/** The plan as the log tells it: what will run, where, and why. */
export function explainPlan(plan: Plan): string[] {
  const { image, job } = plan;
  const lines = [
    `${kindOf(job)} in ${job.parent}: ${job.resource.displayName}`,
    `Machine: ${plan.machineWhy}`,
    `Base image: ${image.base.image} (${image.base.why})`,
    `Image: ${image.repository}:${image.tag}${image.push ? '' : ' (stays on this machine)'}`,
    `Build: ${image.dockerfile} in ${image.context}${image.platform === undefined ? '' : ` for ${image.platform}`}`,
  ];
  if (job.collection === 'hyperparameterTuningJobs') lines.push(studyLine(job));
  return lines;
}

function kindOf(job: JobPlan): string {
  return job.collection === 'customJobs' ? 'Custom job' : 'Hyperparameter tuning job';
}

function studyLine(job: Extract<JobPlan, { collection: 'hyperparameterTuningJobs' }>): string {
  const { studySpec, maxTrialCount, parallelTrialCount } = job.resource;
  const goals = studySpec.metrics.map(({ metricId, goal }) => `${goal.toLowerCase()} ${metricId}`).join(', ');
  const names = studySpec.parameters.map(({ parameterId }) => parameterId).join(', ');
  return `Study: ${goals} over ${names}; ${maxTrialCount} trials, ${parallelTrialCount} at a time`;
}
