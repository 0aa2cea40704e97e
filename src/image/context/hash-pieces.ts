/** What a thread that hashes is given. Shared memory is written by all of them. */
export interface HashJob {
  readonly root: string;
  /** The files' paths, a character for each byte. */
  readonly paths: readonly string[];
  /** What each file was found to be: inode, size in bytes, and time of its last change in milliseconds. */
  readonly inodes: readonly number[];
  readonly sizes: readonly number[];
  readonly times: readonly number[];
  /** Of each piece its file, and where in it the piece starts. */
  readonly files: readonly number[];
  readonly starts: readonly number[];
  /** Bytes of a piece; the last one of a file is shorter. */
  readonly pieceSize: number;
  /** One number: the next piece that nobody has taken. */
  readonly next: SharedArrayBuffer;
  /** The pieces' SHA-256, 32 bytes each. */
  readonly digests: SharedArrayBuffer;
}

/** Why a file could not be hashed. */
export interface HashFailure {
  readonly file: number;
  /** Undefined where the file is no longer what it was. */
  readonly error: string | undefined;
}

/**
 * Hashes the pieces that no other thread has taken, until none is left or one fails. Its source text is what worker
 * threads run, so that it may name nothing outside of itself: the bundle is one file, with none to start a worker from.
 */
export function hashPieces(job: HashJob): HashFailure | undefined {
  const { closeSync, constants, fstatSync, openSync, readSync } = process.getBuiltinModule('node:fs');
  const { createHash } = process.getBuiltinModule('node:crypto');
  const { Buffer } = process.getBuiltinModule('node:buffer');
  const next = new Int32Array(job.next);
  const digests = new Uint8Array(job.digests);
  // Small enough to stay in the processor's cache between reading and hashing.
  const buffer = Buffer.allocUnsafeSlow(256 * 1024);

  const isSame = (descriptor: number, file: number) => {
    const { ino, size, mtimeMs } = fstatSync(descriptor);
    return ino === job.inodes[file] && size === job.sizes[file] && mtimeMs === job.times[file];
  };

  /** False where the file ends early. */
  const hashPiece = (descriptor: number, piece: number, start: number, end: number) => {
    const hash = createHash('sha256');
    for (let at = start; at < end; ) {
      const read = readSync(descriptor, buffer, 0, Math.min(buffer.length, end - at), at);
      if (read === 0) return false;
      hash.update(buffer.subarray(0, read));
      at += read;
    }
    digests.set(hash.digest(), piece * 32);
    return true;
  };

  const readPiece = (piece: number, file: number) => {
    const path = Buffer.concat([Buffer.from(`${job.root}/`), Buffer.from(job.paths[file] ?? '', 'latin1')]);
    // Opening what has become a pipe would else wait for a writer.
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const start = job.starts[piece] ?? 0;
      const end = Math.min(start + job.pieceSize, job.sizes[file] ?? 0);
      return isSame(descriptor, file) && hashPiece(descriptor, piece, start, end) && isSame(descriptor, file);
    } finally {
      closeSync(descriptor);
    }
  };

  const fail = (file: number, error: string | undefined): HashFailure => {
    Atomics.store(next, 0, job.files.length);
    return { file, error };
  };

  for (;;) {
    const piece = Atomics.add(next, 0, 1);
    const file = job.files[piece];
    if (file === undefined) return undefined;
    try {
      if (!readPiece(piece, file)) return fail(file, undefined);
    } catch (error) {
      return fail(file, String(error).replace(/^Error: /, ''));
    }
  }
}
