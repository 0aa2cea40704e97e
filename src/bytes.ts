/** A number of bytes in the unit that keeps it short: `12 bytes`, `3 kB`, `20 MB`, `1.5 GB`, with 1 GB = 10⁹ bytes. */
export function bytesText(bytes: number): string {
  const [whole, kilo, mega] = [bytes, bytes / 1e3, bytes / 1e6].map(Math.round) as [number, number, number];
  if (whole < 1_000) return `${whole} byte${whole === 1 ? '' : 's'}`;
  if (kilo < 1_000) return `${kilo} kB`;
  return mega < 1_000 ? `${mega} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
