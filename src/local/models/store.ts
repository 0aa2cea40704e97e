import { ApiError } from '../api/errors.ts';
import type { Model } from '../resources/types.ts';

const DEFAULT_ALIAS = 'default';

/** All models with their versions, which are numbered from 1. The first is the default until another takes the alias. */
export class ModelStore {
  /** By name; the versions in the order of their making. */
  readonly #models = new Map<string, readonly Model[]>();

  has(name: string): boolean {
    return this.#models.has(name);
  }

  /** Makes a model, or the next version of one that exists; an alias that it asks for leaves the version that had it. */
  add(name: string, model: Model, time: string): Model {
    const earlier = this.#models.get(name) ?? [];
    const first = earlier[0];
    const { versionAliases: wanted = [] } = model;
    const aliases = new Set(first === undefined ? [DEFAULT_ALIAS, ...wanted] : wanted);
    const version: Model = {
      ...model,
      name,
      versionId: String(earlier.length + 1),
      ...(aliases.size > 0 ? { versionAliases: [...aliases] } : {}),
      createTime: first?.createTime ?? time,
      updateTime: time,
      versionCreateTime: time,
      versionUpdateTime: time,
    };
    this.#models.set(name, [...earlier.map((other) => without(other, aliases)), version]);
    return version;
  }

  /** The version that `reference` (its number or an alias) means. Throws NOT_FOUND. */
  get(name: string, reference = DEFAULT_ALIAS): Model {
    const found = this.#models
      .get(name)
      ?.find(({ versionId, versionAliases }) => versionId === reference || versionAliases?.includes(reference));
    if (found !== undefined) return found;
    const version = reference === DEFAULT_ALIAS ? '' : `@${reference}`;
    throw new ApiError('NOT_FOUND', `The Model does not exist: ${name}${version}`);
  }
}

function without(model: Model, aliases: ReadonlySet<string>): Model {
  const { versionAliases = [], ...rest } = model;
  const left = versionAliases.filter((alias) => !aliases.has(alias));
  return left.length > 0 ? { ...rest, versionAliases: left } : rest;
}
