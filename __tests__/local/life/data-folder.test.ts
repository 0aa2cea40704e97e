import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openDataFolder, stateFolder } from '../../../src/local/life/data-folder.ts';
import { checkPort, portError } from '../../../src/local/life/port.ts';
import { dataFolderOf, readOptions } from '../../../src/local/options.ts';

describe('the data folder of who names none', () => {
  it.each([
    ['in the home folder', {}, '/home/me/.local/state/train-on-vertex/local-8600'],
    ['in XDG’s', { XDG_STATE_HOME: '/state' }, '/state/train-on-vertex/local-8600'],
    ['not in one that is relative', { XDG_STATE_HOME: 'state' }, '/home/me/.local/state/train-on-vertex/local-8600'],
    ['not in an empty one', { XDG_STATE_HOME: '' }, '/home/me/.local/state/train-on-vertex/local-8600'],
  ])('lies %s', (_name, env, path) => {
    expect(stateFolder(8600, env, '/home/me')).toBe(path);
  });

  it.each([
    ['of its port', ['--port', '8700'], '/h/.local/state/train-on-vertex/local-8700'],
    ['of the usual port', [], '/h/.local/state/train-on-vertex/local-8600'],
    ['as given', ['--port', '0', '--data', 'd'], 'd'],
    ['a fresh one where the port is any', ['--port', '0'], undefined],
    ['a fresh one for the action', ['--embedded', '--port', '8700'], undefined],
    ['a fresh one for tests', ['--faults'], undefined],
  ])('is %s', (_name, argv, path) => {
    expect(dataFolderOf(readOptions(argv), {}, '/h')).toBe(path);
  });
});

describe('a data folder', () => {
  it('that was given stays, for its user alone, and is locked as long as it is used', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'data-'));
    const data = await openDataFolder(join(parent, 'a/b'));
    expect([data.isKept, statSync(data.path).mode & 0o777, readdirSync(data.path)]).toEqual([true, 0o700, ['lock']]);
    await expect(openDataFolder(join(parent, 'a/b'))).rejects.toThrow(/is in use/);
    await data.release();
    expect(readdirSync(data.path)).toEqual([]);
    rmSync(parent, { recursive: true });
  });

  it('that is none is told with the mend', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'data-')), 'file');
    writeFileSync(file, '');
    await expect(openDataFolder(file)).rejects.toThrow(
      /^The data folder .*file cannot be used: .*EEXIST.* Name one with --data that can be written to\.$/,
    );
    await expect(openDataFolder(join(file, 'below'))).rejects.toThrow(/cannot be used: .*ENOTDIR/);
    rmSync(dirname(file), { recursive: true });
  });

  it('that was made is removed', async () => {
    const data = await openDataFolder(undefined);
    expect([data.isKept, existsSync(data.path)]).toEqual([false, true]);
    await data.release();
    expect(existsSync(data.path)).toBe(false);
  });
});

describe('a port', () => {
  it('that is taken is told with the mend', async () => {
    const other = createServer();
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    const { port } = other.address() as { readonly port: number };
    await expect(checkPort(port)).rejects.toThrow(
      `Port ${port} of 127.0.0.1 cannot be had: another program, maybe another local region, listens there (EADDRINUSE). Give another one with --port; 0 picks a free one.`,
    );
    await new Promise((closed) => other.close(closed));
    await expect(checkPort(port)).resolves.toBeUndefined();
    await expect(checkPort(0)).resolves.toBeUndefined();
  });

  it('that this user may not have is told so', () => {
    const error = Object.assign(new Error('listen EACCES'), { code: 'EACCES' });
    expect(portError(80, error).message).toContain('this user may not listen there (EACCES)');
  });
});
