import { posix } from 'node:path';
import type { Faults } from './collect.ts';

/**
 * A folder of its own within the workspace, by its name alone; empty is undefined and no fault. Whoever may write to the bucket
 * names the files in it: none of them shall be one that git or GitHub run by.
 */
export function parseDownload(faults: Faults, value: string): string | undefined {
  if (value === '') return undefined;
  const refusal = refusalOf(value);
  if (refusal === undefined) return value;
  return faults.reject('download', 'download', value, `${refusal} Name a folder in the workspace, such as model.`);
}

function refusalOf(path: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return 'It is an address.';
  if (/\p{Cc}|\\/u.test(path) || !path.isWellFormed()) return 'It holds a character that no path has.';
  const parts = posix.normalize(path).split('/');
  if (posix.isAbsolute(path)) return 'It is no path from the workspace on.';
  if (parts[0] === '..') return 'It is outside the workspace.';
  if (parts[0] === '.') return 'It is the workspace itself.';
  if (parts[0]?.toLowerCase() === '.github') return 'It is in the folder of the workflows.';
  return parts.some((part) => part.toLowerCase() === '.git') ? 'It is in the folder of git itself.' : undefined;
}
