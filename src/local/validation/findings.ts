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

const LABEL_RULE =
  'Label keys and values can only contain lowercase letters, numbers, dashes and underscores, and have at most 64 characters.';

/** What the rules of labels refuse (the protos' comments). */
export function labelFindings(labels: Readonly<Record<string, string>> = {}): Finding[] {
  const entries = Object.entries(labels);
  if (entries.length > 64) {
    return [{ field: 'labels', message: 'There can be no more than 64 labels attached to a single resource.' }];
  }
  const fits = (text: string) => [...text].length <= 64 && !/[^\p{Ll}\p{Lo}\p{N}_-]/u.test(text);
  const good = entries.every(([key, value]) => key !== '' && fits(key) && fits(value));
  return good ? [] : [{ field: 'labels', message: LABEL_RULE }];
}

/** A display name has 1 to 128 characters (the protos' comments). */
export function nameFindings(displayName: string | undefined): Finding[] {
  const length = [...(displayName ?? '')].length;
  if (length === 0) return [{ field: 'display_name', message: REQUIRED }];
  return length > 128 ? [{ field: 'display_name', message: 'The display name can be up to 128 characters long.' }] : [];
}

/** Refuses the request if anything was found, in the API's own form: numbered, separated by tabs. */
export function refuse(findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  const lines = findings.map(({ field, message }, index) => `${index + 1}.Field: ${field}; Message: ${message}\t`);
  throw new ApiError('INVALID_ARGUMENT', `List of found errors:\t${lines.join('')}`);
}
