import { createHash } from 'node:crypto';

/** Gives the next number in [0, 1). */
export type Random = () => number;

/** Numbers that depend on nothing but `key`: the blocks of a hash, counted. */
export function seededRandom(key: string): Random {
  let block = Buffer.alloc(0);
  let used = 0;
  let count = 0;
  return () => {
    if (used === block.length) {
      block = createHash('sha256').update(`${key}/${count}`).digest();
      count += 1;
      used = 0;
    }
    used += 4;
    return block.readUInt32BE(used - 4) / 2 ** 32;
  };
}

/** A number of the normal distribution with mean 0 and variance 1 (Box and Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The normal distribution function, to seven digits (Abramowitz and Stegun, 7.1.26). */
export function normalShare(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const tail = (series * Math.exp(-z * z)) / 2;
  return x < 0 ? tail : 1 - tail;
}
