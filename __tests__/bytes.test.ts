import { expect, test } from '@jest/globals';
import { bytesText } from '../src/bytes.ts';

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [999.6, '1 kB'],
  [1_500, '2 kB'],
  [999_499, '999 kB'],
  [999_999, '1 MB'],
  [1_000_000, '1 MB'],
  [999_700_000, '1.0 GB'],
  [14_250_000_000, '14.3 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});
