import { readFileSync } from 'node:fs';
import { isRecord } from '../json.ts';
import type { Clock } from '../retry.ts';
import { readState, type State, saveState } from './state.ts';

/** Between asking a program to end and making it, in milliseconds. */
const GRACE_MS = 2_000;

/** Leaves word for post of a program that leads a process group of its own, for the case that this process is killed. */
export function rememberProgram(pid: number | undefined): void {
  const started = pid === undefined ? undefined : startOf(pid);
  // Outside a workflow there is no post.
  if (pid !== undefined && started !== undefined && process.env['GITHUB_STATE']) saveState('program', { pid, started });
}

/** Ends the program that main left running, with all that it started. Another one that got its number is left alone. */
export async function endLeftProgram(clock: Clock): Promise<void> {
  const left = readState('program', isProgram);
  if (left === undefined || !lives(left)) return;
  signalGroup(left.pid, 'SIGTERM');
  const until = clock.now() + GRACE_MS;
  while (lives(left) && clock.now() < until) await clock.sleep(50);
  if (lives(left)) signalGroup(left.pid, 'SIGKILL');
}

/** Signals a program and all that it started; what has ended already is no error. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    if (!isRecord(error) || error['code'] !== 'ESRCH') throw error;
  }
}

type Program = State['program'];

const lives = ({ pid, started }: Program) => startOf(pid) === started;

/**
 * When a process was started, in the kernel's ticks since boot (proc_pid_stat(5), field 22): with its number it is one
 * process and no other. Undefined for one that has ended, and where there is no /proc.
 */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name, in parentheses, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function isProgram(value: unknown): value is Program {
  if (!isRecord(value)) return false;
  const { pid, started } = value;
  // 0 and 1 would mean groups that are not ours.
  return Number.isInteger(pid) && Number(pid) > 1 && typeof started === 'string';
}
