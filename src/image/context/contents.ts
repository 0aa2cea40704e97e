import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { UserError } from '../../faults.ts';
import { type Entry, unreadable } from './entry.ts';
import { type HashFailure, type HashJob, hashPieces } from './hash-pieces.ts';

/** Larger files are hashed in pieces of this many bytes, by several threads at once. Part of the digest's format. */
export const PIECE = 4 * 1024 * 1024;

/** A disk is not read faster by more threads. */
const MOST_THREADS = 8;

/** Fewer files and bytes are hashed before a thread has started. */
const FEW_FILES = 200;
const FEW_BYTES = 16 * 1024 * 1024;

/**
 * The SHA-256 of each file's content, or where that is larger than a piece, of its pieces' digests. All processors are
 * at work, memory is bounded, and no file is read twice, also not by a second name. Throws UserError for a file that
 * cannot be read, or is not what the walk found.
 */
export async function hashContents(
  root: string,
  files: readonly Entry[],
  signal: AbortSignal,
): Promise<readonly Buffer[]> {
  const known = new Map<string, number>();
  const firsts = files.map((entry, index) => firstOf(known, entry, index));
  const read = files.filter(({ content }, index) => content === undefined && firsts[index] === index);
  const digests = new Map(zip(read, await hashFiles(root, read, signal)));
  return firsts.map((first) => {
    const entry = files[first] as Entry;
    return digests.get(entry) ?? digestOfPieces(piecesOf(entry.content ?? Buffer.alloc(0)).map(sha256));
  });
}

const zip = <A, B>(some: readonly A[], others: readonly B[]) =>
  some.map((each, index): [A, B] => [each, others[index] as B]);

/** The place of the first name that the file has among those read. */
function firstOf(known: Map<string, number>, { stats, content }: Entry, index: number): number {
  if (stats.nlink === 1 || content !== undefined) return index;
  const key = `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeMs}`;
  const first = known.get(key) ?? index;
  known.set(key, first);
  return first;
}

async function hashFiles(root: string, files: readonly Entry[], signal: AbortSignal): Promise<readonly Buffer[]> {
  const pieces = files.flatMap(({ size }, file) =>
    Array.from({ length: Math.max(1, Math.ceil(size / PIECE)) }, (_, index) => ({ file, start: index * PIECE })),
  );
  const job: HashJob = {
    root,
    paths: files.map(({ path }) => path.raw),
    inodes: files.map(({ stats }) => stats.ino),
    sizes: files.map(({ stats }) => stats.size),
    times: files.map(({ stats }) => stats.mtimeMs),
    files: pieces.map(({ file }) => file),
    starts: pieces.map(({ start }) => start),
    pieceSize: PIECE,
    next: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT),
    digests: new SharedArrayBuffer(pieces.length * 32),
  };
  signal.throwIfAborted();
  const failure = isSmall(files) ? hashPieces(job) : await hashInThreads(job, signal);
  if (failure !== undefined) throw failureOf(files[failure.file] as Entry, failure);
  return joined(pieces, Buffer.from(job.digests), files.length);
}

const isSmall = (files: readonly Entry[]) =>
  files.length <= FEW_FILES && files.reduce((sum, { size }) => sum + size, 0) <= FEW_BYTES;

async function hashInThreads(job: HashJob, signal: AbortSignal): Promise<HashFailure | undefined> {
  const count = Math.min(availableParallelism(), MOST_THREADS, job.files.length);
  const failures = await Promise.all(Array.from({ length: count }, () => hashInThread(job, signal)));
  return failures.find((failure) => failure !== undefined);
}

const THREAD = `
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  parentPort.postMessage((${hashPieces})(workerData));
`;

function hashInThread(job: HashJob, signal: AbortSignal): Promise<HashFailure | undefined> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(THREAD, { eval: true, workerData: job, execArgv: [], name: 'context' });
    const abort = () => {
      reject(signal.reason);
      void worker.terminate();
    };
    signal.addEventListener('abort', abort, { once: true });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => {
      signal.removeEventListener('abort', abort);
      reject(new Error(`a thread that hashes the context ended with code ${code}`));
    });
  });
}

/** The digests of the pieces, put together for each file. */
function joined(pieces: readonly { readonly file: number }[], digests: Buffer, files: number): readonly Buffer[] {
  const byFile = Array.from({ length: files }, (): Buffer[] => []);
  for (const [index, { file }] of pieces.entries()) byFile[file]?.push(digests.subarray(index * 32, index * 32 + 32));
  return byFile.map(digestOfPieces);
}

function digestOfPieces(digests: readonly Buffer[]): Buffer {
  const [only = Buffer.alloc(0), ...others] = digests;
  return others.length === 0 ? only : sha256(Buffer.concat(digests));
}

const piecesOf = (content: Buffer) =>
  Array.from({ length: Math.max(1, Math.ceil(content.length / PIECE)) }, (_, index) =>
    content.subarray(index * PIECE, (index + 1) * PIECE),
  );

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();

function failureOf({ path }: Entry, { error }: HashFailure): UserError {
  if (error !== undefined) return unreadable(path, error);
  return new UserError(
    `${JSON.stringify(path.text.toWellFormed())} changed while the context was read. Let the steps that write it end before this step, or name it in .dockerignore.`,
  );
}
