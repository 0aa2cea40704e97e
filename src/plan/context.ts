/** The workflow run that the step belongs to, as GitHub describes it; data, read elsewhere. */
export interface RunContext {
  /** `owner/name`. */
  readonly repository: string;
  readonly repositoryId: string;
  /** Path of the workflow file within its repository, without the ref. */
  readonly workflowPath: string;
  /** The workflow's name as shown. */
  readonly workflow: string;
  readonly ref: string;
  readonly sha: string;
  readonly runId: string;
  readonly runNumber: string;
  readonly runAttempt: string;
  /** Id of the job within the workflow file. */
  readonly jobId: string;
  /** Id of the step, or the name that the runner gives to one without. */
  readonly stepId: string;
}
