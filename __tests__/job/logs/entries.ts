import type { EntryLines } from '../../../src/job/logs/lines.ts';
import type { LogEntry } from '../../../src/vertex/types.ts';

export const START = Date.parse('2026-11-01T00:00:00Z');

export const stamp = (seconds: number) => new Date(START + seconds * 1_000).toISOString();

/** An entry that was received when it was written. */
export function entry(seconds: number, insertId: string, more: Partial<LogEntry> & { task?: string } = {}): LogEntry {
  const { task = 'workerpool0-0', ...fields } = more;
  return {
    timestamp: stamp(seconds),
    receiveTimestamp: stamp(seconds),
    insertId,
    severity: 'INFO',
    textPayload: insertId,
    resource: { labels: { job_id: '77', task_name: task } },
    ...fields,
  };
}

/** Lines as they were read of one entry. */
export function lines(texts: string | readonly string[], more: Partial<EntryLines> = {}): EntryLines {
  return {
    source: 'workerpool0-0',
    stream: 'ERROR',
    isError: false,
    isOfPlatform: false,
    lines: typeof texts === 'string' ? [texts] : texts,
    ...more,
  };
}
