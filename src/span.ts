const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const days = (count: number) => `${count} day${count === 1 ? '' : 's'}`;
const pair = (first: string, rest: number, unit: string) => (rest === 0 ? first : `${first} ${rest} ${unit}`);

/** A span of milliseconds in its one or two largest units, rounded down: `45 s`, `3 min`, `2 h 5 min`, `6 days 23 h`. */
export function spanText(ms: number): string {
  const span = Math.max(0, ms);
  if (span < MINUTE) return `${Math.floor(span / 1_000)} s`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)} min`;
  if (span < DAY) return pair(`${Math.floor(span / HOUR)} h`, Math.floor((span % HOUR) / MINUTE), 'min');
  return pair(days(Math.floor(span / DAY)), Math.floor((span % DAY) / HOUR), 'h');
}

/** A moment as the log tells it, to the minute: `2026-11-01 12:05 UTC`. */
export function momentText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
