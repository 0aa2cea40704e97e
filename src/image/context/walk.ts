import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { isRecord } from '../../json.ts';
import { type Entry, entryStats, kindOf, unreadable } from './entry.ts';
import { gitEntry } from './git.ts';
import { exceptionsBelow, type IgnoreRule, type Judged, judge, judgeGit, namesGit } from './matcher.ts';
import type { NeverSent } from './never-sent.ts';
import { type ContextPath, contextPath, fileOf } from './paths.ts';

export interface Walked {
  /** In the order of their bytes, folder by folder, each folder before what it holds. */
  readonly entries: readonly Entry[];
  /** What our own rules keep out, of a folder the folder alone. */
  readonly withheld: readonly Withheld[];
  /** Whether something at or below a `.git` is among the entries. */
  readonly sendsGit: boolean;
}

export interface Withheld {
  readonly path: ContextPath;
  /** Whether the ignore file keeps it out as well; of a folder, not always all that is in it. */
  readonly ignored: boolean;
}

export interface WalkOptions {
  /** The context's folder, without links in its path. */
  readonly root: string;
  readonly rules: readonly IgnoreRule[];
  readonly neverSent: NeverSent;
  readonly signal: AbortSignal;
}

/** Folders between two looks at the signal. */
const FOLDERS_A_TURN = 100;

/**
 * Goes once through what is sent, as clients do (tonistiigi/fsutil, filter.go): into an ignored folder only where an
 * exception may take something below, and such a folder is sent only with something in it. Links are not followed.
 * Throws UserError for what cannot be read.
 */
export async function walkContext(options: WalkOptions): Promise<Walked> {
  const walker = new Walker(options);
  // The innermost folder is last: what lies below a name comes before the next name.
  const open = [walker.open(ROOT)];
  for (let folders = 1; open.length > 0; ) {
    const { folder, names } = open[open.length - 1] as Opened;
    const name = names.pop();
    const below = name === undefined ? undefined : walker.visit(folder, name);
    if (name === undefined) open.pop();
    if (below === undefined) continue;
    open.push(walker.open(below));
    folders += 1;
    if (folders % FOLDERS_A_TURN === 0) {
      await turn();
      options.signal.throwIfAborted();
    }
  }
  return walker;
}

interface Folder {
  readonly path: ContextPath | undefined;
  readonly judged: Judged | undefined;
  readonly inGit: boolean;
  /** An ignored folder that waits for something in it to be sent. */
  waiting: { readonly entry: Entry; readonly around: Folder } | undefined;
}

const ROOT: Folder = { path: undefined, judged: undefined, inGit: false, waiting: undefined };

interface Opened {
  readonly folder: Folder;
  /** The names yet to be visited, the next one last. */
  readonly names: string[];
}

class Walker implements Walked {
  readonly entries: Entry[] = [];
  readonly withheld: Withheld[] = [];
  sendsGit = false;
  readonly #options: WalkOptions;
  readonly #below: (folder: ContextPath) => boolean;
  readonly #belowGit: (folder: ContextPath) => boolean;

  constructor(options: WalkOptions) {
    this.#options = options;
    this.#below = exceptionsBelow(options.rules);
    this.#belowGit = exceptionsBelow(options.rules.filter(namesGit));
  }

  open(folder: Folder): Opened {
    const { root } = this.#options;
    const { path, judged } = folder;
    try {
      return {
        folder,
        names: readdirSync(path ? fileOf(root, path.raw) : root, 'latin1')
          .sort()
          .reverse(),
      };
    } catch (error) {
      if (judged?.ignored && isDenied(error)) return { folder, names: [] };
      throw unreadable(path, error);
    }
  }

  /** Takes note of one name; gives the folder to go into, if it is one. */
  visit(around: Folder, name: string): Folder | undefined {
    const path = contextPath(around.path ? `${around.path.raw}/${name}` : name);
    const inGit = around.inGit || name === '.git';
    const judged = (inGit ? judgeGit : judge)(this.#options.rules, path, around.judged);
    const stats = this.#look(path, judged);
    if (stats === undefined) return undefined;
    if (this.#isOurs(path, name, stats, inGit)) {
      this.withheld.push({ path, ignored: judged.ignored });
      return undefined;
    }
    if (judged.ignored && !this.#mayHoldExceptions(path, stats, inGit)) {
      if (inGit && !around.inGit) {
        const { ignored } = judge(this.#options.rules, path, around.judged);
        this.withheld.push({ path, ignored });
      }
      return undefined;
    }
    const entry = this.#entry(path, stats, inGit);
    if (!judged.ignored) this.#send(around, entry);
    if (entry.kind !== 'folder') return undefined;
    return { path, judged, inGit, waiting: judged.ignored ? { entry, around } : undefined };
  }

  #mayHoldExceptions(path: ContextPath, stats: Stats, inGit: boolean): boolean {
    return stats.isDirectory() && (inGit ? this.#belowGit : this.#below)(path);
  }

  #isOurs(path: ContextPath, name: string, stats: Stats, inGit: boolean): boolean {
    if (this.#options.neverSent.has(path, name, stats)) return true;
    return inGit && gitEntry(path.text, kindOf(stats)) === 'withheld';
  }

  #look(path: ContextPath, { ignored }: Judged): Stats | undefined {
    try {
      return lstatSync(fileOf(this.#options.root, path.raw));
    } catch (error) {
      if (ignored) return undefined;
      throw unreadable(path, error);
    }
  }

  #send(folder: Folder, entry: Entry): void {
    this.#sendFolder(folder);
    this.entries.push(entry);
    if (entry.inGit) this.sendsGit = true;
  }

  #sendFolder(folder: Folder): void {
    const { waiting } = folder;
    if (waiting === undefined) return;
    folder.waiting = undefined;
    this.#sendFolder(waiting.around);
    this.entries.push(waiting.entry);
  }

  #entry(path: ContextPath, stats: Stats, inGit: boolean): Entry {
    const kind = kindOf(stats);
    const entry = { path, kind, stats: entryStats(stats), inGit, size: kind === 'file' ? stats.size : 0 };
    if (kind !== 'link') return entry;
    try {
      const target = readlinkSync(fileOf(this.#options.root, path.raw), 'latin1');
      return { ...entry, target };
    } catch (error) {
      throw unreadable(path, error);
    }
  }
}

const isDenied = (error: unknown) => isRecord(error) && (error['code'] === 'EACCES' || error['code'] === 'EPERM');
