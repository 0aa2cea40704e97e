import { camelCase } from '../../vertex/schema.ts';
import { ApiError } from './errors.ts';
import { type Comparison, comparisons, type Filter, FilterError, parseFilter, passes } from './filter.ts';
import { nanosOf, ordered } from './timestamps.ts';

/** A field that holds a text. */
export interface TextField<R> {
  readonly read: (resource: R) => string | undefined;
  /** Those that the method takes for it; `:` compares with `*` as a wildcard. */
  readonly comparators: readonly string[];
  /** The value in the form that the resource has it in, where filters may give it in another. */
  readonly spelled?: (value: string) => string;
}

/** What a list can be filtered by; the fields by their camelCase names, which filters may write in snake_case too. */
export interface FilterFields<R> {
  readonly texts: Readonly<Record<string, TextField<R>>>;
  /** Fields that hold an RFC 3339 time. */
  readonly times: Readonly<Record<string, (resource: R) => string | undefined>>;
  readonly labels: (resource: R) => Readonly<Record<string, string>> | undefined;
}

const refused = (problem: string) => new ApiError('INVALID_ARGUMENT', `Invalid filter: ${problem}`);

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Whether `text` is what `pattern` describes; `*` stands for any run of characters. Each part is looked for once. */
export function isLike(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}

function textHolds(found: string | undefined, comparator: string, value: string): boolean {
  if (comparator === '!=') return found !== value;
  if (found === undefined) return false;
  return comparator === ':' ? isLike(found, value) : found === value;
}

function timeHolds(found: string | undefined, { comparator, value }: Comparison): boolean {
  const left = found === undefined ? undefined : nanosOf(found);
  const right = nanosOf(value);
  return left !== undefined && right !== undefined && ordered(left, comparator, right);
}

function labelHolds(labels: Readonly<Record<string, string>>, { path, comparator, value }: Comparison): boolean {
  const [, key] = path;
  return key === undefined ? Object.hasOwn(labels, value) : textHolds(own(labels, key), comparator, value);
}

function holds<R>(resource: R, comparison: Comparison, fields: FilterFields<R>): boolean {
  const field = camelCase(comparison.path[0] ?? '');
  if (field === 'labels') return labelHolds(fields.labels(resource) ?? {}, comparison);
  const text = own(fields.texts, field);
  if (text === undefined) return timeHolds(own(fields.times, field)?.(resource), comparison);
  const { read, spelled = (value: string) => value } = text;
  return textHolds(read(resource), comparison.comparator, spelled(comparison.value));
}

function comparatorProblem(name: string, comparator: string, accepted: readonly string[]): string | undefined {
  return accepted.includes(comparator) ? undefined : `${name} cannot be compared with ${comparator}`;
}

function problemOf<R>({ path, comparator, value }: Comparison, fields: FilterFields<R>): string | undefined {
  const field = camelCase(path[0] ?? '');
  const name = path.join('.');
  // `labels:key` asks whether there is such a label.
  if (field === 'labels' && path.length <= 2) {
    return comparatorProblem(name, comparator, path.length === 1 ? [':'] : ['=', '!=', ':']);
  }
  const text = path.length === 1 ? own(fields.texts, field) : undefined;
  if (text !== undefined) return comparatorProblem(name, comparator, text.comparators);
  if (path.length !== 1 || own(fields.times, field) === undefined) return `the field ${name} is not known`;
  if (comparator === ':') return `${name} cannot be compared with :`;
  return nanosOf(value) === undefined
    ? `${name} is compared with ${JSON.stringify(value)}, which is no time`
    : undefined;
}

function readFilter(text: string): Filter {
  try {
    return parseFilter(text);
  } catch (error) {
    if (error instanceof FilterError) throw refused(error.message);
    throw error;
  }
}

/** The test that a list request's `filter` describes. Throws INVALID_ARGUMENT with the reason when it cannot be read. */
export function resourceFilter<R>(text: string, fields: FilterFields<R>): (resource: R) => boolean {
  const filter = readFilter(text);
  const problem = comparisons(filter)
    .map((comparison) => problemOf(comparison, fields))
    .find((found) => found !== undefined);
  if (problem !== undefined) throw refused(problem);
  const noText = (word: string) => {
    throw refused(`${JSON.stringify(word)} is compared with nothing`);
  };
  return (resource) => passes(filter, (comparison) => holds(resource, comparison, fields), noText);
}
