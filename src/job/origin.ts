import { keyOf } from '../plan/identity.ts';
import { ATTEMPT_LABEL, KEY_LABEL, REQUEST_LABEL, SERIES_LABEL } from '../plan/labels.ts';
import type { Job } from '../vertex/jobs.ts';
import { OUTER_FIRST } from './submit/places.ts';

/** As src/plan/labels.ts sets it. */
const RUN_ID_LABEL = 'run-id';

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
