import { createHash } from 'node:crypto';
import type { StoredObject } from '../google/objects.ts';
import { crc32c } from './crc32c.ts';

/** What the bytes of an object are held against. */
export interface Checksum {
  update(bytes: Uint8Array): void;
  /** Whether the bytes so far are those of the object. */
  matches(): boolean;
}

type Sums = Pick<StoredObject, 'crc32c' | 'md5Hash'>;

/** Whether the service told what the bytes can be held against. */
export const isChecked = (sums: Sums) => sums.crc32c !== undefined || sums.md5Hash !== undefined;

/** By the CRC-32C, which every object has, else by the MD5; where the service told neither, all bytes pass. */
export function checksumOf({ crc32c: crc, md5Hash }: Sums): Checksum {
  if (crc !== undefined) return byCrc32c(crc);
  return md5Hash === undefined ? { update: () => {}, matches: () => true } : byMd5(md5Hash);
}

function byCrc32c(wanted: string): Checksum {
  let sum = 0;
  return {
    update: (bytes) => {
      sum = crc32c(bytes, sum);
    },
    matches: () => {
      const found = Buffer.alloc(4);
      found.writeUInt32BE(sum);
      return found.toString('base64') === wanted;
    },
  };
}

function byMd5(wanted: string): Checksum {
  const hash = createHash('md5');
  return { update: (bytes) => hash.update(bytes), matches: () => hash.copy().digest('base64') === wanted };
}
