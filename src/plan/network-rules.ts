/** Every rule that preflight's findings may have, as `ignore` takes them: what only the network's answers break. */
export const PREFLIGHT_RULES = [
  'not-checked',
  'project-state',
  'vertex-api',
  'permission-create-job',
  'permission-logs',
  'permission-model',
  'permission-read-objects',
  'permission-act-as',
  'job-account-missing',
  'job-account-agent',
  'bucket-missing',
  'bucket-region',
  'bucket-project',
  'dataset-missing',
  'dataset-region',
  'tensorboard-missing',
  'tensorboard-region',
  'persistent-resource-missing',
  'persistent-resource-state',
  'persistent-resource-machine',
  'kms-key-missing',
  'kms-key-region',
  'kms-key-state',
  'kms-key-agent',
  'network-missing',
  'network-peering',
  'image-repository',
  'image-pull',
] as const;

/** Rules of what is found on the way to an image. */
export const IMAGE_RULES = [
  'image-access',
  'image-login',
  'image-permission',
  'image-pull',
  'image-repository',
  'image-tags',
  'disk-space',
] as const;

/** Rules of what is found once the job has ended. */
export const RESULT_RULES = ['model-files-earlier'] as const;

/** Whether a rule may find something only after the plan. */
export const mayFindLater = (rule: string): boolean =>
  [...PREFLIGHT_RULES, ...IMAGE_RULES, ...RESULT_RULES].some((name) => name === rule);

export type PreflightRule = (typeof PREFLIGHT_RULES)[number];
