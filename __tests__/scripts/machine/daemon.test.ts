import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { bornOf, DaemonBook, endDaemon, isAlive, startDaemon } from '../../../scripts/machine/daemon.ts';
import { isThere } from '../../../scripts/machine/places.ts';

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('a daemon', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'daemon-test-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** A program that makes a file when it is up, and runs on. */
  const start = () => {
    const ready = join(folder, 'ready');
    const program = `require('node:fs').writeFileSync(${JSON.stringify(ready)}, ''); setInterval(() => {}, 1000)`;
    return startDaemon(process.execPath, ['-e', program], () => isThere(ready), false);
  };

  test('is awaited, lives on, and is ended with its log', async () => {
    const record = await start();
    expect(await isAlive(record)).toBe(true);
    await endDaemon(record);
    expect(await isAlive(record)).toBe(false);
    expect(await isThere(record.logFile)).toBe(false);
  });

  test('that ends at once is reported with its last words', async () => {
    const program = 'console.error("no room"); process.exit(3)';
    const started = startDaemon(process.execPath, ['-e', program], async () => false, false);
    await expect(started).rejects.toThrow(/exit code 3.*no room/s);
    await expect(started).rejects.toMatchObject({ reason: 'start-failed' });
  });

  test('is not taken for another process that was given its id', async () => {
    const record = { pid: process.pid, born: '1', logFile: join(folder, 'x', 'log'), keep: false };
    await endDaemon(record);
    expect(await bornOf(process.pid)).toBeDefined();
  });

  test('is in use while a live process has joined it', async () => {
    const book = new DaemonBook(join(folder, 'book'));
    const record = await start();
    await book.write(record);
    expect(await book.read()).toEqual(record);
    await book.join(`${process.pid}-a`);
    await writeFile(join(folder, 'book', 'user-999999999-gone'), '1');
    expect(await book.hasUsers()).toBe(true);
    await book.leave(`${process.pid}-a`);
    expect(await book.hasUsers()).toBe(false);
    await endDaemon(record);
    expect(await book.read()).toBeUndefined();
  });
});
