import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Ids of this machine's processes one of whose files under /proc holds `text`; none where there is no /proc. */
async function holding(file: 'environ' | 'cmdline', text: string): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  const ids = names.filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(
    ids.map(async (id) => {
      const content = await readFile(join('/proc', id, file), 'utf8').catch(() => '');
      return content.replaceAll('\0', ' ').includes(text);
    }),
  );
  return ids.filter((_, index) => found[index]).map(Number);
}

/** Processes whose environment holds `text`: all that a step started, when it is the step's own temporary folder. */
export function processesWith(text: string): Promise<number[]> {
  return holding('environ', text);
}

/** Processes whose command line holds `text`; those in containers too where the engine is on this machine. */
export function processesRunning(text: string): Promise<number[]> {
  return holding('cmdline', text);
}

/** Kills a process; one that is gone already is no error. */
export function endProcess(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
