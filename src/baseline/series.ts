import { untilAborted } from '../abort.ts';
import { shown, UserError } from '../faults.ts';
import type { GithubRuns, WorkflowRun } from '../github/runs.ts';
import { runOf } from '../job/origin.ts';
import { byAge } from '../job/submit/age.ts';
import { SERIES_LABEL, STEP_LABEL } from '../plan/labels.ts';
import type { Job } from '../vertex/jobs.ts';

interface Search {
  /** Name of the default branch. */
  readonly branch: string;
  readonly runs: GithubRuns;
  readonly signal: AbortSignal;
}

/** The most workflow runs that are asked about: pull requests have a series each. */
const MOST_RUNS = 50;

/**
 * The label of the step that made a job, whatever the ref: a step that follows the job cannot compute it. Throws UserError where
 * the job has none.
 */
export function stepOf({ name, labels }: Pick<Job, 'name' | 'labels'>): string {
  const step = labels[STEP_LABEL];
  // It goes into a filter.
  if (step !== undefined && /^[0-9a-f]{32}$/.test(step)) return step;
  throw new UserError(
    `There is nothing to compare ${name} with: its labels do not tell which step made it. Let the gate do with numbers.`,
  );
}

/**
 * The series that the jobs of a step have on the default branch, by what GitHub tells of their runs; undefined where none of the
 * jobs is of that branch. Throws UserError where too many would have to be asked about, GithubError.
 */
export async function seriesOn(jobs: readonly Job[], { branch, runs, signal }: Search): Promise<string | undefined> {
  const elsewhere = new Set<string>();
  const asked = new Set<string>();
  for (const job of inOrder(jobs, branch)) {
    const { [SERIES_LABEL]: series = '' } = job.labels;
    const runId = runOf(job);
    if (runId === undefined || elsewhere.has(series) || asked.has(runId)) continue;
    if (asked.size >= MOST_RUNS) throw new UserError(tooManyText(branch));
    asked.add(runId);
    const place = placeOf(await untilAborted(runs.get(runId), signal), branch);
    if (place === 'here') return series;
    if (place === 'elsewhere') elsewhere.add(series);
  }
  return undefined;
}

/** Newest first, those before all others whose label names the branch: a hint, as anybody may set it. */
function inOrder(jobs: readonly Job[], branch: string): readonly Job[] {
  const sorted = [...jobs].sort(byAge).reverse();
  const isHinted = ({ labels }: Job) => labels['ref'] === branch;
  return [...sorted.filter(isHinted), ...sorted.filter((job) => !isHinted(job))];
}

/** Runs of pull_request_target have the default branch's ref, and GitHub names the branch of the pull request. */
function placeOf(run: WorkflowRun | 'gone', branch: string): 'here' | 'elsewhere' | 'unknown' {
  if (run === 'gone' || run.event === 'pull_request_target') return 'unknown';
  return run.branch === branch && run.event !== 'pull_request' ? 'here' : 'elsewhere';
}

const tooManyText = (branch: string) =>
  `Among the last ${MOST_RUNS} workflow runs that made a job of the step whose job this one follows, none is of ${shown(branch)}: no baseline is looked for further back. Let the gate do with numbers.`;
