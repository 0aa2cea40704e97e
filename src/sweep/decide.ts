import { isLive } from '../job/submit/decide.ts';
import { OUTER_FIRST } from '../job/submit/places.ts';
import { keyOf } from '../plan/identity.ts';
import { ATTEMPT_LABEL, KEY_LABEL, REQUEST_LABEL, SERIES_LABEL } from '../plan/labels.ts';
import type { Job } from '../vertex/jobs.ts';

/** As src/plan/labels.ts sets it. */
const RUN_ID_LABEL = 'run-id';

/** How a workflow run stands, as GitHub tells it. */
export interface WorkflowRun {
  /** `queued`, `in_progress`, `completed`, … */
  readonly status: string;
  /** `success`, `failure`, `cancelled`, `timed_out`, …; undefined while it runs. */
  readonly conclusion: string | undefined;
}

/** What is known of the run behind a job; `gone` where GitHub has none of that id any more. */
export type KnownRun = WorkflowRun | 'gone' | 'unknown';

/**
 * The workflow run that made a job; undefined where its labels do not say so for sure. Anybody may set labels: the key
 * is a hash of series and run, so that only a run id that belongs to the job counts.
 */
export function runOf({ labels }: Pick<Job, 'labels'>): string | undefined {
  const { [SERIES_LABEL]: series = '', [KEY_LABEL]: key = '', [RUN_ID_LABEL]: run = '' } = labels;
  return /^\d{1,20}$/.test(run) && keyOf(series, run) === key ? run : undefined;
}

/** How far out a job is by its kind: a lower number runs those of higher ones. */
export const depthOf = ({ name }: Pick<Job, 'name'>) =>
  OUTER_FIRST.findIndex((collection) => name.includes(`/${collection}/`));

/**
 * The jobs without those that the service runs for another of them: a pipeline's job, a study's trials. Where those carry
 * labels, they are the other's; one request makes one kind of job, so that another kind with its hash is such an inner one.
 */
export function outermost(jobs: readonly Job[]): readonly Job[] {
  const backing = new Set(jobs.map((job) => job.backing));
  const outer = new Map<string, number>();
  for (const job of jobs) {
    const request = requestOf(job);
    outer.set(request, Math.min(outer.get(request) ?? Number.POSITIVE_INFINITY, depthOf(job)));
  }
  return jobs.filter((job) => !backing.has(job.name) && depthOf(job) === outer.get(requestOf(job)));
}

const requestOf = ({ labels }: Job) =>
  [KEY_LABEL, ATTEMPT_LABEL, REQUEST_LABEL].map((label) => labels[label] ?? '').join(' ');

/** What becomes of a job, and why. */
export interface Verdict {
  readonly course: 'leave' | 'end';
  readonly why: string;
}

/** Runs that came to such an end watch over their jobs no more, and did not leave them on purpose. */
const BROKEN: ReadonlySet<string> = new Set(['cancelled', 'failure', 'timed_out', 'startup_failure', 'stale']);

/** A job is ended only where its run is surely over and did not end well: a job that was left on purpose goes on. */
export function judge(job: Job, run: KnownRun): Verdict {
  if (!isLive(job)) return { course: 'leave', why: `it is ${job.state}` };
  if (run === 'unknown') return { course: 'leave', why: 'its workflow run could not be looked up' };
  if (run === 'gone') return { course: 'leave', why: 'GitHub has its workflow run no more' };
  if (run.status !== 'completed') return { course: 'leave', why: `its workflow run is ${run.status}` };
  const { conclusion } = run;
  if (conclusion === undefined) return { course: 'leave', why: 'its workflow run has no conclusion' };
  const why = `its workflow run ended in ${conclusion}`;
  if (BROKEN.has(conclusion)) return { course: 'end', why };
  return {
    course: 'leave',
    why: conclusion === 'success' ? `${why}: it was left to run on` : `${why}, which is no failure`,
  };
}

/** Whether a job may be told of at all: one that lives although its run is over. */
export const isLeftover = (job: Job, run: KnownRun): boolean =>
  isLive(job) && (run === 'gone' || (typeof run === 'object' && run.status === 'completed'));
