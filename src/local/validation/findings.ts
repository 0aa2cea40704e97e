import { ApiError } from '../api/errors.ts';

/** One thing that the API's own rules refuse; `field` is a path in snake_case. */
export interface Finding {
  readonly field: string;
  readonly message: string;
}

export const REQUIRED = 'Required field is not set.';

/** The findings of a part, told from the whole. */
export function under(path: string, findings: readonly Finding[]): Finding[] {
  return findings.map(({ field, message }) => ({ field: `${path}.${field}`, message }));
}

/** What a rule says of a field that breaks it. */
export function findingUnless(holds: boolean, field: string, message: string): Finding[] {
  return holds ? [] : [{ field, message }];
}

/** A request with more faults is told so many of them: an answer stays of a size that clients take. */
export const MOST_FAULTS = 1000;

/**
 * Refuses the request if anything was found, in the API's own form: the message numbers the findings, separated by tabs, and
 * the details hold them one by one (as clients printed them of the real service).
 */
export function refuse(findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  const told = findings.slice(0, MOST_FAULTS);
  const lines = told.map(({ field, message }, index) => `${index + 1}.Field: ${field}; Message: ${message}\t`);
  const fieldViolations = told.map(({ field, message }) => ({ field, description: message }));
  throw new ApiError('INVALID_ARGUMENT', `List of found errors:\t${lines.join('')}`, [badRequest(fieldViolations)]);
}

/** google.rpc.BadRequest, as an error's details hold it. */
export function badRequest(fieldViolations: readonly { readonly field?: string; readonly description: string }[]) {
  return { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations };
}
