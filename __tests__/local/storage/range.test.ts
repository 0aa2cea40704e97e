import { describe, expect, it } from '@jest/globals';
import { Crc32c } from '../../../src/local/storage/crc32c.ts';
import { rangeOf } from '../../../src/local/storage/range.ts';

describe('rangeOf', () => {
  it.each([
    [undefined, 10, undefined],
    ['bytes=0-', 10, { first: 0, last: 9 }],
    ['bytes=3-5', 10, { first: 3, last: 5 }],
    ['Bytes=3-5', 10, { first: 3, last: 5 }],
    ['bytes=9-9', 10, { first: 9, last: 9 }],
    ['bytes=3-99', 10, { first: 3, last: 9 }],
    ['bytes=-4', 10, { first: 6, last: 9 }],
    ['bytes=-99', 10, { first: 0, last: 9 }],
    ['bytes=10-', 10, 'unsatisfiable'],
    ['bytes=10-20', 10, 'unsatisfiable'],
    ['bytes=-0', 10, 'unsatisfiable'],
    ['bytes=0-', 0, 'unsatisfiable'],
    ['bytes=-1', 0, 'unsatisfiable'],
    ['bytes=5-3', 10, undefined],
    ['bytes=-', 10, undefined],
    ['bytes=1-2,4-5', 10, undefined],
    ['bytes=a-b', 10, undefined],
    ['items=0-1', 10, undefined],
  ])('%s of %d bytes', (header, size, expected) => {
    expect(rangeOf(header, size)).toEqual(expected);
  });
});

describe('Crc32c', () => {
  // RFC 3720, B.4.
  it.each([
    ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
    ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['0 to 31', Buffer.from(Array.from({ length: 32 }, (_unused, index) => index)), 0x46dd794e],
    ['31 to 0', Buffer.from(Array.from({ length: 32 }, (_unused, index) => 31 - index)), 0x113fdb5c],
    ['nothing', Buffer.alloc(0), 0],
  ])('of %s', (_name, bytes, expected) => {
    for (const cut of [0, 1, 17]) {
      const crc = new Crc32c();
      crc.update(bytes.subarray(0, cut));
      crc.update(bytes.subarray(cut));
      expect(Buffer.from(crc.digest(), 'base64').readUInt32BE()).toBe(expected);
    }
  });
});
