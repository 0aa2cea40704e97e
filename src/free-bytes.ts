import { statfs } from 'node:fs/promises';

/** Bytes that may still be written where a folder is; undefined where it is none of this machine's, or its file system does not tell. */
export async function freeBytesAt(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
