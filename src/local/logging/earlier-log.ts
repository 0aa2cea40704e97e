import { closeSync, createReadStream, existsSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { UserError } from '../../faults.ts';
import { isRecord } from '../../json.ts';
import type { FiledEntry } from './in-order.ts';
import { LogIndex } from './log-index.ts';
import { positionOfEntry } from './position.ts';
import type { EarlierLog, LogContent, LogSource } from './store.ts';

const TRIAL_LABEL = 'ml.googleapis.com/trial_id';

/** What an entry says, and of whom: equal for the same line told again. */
function keyOf(jobId: string, task: string, trial: string | undefined, content: LogContent): string {
  const { severity, textPayload, jsonPayload } = content;
  return JSON.stringify([jobId, task, trial ?? '', severity, textPayload ?? jsonPayload]);
}

/** Cuts off a last line that was not written to its end. */
function cutHalfLine(path: string): void {
  const file = openSync(path, 'r+');
  try {
    ftruncateSync(file, wholeBytes(file));
  } finally {
    closeSync(file);
  }
}

/** How much of a file its whole lines take. */
function wholeBytes(file: number): number {
  const piece = Buffer.alloc(64 * 1024);
  let end = fstatSync(file).size;
  while (end > 0) {
    const start = Math.max(0, end - piece.length);
    const read = readSync(file, piece, 0, end - start, start);
    const newline = piece.subarray(0, read).lastIndexOf('\n');
    if (newline >= 0) return start + newline + 1;
    end = start;
  }
  return 0;
}

function countIn(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function entryIn(line: string): FiledEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function unreadable(path: string, line: number): UserError {
  return new UserError(
    `${path}:${line}: this line of the local region's log cannot be read. Remove the line to go on without that entry, or move the folder away to begin anew.`,
  );
}

/**
 * Reads a log that an earlier process wrote. The lines of the jobs in `live` are remembered: those jobs are gone through
 * from their beginning again, and tell them a second time. Of containers' lines only the number is. Throws UserError for a line that cannot be read.
 */
export async function readEarlierLog(path: string, live: ReadonlySet<string>): Promise<EarlierLog | undefined> {
  if (!existsSync(path)) return undefined;
  cutHalfLine(path);
  const index = new LogIndex();
  const said = new Map<string, number>();
  const told = new Map<string, number>();
  let count = 0;
  let lastMs = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    const entry = entryIn(line);
    if (entry === undefined) throw unreadable(path, count + 1);
    const { job_id: jobId = '', task_name: task = '' } = entry.resource?.labels ?? {};
    index.add(jobId, positionOfEntry(entry), Buffer.byteLength(line) + 1);
    count += 1;
    lastMs = Math.max(lastMs, Date.parse(entry.receiveTimestamp ?? '') || 0);
    if (!live.has(jobId)) continue;
    if (entry.origin === undefined) countIn(said, keyOf(jobId, task, entry.labels?.[TRIAL_LABEL], entry));
    else countIn(told, entry.origin);
  }
  const holds = ({ jobId, task, labels }: LogSource, content: LogContent) => {
    const key = keyOf(jobId, task, labels?.[TRIAL_LABEL], content);
    const left = said.get(key) ?? 0;
    if (left === 0) return false;
    if (left === 1) said.delete(key);
    else said.set(key, left - 1);
    return true;
  };
  return { index, count, lastMs, holds, told };
}
