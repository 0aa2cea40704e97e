import { isRecord, textAt } from '../json.ts';
import { GithubError, permissionMend, type TokenInput } from './error.ts';
import type { AskGithub } from './request.ts';

/** How a workflow run stands, as GitHub tells it. */
export interface WorkflowRun {
  /** `queued`, `in_progress`, `completed`, … */
  readonly status: string;
  /** `success`, `failure`, `cancelled`, `timed_out`, …; undefined while it runs. */
  readonly conclusion: string | undefined;
  /** Name of the branch or tag that it is of; of a pull request the one that is to be merged. */
  readonly branch?: string | undefined;
  /** What started it: `push`, `schedule`, `pull_request_target`, … */
  readonly event?: string | undefined;
}

/** The workflow runs of a repository. */
export interface GithubRuns {
  /**
   * How a run stands, by its latest attempt, asked for once; `gone` where GitHub has none of that id any more. Throws
   * GithubError, also where the token may not see the repository's runs at all.
   */
  get(runId: string): Promise<WorkflowRun | 'gone'>;
}

interface RunsOptions {
  /** The run that asks: a token that may see any of the repository's runs sees this one. */
  readonly ownRunId: string;
  /** The input that holds the token. */
  readonly input: TokenInput;
}

/** The page of a workflow run; `server` is GitHub's address for people. */
export const runUrl = (server: string, repository: string, runId: string) =>
  `${server}/${repository}/actions/runs/${runId}`;

const PERMISSION = 'actions: read';
/** Of a run with several attempts it tells the latest, so that one that is run again is under way. */
const ROUTE = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}';

/** The runs as the repository of `ask` has them; each is asked for once. */
export function githubRuns(ask: AskGithub, { ownRunId, input }: RunsOptions): GithubRuns {
  const known = new Map<string, Promise<WorkflowRun | 'gone'>>();
  const see = (runId: string): Promise<WorkflowRun | 'gone'> => {
    const run = known.get(runId) ?? lookUp(ask, runId);
    known.set(runId, run);
    return run;
  };
  return {
    get: async (runId) => {
      const run = await see(runId);
      // To a token that may not see a private repository GitHub answers as if nothing were there.
      if (run !== 'gone' || (await see(ownRunId)) !== 'gone') return run;
      const message = `GitHub does not even show the run that asks to this token. ${permissionMend(PERMISSION, input)}`;
      throw new GithubError(message, 'denied');
    },
  };
}

async function lookUp(ask: AskGithub, runId: string): Promise<WorkflowRun | 'gone'> {
  try {
    const { data } = await ask({ route: ROUTE, parameters: { run_id: runId }, permission: PERMISSION });
    return readRun(runId, data);
  } catch (error) {
    if (error instanceof GithubError && error.kind === 'missing') return 'gone';
    throw error;
  }
}

function readRun(runId: string, data: unknown): WorkflowRun {
  const status = textAt(data, 'status');
  if (status === undefined || !isRecord(data) || String(data['id']) !== runId)
    throw new GithubError('GitHub answered with something that is not this workflow run.', 'refused');
  return {
    status,
    conclusion: textAt(data, 'conclusion'),
    event: textAt(data, 'event'),
    branch: textAt(data, 'head_branch'),
  };
}
