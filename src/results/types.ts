import type { ParameterValue } from '../vertex/types.ts';

/** Metric to value; finite numbers only. */
export type Metrics = Readonly<Record<string, number>>;

/** A trial as the next steps read it. */
export interface TrialResult {
  readonly id: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly metrics: Metrics;
  /** Name of the CustomJob that ran the trial. */
  readonly job: string | undefined;
}

/** How one of several equally good trials is picked where there are several metrics. */
export const PICK_RULES = ['nearest_to_ideal', 'first_metric', 'largest_hypervolume'] as const;
export type PickRule = (typeof PICK_RULES)[number];

/**
 * The part, from 0 to 1, that a Pareto set dominates of the box between the worst and the best value of each metric among all
 * trials that succeeded; or why there is none, a sentence.
 */
export type Hypervolume =
  | { readonly share: number; readonly why?: undefined }
  | { readonly share?: undefined; readonly why: string };

/** The trials of a study with several metrics that no other trial is better than. */
export interface ParetoSet {
  /** Sorted by the first metric, best first. */
  readonly trials: readonly TrialResult[];
  readonly hypervolume: Hypervolume;
  /** By which of them `best` was picked; see pickFrom for when it is another than the one asked for. */
  readonly rule: PickRule;
}

/** Which objects of Cloud Storage came of a trial, or of a job without trials. */
export interface OutputFolders {
  /** AIP_MODEL_DIR without a slash at its end. */
  readonly model: string;
  /** AIP_CHECKPOINT_DIR without a slash at its end. */
  readonly checkpoints: string;
}

/** What the gate and the baseline are held against, and what is handed on. */
export interface Best {
  /** Undefined for a job without trials. */
  readonly trial: TrialResult | undefined;
  /** Of the best trial, or of the metrics file. */
  readonly metrics: Metrics;
  readonly pareto: ParetoSet | undefined;
  /** Undefined without a base output directory. */
  readonly folders: OutputFolders | undefined;
}

/** The last job of the series on the default branch whose workflow run succeeded. */
export interface Baseline {
  /** Full resource name of the job. */
  readonly job: string;
  readonly runId: string;
  /** Page of the workflow run. */
  readonly runUrl: string;
  /** The commit, where the job's labels tell it. */
  readonly commit: string | undefined;
  readonly metrics: Metrics;
}

/** How a rule of the gate compares: the metric stands on the left. */
export const GATE_OPERATORS = ['>=', '>', '<=', '<'] as const;
export type GateOperator = (typeof GATE_OPERATORS)[number];

/** One line of `gate`: METRIC OP NUMBER, or METRIC OP baseline [± NUMBER[%]]. */
export interface GateRule {
  readonly metric: string;
  readonly operator: GateOperator;
  readonly bound: { readonly kind: 'number'; readonly value: number } | BaselineBound;
  /** As the user wrote it, white space made single. */
  readonly text: string;
}

/** `baseline`, with what is added to it; a percentage is one of the baseline's absolute value. */
export interface BaselineBound {
  readonly kind: 'baseline';
  /** Negative for `baseline - …`; 0 for the baseline itself. */
  readonly offset: number;
  readonly percent: boolean;
}

/** What the gate says of one rule. */
export interface GateVerdict {
  readonly rule: GateRule;
  readonly passed: boolean;
  /** The metric's value; undefined where the job did not measure it. */
  readonly value: number | undefined;
  /** The number that it is held against; undefined where there is no baseline to compute it from. */
  readonly bound: number | undefined;
  /** The verdict with its numbers, in one sentence. */
  readonly message: string;
}

/** What a job used, by its own times. Hours are of one machine or one accelerator. */
export interface Usage {
  /** From creation to the end or to now, in milliseconds. */
  readonly elapsedMs: number;
  /** From creation to the start, in milliseconds; see timesOf. */
  readonly queuedMs: number;
  /** Undefined where the job does not tell what machines it has. */
  readonly machineHours: number | undefined;
  readonly acceleratorHours: number | undefined;
  /** Machine-hours by hourly_price; undefined without it. */
  readonly cost: number | undefined;
  /** What these figures leave out or cannot tell apart, a sentence each. */
  readonly caveats: readonly string[];
}

/** How much of the objective a parameter explains. */
export interface Importance {
  readonly parameter: string;
  /** From 0 to 1. */
  readonly share: number;
}

/** A version in the model registry. */
export interface RegisteredModel {
  /** `projects/P/locations/L/models/ID`, as the service writes it. */
  readonly name: string;
  readonly version: string;
  /** Folder of its files; undefined where the service does not tell. */
  readonly uri: string | undefined;
  readonly aliases: readonly string[];
}

/** What came of a job, beside what the service itself tells of it. */
export interface Results {
  readonly best: Best;
  readonly baseline: Baseline | undefined;
  /** Empty where nothing was to be judged, or could not be yet. */
  readonly gate: readonly GateVerdict[];
  readonly usage: Usage;
  readonly model: RegisteredModel | undefined;
  /** Where the model's files were put, relative to the workspace; undefined where none were wanted. */
  readonly downloaded: Downloaded | undefined;
}

/** What a download brought. */
export interface Downloaded {
  /** As the input `download` gives it. */
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
}
