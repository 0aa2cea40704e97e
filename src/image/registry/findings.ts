import type { Fault } from '../../faults.ts';

/** What a look at the registry found; a note is a check that could not be made, or something good to know. */
export interface AccessFinding {
  readonly level: 'error' | 'warning' | 'note';
  readonly fault: Fault;
}

/** A finding about the input `image`. */
export const finding = (level: AccessFinding['level'], rule: string, message: string): AccessFinding => ({
  level,
  fault: { rule, input: 'image', message },
});
