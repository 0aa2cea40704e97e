import { readFileSync } from 'node:fs';
import { messageOf, UserError } from '../../faults.ts';
import { type Entry, unreadable } from './entry.ts';
import { withoutCredentials, withoutUserInfo } from './git-config.ts';
import { fileOf } from './paths.ts';

/** Files of a `.git` that hold logins and nothing else, such as git-credential-store's. */
const LOGINS = /^\.?git-credentials|^credentials(?:\.|$)/;

/** Below these a name is a branch's, or an object's. */
const NAMES_INSIDE = /\/(?:refs|logs|objects|lfs)\//;

/** What becomes of something at or below a `.git` that is sent. */
export type GitEntry = 'as it is' | 'without credentials' | 'withheld';

/** Judges an entry by its path: configurations, and the records of what was fetched, are cleaned. */
export function gitEntry(path: string, kind: Entry['kind']): GitEntry {
  const inside = path.slice(path.search(/(?:^|\/)\.git(?:\/|$)/));
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/\/logs\//.test(inside) || name === 'FETCH_HEAD') return kind === 'file' ? 'without credentials' : 'as it is';
  if (NAMES_INSIDE.test(inside)) return 'as it is';
  if (LOGINS.test(name)) return kind === 'folder' ? 'as it is' : 'withheld';
  if (!/^config(?:\.worktree)?(?:\.lock|~)?$/.test(name)) return 'as it is';
  // What a link leads to cannot be cleaned under another name.
  return kind === 'file' ? 'without credentials' : kind === 'folder' ? 'as it is' : 'withheld';
}

/** The entry with the content that may be sent. Throws UserError for a configuration that is none. */
export function withoutGitLogins(root: string, entry: Entry): Entry {
  const { path, kind, inGit } = entry;
  if (!inGit || gitEntry(path.text, kind) !== 'without credentials') return entry;
  const text = readText(root, entry);
  try {
    const isConfig = /(?:^|\/)config[^/]*$/.test(path.text) && !/\/logs\//.test(path.text);
    const content = Buffer.from(isConfig ? withoutCredentials(text) : withoutUserInfo(text), 'latin1');
    return { ...entry, content, size: content.length };
  } catch (cause) {
    throw new UserError(
      `${path.text.toWellFormed()} is to be sent with .git, but cannot be cleaned of credentials: ${messageOf(cause)}. Mend it, or take !.git out of the ignore file.`,
      { cause },
    );
  }
}

function readText(root: string, { path }: Entry): string {
  try {
    return readFileSync(fileOf(root, path.raw), 'latin1');
  } catch (error) {
    throw unreadable(path, error);
  }
}
