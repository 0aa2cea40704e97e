import type { JobPlan } from '../../plan/job.ts';
import { ATTEMPT_LABEL, KEY_LABEL, REQUEST_LABEL, SERIES_LABEL } from '../../plan/labels.ts';
import type { Job } from '../../vertex/jobs.ts';

/** What tells a step's own jobs from all others, and what it wants of those that earlier attempts left. */
export interface Claim {
  readonly collection: JobPlan['collection'];
  readonly series: string;
  readonly key: string;
  readonly attempt: number;
  /** Hash of the request. */
  readonly request: string;
  readonly onRerun: 'attach' | 'new';
  /** Names of jobs that count as if they were not there. */
  readonly givenUp: ReadonlySet<string>;
  /** Name of a job of an earlier attempt whose end this attempt waits for: it counts as this attempt's own. */
  readonly adopted?: string | undefined;
}

/** Where a step's jobs are made and by which labels they are found: what main saves for post before it asks for one. */
export interface Traces {
  /** `projects/P/locations/L`. */
  readonly parent: string;
  readonly collection: JobPlan['collection'];
  readonly labels: Readonly<Record<string, string>>;
}

/** The traces that a plan's job will leave. */
export const tracesOf = ({ parent, collection, resource }: JobPlan): Traces => ({
  parent,
  collection,
  labels: resource.labels ?? {},
});

/** Throws Error where the labels name no identity, which every plan's do. */
export function claimOf(
  { collection, labels }: Traces,
  wishes: Partial<Pick<Claim, 'onRerun' | 'givenUp'>> = {},
): Claim {
  const text = (label: string) => {
    const value = labels[label];
    if (value === undefined || value === '') throw new Error(`the job has no label ${label}`);
    return value;
  };
  const attempt = attemptOf({ labels });
  if (attempt === undefined)
    throw new Error(`the label ${ATTEMPT_LABEL} is ${text(ATTEMPT_LABEL)}, which is no number`);
  return {
    collection,
    series: text(SERIES_LABEL),
    key: text(KEY_LABEL),
    attempt,
    request: text(REQUEST_LABEL),
    onRerun: wishes.onRerun ?? 'attach',
    givenUp: wishes.givenUp ?? new Set(),
  };
}

/** What lists are filtered by to find every job that carries the claim's key. */
export const keyFilter = ({ key }: Pick<Claim, 'key'>) => `labels.${KEY_LABEL}="${key}"`;

/** The attempt that made the job; undefined where its label is missing or no number. */
export const attemptOf = (job: Pick<Job, 'labels'>) => numberIn(job.labels[ATTEMPT_LABEL]);

/** A number as labels hold it. */
export function numberIn(label: string | undefined): number | undefined {
  return label !== undefined && /^\d{1,15}$/.test(label) ? Number(label) : undefined;
}

/**
 * How a job stands to a claim. `mine`: of this attempt, for this request. `clash`: of this attempt, for another request.
 * `earlier`, `outdated`: of an earlier attempt, for this request or another. `later`: of a later attempt.
 */
export type Relation = 'mine' | 'clash' | 'earlier' | 'outdated' | 'later' | 'none';

/** How the job stands to the claim; `none` where it is another step's, or counts as if it were not there. */
export function relationOf(job: Pick<Job, 'name' | 'labels'>, claim: Claim): Relation {
  const attempt = attemptOf(job);
  if (job.labels[KEY_LABEL] !== claim.key || attempt === undefined || claim.givenUp.has(job.name)) return 'none';
  const same = job.labels[REQUEST_LABEL] === claim.request;
  // One request makes one kind of job. Another kind with its hash is what the service runs a pipeline or a trial in.
  if (same && !job.name.includes(`/${claim.collection}/`)) return 'none';
  if (job.name === claim.adopted) return 'mine';
  if (attempt > claim.attempt) return 'later';
  if (attempt === claim.attempt) return same ? 'mine' : 'clash';
  return same ? 'earlier' : 'outdated';
}
