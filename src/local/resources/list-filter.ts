import { camelCase, enumSchema } from '../../vertex/schema.ts';
import { ApiError } from '../api/errors.ts';
import { type Comparison, comparisons, type Filter, FilterError, parseFilter, passes } from '../api/filter.ts';
import { nanosOf, ordered } from '../api/timestamps.ts';
import type { Collection } from './store.ts';
import type { ResourceFields, TrainingPipeline } from './types.ts';

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

/** The fields that hold a text, by their camelCase names. */
const TEXTS = {
  displayName: (resource: ResourceFields) => resource.displayName,
  state: (resource: ResourceFields) => resource.state,
  trainingTaskDefinition: (resource: ResourceFields) => (resource as TrainingPipeline).trainingTaskDefinition,
} as const;
type TextField = keyof typeof TEXTS;

function isTextField(name: string): name is TextField {
  return Object.hasOwn(TEXTS, name);
}

/** A state by its name, where a filter gives its number. */
function stateName(value: string, collection: Collection): string {
  const states = enumSchema(collection === 'trainingPipelines' ? 'PipelineState' : 'JobState') ?? {};
  return Object.keys(states).find((name) => String(states[name]) === value) ?? value;
}

function textHolds(found: string | undefined, { comparator, value }: Comparison): boolean {
  if (comparator === '!=') return found !== value;
  if (found === undefined) return false;
  return comparator === ':' ? isLike(found, value) : found === value;
}

function holds(job: ResourceFields, comparison: Comparison): boolean {
  const [first = '', key = ''] = comparison.path;
  const field = camelCase(first);
  if (isTextField(field)) return textHolds(TEXTS[field](job), comparison);
  if (field === 'labels') {
    const labels = job.labels ?? {};
    return textHolds(Object.hasOwn(labels, key) ? labels[key] : undefined, comparison);
  }
  const found = isTimeField(field) ? job[field] : undefined;
  const left = found === undefined ? undefined : nanosOf(found);
  const right = nanosOf(comparison.value);
  return left !== undefined && right !== undefined && ordered(left, comparison.comparator, right);
}

function problemOf({ path, comparator, value }: Comparison, collection: Collection): string | undefined {
  const field = camelCase(path[0] ?? '');
  const name = path.join('.');
  if (isTimeField(field) && path.length === 1) {
    if (comparator === ':') return `${name} cannot be compared with :`;
    return nanosOf(value) === undefined
      ? `${name} is compared with ${JSON.stringify(value)}, which is no time`
      : undefined;
  }
  const isHere = field !== 'trainingTaskDefinition' || collection === 'trainingPipelines';
  const isText = isTextField(field) && isHere && path.length === 1;
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
export function listFilter(text: string, collection: Collection): (resource: ResourceFields) => boolean {
  const filter = readFilter(text);
  const problem = comparisons(filter)
    .map((comparison) => problemOf(comparison, collection))
    .find((found) => found !== undefined);
  if (problem !== undefined) throw new ApiError('INVALID_ARGUMENT', `Invalid filter: ${problem}`);
  const noText = (word: string) => {
    throw new ApiError('INVALID_ARGUMENT', `Invalid filter: ${JSON.stringify(word)} is compared with nothing`);
  };
  const named = (comparison: Comparison): Comparison =>
    camelCase(comparison.path[0] ?? '') === 'state'
      ? { ...comparison, value: stateName(comparison.value, collection) }
      : comparison;
  return (resource) => passes(filter, (comparison) => holds(resource, named(comparison)), noText);
}
