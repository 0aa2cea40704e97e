import { isToBeSent } from '../../storage/conditions.ts';
import { StorageError } from '../../storage/error.ts';
import type { OpenFile } from '../../storage/files.ts';
import type { Note, ObjectName } from '../../storage/notes.ts';
import type { Objects } from '../../storage/objects.ts';
import { type ByteRange, rangeOf } from '../../storage/range.ts';
import { contentTypeOf, etagOf, generationOf, metagenerationOf } from '../../storage/resource.ts';
import type { Reply } from '../reply.ts';
import type { ApiRequest } from '../request.ts';

/** What an object's writer has said that its content's answer tells. */
function saidHeaders({ attributes }: Note): Record<string, string> {
  const { contentEncoding, contentDisposition, contentLanguage, cacheControl } = attributes;
  const headers = {
    'content-encoding': contentEncoding,
    'content-disposition': contentDisposition,
    'content-language': contentLanguage,
    'cache-control': cacheControl,
  };
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

function rangeIn({ headers }: ApiRequest, size: number): ByteRange | undefined {
  const range = rangeOf(headers.range, size);
  if (range !== 'unsatisfiable') return range;
  throw new StorageError(416, 'requestedRangeNotSatisfiable', 'Request range not satisfiable', {
    headers: { 'content-range': `bytes */${size}` },
  });
}

/** The bytes of an open file as far as it was long when it was opened: it may be written on meanwhile. */
async function opened(
  objects: Objects,
  { name }: ObjectName,
  file: OpenFile & { readonly note: Note },
  request: ApiRequest,
): Promise<Reply> {
  const { handle, facts, note } = file;
  const range = rangeIn(request, facts.size);
  const { first, last } = range ?? { first: 0, last: facts.size - 1 };
  const checksums = await objects.quickChecksums(file);
  const headers = {
    'accept-ranges': 'bytes',
    'content-type': note.attributes.contentType ?? contentTypeOf(name),
    ...saidHeaders(note),
    etag: etagOf(facts, note),
    'x-goog-generation': generationOf(facts),
    ...(checksums === undefined ? {} : { 'x-goog-hash': `crc32c=${checksums.crc32c},md5=${checksums.md5Hash}` }),
    'x-goog-metageneration': metagenerationOf(note),
    'x-goog-storage-class': 'STANDARD',
    'x-goog-stored-content-encoding': note.attributes.contentEncoding ?? 'identity',
    'x-goog-stored-content-length': String(facts.size),
    ...(range === undefined ? {} : { 'content-range': `bytes ${first}-${last}/${facts.size}` }),
  };
  return {
    http: range === undefined ? 200 : 206,
    body: undefined,
    content: {
      headers,
      length: last - first + 1,
      stream: () => handle.createReadStream({ start: first, end: last, autoClose: false }),
      dispose: () => void handle.close().catch(() => {}),
    },
  };
}

/** The content of an object, or the range of it that is asked for. Throws StorageError. */
export async function mediaOf(objects: Objects, where: ObjectName, request: ApiRequest): Promise<Reply> {
  const file = await objects.open(where);
  try {
    if (isToBeSent(request.query, where, file)) return await opened(objects, where, file, request);
  } catch (error) {
    await file.handle.close();
    throw error;
  }
  await file.handle.close();
  return { http: 304, body: {} };
}
