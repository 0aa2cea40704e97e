import { isRecord } from '../../json.ts';
import { camelCase } from '../../vertex/schema.ts';
import type { LogEntry } from '../../vertex/types.ts';
import type { Comparison } from '../api/filter.ts';
import { nanosOf, ordered } from '../api/timestamps.ts';

/** google.logging.type.LogSeverity, lowest first; each is worth a hundred times its index. */
export const SEVERITIES = [
  'DEFAULT',
  'DEBUG',
  'INFO',
  'NOTICE',
  'WARNING',
  'ERROR',
  'CRITICAL',
  'ALERT',
  'EMERGENCY',
] as const;

/** A severity's place, by its name or number; NaN for neither. */
export function severityRank(text: string): number {
  const index = (SEVERITIES as readonly string[]).indexOf(text.toUpperCase());
  return index < 0 ? Number(text.trim() === '' ? Number.NaN : text) / 100 : index;
}

/** The name of a field that a comparison is about, where it is no part of one. */
export function wholeField({ path }: Comparison): string {
  return path.length === 1 ? camelCase(path[0] ?? '') : '';
}

/** What stands at `path` in an entry; field names are taken in both spellings, keys of maps as they are. */
function valueAt(entry: LogEntry, path: readonly string[]): unknown {
  let found: unknown = entry;
  for (const [index, part] of path.entries()) {
    if (!isRecord(found)) return undefined;
    const name = index === 0 ? camelCase(part) : part;
    found = Object.hasOwn(found, name) ? found[name] : undefined;
  }
  return found;
}

/** Every text, number and truth value in a value, as text; an object's keys are not among them. */
function* scalarsIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const each of value) yield* scalarsIn(each);
  else if (isRecord(value)) yield* scalarsIn(Object.values(value));
  else if (value !== undefined && value !== null) yield String(value);
}

/** Whether a text stands anywhere in a value, in letters of either case. */
export function contains(value: unknown, text: string): boolean {
  const wanted = text.toLowerCase();
  for (const scalar of scalarsIn(value)) if (scalar.toLowerCase().includes(wanted)) return true;
  return false;
}

function scalarHolds(found: unknown, comparison: Comparison): boolean {
  const { comparator, value } = comparison;
  const number = Number(value);
  if (typeof found === 'number' && value.trim() !== '' && !Number.isNaN(number))
    return ordered(found, comparator, number);
  const text = typeof found === 'object' ? JSON.stringify(found) : String(found);
  // Pages go on after an insertId, whose letters are ordered as they are; other texts are compared without case.
  if (wholeField(comparison) === 'insertId') return ordered(text, comparator, value);
  return ordered(text.toLowerCase(), comparator, value.toLowerCase());
}

function valueHolds(found: unknown, comparison: Comparison, pattern: RegExp | undefined): boolean {
  const { comparator, value } = comparison;
  const negates = comparator === '!=' || comparator === '!~';
  if (found === undefined || found === null) return negates;
  if (comparator === ':') return value === '*' || contains(found, value);
  if (pattern === undefined) return scalarHolds(found, comparison);
  return [...scalarsIn(found)].some((text) => pattern.test(text)) !== negates;
}

function timeHolds(found: unknown, { comparator, value }: Comparison): boolean {
  const left = nanosOf(String(found ?? ''));
  const right = nanosOf(value);
  return left !== undefined && right !== undefined && ordered(left, comparator, right);
}

/**
 * Whether an entry is as a comparison wants it; `pattern` is the expression of one with `=~` or `!~`. A field that an entry
 * has not is no other than anything.
 */
export function holds(entry: LogEntry, comparison: Comparison, pattern: RegExp | undefined): boolean {
  const found = valueAt(entry, comparison.path);
  const field = wholeField(comparison);
  if (pattern !== undefined) return valueHolds(found, comparison, pattern);
  if (field === 'timestamp' || field === 'receiveTimestamp') return timeHolds(found, comparison);
  if (field !== 'severity' || comparison.value === '*') return valueHolds(found, comparison, undefined);
  const { comparator, value } = comparison;
  return ordered(severityRank(String(found ?? 'DEFAULT')), comparator, severityRank(value));
}
