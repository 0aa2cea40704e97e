import { ApiError } from '../api/errors.ts';
import type { Model, ModelRecord } from '../resources/types.ts';

/** The alias of the version that is meant where none is named. */
export const DEFAULT_ALIAS = 'default';

/** What is asked of a version's aliases. */
export interface AliasChange {
  readonly added: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

function withAliasesOf(model: Model, { added, removed }: AliasChange): Model {
  const { versionAliases = [], ...rest } = model;
  const left = [...new Set([...versionAliases.filter((alias) => !removed.has(alias)), ...added])];
  return left.length > 0 ? { ...rest, versionAliases: left } : rest;
}

/**
 * The model with one version more, numbered from 1, or a new model. An alias that the version asks for leaves the one
 * that had it; the first version is the default until another takes that alias.
 */
export function withVersion(record: ModelRecord | undefined, name: string, model: Model, time: string): ModelRecord {
  const { versionAliases: wanted = [], ...fields } = model;
  const added = new Set(record === undefined ? [DEFAULT_ALIAS, ...wanted] : wanted);
  const lastVersion = (record?.lastVersion ?? 0) + 1;
  const version: Model = {
    ...fields,
    name,
    versionId: String(lastVersion),
    ...(added.size > 0 ? { versionAliases: [...added] } : {}),
    createTime: record?.versions[0]?.createTime ?? time,
    updateTime: time,
    versionCreateTime: time,
    versionUpdateTime: time,
  };
  const earlier = (record?.versions ?? []).map((other) => withAliasesOf(other, { added: NONE, removed: added }));
  return { name, lastVersion, versions: [...earlier, version] };
}

/** The version that `reference` (its number or an alias) means. */
export function versionOf({ versions }: ModelRecord, reference: string): Model | undefined {
  return versions.find(
    ({ versionId, versionAliases }) => versionId === reference || versionAliases?.includes(reference) === true,
  );
}

/**
 * The model with its version of that number given aliases, which leave the versions that had them, and rid of others.
 * One that is both given and taken stays as it was. Throws where no version would be the default.
 */
export function withAliases(record: ModelRecord, versionId: string, change: AliasChange, time: string): ModelRecord {
  const added = new Set([...change.added].filter((alias) => !change.removed.has(alias)));
  const removed = new Set([...change.removed].filter((alias) => !change.added.has(alias)));
  const versions = record.versions.map((model) =>
    model.versionId === versionId
      ? { ...withAliasesOf(model, { added, removed }), versionUpdateTime: time, updateTime: time }
      : withAliasesOf(model, { added: NONE, removed: added }),
  );
  const changed = { ...record, versions };
  if (versionOf(changed, DEFAULT_ALIAS) !== undefined) return changed;
  throw new ApiError(
    'INVALID_ARGUMENT',
    `The alias \`${DEFAULT_ALIAS}\` cannot be removed from version ${versionId}: a model has exactly one default version. Give the alias to another version.`,
  );
}

/** The model without the version of that number. Throws where it is the only one (the proto's comment) or the default. */
export function withoutVersion(record: ModelRecord, versionId: string): ModelRecord {
  const name = `${record.name}@${versionId}`;
  const versions = record.versions.filter((model) => model.versionId !== versionId);
  if (versions.length === 0) {
    throw new ApiError('FAILED_PRECONDITION', `${name} is the only version of its model: delete the model instead.`);
  }
  const changed = { ...record, versions };
  if (versionOf(changed, DEFAULT_ALIAS) !== undefined) return changed;
  const message = `${name} is the default version of its model: give the alias \`${DEFAULT_ALIAS}\` to another one first.`;
  throw new ApiError('FAILED_PRECONDITION', message);
}
