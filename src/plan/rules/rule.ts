import type { Draft } from '../draft.ts';
import type { Finding } from '../findings.ts';

/** One subject's rules: pure, over the whole request. */
export type Rule = (draft: Draft) => readonly Finding[];

export const error = (rule: string, path: string, message: string): Finding => ({
  level: 'error',
  rule,
  path,
  message,
});
export const warning = (rule: string, path: string, message: string): Finding => ({
  level: 'warning',
  rule,
  path,
  message,
});

/** Values that stand more than once. */
export function repeated(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

/** A duration of proto3 JSON in seconds. */
export const secondsOf = (duration: string | undefined) =>
  duration === undefined ? undefined : Number(duration.replace(/s$/, ''));
