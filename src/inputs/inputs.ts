import type { GateRule, PickRule } from '../results/types.ts';
import type { Goal, ParameterSpec } from '../vertex/types.ts';
import type { InputName } from './raw.ts';

/** What the step's `with:` block asks for, parsed and checked on its own; nothing here was compared with the outside. */
export interface Inputs {
  readonly projectId: string;
  /** The first of the regions. */
  readonly region: string;
  /** In order of preference, each once. */
  readonly regions: readonly string[];
  readonly image: ImageName | undefined;
  /** Relative to the workspace. */
  readonly context: string;
  /** Relative to the workspace. */
  readonly dockerfile: string;
  readonly buildArgs: ReadonlyMap<string, string>;
  /** An image's name, or `slim`. */
  readonly baseImage: string | undefined;
  readonly build: BuildInputs;
  readonly machineType: string | undefined;
  /** As written; the plan knows the names. */
  readonly acceleratorType: string | undefined;
  readonly acceleratorCount: number | undefined;
  readonly tpuTopology: string | undefined;
  /** What takes the place of the hardware above where that is not to be had, in order. */
  readonly fallbackHardware: readonly HardwareInputs[];
  /** Chief and workers together; undefined leaves it to the config. */
  readonly replicaCount: number | undefined;
  readonly reductionServers: number | undefined;
  readonly evaluators: number | undefined;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly envVars: ReadonlyMap<string, string>;
  /** A path in the workspace, or the YAML itself, in gcloud's `--config` format. */
  readonly config: string | undefined;
  /** What `${NAME}` in the config stands for. */
  readonly variables: ReadonlyMap<string, string>;
  /** Inputs that set one field of CustomJobSpec each. */
  readonly specFields: readonly SpecField[];
  /** Full name of the key that encrypts the job's resources. */
  readonly kmsKey: string | undefined;
  readonly study: StudyInputs | undefined;
  readonly model: ModelInputs | undefined;
  readonly limits: Limits;
  /** Rules whose findings are told as notes. */
  readonly ignore: readonly string[];
  readonly labels: ReadonlyMap<string, string>;
  readonly signIn: SignIn;
  readonly registry: RegistryLogin | undefined;
  readonly jobKey: string;
  /** The matrix leg as JSON; part of the job's identity. */
  readonly matrix: string;
  /** False ends the step once the image is at hand. */
  readonly submit: boolean;
  readonly wait: boolean;
  readonly course: CourseInputs;
  readonly results: ResultInputs;
  readonly dryRun: boolean;
}

/** Further hardware, as one item of `fallback_hardware` gives it; what it leaves open is undefined. */
export interface HardwareInputs {
  /** The item's number, from 1. */
  readonly item: number;
  readonly machineType: string | undefined;
  readonly acceleratorType: string | undefined;
  readonly acceleratorCount: number | undefined;
  readonly tpuTopology: string | undefined;
  /** strategy and max_wait_duration. */
  readonly specFields: readonly SpecField[];
}

/** What becomes of the job from its submission to its end. */
export interface CourseInputs {
  /** Full name of a job that stands already: it is followed, and nothing is built or submitted. */
  readonly job: JobName | undefined;
  /** What becomes of the job of an earlier attempt that lives or has succeeded. */
  readonly onRerun: 'attach' | 'new';
  /** Whether live jobs of the same series with a lower run number are cancelled. */
  readonly supersede: boolean;
  /** Whether a job outlives the step that is cancelled. */
  readonly onCancel: 'cancel' | 'detach';
  /** Seconds after which the step leaves a job that still runs; undefined leaves it to the sign-in. */
  readonly detachAfterSeconds: number | undefined;
  /** Seconds that a job may wait for its machines while there is another choice. */
  readonly failoverAfterSeconds: number | undefined;
  readonly onMissingMetric: 'stop' | 'warn';
  /** Which lines of the job's log are told. */
  readonly logs: 'all' | 'errors' | 'none';
}

/** What is made of a job that has ended. */
export interface ResultInputs {
  /** Where a job without trials writes its metrics, below the output folder. */
  readonly metricsFile: string | undefined;
  /** Which of several equally good trials is the best one. */
  readonly pick: PickRule;
  /** What the metrics have to hold, all of it. */
  readonly gate: readonly GateRule[];
  /** Where the model's files are put, relative to the workspace. */
  readonly download: string | undefined;
  /** Whether the pull request gets a comment. */
  readonly comment: boolean;
  /** What GitHub is asked with; undefined leaves it unasked. */
  readonly githubToken: string | undefined;
}

/** A job's resource name and the region in it. */
export interface JobName {
  readonly name: string;
  readonly region: string;
}

export interface ImageName {
  /** Host and path, without tag. */
  readonly repository: string;
  readonly tag: string | undefined;
}

/** How the image is built, tagged and kept. */
export interface BuildInputs {
  /** `auto` builds what the registry does not hold, `never` takes only what it holds. */
  readonly mode: 'auto' | 'always' | 'never';
  /** Whether the Dockerfile was named, so that a missing one is a fault. */
  readonly dockerfileGiven: boolean;
  /** Stage of the Dockerfile; undefined is the last. */
  readonly target: string | undefined;
  /** Tags beside the content's and the commit's. */
  readonly tags: readonly string[];
  /** Age in seconds past which an image is built anew; undefined leaves it to the plan. */
  readonly maxAgeSeconds: number | 'none' | undefined;
  /** The NVIDIA driver that the machines run, where the user knows it. */
  readonly driverVersion: string | undefined;
  readonly cache: 'auto' | 'registry' | 'inline' | 'gha' | 'none';
  readonly secrets: readonly BuildSecret[];
  readonly provenance: 'false' | 'true' | 'mode=min' | 'mode=max';
  readonly sbom: boolean;
}

/** A secret that RUN instructions can mount by its id. */
export interface BuildSecret {
  readonly id: string;
  /** What `text` is: the secret itself, the name of an environment variable, or a path from the workspace. */
  readonly from: 'value' | 'env' | 'file';
  readonly text: string;
}

/** Present where metrics or parameters are asked for: they make the job a tuning job. */
export interface StudyInputs {
  readonly metrics: readonly { readonly metricId: string; readonly goal: Goal }[];
  readonly parameters: readonly ParameterSpec[];
  readonly maxTrials: number | undefined;
  readonly parallelTrials: number | undefined;
  readonly maxFailedTrials: number | undefined;
  readonly algorithm: 'GRID_SEARCH' | 'RANDOM_SEARCH' | undefined;
  readonly earlyStopping: 'median' | 'decay_curve' | 'convex' | undefined;
  readonly measurementSelection: 'LAST_MEASUREMENT' | 'BEST_MEASUREMENT' | undefined;
}

/** A model that is uploaded once training succeeded, by a training pipeline or by the step. */
export interface ModelInputs {
  /** Last part of the model's resource name; an existing model gets a new version. */
  readonly modelId: string;
  /** Image that serves predictions. */
  readonly servingImage: string;
  readonly predictRoute: string | undefined;
  readonly healthRoute: string | undefined;
  readonly ports: readonly number[];
  /** `best`: the job is no training pipeline, and the step uploads the best trial's model, or that of a job without trials. */
  readonly register: 'best' | undefined;
  /** What the new version goes by beside its number. */
  readonly aliases: readonly string[];
}

/** What the user allows the job to use up at most. */
export interface Limits {
  /** Money per machine-hour, in the user's own currency. */
  readonly hourlyPrice: number | undefined;
  readonly maxCost: number | undefined;
  readonly maxAcceleratorHours: number | undefined;
}

export interface SignIn {
  /** `projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER`. */
  readonly workloadIdentityProvider: string | undefined;
  readonly serviceAccount: string | undefined;
}

export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
}

/** An input that sets one field of the request, and nothing besides. */
export interface SpecField {
  readonly input: InputName;
  /** Path in CustomJobSpec; `[]` stands for every worker pool. */
  readonly path: string;
  /** In proto3 JSON. */
  readonly value: unknown;
}
