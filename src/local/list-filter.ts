import { camelCase } from '../vertex/schema.ts';
import type { JobFields } from '../vertex/types.ts';
import { ApiError } from './errors.ts';
import { type Comparison, comparisons, type Filter, FilterError, parseFilter, passes } from './filter.ts';
import { nanosOf, ordered } from './timestamps.ts';

const TIMES = ['createTime', 'startTime', 'endTime', 'updateTime'] as const;
type TimeField = (typeof TIMES)[number];

function isTimeField(name: string): name is TimeField {
  return TIMES.some((time) => time === name);
}

/** Whether `text` is what `pattern` describes; `*` stands for any run of characters. */
function isLike(text: string, pattern: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`, 'su').test(text);
}

function textHolds(found: string | undefined, { comparator, value }: Comparison): boolean {
  if (comparator === '!=') return found !== value;
  if (found === undefined) return false;
  return comparator === ':' ? isLike(found, value) : found === value;
}

function holds(job: JobFields, comparison: Comparison): boolean {
  const [first = '', key = ''] = comparison.path;
  const field = camelCase(first);
  if (field === 'displayName') return textHolds(job.displayName, comparison);
  if (field === 'state') return textHolds(job.state, comparison);
  if (field === 'labels') {
    const labels = job.labels ?? {};
    return textHolds(Object.hasOwn(labels, key) ? labels[key] : undefined, comparison);
  }
  const found = isTimeField(field) ? job[field] : undefined;
  const left = found === undefined ? undefined : nanosOf(found);
  const right = nanosOf(comparison.value);
  return left !== undefined && right !== undefined && ordered(left, comparison.comparator, right);
}

function problemOf({ path, comparator, value }: Comparison): string | undefined {
  const field = camelCase(path[0] ?? '');
  const name = path.join('.');
  if (isTimeField(field) && path.length === 1) {
    if (comparator === ':') return `${name} cannot be compared with :`;
    return nanosOf(value) === undefined
      ? `${name} is compared with ${JSON.stringify(value)}, which is no time`
      : undefined;
  }
  const isText = (field === 'displayName' || field === 'state') && path.length === 1;
  if (!isText && !(field === 'labels' && path.length === 2)) return `the field ${name} is not known`;
  return ['=', '!=', ':'].includes(comparator) ? undefined : `${name} cannot be compared with ${comparator}`;
}

function readFilter(text: string): Filter {
  try {
    return parseFilter(text);
  } catch (error) {
    if (error instanceof FilterError) throw new ApiError('INVALID_ARGUMENT', `Invalid filter: ${error.message}`);
    throw error;
  }
}

/** The test that a list request's `filter` describes. Throws INVALID_ARGUMENT with the reason when it cannot be read. */
export function jobFilter(text: string): (job: JobFields) => boolean {
  const filter = readFilter(text);
  const problem = comparisons(filter)
    .map(problemOf)
    .find((found) => found !== undefined);
  if (problem !== undefined) throw new ApiError('INVALID_ARGUMENT', `Invalid filter: ${problem}`);
  const noText = (word: string) => {
    throw new ApiError('INVALID_ARGUMENT', `Invalid filter: ${JSON.stringify(word)} is compared with nothing`);
  };
  return (job) => passes(filter, (comparison) => holds(job, comparison), noText);
}
