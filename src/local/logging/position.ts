import type { LogEntry } from '../../vertex/types.ts';
import { nanosOf } from '../api/timestamps.ts';

/** Where an entry stands among all: by its time, in nanoseconds since the epoch, then by its `insertId`. */
export interface Position {
  readonly nanos: bigint;
  readonly insertId: string;
}

/** Where an entry stands; one without a time stands first. */
export function positionOfEntry({ timestamp = '', insertId = '' }: LogEntry): Position {
  return { nanos: nanosOf(timestamp) ?? 0n, insertId };
}

/** Negative where the first stands first by time. */
export function compare(left: Position, right: Position): number {
  if (left.nanos !== right.nanos) return left.nanos < right.nanos ? -1 : 1;
  if (left.insertId === right.insertId) return 0;
  return left.insertId < right.insertId ? -1 : 1;
}

/** A position as a text, for page tokens. */
export const positionText = ({ nanos, insertId }: Position) => `${nanos} ${insertId}`;

/** The position that such a text tells; undefined for any other value. */
export function readPosition(value: unknown): Position | undefined {
  const [, nanos, insertId] = /^(-?\d{1,20}) (\w+)$/.exec(String(value)) ?? [];
  return nanos === undefined || insertId === undefined ? undefined : { nanos: BigInt(nanos), insertId };
}
