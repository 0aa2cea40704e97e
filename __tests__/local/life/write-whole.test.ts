import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeWhole } from '../../../src/local/life/write-whole.ts';

describe('a line that is added to a file', () => {
  let folder: string;
  let path: string;
  let file: number;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'whole-'));
    path = join(folder, 'lines');
    writeFileSync(path, 'one\n');
    file = openSync(path, 'a');
  });
  afterEach(() => {
    closeSync(file);
    rmSync(folder, { recursive: true });
  });

  /** A disk that takes two bytes at a time, and no more than `room`. */
  const disk = (room: number) => {
    let left = room;
    return (to: number, bytes: Buffer, offset: number) => {
      const count = Math.min(2, left, bytes.length - offset);
      if (count === 0) throw new Error('ENOSPC: no space left on device, write');
      left -= count;
      return writeSync(to, bytes, offset, count);
    };
  };

  it('is all there, in however many pieces the system takes it', () => {
    writeWhole(file, Buffer.from('zwölf\n'), disk(100));
    expect(readFileSync(path, 'utf8')).toBe('one\nzwölf\n');
  });

  it.each([0, 1, 4])(
    'leaves nothing where the disk takes %d bytes of it, and the next one stands for itself',
    (room) => {
      expect(() => writeWhole(file, Buffer.from('twelve\n'), disk(room))).toThrow('ENOSPC');
      writeWhole(file, Buffer.from('three\n'));
      expect(readFileSync(path, 'utf8')).toBe('one\nthree\n');
    },
  );
});
