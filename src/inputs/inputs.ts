import type { Goal, ParameterSpec } from '../vertex/types.ts';

/** What the step's `with:` block asks for, parsed and checked on its own; nothing here was compared with the outside. */
export interface Inputs {
  readonly projectId: string;
  readonly region: string;
  readonly image: ImageName | undefined;
  /** Relative to the workspace. */
  readonly context: string;
  /** Relative to the workspace. */
  readonly dockerfile: string;
  readonly buildArgs: ReadonlyMap<string, string>;
  readonly baseImage: string | undefined;
  readonly machineType: string | undefined;
  /** As written; the plan knows the names. */
  readonly acceleratorType: string | undefined;
  readonly acceleratorCount: number | undefined;
  readonly replicaCount: number;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly envVars: ReadonlyMap<string, string>;
  readonly outputUri: string | undefined;
  readonly study: StudyInputs | undefined;
  readonly timeoutSeconds: number;
  readonly labels: ReadonlyMap<string, string>;
  readonly signIn: SignIn;
  readonly jobServiceAccount: string | undefined;
  readonly registry: RegistryLogin | undefined;
  readonly jobKey: string;
  /** The matrix leg as JSON; part of the job's identity. */
  readonly matrix: string;
  readonly wait: boolean;
  readonly dryRun: boolean;
}

export interface ImageName {
  /** Host and path, without tag. */
  readonly repository: string;
  readonly tag: string | undefined;
}

/** Present where metrics or parameters are asked for: they make the job a tuning job. */
export interface StudyInputs {
  readonly metrics: readonly { readonly metricId: string; readonly goal: Goal }[];
  readonly parameters: readonly ParameterSpec[];
  readonly maxTrials: number;
  readonly parallelTrials: number;
  readonly algorithm: 'GRID_SEARCH' | 'RANDOM_SEARCH' | undefined;
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
