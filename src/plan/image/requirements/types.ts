import type { Place } from '../../../log.ts';

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
  /** Where the package itself is named as a URL, a path or a repository; without a password. */
  readonly url: string | undefined;
  /** A development version is asked for: by its specifier, a nightly index, `--pre`, or a name such as `tf-nightly`. */
  readonly nightly: boolean;
  readonly place: Place;
  /** The package index that it surely comes from, where that is not the default one; without a password. */
  readonly index?: string | undefined;
  /**
   * The build that is asked for, named as PyTorch's local parts are: `cpu`, `cu128`, `rocm6.3`. Told by the version's
   * local part, the wheel's name, the index, or conda's build text and companions (`cpuonly`, `pytorch-cuda`).
   * Undefined where nothing tells.
   */
  readonly variant?: string | undefined;
}

/** The program that installs from the files. */
export type Installer = 'pip' | 'uv' | 'poetry' | 'pipenv' | 'conda';

/** What the repository's files say of the Python packages that a training program needs. */
export interface Requirements {
  readonly installer: Installer;
  /** Every file that the installer reads, relative to the workspace, the first one naming the rest. */
  readonly files: readonly string[];
  /** The packages by name: a lock file's with all that they bring, else those that are named. */
  readonly packages: ReadonlyMap<string, Requirement>;
  /** PEP 440 specifiers of the Python that is wanted (`>=3.10,<3.13`); undefined where nothing says. */
  readonly python: string | undefined;
  /** Package indexes and link pages that are named beside the default one; without passwords. */
  readonly indexes: readonly string[];
  /** Whether a lock file, or hashes, fix every version. */
  readonly locked: boolean;
  /** The files to be handed to the installer; the others of `files` are read by way of these. */
  readonly roots?: readonly string[];
  /** Dependency groups whose packages are among `packages`, and that the installer has to be told of (Poetry's). */
  readonly groups?: readonly string[];
  /** Packages that are only narrowed, should another one bring them: by name, not in `packages`. */
  readonly constraints?: ReadonlyMap<string, Requirement>;
  /** conda's channels, in order. */
  readonly channels?: readonly string[];
}

/** What markers such as `python_version < '3.11'` are evaluated for: always CPython on Linux. */
export interface Environment {
  /** `3.12` or `3.12.4`. */
  readonly python: string;
  readonly machine: 'x86_64' | 'aarch64';
}

/** A requirement that stands in the Dockerfile, or an option of pip beside it (`--index-url=…`). */
export interface Word {
  readonly text: string;
  /** The index that its command names in the default one's place. */
  readonly index?: string | undefined;
  readonly place: Place;
}

/** A file that the Dockerfile installs; words and files of one place are installed together. */
export interface NamedFile {
  /** Relative to the workspace. */
  readonly path: string;
  readonly place?: Place | undefined;
}

/** What a Dockerfile installs. Paths are relative to the workspace. */
export interface NamedSources {
  readonly files: readonly (string | NamedFile)[];
  readonly words: readonly Word[];
}

/** Where to look. */
export interface RequirementSources {
  /** The build context, relative to the workspace; '' or '.' for its root. */
  readonly folder: string;
  /** What the Dockerfile installs; where given, it decides alone. Paths are relative to the workspace. */
  readonly named?: { readonly files: readonly (string | NamedFile)[]; readonly words: readonly Word[] } | undefined;
  /** Extras of the project itself that are installed (`uv sync --extra gpu`). */
  readonly extras?: readonly string[] | undefined;
  /** Dependency groups that are installed beside the project's own dependencies. */
  readonly groups?: readonly string[] | undefined;
  /** What installs the named files; pip where it is not told and the files do not tell. */
  readonly installer?: Installer | undefined;
  /** Python and machine that will run them; a Python that the files accept, 3.12 first, and x86_64 where not told. */
  readonly environment?: Partial<Environment> | undefined;
}
