import { ApiError } from '../../api/errors.ts';
import { parentName } from '../../api/ids.ts';
import { resourceOrder } from '../../api/order.ts';
import { modelFilter, versionFilter } from '../../models/list-filter.ts';
import type { Registry } from '../../models/registry.ts';
import type { Uploads } from '../../models/uploads.ts';
import type { Operations } from '../../resources/operations.ts';
import type { Model } from '../../resources/types.ts';
import { readAliases, readUpload } from '../../validation/model.ts';
import { pageOf } from '../page.ts';
import { type ApiRequest, type Handlers, parameter, type Target } from '../request.ts';

/** A model's full name, and the version or alias behind its `@`. */
function referenceOf({ place, id = '' }: Target): { readonly name: string; readonly version: string | undefined } {
  const [model, version] = id.split('@');
  return { name: `${parentName(place)}/models/${model}`, version };
}

/** The same of a method that takes one version only. Throws INVALID_ARGUMENT without. */
function versionIn(target: Target): { readonly name: string; readonly version: string } {
  const { name, version } = referenceOf(target);
  if (version !== undefined) return { name, version };
  throw new ApiError('INVALID_ARGUMENT', `A model version is required: ${name}@VERSION.`);
}

/** The same of a method that takes a model as a whole. Throws INVALID_ARGUMENT where a version is named. */
function modelIn(target: Target): string {
  const { name, version } = referenceOf(target);
  if (version === undefined) return name;
  throw new ApiError('INVALID_ARGUMENT', `A model without its version is required: ${name}.`);
}

const TIMES = {
  createTime: ({ createTime }: Model) => createTime,
  updateTime: ({ updateTime }: Model) => updateTime,
};
const VERSION_TIMES = {
  createTime: ({ versionCreateTime }: Model) => versionCreateTime,
  updateTime: ({ versionUpdateTime }: Model) => versionUpdateTime,
};

const orderOf = (query: URLSearchParams) => parameter(query, 'orderBy', 'order_by') ?? '';

/** Latest first where nothing else is asked: the service's own order is not documented. */
function list(registry: Registry, { place }: Target, { query }: ApiRequest): object {
  const prefix = `${parentName(place)}/models/`;
  const filter = query.get('filter') ?? '';
  const order = resourceOrder<Model>(orderOf(query), { displayName: ({ displayName }) => displayName, ...TIMES });
  const found = registry.store.defaults(prefix).reverse().filter(modelFilter(filter));
  const request = [prefix, filter, orderOf(query)];
  return pageOf(query, { key: 'models', message: 'Model', found: found.sort(order ?? (() => 0)), keyOf, request });
}

/** Each version under its own name, `…/models/ID@VERSION` (the proto's comment). */
function listVersions(registry: Registry, target: Target, { query }: ApiRequest): object {
  const { name } = referenceOf(target);
  const filter = query.get('filter') ?? '';
  const order = resourceOrder<Model>(orderOf(query), VERSION_TIMES);
  const found = [...registry.store.versions(name)].reverse().filter(versionFilter(filter));
  return pageOf(query, {
    key: 'models',
    message: 'Model',
    found: found.sort(order ?? (() => 0)).map((model) => ({ ...model, name: `${name}@${model.versionId}` })),
    keyOf,
    request: [name, 'versions', filter, orderOf(query)],
  });
}

const keyOf = ({ name = '' }: Model) => name;

/** The methods of the model registry. */
export function modelHandlers(registry: Registry, uploads: Uploads, operations: Operations): Handlers {
  const { store } = registry;
  return {
    'POST collection:upload': ({ place }, { body }) => uploads.begin(place, readUpload(body)),
    'GET collection': (target, request) => list(registry, target, request),
    'GET item': (target) => {
      const { name, version } = referenceOf(target);
      return store.get(name, version);
    },
    'GET item:listVersions': (target, request) => listVersions(registry, target, request),
    'POST item:mergeVersionAliases': (target, { body }) => {
      const { name, version } = versionIn(target);
      return store.changeAliases(name, version, readAliases(body), registry.time());
    },
    'DELETE item': (target) => {
      store.delete(modelIn(target));
      return operations.deleted(target.place);
    },
    'DELETE item:deleteVersion': (target) => {
      const { name, version } = versionIn(target);
      store.deleteVersion(name, version);
      return operations.deleted(target.place);
    },
  };
}
