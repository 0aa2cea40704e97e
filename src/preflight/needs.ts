import type { PlannedChoice } from '../plan/choices.ts';
import type { Collection } from '../vertex/jobs.ts';
import type { Need } from './check.ts';

const WORDS: Readonly<Record<Collection, string>> = {
  customJobs: 'custom jobs',
  hyperparameterTuningJobs: 'hyperparameter tuning jobs',
  trainingPipelines: 'training pipelines',
};

export const JOB_RULE = 'permission-create-job';
export const JOB_ROLE = 'roles/aiplatform.user';

/** What a step needs to create a job, find it again, follow and cancel it. */
export function jobNeed(collection: Collection, tuning: boolean): Need {
  const permissions = ['create', 'get', 'list', 'cancel'].map((verb) => `aiplatform.${collection}.${verb}`);
  // A pipeline does not tell its trials: they are read from the tuning job behind it.
  if (collection === 'trainingPipelines' && tuning) permissions.push('aiplatform.hyperparameterTuningJobs.get');
  return {
    rule: JOB_RULE,
    role: JOB_ROLE,
    permissions,
    to: `create and follow ${WORDS[collection]}`,
  };
}

/** What it needs to show the job's logs. */
export const LOGS_NEED: Need = {
  rule: 'permission-logs',
  role: 'roles/logging.viewer',
  permissions: ['logging.logEntries.list'],
  to: "read the job's logs",
};

type Uploading = Pick<PlannedChoice, 'job' | 'upload'>;

/**
 * What it needs for the model: to look for it, and where the step uploads it itself, to do that, to find it again and to give it
 * aliases. A training pipeline uploads with rights of Vertex AI's own.
 */
export function modelNeeds({ job, upload }: Uploading): readonly Need[] {
  const need = (verbs: readonly string[], to: string): readonly Need[] => [
    { rule: 'permission-model', role: JOB_ROLE, permissions: verbs.map((verb) => `aiplatform.models.${verb}`), to },
  ];
  if (upload !== undefined)
    return need(['upload', 'get', 'list', ...(upload.aliases.length === 0 ? [] : ['update'])], 'upload models');
  const byPipeline = job.collection === 'trainingPipelines' && job.resource.modelId !== undefined;
  return byPipeline ? need(['get'], 'look for models') : [];
}

/** What it needs to read what the job has written, on the bucket. */
export const OBJECTS_NEED: Need = {
  rule: 'permission-read-objects',
  role: 'roles/storage.objectViewer',
  permissions: ['storage.objects.get', 'storage.objects.list'],
  to: 'read what the job writes there',
};

/** What it needs for a job that runs as a service account. */
export const ACT_AS_NEED: Need = {
  rule: 'permission-act-as',
  role: 'roles/iam.serviceAccountUser',
  permissions: ['iam.serviceAccounts.actAs'],
  to: 'submit jobs that run as it',
};
