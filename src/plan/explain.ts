import { resultLines, timeLines } from './after.ts';
import { boundsText } from './cost.ts';
import { durationText } from './duration.ts';
import { baseLine } from './image/base/choose.ts';
import type { ImagePlan } from './image/types.ts';
import type { JobPlan } from './job.ts';
import { modelLines } from './model/text.ts';
import type { Plan } from './plan.ts';
import { ROLES } from './rules/pools.ts';

/** The plan as the log tells it: what will run, where, and why. */
export function explainPlan(plan: Plan): string[] {
  const { job } = plan;
  return [
    `${kindOf(job)} in ${job.parent}: ${job.resource.displayName}`,
    ...machineLines(plan),
    ...choiceLines(plan),
    ...imageLines(plan),
    ...studyLines(plan),
    ...resultLines(plan),
    ...modelLines(plan),
    ...timeLines(plan),
    `At most: ${boundsText(plan.bounds)}`,
    ...quotaLines(plan),
    ...plan.suggestions.map((text) => `Suggestion: ${text}`),
    ...plan.checks.map(({ question }) => `To be checked over the network: ${question}`),
  ];
}

function quotaLines({ bounds: { accelerators } }: Plan): string[] {
  if (accelerators === 0) return [];
  return [`Quota has to cover ${accelerators} accelerator${accelerators === 1 ? '' : 's'} at a time`];
}

/** The kind of job in words. */
export function kindOf({ collection }: Pick<JobPlan, 'collection'>): string {
  if (collection === 'customJobs') return 'Custom job';
  return collection === 'trainingPipelines' ? 'Training pipeline' : 'Hyperparameter tuning job';
}

/** The machine of each pool; a job of one pool needs no roles. */
export function machineLines({ draft, machineWhy }: Pick<Plan, 'draft' | 'machineWhy'>): string[] {
  const pools = draft.spec.workerPoolSpecs;
  if (pools.length === 1) return [`Machine: ${machineWhy[0] ?? 'as the persistent resource has it'}`];
  return pools.flatMap(({ replicaCount }, index) =>
    machineWhy[index] === undefined
      ? []
      : [`Machine of ${replicaCount ?? '1'} ${ROLES[index] ?? 'more'}: ${machineWhy[index]}`],
  );
}

/** What is tried in turn; a job that has no choice needs no list. */
function choiceLines({ choices }: Plan): string[] {
  if (choices.length === 1) return [];
  return choices.map(
    ({ region, hardware }, index) => `Choice ${index + 1} of ${choices.length}: ${hardware} in ${region}`,
  );
}

function imageLines({ image }: Plan): string[] {
  if (image === undefined) return ['Image: none is built; every worker pool names its own'];
  return [
    `Base image: ${baseLine(image.bases[0])}`,
    `Image: ${image.repository}${tagsText(image)}`,
    `Build: ${dockerfileText(image)} in ${image.context}${image.platform === undefined ? '' : ` for ${image.platform}`}`,
    ...(image.dockerfile.written?.notes ?? []),
    ...(image.maxAge === undefined
      ? []
      : [`Built anew when it is older than ${durationText(image.maxAge.seconds)}: ${image.maxAge.why}`]),
  ];
}

function tagsText({ push, tags }: ImagePlan): string {
  if (!push) return ' (stays on this machine)';
  return `, tagged by its content${tags.length === 0 ? '' : ` and as ${tags.join(', ')}`}`;
}

function dockerfileText({ dockerfile: { path, written } }: ImagePlan): string {
  return written === undefined ? path : 'a Dockerfile that is written, as there is none,';
}

function studyLines({ draft: { study } }: Plan): string[] {
  if (study === undefined) return [];
  const goals = study.studySpec.metrics.map(
    ({ metricId, goal }) => `${(goal ?? 'maximize').toLowerCase()} ${metricId}`,
  );
  const names = study.studySpec.parameters.map(({ parameterId }) => parameterId).join(', ');
  return [
    `Study: ${goals.join(', ')} over ${names}; ${study.maxTrialCount} trials, ${study.parallelTrialCount} at a time`,
  ];
}
