import type { RunContext } from '../inputs/run-context.ts';
import { identityOf } from '../plan/identity.ts';

/**
 * What the comment of a step begins with, and is found by: an HTML comment, which GitHub does not show. The same for the same
 * step of the same job and workflow, whatever the ref: each pull request has comments of its own.
 */
export function markerOf(context: RunContext, matrix: string, jobKey: string): string {
  return `<!-- train-on-vertex:${identityOf(context, matrix, jobKey).step} -->`;
}
