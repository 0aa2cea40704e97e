import { textAt } from '../../../json.ts';
import { ApiError } from '../../api/errors.ts';
import { parentName } from '../../api/ids.ts';
import type { Operations } from '../../resources/operations.ts';
import { durationMs } from '../../validation/scalars.ts';
import { pageOf } from '../page.ts';
import type { ApiRequest, Handlers, Target } from '../request.ts';

function list(operations: Operations, { place, within }: Target, { query }: ApiRequest): object {
  const filter = query.get('filter') ?? '';
  if (filter !== '') throw new ApiError('INVALID_ARGUMENT', 'Invalid filter: operations cannot be filtered here.');
  const parent = within ?? parentName(place);
  return pageOf(query, {
    key: 'operations',
    found: operations.list(parent),
    keyOf: ({ name }) => name,
    request: [parent, 'operations'],
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
    'POST item:wait': ({ place, id = '' }, { body }) => operations.wait(place, id, waitMs(body)),
  };
}
