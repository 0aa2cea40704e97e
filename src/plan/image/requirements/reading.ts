import type { Fault } from '../../../faults.ts';
import type { FileView } from '../../../inputs/files.ts';
import type { Place } from '../../../log.ts';
import { fileName, folderOf, under } from './paths.ts';
import { archiveOf } from './pep/names.ts';
import type { Environment } from './types.ts';

/** What one run of an installer is told for all that it installs; filled while its files are read. */
export interface Command {
  /** The index that takes the default one's place. */
  index: string | undefined;
  readonly extraIndexes: string[];
  /** Pages of links, and folders of wheels. */
  readonly links: string[];
  /** Pre-releases are wanted of every package. */
  pre: boolean;
  /** The first index in order that holds a package decides, as in uv; else the highest version of all does. */
  readonly firstIndex: boolean;
  /** A lock file has chosen the versions: nothing is left to contradict. */
  readonly locked: boolean;
}

export function newCommand({ firstIndex = false, locked = false } = {}): Command {
  return { index: undefined, extraIndexes: [], links: [], pre: false, firstIndex, locked };
}

/** A package as one place names it, before all places are put together. */
export interface Entry {
  readonly name: string;
  readonly extras: readonly string[];
  /** PEP 440. */
  readonly specifier: string;
  readonly url?: string | undefined;
  /** Where the place itself fixes it, beside the specifier: a lock file, an archive's name. */
  readonly version?: string | undefined;
  readonly variant?: string | undefined;
  /** Where this package alone is bound to an index. */
  readonly index?: string | undefined;
  readonly nightly?: boolean | undefined;
  readonly place: Place;
  /** A constraint narrows what others name. */
  readonly constraint?: boolean | undefined;
  readonly hashed?: boolean | undefined;
  readonly command: Command;
}

/** A demand on Python's version. */
export interface PythonDemand {
  readonly specifier: string;
  readonly place: Place;
  /** Who demands it, as the subject of a sentence. */
  readonly who: string;
  /** A wish that gives way where others do not agree. */
  readonly soft?: boolean | undefined;
}

/** A folder whose project is installed too. */
export interface Lead {
  readonly folder: string;
  /** As written, which is what the package is known by where its name is not given. */
  readonly location: string;
  readonly name: string | undefined;
  readonly extras: readonly string[];
  readonly command: Command;
  readonly place: Place;
}

/** Bounds of the work, far above what real repositories hold. */
const MOST = { reads: 1024, files: 256, chars: 16 * 1024 * 1024, entries: 50_000, findings: 50 };

/** What has been read so far. */
export class Reading {
  readonly files: string[] = [];
  readonly entries: Entry[] = [];
  readonly pythons: PythonDemand[] = [];
  readonly channels: string[] = [];
  readonly leads: Lead[] = [];
  readonly faults: Fault[] = [];
  readonly warnings: Fault[] = [];
  readonly view: FileView;
  readonly environment: Environment;
  /** The build context. */
  readonly folder: string;
  /** Extras that markers are evaluated with, normalised. */
  readonly extras: ReadonlySet<string>;
  /** Every run of an installer that something was read for. */
  get commands(): readonly Command[] {
    return [...new Set(this.entries.map(({ command }) => command))];
  }

  private left = MOST.chars;
  private reads = 0;

  constructor(view: FileView, environment: Environment, folder: string, extras: ReadonlySet<string> = new Set()) {
    this.view = view;
    this.environment = environment;
    this.folder = folder;
    this.extras = extras;
  }

  /** Below the build context. */
  at(name: string): string {
    return under(this.folder, name);
  }

  has(path: string): boolean {
    return this.view.exists(path) && this.view.list(folderOf(path)).includes(fileName(path));
  }

  /** The text of a file, which then counts as read; undefined, with a warning, where it is there but cannot be read. */
  text(path: string): string | undefined {
    this.reads += 1;
    const room = this.reads <= MOST.reads && (this.files.length < MOST.files || this.files.includes(path));
    const text = room ? this.view.text(path) : undefined;
    if (text === undefined || text.length > this.left) {
      const message = 'is no UTF-8 text, or too large to be looked at: what it asks for is not known here.';
      if (this.view.exists(path)) this.warn('requirements-unread', { file: path }, message);
      return undefined;
    }
    this.left -= text.length;
    this.mark(path);
    return text.replace(/^\uFEFF/, '');
  }

  /** Counts a file as read. */
  mark(path: string): void {
    if (!this.files.includes(path)) this.files.push(path);
  }

  /** Says more of the packages of a name that are read so far. */
  amend(name: string, more: Partial<Entry>): void {
    for (const [at, entry] of this.entries.entries()) if (entry.name === name) this.entries[at] = { ...entry, ...more };
  }

  add(entry: Entry): void {
    if (this.entries.length >= MOST.entries) return;
    const version = entry.version ?? (entry.url === undefined ? undefined : archiveOf(entry.url)?.version);
    this.entries.push({ ...entry, version });
  }

  /** Whether so much is wrong that nothing more is told. */
  get full(): boolean {
    return this.faults.length >= MOST.findings;
  }

  error(rule: string, place: Place, message: string): void {
    if (!this.full) this.faults.push({ rule, place, message });
  }

  warn(rule: string, place: Place, message: string): void {
    if (this.warnings.length < MOST.findings) this.warnings.push({ rule, place, message });
  }
}
