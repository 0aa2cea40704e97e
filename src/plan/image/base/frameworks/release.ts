import { compareVersions, pickVersion, series } from '../../requirements/versions.ts';
import { pythonsOf, type ReleaseRow } from '../catalog.ts';
import type { Known } from '../types.ts';
import type { Asked } from './environment.ts';

/** The release of a framework that will be installed. */
export interface Release<Row> {
  /** What the catalog says of it, or of the nearest release; undefined for one that is older than all it has. */
  readonly row: Row | undefined;
  readonly version: string | undefined;
  readonly known: Known;
}

/** Finds the release that is asked for, or that would be installed today, in rows that are newest first. */
export function findRelease<Row extends ReleaseRow>(
  rows: readonly Row[],
  asked: Asked,
  python: string | undefined,
): Release<Row> {
  const { version, specifier, nightly } = asked;
  if (version !== undefined) return { ...rowOf(rows, version, nightly), version };
  const installable = rows.filter((row) => python === undefined || pythonsOf(row).includes(python));
  const releases = installable.flatMap(({ versions }) => versions);
  if (nightly) return { row: rows[0], version: undefined, known: 'nightly' };
  const picked = pickVersion(specifier, releases) ?? pickVersion(specifier, allOf(rows));
  if (picked === undefined) return { row: rows[0], version: undefined, known: 'assumed' };
  return { row: holder(rows, picked), version: picked, known: asked.implied ? 'implied' : 'resolved' };
}

/** A version that the catalog lacks goes by its own minor version's releases, else by the next older ones. */
function rowOf<Row extends ReleaseRow>(
  rows: readonly Row[],
  version: string,
  nightly: boolean,
): Omit<Release<Row>, 'version'> {
  const bare = version.replace(/\+.*$/, '');
  const exact = holder(rows, bare);
  if (exact !== undefined) return { row: exact, known: 'pinned' };
  const known = nightly ? 'nightly' : 'assumed';
  const alike = rows.find(({ versions }) => versions.some((one) => series(one, 2) === series(bare, 2)));
  return { row: alike ?? rows.find(({ versions }) => versions.some((one) => isBelow(one, bare))), known };
}

function holder<Row extends ReleaseRow>(rows: readonly Row[], version: string): Row | undefined {
  const written = rows.find(({ versions }) => versions.includes(version));
  return written ?? rows.find(({ versions }) => versions.some((one) => isSame(one, version)));
}

const isSame = (one: string, other: string) => series(other, 1) !== undefined && compareVersions(one, other) === 0;
const isBelow = (one: string, other: string) => series(other, 1) !== undefined && compareVersions(one, other) < 0;
const allOf = (rows: readonly ReleaseRow[]) => rows.flatMap(({ versions }) => versions);

/** The releases of the rows that satisfy a condition, for a search among these alone; all where none does. */
export function rowsWith<Row extends ReleaseRow>(rows: readonly Row[], holds: (row: Row) => boolean): readonly Row[] {
  const found = rows.filter(holds);
  return found.length === 0 ? rows : found;
}
