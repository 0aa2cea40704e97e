import type { FileHandle } from 'node:fs/promises';
import { isRecord } from '../../json.ts';
import type { Checksums } from './checksums.ts';
import { StorageError } from './error.ts';

/** Writes bytes into a file from `position` on, the first `skip` of them left out; gives the position behind them. */
export async function receive(
  content: AsyncIterable<Buffer>,
  file: FileHandle,
  { position, skip = 0, onBytes }: { position: number; skip?: number; onBytes?: (position: number) => void },
): Promise<number> {
  let at = position;
  let left = skip;
  for await (const chunk of content) {
    const rest = chunk.subarray(Math.min(left, chunk.length));
    left -= chunk.length - rest.length;
    for (let written = 0; written < rest.length; ) {
      const { bytesWritten } = await file.write(rest, written, rest.length - written, at);
      written += bytesWritten;
      at += bytesWritten;
    }
    onBytes?.(at);
  }
  return at;
}

/** Most of a JSON body that is read. */
const MOST_BYTES = 1024 * 1024;

/** A body that is JSON; undefined without one. Throws StorageError. */
export async function jsonOf(content: AsyncIterable<Buffer>): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new StorageError(400, 'invalid', 'The body is longer than 1 MiB.');
    chunks.push(chunk);
  }
  return parsed(Buffer.concat(chunks).toString('utf8'));
}

/** JSON as a value; undefined for no text. Throws StorageError. */
export function parsed(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new StorageError(400, 'parseError', 'Parse Error');
  }
}

/** What a sender says that its content's checksums are: in the object's fields, or in headers. */
export function expectedChecksums(
  said: unknown,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Partial<Checksums> {
  const inHeader = Object.fromEntries(
    [headers['x-goog-hash'] ?? []].flat().flatMap((value) =>
      value.split(',').map((pair) => {
        const [, name = '', hash = ''] = /^\s*([a-z0-9]+)=(.*?)\s*$/.exec(pair) ?? [];
        return [name, hash];
      }),
    ),
  );
  const told = (key: string) => (isRecord(said) && typeof said[key] === 'string' ? said[key] : undefined);
  const contentMd5 = headers['content-md5'];
  const md5Hash = told('md5Hash') ?? inHeader['md5'] ?? (typeof contentMd5 === 'string' ? contentMd5 : undefined);
  const crc32c = told('crc32c') ?? inHeader['crc32c'];
  return { ...(md5Hash === undefined ? {} : { md5Hash }), ...(crc32c === undefined ? {} : { crc32c }) };
}
