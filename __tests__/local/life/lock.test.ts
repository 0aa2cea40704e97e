import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockFolder } from '../../../src/local/life/lock.ts';
import { isRunning, markOf, readStat } from '../../../src/local/life/process.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lock = () => join(folder, 'lock');

/** The mark of a process that has ended. */
async function ended() {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  const exit = once(child, 'exit');
  const mark = markOf(child.pid);
  await exit;
  return mark;
}

describe('the lock of a data folder', () => {
  it('lets in one service at a time, and the refusal names its process and the mend', () => {
    const unlock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(
      `The data folder ${folder} is in use by another local region, the process ${process.pid}. End that one (kill ${process.pid}), or give this one a folder of its own with --data.`,
    );
    unlock();
    expect(readdirSync(folder)).toEqual([]);
    lockFolder(folder)();
  });

  it('is taken over from a process that is gone', async () => {
    writeFileSync(lock(), JSON.stringify(await ended()));
    const unlock = lockFolder(folder);
    expect(JSON.parse(readFileSync(lock(), 'utf8'))).toEqual(markOf());
    expect(readdirSync(folder)).toEqual(['lock']);
    unlock();
  });

  it('is taken over from a process whose number another one has by now', () => {
    writeFileSync(lock(), JSON.stringify({ pid: process.pid, began: '1' }));
    // Without a beginning to compare, the number alone decides.
    if (markOf().began === undefined) return;
    lockFolder(folder)();
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(['', '{', '[]', '{"pid":-1}', '{"pid":"1"}'])('of no service (%p) is nobody’s', (text) => {
    writeFileSync(lock(), text);
    lockFolder(folder)();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that another one took over meanwhile is left to it', () => {
    const unlock = lockFolder(folder);
    writeFileSync(lock(), '{"pid":1}');
    unlock();
    expect(readFileSync(lock(), 'utf8')).toBe('{"pid":1}');
  });
});

describe('a process', () => {
  it('runs as long as it does', async () => {
    expect(isRunning(markOf())).toBe(true);
    expect(isRunning(await ended())).toBe(false);
  });

  it('is read from Linux, whatever its program is called', () => {
    const rest = `S 1 ${Array.from({ length: 17 }, (_unused, at) => at).join(' ')} 4711 9`;
    expect(readStat(`12 (a) b) ${rest}`)).toEqual({ state: 'S', began: '4711' });
    expect(readStat('12 (a) S')).toBeUndefined();
  });
});
