import { camelCase } from '../../vertex/schema.ts';
import type { LogEntry } from '../../vertex/types.ts';
import { ApiError } from '../api/errors.ts';
import {
  type Comparison,
  comparisons,
  type Filter,
  FilterError,
  parseFilter,
  passes,
  required,
} from '../api/filter.ts';
import { nanosOf } from '../api/timestamps.ts';
import { contains, holds, severityRank, wholeField } from './compare.ts';
import { linearPattern } from './pattern.ts';

/** The filter of an entries.list request: the test itself, and what it tells of where a match can be. */
export interface LogFilter {
  readonly matches: (entry: LogEntry) => boolean;
  /** The job whose entries alone can match, if the filter names one. */
  readonly jobId: string | undefined;
  /** Nanoseconds since the epoch; no earlier entry can match, where it is set. */
  readonly since: bigint | undefined;
  /** The same; no later entry can match. */
  readonly until: bigint | undefined;
}

/** google.logging.v2.LogEntry's fields. https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry */
const FIELDS = new Set([
  'apphub',
  'errorGroups',
  'httpRequest',
  'insertId',
  'jsonPayload',
  'labels',
  'logName',
  'metadata',
  'operation',
  'protoPayload',
  'receiveTimestamp',
  'resource',
  'severity',
  'sourceLocation',
  'spanId',
  'split',
  'textPayload',
  'timestamp',
  'trace',
  'traceSampled',
]);
const TIMES = new Set(['timestamp', 'receiveTimestamp']);

const refused = (problem: string) => new ApiError('INVALID_ARGUMENT', `Unparseable filter: ${problem}`);

/** The words of the service, which counts lines and columns from 1, and what the matter is. */
function syntaxError(text: string, { at, token, message }: FilterError): ApiError {
  const lines = text.slice(0, at).split('\n');
  const column = (lines.at(-1) ?? '').length + 1;
  return refused(`syntax error at line ${lines.length}, column ${column}, token '${token}': ${message}`);
}

function readFilter(text: string): Filter {
  try {
    return parseFilter(text, 'logging');
  } catch (error) {
    throw error instanceof FilterError ? syntaxError(text, error) : error;
  }
}

const isPattern = ({ comparator }: Comparison) => comparator === '=~' || comparator === '!~';

function problemOf(comparison: Comparison): string | undefined {
  const { path, comparator, value } = comparison;
  const [first = ''] = path;
  if (!FIELDS.has(camelCase(first))) return `a log entry has no field ${first}`;
  const field = wholeField(comparison);
  if (TIMES.has(field)) {
    if (isPattern(comparison) || comparator === ':') return `${first} cannot be compared with ${comparator}`;
    return nanosOf(value) === undefined ? `${JSON.stringify(value)} is no time` : undefined;
  }
  if (field !== 'severity' || isPattern(comparison) || value === '*') return undefined;
  return Number.isNaN(severityRank(value)) ? `${JSON.stringify(value)} is no severity` : undefined;
}

function patternOf({ value }: Comparison): RegExp {
  try {
    return linearPattern(value);
  } catch (error) {
    if (error instanceof SyntaxError) throw refused(`${JSON.stringify(value)} is no valid pattern: ${error.message}`);
    throw error;
  }
}

/** The times that a comparison, which every match must meet, leaves. */
function bounds(comparison: Comparison): { readonly since?: bigint; readonly until?: bigint } {
  const nanos = wholeField(comparison) === 'timestamp' ? nanosOf(comparison.value) : undefined;
  if (nanos === undefined) return {};
  const { comparator } = comparison;
  const isSince = ['=', '>', '>='].includes(comparator);
  const isUntil = ['=', '<', '<='].includes(comparator);
  return { ...(isSince ? { since: nanos } : {}), ...(isUntil ? { until: nanos } : {}) };
}

function jobOf(musts: readonly Comparison[]): string | undefined {
  return musts.find(({ path, comparator }) => comparator === '=' && path.join('.') === 'resource.labels.job_id')?.value;
}

/**
 * The test that an entries.list request's `filter` describes, in Cloud Logging's query language but for its functions. Throws
 * INVALID_ARGUMENT that tells where it cannot be read, or what of it is not known.
 */
export function logFilter(text: string): LogFilter {
  const filter = readFilter(text);
  const all = comparisons(filter);
  const problem = all.map(problemOf).find((found) => found !== undefined);
  if (problem !== undefined) throw refused(problem);
  const patterns = new Map(all.filter(isPattern).map((each) => [each, patternOf(each)]));
  const musts = required(filter);
  const times = musts.map(bounds);
  const sinces = times.flatMap(({ since }) => (since === undefined ? [] : [since]));
  const untils = times.flatMap(({ until }) => (until === undefined ? [] : [until]));
  return {
    matches: (entry) =>
      passes(
        filter,
        (comparison) => holds(entry, comparison, patterns.get(comparison)),
        (word) => contains(entry, word),
      ),
    jobId: jobOf(musts),
    since: sinces.reduce<bigint | undefined>(
      (most, each) => (most === undefined || each > most ? each : most),
      undefined,
    ),
    until: untils.reduce<bigint | undefined>(
      (least, each) => (least === undefined || each < least ? each : least),
      undefined,
    ),
  };
}
