import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { crc32c } from '../../src/artifacts/crc32c.ts';

/** Bit by bit, as the polynomial defines it. */
function slow(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

const ISCSI_READ = Buffer.from(
  '01c00000000000000000000000000000140000000000040000000014000000182800000000000000' + '0200000000000000',
  'hex',
);

describe('the CRC-32C', () => {
  // RFC 3720, B.4, and the check value of the catalogue of parametrised CRC algorithms.
  test.each([
    { name: 'nothing', bytes: Buffer.alloc(0), sum: 0 },
    { name: '123456789', bytes: Buffer.from('123456789'), sum: 0xe3069283 },
    { name: '32 bytes of zeroes', bytes: Buffer.alloc(32), sum: 0x8a9136aa },
    { name: '32 bytes of ones', bytes: Buffer.alloc(32, 0xff), sum: 0x62a8ab43 },
    { name: '32 rising bytes', bytes: Buffer.from(Array.from({ length: 32 }, (_, i) => i)), sum: 0x46dd794e },
    { name: '32 falling bytes', bytes: Buffer.from(Array.from({ length: 32 }, (_, i) => 31 - i)), sum: 0x113fdb5c },
    { name: 'an iSCSI read', bytes: ISCSI_READ, sum: 0xd9963a56 },
  ])('of $name', ({ bytes, sum }) => {
    expect(crc32c(bytes)).toBe(sum);
    expect(slow(bytes)).toBe(sum);
  });

  test('of any bytes, in any pieces, is what the polynomial gives', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), (pieces) => {
        const sum = pieces.reduce((before, piece) => crc32c(piece, before), 0);
        expect(sum).toBe(slow(Buffer.concat(pieces)));
      }),
    );
  });
});
