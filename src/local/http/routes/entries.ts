import { isRecord } from '../../../json.ts';
import { ApiError } from '../../api/errors.ts';
import { projectNumber } from '../../api/ids.ts';
import { pageSizeOf } from '../../api/paging.ts';
import type { LogStore } from '../../logging/store.ts';

/** Whose entries are asked for; projects were once named apart. */
function namesIn(names: unknown, projectIds: unknown): readonly unknown[] {
  const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  const all = [...listed(names), ...listed(projectIds).map((id) => `projects/${id}`)];
  if (all.length > 0 && all.length <= 100) return all;
  throw new ApiError('INVALID_ARGUMENT', 'resource_names must have 1 to 100 entries.');
}

/** entries.list of Cloud Logging. Throws INVALID_ARGUMENT. */
export function listEntries(logs: LogStore, body: unknown): Promise<object> {
  const given = isRecord(body) ? body : {};
  const field = (camel: string, snake: string) => given[camel] ?? given[snake];
  const projects = namesIn(field('resourceNames', 'resource_names'), field('projectIds', 'project_ids')).map(
    (name: unknown) => {
      const project = /^projects\/([^/]+)(?:\/|$)/.exec(String(name))?.[1];
      if (project === undefined) throw new ApiError('INVALID_ARGUMENT', `Not a project: ${JSON.stringify(name)}`);
      return projectNumber(project);
    },
  );
  const filter = given['filter'] ?? '';
  if (typeof filter !== 'string') throw new ApiError('INVALID_ARGUMENT', 'The filter must be a text.');
  if (filter.length > 20_000) throw new ApiError('INVALID_ARGUMENT', 'The filter is longer than 20000 characters.');
  const order = String(field('orderBy', 'order_by') ?? '').trim();
  if (!['', 'timestamp', 'timestamp asc', 'timestamp desc'].includes(order)) {
    throw new ApiError('INVALID_ARGUMENT', `order_by must be "timestamp asc" or "timestamp desc", not "${order}".`);
  }
  const token = field('pageToken', 'page_token');
  return logs.list({
    projects,
    filter,
    descending: order === 'timestamp desc',
    pageSize: pageSizeOf(field('pageSize', 'page_size'), 50, 1000),
    pageToken: typeof token === 'string' ? token : undefined,
  });
}
