import { readFileSync } from 'node:fs';
import { messageOf, UserError } from '../../faults.ts';
import { type Entry, unreadable } from './entry.ts';
import { withoutCredentials, withoutUserInfo } from './git-config.ts';
import { fileOf } from './paths.ts';

const CONFIG = /(?:^|\/)config(?:\.worktree)?(?:\.lock|~)?$/;

/** Files that hold logins and nothing else, such as git-credential-store's. */
const LOGINS = /(?:^|\/)(?:\.?git-credentials[^/]*|credentials(?:\.[^/]*)?)$/;

/** Below these a name is a branch's or a tag's. */
const REFS = /\/refs\/(?:heads|tags|remotes)\//;

/** What was fetched from where, why a branch moved, and addresses in the forms of old, which git reads still. */
const RECORDS = /(?:^|\/)FETCH_HEAD$|\/logs\/(?:HEAD$|refs\/)|\.git\/(?:remotes|branches)\//;

/** Copies of a configuration that somebody made by hand: git reads none of them. */
const COPIES = /(?:^|\/)config\.(?!worktree(?:\.lock|~)?$|lock$)[^/]*$/;

/** What becomes of something at or below a `.git` that is sent. */
export type GitEntry = 'as it is' | 'without credentials' | 'withheld';

export function gitEntry(path: string, kind: Entry['kind']): GitEntry {
  if (kind === 'folder') return 'as it is';
  // What a link leads to cannot be cleaned under another name.
  if (CONFIG.test(path)) return kind === 'file' ? 'without credentials' : 'withheld';
  if ((LOGINS.test(path) || COPIES.test(path)) && !REFS.test(path)) return 'withheld';
  return RECORDS.test(path) && kind === 'file' ? 'without credentials' : 'as it is';
}

/** The entry with the content that may be sent. Throws UserError for a configuration that is none. */
export function withoutGitLogins(root: string, entry: Entry): Entry {
  const { path, kind, inGit } = entry;
  if (!inGit || gitEntry(path.text, kind) !== 'without credentials') return entry;
  const text = readText(root, entry);
  try {
    const clean = CONFIG.test(path.text) && !isRecord(text) ? withoutCredentials(text) : withoutUserInfo(text);
    const content = Buffer.from(clean, 'latin1');
    return { ...entry, content, size: content.length };
  } catch (cause) {
    throw new UserError(
      `${path.text.toWellFormed()} is to be sent with .git, but cannot be cleaned of credentials: ${messageOf(cause)}. Mend it, or take !.git out of the ignore file.`,
      { cause },
    );
  }
}

/** Whether it is a branch called config, or that one's record: git would read neither as a configuration. */
const isRecord = (text: string) => /^(?:ref: |[0-9a-f]{40}(?:[0-9a-f]{24})?\s)/.test(text);

function readText(root: string, { path }: Entry): string {
  try {
    return readFileSync(fileOf(root, path.raw), 'latin1');
  } catch (error) {
    throw unreadable(path, error);
  }
}
