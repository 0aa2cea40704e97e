import { isUtf8 } from 'node:buffer';
import { posix } from 'node:path';

/**
 * A path below the context's root, with `/` between its parts. Names are bytes, and need not be UTF-8: `raw` holds one
 * character for each byte, and sorts as the bytes do.
 */
export interface ContextPath {
  readonly raw: string;
  /** The text; each byte that is no part of UTF-8 is a lone surrogate, U+DC00 and the byte, so that no two names are one. */
  readonly text: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is asked for
const ASCII = /^[\u0000-\u007f]*$/;

export function contextPath(raw: string): ContextPath {
  return { raw, text: ASCII.test(raw) ? raw : decode(Buffer.from(raw, 'latin1')) };
}

/** The path of a text, such as an absolute path that the environment names. */
export const rawOf = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

/** The bytes that the file system is asked for. */
export function fileOf(root: string, raw: string): string | Buffer {
  return ASCII.test(raw) ? `${root}/${raw}` : Buffer.concat([Buffer.from(`${root}/`), Buffer.from(raw, 'latin1')]);
}

/** UTF-8, or else each stray byte for itself, as Go decodes. */
export function decode(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = encodedLength(bytes, at);
    text += length === 0 ? String.fromCharCode(0xdc00 + (bytes[at] ?? 0)) : bytes.toString('utf8', at, at + length);
    at += length || 1;
  }
  return text;
}

/** Bytes of the character that is encoded there; 0 where none is. */
function encodedLength(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length += 1) {
    if (isUtf8(bytes.subarray(at, at + length))) return length;
  }
  return 0;
}

/** Go's filepath.Clean: the shortest way to say the same path, without a slash at its end. */
export function cleanPath(path: string): string {
  const clean = posix.normalize(path);
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
}
