/**
 * What the documentation and observation say a training container finds, as data: its environment (distributed-training,
 * code-requirements, the protos' comments, the SDK's training_utils). Where they say nothing, the rows hold what this
 * service chose, marked so.
 */

/** One replica as the tables see it. */
export interface Setting {
  readonly jobId: string;
  readonly projectNumber: string;
  readonly region: string;
  /** Replicas of each pool in use. */
  readonly replicas: readonly number[];
  readonly pool: number;
  readonly index: number;
  /** Tuning jobs only. */
  readonly trial?: string;
  /** Without the slash at its end. */
  readonly base?: string;
  readonly tensorboard?: string;
  /** The ten hexadecimal digits in the host names. */
  readonly cluster: string;
}

export interface Variable {
  readonly name: string;
  readonly when: 'every container' | 'several replicas' | 'tuning' | 'baseOutputDirectory' | 'tensorboard';
  /** The exact text, a form, or what the text holds as JSON. */
  readonly value: (setting: Setting) => string | RegExp | { readonly json: object };
}

const ROLES = ['chief', 'worker', 'ps', 'evaluator'];
const JOB = '{"python_module":"","package_uris":[],"job_args":[]}';

const hosts = (prefix: string, { cluster, replicas }: Setting, pool: number) =>
  Array.from(
    { length: replicas[pool] ?? 0 },
    (_unused, index) => `${prefix}workerpool${pool}-${cluster}-${index}:2222`,
  );

const trialOf = ({ trial }: Setting) => (trial === undefined ? {} : { trial });

/** Tuning gives every trial a folder of its own below the base. */
const folder = ({ base, trial }: Setting) => `${base}/${trial === undefined ? '' : `${trial}/`}`;

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

export const VARIABLES: readonly Variable[] = [
  {
    name: 'CLUSTER_SPEC',
    when: 'every container',
    value: (setting) => ({
      json: {
        cluster: Object.fromEntries(
          setting.replicas.map((_count, pool) => [`workerpool${pool}`, hosts('cmle-training-', setting, pool)]),
        ),
        environment: 'cloud',
        task: { type: `workerpool${setting.pool}`, index: setting.index, ...trialOf(setting) },
        job: JOB,
      },
    }),
  },
  {
    name: 'TF_CONFIG',
    when: 'several replicas',
    value: (setting) => ({
      json: {
        // Evaluators are never part of the cluster.
        cluster: Object.fromEntries(
          setting.replicas.slice(0, 3).map((_count, pool) => [ROLES[pool], hosts('training-', setting, pool)]),
        ),
        // `cloud` is an internal id; here the cluster's.
        task: { type: ROLES[setting.pool], index: setting.index, ...trialOf(setting), cloud: setting.cluster },
        job: JOB,
        environment: 'cloud',
      },
    }),
  },
  {
    name: 'MASTER_ADDR',
    when: 'several replicas',
    value: ({ cluster }) => `cmle-training-workerpool0-${cluster}-0`,
  },
  // The value is not documented: the port that the service's pods call TRAINING_PORT.
  { name: 'MASTER_PORT', when: 'several replicas', value: () => '3333' },
  {
    name: 'RANK',
    when: 'several replicas',
    value: ({ replicas, pool, index }) => String(sum(replicas.slice(0, pool)) + index),
  },
  {
    name: 'WORLD_SIZE',
    when: 'several replicas',
    value: ({ replicas }) => String(sum(replicas)),
  },
  { name: 'CLOUD_ML_PROJECT_ID', when: 'every container', value: ({ projectNumber }) => projectNumber },
  // In tuning: whether the trial's job or the tuning job is not documented.
  { name: 'CLOUD_ML_JOB_ID', when: 'every container', value: ({ jobId }) => jobId },
  { name: 'CLOUD_ML_REGION', when: 'every container', value: ({ region }) => region },
  {
    name: 'HOSTNAME',
    when: 'every container',
    value: ({ pool, index, cluster }) => new RegExp(`^cmle-training-workerpool${pool}-${cluster}-${index}-[a-z]{5}$`),
  },
  { name: 'CLOUD_ML_TRIAL_ID', when: 'tuning', value: ({ trial = '' }) => trial },
  { name: 'CLOUD_ML_HP_METRIC_FILE', when: 'tuning', value: () => '/var/hypertune/output.metrics' },
  { name: 'AIP_MODEL_DIR', when: 'baseOutputDirectory', value: (setting) => `${folder(setting)}model/` },
  { name: 'AIP_CHECKPOINT_DIR', when: 'baseOutputDirectory', value: (setting) => `${folder(setting)}checkpoints/` },
  { name: 'AIP_TENSORBOARD_LOG_DIR', when: 'baseOutputDirectory', value: (setting) => `${folder(setting)}logs/` },
  { name: 'AIP_TENSORBOARD_RESOURCE_NAME', when: 'tensorboard', value: ({ tensorboard = '' }) => tensorboard },
  // The values of these three are not documented.
  { name: 'AIP_TENSORBOARD_API_URI', when: 'tensorboard', value: () => 'us-central1-aiplatform.googleapis.com' },
  { name: 'AIP_TF_PROFILER_PORT', when: 'tensorboard', value: () => /^\d+$/ },
  { name: 'AIP_HTTP_HANDLER_PORT', when: 'tensorboard', value: () => /^\d+$/ },
];

const HOLDS: Readonly<Record<Variable['when'], (setting: Setting) => boolean>> = {
  'every container': () => true,
  'several replicas': ({ replicas }) => sum(replicas) > 1,
  tuning: ({ trial }) => trial !== undefined,
  baseOutputDirectory: ({ base }) => base !== undefined,
  tensorboard: ({ tensorboard }) => tensorboard !== undefined,
};

/** The variables that a replica has, of all in the table. */
export const variablesOf = (setting: Setting) => VARIABLES.filter(({ when }) => HOLDS[when](setting));
