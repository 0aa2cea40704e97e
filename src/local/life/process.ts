import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process, told from a later one of the same number by when it began. */
export interface ProcessMark {
  readonly pid: number;
  /** In whatever unit the system counts; undefined where it does not say. */
  readonly began: string | undefined;
}

/** State and start time in Linux' /proc/PID/stat (proc_pid_stat(5)); the program's name before them may hold anything. */
export function readStat(text: string): { readonly state: string; readonly began: string } | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, began] = [fields[0], fields[19]];
  return state === undefined || began === undefined ? undefined : { state, began };
}

/** Ended, and not yet taken note of by its parent. */
const ENDED: ReadonlySet<string> = new Set(['Z', 'X', 'x']);

/** The beginning of a process; undefined where the system does not say, `ended` where there is no such process any more. */
function beganOf(pid: number): string | 'ended' | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // One of another user is there all the same.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'ended';
  }
  try {
    if (process.platform === 'linux') {
      const stat = readStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
      return stat !== undefined && ENDED.has(stat.state) ? 'ended' : stat?.began;
    }
    if (process.platform === 'win32') return undefined;
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The mark of a process that runs, by default of this one. */
export function markOf(pid: number = process.pid): ProcessMark {
  const began = beganOf(pid);
  return { pid, began: began === 'ended' ? undefined : began };
}

/** Whether the very process still runs; taken for running where the system does not say. */
export function isRunning({ pid, began }: ProcessMark): boolean {
  const now = beganOf(pid);
  if (now === 'ended') return false;
  return now === undefined || began === undefined || now === began;
}
