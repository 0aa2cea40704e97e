/** The names of action.yml's inputs. A test holds this list against action.yml. */
export const INPUT_NAMES = [
  'project_id',
  'region',
  'image',
  'context',
  'dockerfile',
  'build_args',
  'base_image',
  'machine_type',
  'accelerator_type',
  'accelerator_count',
  'replica_count',
  'command',
  'args',
  'env_vars',
  'output_uri',
  'metrics',
  'parameters',
  'max_trials',
  'parallel_trials',
  'algorithm',
  'timeout',
  'labels',
  'workload_identity_provider',
  'service_account',
  'job_service_account',
  'registry_username',
  'registry_password',
  'job_key',
  'wait',
  'dry_run',
  'matrix',
] as const;

export type InputName = (typeof INPUT_NAMES)[number];

/** The text of an input as the workflow gives it, with action.yml's default filled in by the runner; '' where unset. */
export type RawInputs = (name: InputName) => string;
