import { shown } from '../../faults.ts';

/** How the file system that takes the files tells names apart, and which it takes. */
export interface NamingRules {
  /** Whether `a` and `A` are the same name. */
  readonly foldsCase: boolean;
  /** Whether the composed and the decomposed form of a letter with an accent are the same name. */
  readonly foldsUnicode: boolean;
  /** Whether the names of Windows's devices and its special characters are refused. */
  readonly windows: boolean;
}

/** The folder below the target in which files are put together until they are whole. */
export const PARTIAL_FOLDER = '.train-on-vertex-partial';

/** No file system that the action runs on takes longer names. */
const MOST_BYTES = 255;

/** Device names of Windows, whatever their extension: https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|$)/i;

/** Why a part of an object's name can be no file or folder; undefined where it can. */
export function partRefusal(part: string, { windows }: Pick<NamingRules, 'windows'>): string | undefined {
  if (part === '') return 'has an empty part between its slashes';
  if (part === '.' || part === '..') return `has ${shown(part)} for a part`;
  if (part.includes('\\')) return 'has a backslash';
  if (/\p{Cc}/u.test(part)) return 'has a control character';
  if (!part.isWellFormed()) return 'is no valid Unicode';
  if (isGit(part)) return 'has a part that means .git, where git runs what it finds';
  if (part.toLowerCase() === PARTIAL_FOLDER) return `has the part ${PARTIAL_FOLDER}, which downloads use themselves`;
  const bytes = Buffer.byteLength(part);
  if (bytes > MOST_BYTES) return `has a part of ${bytes} bytes, of which ${MOST_BYTES} are accepted`;
  return windows ? windowsRefusal(part) : undefined;
}

/** Names that some file system takes for .git, as git itself refuses them (path.c, is_ntfs_dotgit; utf8.c, is_hfs_dotgit). */
function isGit(part: string): boolean {
  const seen = part.replace(/\p{Cf}/gu, '').toLowerCase();
  return /^(?:\.git|git~1)[. ]*(?::.*)?$/.test(seen);
}

function windowsRefusal(part: string): string | undefined {
  if (/[<>:"|?*]/.test(part)) return 'has a character that Windows does not take';
  if (/[. ]$/.test(part)) return 'has a part that ends with a full stop or a space, which Windows does not take';
  return WINDOWS_DEVICE.test(part) ? 'has a part that Windows takes for a device' : undefined;
}
