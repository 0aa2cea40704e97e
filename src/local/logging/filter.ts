import { isRecord } from '../../json.ts';
import { camelCase } from '../../vertex/schema.ts';
import type { LogEntry } from '../../vertex/types.ts';
import { ApiError } from '../api/errors.ts';
import { type Comparison, type Filter, FilterError, parseFilter, passes, required } from '../api/filter.ts';
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

function severityRank(text: string): number {
  const index = (SEVERITIES as readonly string[]).indexOf(text.toUpperCase());
  return index < 0 ? Number(text) / 100 : index;
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

function scalarText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function textHolds(found: string | undefined, { path, comparator, value }: Comparison): boolean {
  if (found === undefined) return comparator === '!=';
  if (comparator === ':') return value === '*' || found.toLowerCase().includes(value.toLowerCase());
  // Pages go on after an insertId, whose letters are ordered as they are; other texts are compared without case.
  if (path.length === 1 && camelCase(path[0] ?? '') === 'insertId') return ordered(found, comparator, value);
  return ordered(found.toLowerCase(), comparator, value.toLowerCase());
}

function holds(entry: LogEntry, comparison: Comparison): boolean {
  const found = scalarText(valueAt(entry, comparison.path));
  const [first = ''] = comparison.path;
  const field = comparison.path.length === 1 ? camelCase(first) : '';
  if (field === 'timestamp' || field === 'receiveTimestamp') {
    const left = nanosOf(found ?? '');
    const right = nanosOf(comparison.value);
    return left !== undefined && right !== undefined && ordered(left, comparison.comparator, right);
  }
  if (field === 'severity') {
    return ordered(severityRank(found ?? 'DEFAULT'), comparison.comparator, severityRank(comparison.value));
  }
  return textHolds(found, comparison);
}

/** The time, in whole milliseconds, that a comparison sets as the earliest; 0 where it sets none. */
function lowerBound({ path, comparator, value }: Comparison): number {
  if (path.length !== 1 || path[0] !== 'timestamp' || !['=', '>', '>='].includes(comparator)) return 0;
  return Number((nanosOf(value) ?? 0n) / 1_000_000n);
}

export interface LogFilter {
  readonly matches: (entry: LogEntry) => boolean;
  /** The job whose entries alone can match, if the filter names one. */
  readonly jobId: string | undefined;
  /** Milliseconds since the epoch; no earlier entry can match. */
  readonly since: number;
}

function readFilter(text: string): Filter {
  try {
    return parseFilter(text);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new ApiError('INVALID_ARGUMENT', `Unparseable filter: ${error.message}`);
  }
}

/** The test that an entries.list request's `filter` describes. */
export function logFilter(text: string): LogFilter {
  const filter = readFilter(text);
  const musts = required(filter);
  const job = musts.find(({ path, comparator }) => comparator === '=' && path.join('.') === 'resource.labels.job_id');
  const contains = (entry: LogEntry, word: string) => JSON.stringify(entry).toLowerCase().includes(word.toLowerCase());
  const matches = (entry: LogEntry) =>
    passes(
      filter,
      (comparison) => holds(entry, comparison),
      (word) => contains(entry, word),
    );
  return { matches, jobId: job?.value, since: Math.max(0, ...musts.map(lowerBound)) };
}
