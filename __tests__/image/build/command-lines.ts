import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Watches the command lines of all of this machine's processes; the end gives every one that was seen. */
export function watchCommandLines(): { end(): Promise<string[]> } {
  const seen = new Set<string>();
  let watching = true;
  const look = async () => {
    const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const lines = await Promise.all(ids.map((id) => readFile(join('/proc', id, 'cmdline'), 'utf8').catch(() => '')));
    for (const line of lines) seen.add(line.replaceAll('\0', ' '));
  };
  const watch = async () => {
    while (watching) {
      await look();
      await delay(5);
    }
  };
  const watched = watch();
  return {
    end: async () => {
      watching = false;
      await watched;
      return [...seen];
    },
  };
}
