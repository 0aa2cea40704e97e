import { isRecord } from '../../../json.ts';
import { ApiError } from '../../api/errors.ts';
import { projectNumber } from '../../api/ids.ts';
import { pageSizeOf } from '../../api/paging.ts';
import type { LogStore } from '../../logging/store.ts';

const invalid = (message: string) => new ApiError('INVALID_ARGUMENT', message);

/** The longest filter that Cloud Logging takes, in characters. */
const LONGEST_FILTER = 20_000;

function projectIn(name: unknown): string {
  const project = typeof name === 'string' ? /^projects\/([^/]+)(?:\/|$)/.exec(name)?.[1] : undefined;
  if (project !== undefined) return projectNumber(project);
  throw invalid('Not a project: each of resource_names must be projects/PROJECT, or a view of its logs.');
}

/** The numbers of the projects whose entries are asked for; once they were named apart, by their ids. */
function projectsIn(names: unknown, projectIds: unknown): string[] {
  const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  const ids = listed(projectIds).map((id) => (typeof id === 'string' ? `projects/${id}` : id));
  const all = [...listed(names), ...ids];
  if (all.length === 0 || all.length > 100) throw invalid('resource_names must have 1 to 100 entries.');
  return all.map(projectIn);
}

function textOf(value: unknown, name: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  throw invalid(`Invalid value at '${name}' (TYPE_STRING): a text is required.`);
}

function isDescending(order: string): boolean {
  if (['', 'timestamp', 'timestamp asc', 'timestamp desc'].includes(order)) return order === 'timestamp desc';
  throw invalid(`order_by must be "timestamp asc" or "timestamp desc", not ${JSON.stringify(order)}.`);
}

function pageSize(value: unknown): number {
  const isScalar = value === undefined || value === null || typeof value === 'number' || typeof value === 'string';
  if (!isScalar) throw invalid("Invalid value at 'page_size' (TYPE_INT32): a number is required.");
  return pageSizeOf(value, 50, 1000);
}

/** entries.list of Cloud Logging. Throws INVALID_ARGUMENT. */
export async function listEntries(logs: LogStore, body: unknown): Promise<object> {
  const given = isRecord(body) ? body : {};
  const field = (camel: string, snake: string) => given[camel] ?? given[snake];
  const projects = projectsIn(field('resourceNames', 'resource_names'), field('projectIds', 'project_ids'));
  const filter = textOf(given['filter'], 'filter');
  if (filter.length > LONGEST_FILTER) throw invalid(`The filter is longer than ${LONGEST_FILTER} characters.`);
  return logs.list({
    projects,
    filter,
    descending: isDescending(textOf(field('orderBy', 'order_by'), 'order_by').trim()),
    pageSize: pageSize(field('pageSize', 'page_size')),
    pageToken: textOf(field('pageToken', 'page_token'), 'page_token'),
  });
}
