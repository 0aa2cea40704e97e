import type { Place } from '../../log.ts';

/** One package that the training program's environment is to hold. */
export interface Requirement {
  /** Normalised as PEP 503 says: lower case, runs of `-`, `_` and `.` as one `-`. */
  readonly name: string;
  /** Extras asked for, normalised as names are. */
  readonly extras: readonly string[];
  /** PEP 440 specifiers as written, several joined by a comma; empty where any version will do. */
  readonly specifier: string;
  /** The one version that will be installed, its local part (`+cu121`) kept; undefined where the files leave a choice. */
  readonly version: string | undefined;
  /** Where the package itself is named as a URL, a path or a repository. */
  readonly url: string | undefined;
  /** A development version is asked for: by its specifier, a nightly index, or a name such as `tf-nightly`. */
  readonly nightly: boolean;
  readonly place: Place;
}

/** The program that installs from the files. */
export type Installer = 'pip' | 'uv' | 'poetry' | 'pipenv' | 'conda';

/** What the repository's files say of the Python packages that a training program needs. */
export interface Requirements {
  readonly installer: Installer;
  /** Every file that was read, relative to the workspace, the first one naming the rest. */
  readonly files: readonly string[];
  /** The packages by name: a lock file's with all that they bring, else those that are named. */
  readonly packages: ReadonlyMap<string, Requirement>;
  /** PEP 440 specifiers of the Python that is wanted (`>=3.10,<3.13`); undefined where nothing says. */
  readonly python: string | undefined;
  /** Package indexes and link pages that are named beside the default one. */
  readonly indexes: readonly string[];
  /** Whether a lock file, or hashes, fix every version. */
  readonly locked: boolean;
}
