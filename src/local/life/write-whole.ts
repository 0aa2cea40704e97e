import { fstatSync, ftruncateSync, writeSync } from 'node:fs';

/** Writes at a file's end and gives how many of the bytes it took, as `writeSync` does. */
type Write = (file: number, bytes: Buffer, offset: number) => number;

/**
 * Adds bytes to the end of a file that is open for appending. All of them or none: on a full disk, which takes a part of a line,
 * that part is taken away again, so that the next line stands for itself. Throws what the system says.
 */
export function writeWhole(file: number, bytes: Buffer, write: Write = writeSync): void {
  let written = 0;
  try {
    while (written < bytes.length) written += write(file, bytes, written);
  } catch (error) {
    if (written > 0) ftruncateSync(file, fstatSync(file).size - written);
    throw error;
  }
}
