import { pageSizeOf, pageToken, positionOf } from '../api/paging.ts';
import { checkMask, masked } from '../api/read-mask.ts';
import { parameter } from './request.ts';

/** Default and most resources on a page; the service's numbers are not documented. */
const PAGE = { fallback: 100, most: 1000 } as const;

export interface Listed<R> {
  /** The answer's field for them. */
  readonly key: string;
  /** The message that they are of, where the method takes a read mask. */
  readonly message?: string;
  /** All that pass the filter, in their order. */
  readonly found: readonly R[];
  /** What a resource is known by from one request to the next. */
  readonly keyOf: (resource: R) => string;
  /** What the next page must have been asked with too. */
  readonly request: readonly unknown[];
}

/**
 * Where a page starts. Its token names the resource that it comes after, so that those made meanwhile move no page, and
 * where the page before started: if the resource has gone meanwhile, or passes the filter no more, that page is gone
 * through again, so that none is passed over.
 */
function startOf(position: unknown, keys: readonly string[]): number {
  const [, start = '0', after] = /^(\d+) (.*)$/s.exec(String(position ?? '')) ?? [];
  if (after === undefined) return 0;
  const index = keys.indexOf(after);
  return index < 0 ? Number(start) : index + 1;
}

/** The page of a list that a request asks for, its fields cut to the read mask. Throws INVALID_ARGUMENT. */
export function pageOf<R extends object>(
  query: URLSearchParams,
  { key, message, found, keyOf, request }: Listed<R>,
): object {
  const token = parameter(query, 'pageToken', 'page_token') ?? undefined;
  const size = pageSizeOf(parameter(query, 'pageSize', 'page_size'), PAGE.fallback, PAGE.most);
  const start = startOf(positionOf(token, request), found.map(keyOf));
  const page = found.slice(start, start + size);
  const last = page.at(-1);
  const hasMore = last !== undefined && start + size < found.length;
  const mask = message === undefined ? null : parameter(query, 'readMask', 'read_mask');
  if (message !== undefined) checkMask(mask, message);
  return {
    ...(page.length > 0 ? { [key]: page.map((resource) => masked(resource, mask)) } : {}),
    ...(hasMore ? { nextPageToken: pageToken(`${start} ${keyOf(last)}`, request) } : {}),
  };
}
