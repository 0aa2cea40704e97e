import type { Job } from '../../vertex/jobs.ts';

/**
 * Oldest first, by the service's own creation times to the nanosecond, and by name where they are equal: whoever compares,
 * whatever its clock says, comes to the same order. A job without a time counts as the youngest.
 */
export function byAge(a: Pick<Job, 'name' | 'createTime'>, b: Pick<Job, 'name' | 'createTime'>): number {
  return compared(stamp(a.createTime), stamp(b.createTime)) || compared(a.name, b.name);
}

const compared = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** After any digit. */
const UNKNOWN = '~';

/** The time as a text that sorts; proto3 JSON writes UTC with 0, 3, 6 or 9 decimals. */
function stamp(time: string | undefined): string {
  const [, seconds, fraction = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(time ?? '') ?? [];
  return seconds === undefined ? UNKNOWN : `${seconds}.${fraction.padEnd(9, '0')}`;
}
