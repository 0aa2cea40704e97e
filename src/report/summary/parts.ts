import type { MadeImage } from '../../image/image.ts';
import type { Cause } from '../../job/cause/cause.ts';
import type { Importance, Results } from '../../results/types.ts';
import type { Job } from '../../vertex/jobs.ts';
import type { MetricSpec } from '../../vertex/types.ts';

/** What is told of a job to people. */
export interface SummaryParts {
  readonly job: Job;
  readonly results: Results;
  /** What the study optimises; none for a job without one. */
  readonly metrics: readonly MetricSpec[];
  /** How much each parameter explains of the first metric; undefined where too few trials tell. */
  readonly importance: readonly Importance[] | undefined;
  /** `NAME: why`, a line for each kind of machine. */
  readonly machines: readonly string[];
  /** What runs; undefined where every worker pool brings its own. */
  readonly image: MadeImage | undefined;
  readonly links: SummaryLinks;
  /** Present where the job did not succeed. */
  readonly cause: Cause | undefined;
  /** What could not be read, uploaded or downloaded of a job that succeeded, a message each: the step fails for it. */
  readonly failures: readonly string[];
  /** What else is to be known, a sentence each. */
  readonly notes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Addresses that this action made; what is no http(s) address is not shown. */
export interface SummaryLinks {
  readonly console: string | undefined;
  readonly logs: string | undefined;
  readonly tensorboard: string | undefined;
  readonly output: string | undefined;
}
