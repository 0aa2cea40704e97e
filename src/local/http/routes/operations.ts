import { textAt } from '../../../json.ts';
import { ApiError } from '../../api/errors.ts';
import { parentName } from '../../api/ids.ts';
import { resourceFilter } from '../../api/list-filter.ts';
import type { Operation, Operations } from '../../resources/operations.ts';
import { durationMs } from '../../validation/scalars.ts';
import { pageOf } from '../page.ts';
import type { ApiRequest, Handlers, Target } from '../request.ts';

function timeOf({ metadata }: Operation, key: string): string | undefined {
  const { genericMetadata } = metadata as { readonly genericMetadata?: unknown };
  return textAt(genericMetadata, key);
}

/** What operations are filtered by; the service's own fields are not documented. */
const FIELDS = {
  texts: {
    name: { read: ({ name }: Operation) => name, comparators: ['=', '!=', ':'] },
    done: { read: ({ done }: Operation) => String(done === true), comparators: ['=', '!=', ':'] },
  },
  times: {
    createTime: (operation: Operation) => timeOf(operation, 'createTime'),
    updateTime: (operation: Operation) => timeOf(operation, 'updateTime'),
  },
  labels: () => undefined,
};

function list(operations: Operations, { place, within }: Target, { query }: ApiRequest): object {
  const filter = query.get('filter') ?? '';
  const parent = within ?? parentName(place);
  return pageOf(query, {
    key: 'operations',
    found: operations.list(parent).filter(resourceFilter(filter, FIELDS)),
    keyOf: ({ name }) => name,
    request: [parent, 'operations', filter],
  });
}

/** As long as a request may take; the service's own bound is not documented. */
const LONGEST_WAIT_MS = 60_000;

function waitMs(body: unknown): number {
  const timeout = textAt(body, 'timeout');
  if (timeout === undefined) return LONGEST_WAIT_MS;
  const ms = durationMs(timeout);
  if (ms === undefined || ms < 0)
    throw new ApiError('INVALID_ARGUMENT', `Invalid timeout: ${JSON.stringify(timeout)}.`);
  return Math.min(ms, LONGEST_WAIT_MS);
}

/** google.longrunning.Operations. */
export function operationHandlers(operations: Operations): Handlers {
  const get = ({ place, id = '' }: Target) => operations.get(place, id);
  return {
    'GET collection': (target, request) => list(operations, target, request),
    'GET item': get,
    'POST item:cancel': ({ place, id = '' }) => {
      operations.cancel(place, id);
      return {};
    },
    'DELETE item': ({ place, id = '' }) => {
      operations.delete(place, id);
      return {};
    },
    'POST item:wait': ({ place, id = '' }, { body }) => operations.wait(place, id, waitMs(body)),
  };
}
