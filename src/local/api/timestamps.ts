/** RFC 3339 as nanoseconds since the Unix epoch, or undefined when it is no such time. */
export function nanosOf(text: string): bigint | undefined {
  const found = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  if (found === null) return undefined;
  const [, day, time = '00:00:00', fraction = '', zone = 'Z'] = found;
  const ms = Date.parse(`${day}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** Milliseconds since the epoch as RFC 3339 in UTC. */
export function timestampOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** The answer of `left <comparator> right` for values that have an order. */
export function ordered<T extends bigint | number | string>(left: T, comparator: string, right: T): boolean {
  switch (comparator) {
    case '=':
    case ':':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
}
