import { ApiError } from '../../api/errors.ts';
import { parentName } from '../../api/ids.ts';
import type { Operations } from '../../resources/operations.ts';
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

/** google.longrunning.Operations; what a `wait` waits for has come already. */
export function operationHandlers(operations: Operations): Handlers {
  const get = ({ place, id = '' }: Target) => operations.get(place, id);
  return {
    'GET collection': (target, request) => list(operations, target, request),
    'GET item': get,
    'POST item:wait': get,
  };
}
