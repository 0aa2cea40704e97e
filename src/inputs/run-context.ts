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

type Env = Readonly<Record<string, string | undefined>>;

/** The run as the runner's variables describe it; what is missing (outside a workflow) is empty. */
export function readRunContext(env: Env): RunContext {
  const text = (name: string) => env[name] ?? '';
  const repository = text('GITHUB_REPOSITORY');
  return {
    repository,
    repositoryId: text('GITHUB_REPOSITORY_ID'),
    workflowPath: workflowPath(text('GITHUB_WORKFLOW_REF'), repository),
    workflow: text('GITHUB_WORKFLOW'),
    ref: text('GITHUB_REF'),
    sha: text('GITHUB_SHA'),
    runId: text('GITHUB_RUN_ID'),
    runNumber: text('GITHUB_RUN_NUMBER'),
    runAttempt: text('GITHUB_RUN_ATTEMPT') || '1',
    jobId: text('GITHUB_JOB'),
    stepId: text('GITHUB_ACTION'),
  };
}

/** GITHUB_WORKFLOW_REF is `owner/name/.github/workflows/file.yml@ref`. */
function workflowPath(workflowRef: string, repository: string): string {
  const path = workflowRef.split('@', 1)[0] ?? '';
  return path.startsWith(`${repository}/`) ? path.slice(repository.length + 1) : path;
}
