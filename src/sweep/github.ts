import { asSentence } from '../faults.ts';
import { isRecord, textAt } from '../json.ts';
import { reasonOf } from '../preflight/finding.ts';
import type { WorkflowRun } from './decide.ts';

/** A request to GitHub's REST API, as octokit makes it. */
type GithubRequest = (
  route: string,
  parameters: Readonly<Record<string, unknown>>,
) => Promise<{ readonly data: unknown }>;

/** What is asked of GitHub. */
export interface GithubRuns {
  /** How a run stands, by its latest attempt; undefined where there is none of that id. Throws GithubError. */
  get(runId: string): Promise<WorkflowRun | undefined>;
}

/**
 * Whether more may be asked after a failure: the same `again`, of `other` runs only, or `nothing`, as whatever comes next
 * would be refused for the same reason.
 */
type Prospect = 'again' | 'other' | 'nothing';

/** Why GitHub did not say how a run stands, with what mends it. */
export class GithubError extends Error {
  override readonly name = 'GithubError';
  readonly prospect: Prospect;

  constructor(message: string, prospect: Prospect, options?: ErrorOptions) {
    super(message, options);
    this.prospect = prospect;
  }
}

/** How long one answer is waited for, in milliseconds. */
const ANSWER_MS = 30_000;
/** Of a run with several attempts it tells the latest, so that one that is run again is under way. */
const ROUTE = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}';

/** The workflow runs of a repository (`owner/name`). */
export function githubRuns(request: GithubRequest, repository: string): GithubRuns {
  const [owner = '', repo = ''] = repository.split('/');
  return {
    get: async (run_id) => {
      const signal = AbortSignal.timeout(ANSWER_MS);
      try {
        const { data } = await request(ROUTE, { owner, repo, run_id, request: { signal } });
        return readRun(run_id, data);
      } catch (error) {
        if (error instanceof GithubError) throw error;
        if (statusOf(error) === 404) return undefined;
        throw githubError(error);
      }
    },
  };
}

function readRun(runId: string, data: unknown): WorkflowRun {
  const status = textAt(data, 'status');
  if (status === undefined || !isRecord(data) || String(data['id']) !== runId)
    throw new GithubError('GitHub answered with something that is not this workflow run.', 'other');
  return { status, conclusion: textAt(data, 'conclusion') };
}

/** What mends the lack of a right. */
export const GITHUB_MEND =
  "Give the job 'permissions: actions: read' (beside id-token: write), or give another token in the input token.";

function githubError(cause: unknown): GithubError {
  const response = isRecord(cause) ? cause['response'] : undefined;
  const text = reasonOf(cause);
  // Octokit gives a status of its own to requests that got no answer.
  if (response === undefined) return new GithubError(`GitHub gave no answer: ${asSentence(text)}`, 'again', { cause });
  const status = statusOf(cause);
  const message = `GitHub answered HTTP ${status}: ${asSentence(text)}${mend(status, response, text)}`;
  return new GithubError(message, prospectOf(status), { cause });
}

function statusOf(error: unknown): number {
  const status = isRecord(error) ? error['status'] : undefined;
  return typeof status === 'number' ? status : 0;
}

function prospectOf(status: number): Prospect {
  if (status >= 500 || status === 408) return 'again';
  return status === 401 || status === 403 || status === 429 ? 'nothing' : 'other';
}

function mend(status: number, response: unknown, text: string): string {
  const headers = isRecord(response) ? response['headers'] : undefined;
  if (status === 429 || (status === 403 && isRateLimit(headers, text)))
    return ` Its rate limit is reached${limitEnd(headers)}: sweep again later.`;
  if (status === 403) return ` ${GITHUB_MEND}`;
  return status === 401 ? ' The input token is none that GitHub takes now.' : '';
}

/** Both of GitHub's rate limits, the hourly one and the secondary, may answer 403 as missing rights do. */
function isRateLimit(headers: unknown, text: string): boolean {
  return textAt(headers, 'x-ratelimit-remaining') === '0' || /\brate limit\b/i.test(text);
}

/** The secondary limit says how many seconds it lasts, the hourly one when it ends, in seconds since 1970. */
function limitEnd(headers: unknown): string {
  const wait = digits(headers, 'retry-after');
  if (wait !== undefined) return `, for ${wait} s more`;
  const end = textAt(headers, 'x-ratelimit-remaining') === '0' ? digits(headers, 'x-ratelimit-reset') : undefined;
  return end === undefined ? '' : `, until ${new Date(end * 1_000).toISOString()}`;
}

/** Small enough to be a date. */
function digits(headers: unknown, name: string): number | undefined {
  const text = textAt(headers, name);
  return text !== undefined && /^\d{1,11}$/.test(text) ? Number(text) : undefined;
}
