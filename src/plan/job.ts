import type { Inputs, StudyInputs } from '../inputs/inputs.ts';
import type {
  CustomJob,
  CustomJobSpec,
  EnvVar,
  HyperparameterTuningJob,
  MachineSpec,
  StudySpec,
  WorkerPoolSpec,
} from '../vertex/types.ts';

/** The job as it will be sent: where to, and the resource, whose image is named without a digest until it is built. */
export type JobPlan =
  | { readonly collection: 'customJobs'; readonly parent: string; readonly resource: CustomJob }
  | {
      readonly collection: 'hyperparameterTuningJobs';
      readonly parent: string;
      readonly resource: HyperparameterTuningJob;
    };

export interface JobParts {
  readonly inputs: Inputs;
  readonly machine: MachineSpec;
  readonly imageUri: string;
  readonly displayName: string;
}

/** The resource that the inputs ask for; metrics or parameters make it a tuning job. */
export function planJob(parts: JobParts): JobPlan {
  const { inputs, displayName } = parts;
  const parent = `projects/${inputs.projectId}/locations/${inputs.region}`;
  const jobSpec = customJobSpec(parts);
  if (inputs.study === undefined) return { collection: 'customJobs', parent, resource: { displayName, jobSpec } };
  return {
    collection: 'hyperparameterTuningJobs',
    parent,
    resource: {
      displayName,
      studySpec: studySpec(inputs.study),
      maxTrialCount: inputs.study.maxTrials,
      parallelTrialCount: inputs.study.parallelTrials,
      trialJobSpec: jobSpec,
    },
  };
}

function customJobSpec(parts: JobParts): CustomJobSpec {
  const { timeoutSeconds, jobServiceAccount, outputUri } = parts.inputs;
  return {
    workerPoolSpecs: workerPools(parts),
    scheduling: { timeout: `${timeoutSeconds}s` },
    ...(jobServiceAccount === undefined ? {} : { serviceAccount: jobServiceAccount }),
    ...(outputUri === undefined ? {} : { baseOutputDirectory: { outputUriPrefix: outputUri } }),
  };
}

/** One chief, and the rest workers: the first pool holds exactly one replica on Vertex AI. */
function workerPools({ inputs, machine, imageUri }: JobParts): WorkerPoolSpec[] {
  const { command, args, envVars, replicaCount } = inputs;
  const env: EnvVar[] = [...envVars].map(([name, value]) => ({ name, value }));
  const pool: WorkerPoolSpec = {
    machineSpec: machine,
    containerSpec: {
      imageUri,
      ...(command.length === 0 ? {} : { command }),
      ...(args.length === 0 ? {} : { args }),
      ...(env.length === 0 ? {} : { env }),
    },
  };
  const chief = { ...pool, replicaCount: '1' };
  return replicaCount === 1 ? [chief] : [chief, { ...pool, replicaCount: String(replicaCount - 1) }];
}

function studySpec({ metrics, parameters, algorithm }: StudyInputs): StudySpec {
  return { metrics, parameters, ...(algorithm === undefined ? {} : { algorithm }) };
}

/** The plan with the built image in every worker pool. */
export function withImage(job: JobPlan, imageUri: string): JobPlan {
  if (job.collection === 'customJobs') {
    return { ...job, resource: { ...job.resource, jobSpec: specWithImage(job.resource.jobSpec, imageUri) } };
  }
  return { ...job, resource: { ...job.resource, trialJobSpec: specWithImage(job.resource.trialJobSpec, imageUri) } };
}

function specWithImage(spec: CustomJobSpec, imageUri: string): CustomJobSpec {
  const workerPoolSpecs = spec.workerPoolSpecs.map((pool) =>
    pool.containerSpec ? { ...pool, containerSpec: { ...pool.containerSpec, imageUri } } : pool,
  );
  return { ...spec, workerPoolSpecs };
}

/** The plan with labels on the job. */
export function withLabels(job: JobPlan, labels: Readonly<Record<string, string>>): JobPlan {
  return job.collection === 'customJobs'
    ? { ...job, resource: { ...job.resource, labels } }
    : { ...job, resource: { ...job.resource, labels } };
}
