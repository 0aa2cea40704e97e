import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { Attributes } from './attributes.ts';
import type { Checksums } from './checksums.ts';
import { StorageError } from './error.ts';
import { receive } from './incoming.ts';
import type { ObjectName } from './notes.ts';
import type { FoundObject } from './objects.ts';
import type { Writer } from './writer.ts';

/** What an upload in several requests was begun with. */
export interface Begun {
  readonly where: ObjectName;
  readonly attributes: Attributes;
  readonly expected: Partial<Checksums>;
  readonly query: URLSearchParams;
}

/** What one request brings. */
export interface Piece {
  /** Of its first byte; undefined for a request that only asks how far the upload has come. */
  readonly first: number | undefined;
  /** Of the whole object, in bytes, where it is known. */
  readonly total: number | undefined;
  /** Whether the object ends where the content does, whatever its size. */
  readonly isLast: boolean;
  readonly content: AsyncIterable<Buffer>;
  readonly expected: Partial<Checksums>;
}

/** How far an upload has come: its object, or the bytes of it that are kept. */
export type Progress = { readonly object: FoundObject } | { readonly received: number };

interface Session extends Begun {
  readonly path: string;
  received: number;
  total: number | undefined;
  object: FoundObject | undefined;
  turn: Promise<unknown>;
}

/** What `Content-Range` says of a request: `bytes 0-99/200`, `bytes 0-99/*`, or `bytes *` with a size. Throws StorageError. */
export function pieceRange(header: string | undefined): Pick<Piece, 'first' | 'total' | 'isLast'> {
  if (header === undefined) return { first: 0, total: undefined, isLast: true };
  const [whole, first, total] = /^bytes (?:(\d{1,15})-\d{1,15}|\*)\/(\d{1,15}|\*)$/.exec(header.trim()) ?? [];
  if (whole === undefined) throw new StorageError(400, 'invalid', `Failed to parse Content-Range header: ${header}`);
  const numberOf = (text: string | undefined) => (text === undefined || text === '*' ? undefined : Number(text));
  return { first: numberOf(first), total: numberOf(total), isLast: false };
}

/** Most uploads that are remembered; the one begun first is forgotten first, as Cloud Storage forgets them after a week. */
const MOST = 1_000;

/** Uploads that come in several requests. */
export class Sessions {
  readonly #writer: Writer;
  readonly #known = new Map<string, Session>();

  constructor(writer: Writer) {
    this.#writer = writer;
  }

  /** Begins an upload, and gives its id. */
  async begin(begun: Begun): Promise<string> {
    const id = randomBytes(24).toString('base64url');
    const path = await this.#writer.newPath();
    this.#known.set(id, { ...begun, path, received: 0, total: undefined, object: undefined, turn: Promise.resolve() });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST && oldest !== undefined) await this.cancel(oldest);
    return id;
  }

  /** Goes on with an upload, after what is under way for it. What comes before a connection ends is kept. Throws StorageError. */
  go(id: string, piece: Piece): Promise<Progress> {
    const session = this.#get(id);
    const result = session.turn.then(() => this.#go(id, session, piece));
    session.turn = result.catch(() => {});
    return result;
  }

  /** Gives an upload up. Throws StorageError. */
  async cancel(id: string): Promise<void> {
    const { path } = this.#get(id);
    this.#known.delete(id);
    await rm(path, { force: true });
  }

  #get(id: string): Session {
    const session = this.#known.get(id);
    if (session === undefined) throw new StorageError(404, 'notFound', `No such upload: ${id}`);
    return session;
  }

  async #go(id: string, session: Session, piece: Piece): Promise<Progress> {
    if (session.object !== undefined) return { object: session.object };
    session.total ??= piece.total;
    if (piece.total !== undefined && piece.total !== session.total) {
      throw new StorageError(400, 'invalid', `The size of the upload was ${session.total} before, not ${piece.total}.`);
    }
    if (piece.first !== undefined) await this.#receive(session, piece, piece.first);
    if (piece.isLast) session.total ??= session.received;
    if (session.received !== session.total) return { received: session.received };
    try {
      return { object: await this.#finished(session, piece) };
    } catch (error) {
      // Its content is gone: whoever wants it has to begin again.
      this.#known.delete(id);
      throw error;
    }
  }

  async #receive(session: Session, { content }: Piece, first: number): Promise<void> {
    if (first > session.received) {
      const message = `Invalid request. According to the Content-Range header, the upload offset is ${first} byte(s), which exceeds already uploaded size of ${session.received} byte(s).`;
      throw new StorageError(503, 'backendError', message);
    }
    const file = await opened(session.path);
    try {
      await receive(content, file, {
        position: session.received,
        skip: session.received - first,
        onBytes: (position) => {
          session.received = position;
        },
      });
    } finally {
      await file.close();
    }
    if (session.total !== undefined && session.received > session.total) {
      throw new StorageError(400, 'invalid', `More than the ${session.total} bytes that were announced have come.`);
    }
  }

  async #finished(session: Session, { expected }: Piece): Promise<FoundObject> {
    const { where, path, attributes, query } = session;
    if (session.received === 0) await (await opened(path)).close();
    const all = { ...session.expected, ...expected };
    session.object = await this.#writer.put({ where, path, attributes, query, expected: all });
    return session.object;
  }
}

/** Opened to be written to at any place, and made where it is missing. */
async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch {
    return open(path, 'wx', 0o600);
  }
}
