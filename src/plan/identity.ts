import { createHash } from 'node:crypto';
import type { RunContext } from '../inputs/run-context.ts';

/** What makes two jobs the same job; the decisions to attach, supersede, compare and sweep rest on these alone. */
export interface Identity {
  /** The same step of the same job of the same workflow and ref, in whichever run. */
  readonly series: string;
  /** The series in one run, in whichever attempt. */
  readonly key: string;
  /** The step of the job and workflow, on whichever ref: what a job's baseline is found by where another step follows it. */
  readonly step: string;
  /** The repository, under whichever name: what `sweep` finds its jobs by. */
  readonly repository: string;
}

/** Labels hold 63 characters in most of Google's services; 32 hexadecimal digits are 128 bits. */
function shortHash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}

export function identityOf(context: RunContext, matrix: string, jobKey: string): Identity {
  const { repositoryId, workflowPath, ref, jobId, stepId } = context;
  const onRef = (of: string) => shortHash([repositoryId, workflowPath, of, jobId, stepId, matrix, jobKey]);
  const series = onRef(ref);
  return { series, step: onRef(''), key: keyOf(series, context.runId), repository: repositoryHash(repositoryId) };
}

/** The key that a series has in a workflow run: a job's labels name both, and have to agree. */
export const keyOf = (series: string, runId: string) => shortHash([series, runId]);

/** Stands for a repository in labels, by its numeric id. */
export const repositoryHash = (repositoryId: string) => shortHash(['repository', repositoryId]);

/** A hash of what is asked for, whichever image digest it ends up with; property order does not count. */
export function requestHash(resource: unknown): string {
  return shortHash(ordered(resource));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, inner]) => [key, ordered(inner)]);
}
