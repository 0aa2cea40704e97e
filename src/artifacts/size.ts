import { bytesText } from '../image/build/disk.ts';

/** Bytes in the unit that keeps them short: `12 bytes`, `3 kB`, `1.5 GB`, with 1 GB = 10⁹ bytes. */
export const sizeText = (bytes: number) => (bytes < 1_000 ? `${Math.round(bytes)} bytes` : bytesText(bytes));
