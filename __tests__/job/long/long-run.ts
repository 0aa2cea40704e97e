import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LongRun } from './scene.ts';

/** Runs a program of this folder in a process of its own, whose heap is its own, and gives what it printed. */
export async function runLong<T>(program: string): Promise<LongRun & T> {
  const entry = join(import.meta.dirname, program);
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', entry], { maxBuffer: 2 ** 24 });
  return JSON.parse(stdout) as LongRun & T;
}
