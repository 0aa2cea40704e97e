import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { messageOf, UserError } from '../../../src/faults.ts';
import { tempFolders } from '../../ground/temp-folder.ts';
import { type CloudStorage, cloudStorages } from '../cloud-storage.ts';
import type { Held } from '../media.ts';
import { contentOf, downloadOf, patterned, workspaceIn } from '../scene.ts';

const newStorage = cloudStorages();
const newFolder = tempFolders();
const newWorkspace = () => workspaceIn(newFolder());

const held = (text: string): Held => ({ bytes: Buffer.from(text, 'latin1') });
const MODEL = { 'm/saved_model.pb': held('graph'), 'm/variables/data-00': held('weights'), 'm/empty': held('') };
const FILES = { empty: '', 'saved_model.pb': 'graph', 'variables/data-00': 'weights' };

const readsOf = ({ asked }: Pick<CloudStorage, 'asked'>) => asked.filter(({ kind }) => kind === 'read');

const failureOf = (run: Promise<unknown>) =>
  run.then(
    () => undefined,
    (error: unknown) => error as Error,
  );

describe('a folder', () => {
  test('comes with all its files and says so', async () => {
    const storage = await newStorage(
      { ...MODEL, 'm2/other': held('x'), m: held('x'), 'm/': held('') },
      { pageSize: 2 },
    );
    const workspace = newWorkspace();
    const { run, log } = downloadOf(storage, workspace);
    expect(await run).toEqual({ path: 'out', files: 3, bytes: 12, kept: 0 });
    expect(contentOf(workspace)).toEqual({
      'out/empty': '',
      'out/saved_model.pb': 'graph',
      'out/variables/data-00': 'weights',
    });
    expect(readdirSync(join(workspace, 'out')).sort()).toEqual(['empty', 'saved_model.pb', 'variables']);
    expect(log.said).toEqual([
      ['info', 'Download of 3 files (12 bytes) from gs://bucket/m into "out"'],
      ['info', '"out" has all 3 files of gs://bucket/m (12 bytes)'],
    ]);
  });

  test('may lie deep, be a whole bucket, and go deep into the workspace', async () => {
    const storage = await newStorage({ 'a/b/c/x': held('1'), y: held('2') });
    const workspace = newWorkspace();
    await downloadOf(storage, workspace, { uri: 'gs://bucket/a/b/', into: 'models/best/' }).run;
    await downloadOf(storage, workspace, { uri: 'gs://bucket', into: './models/all' }).run;
    expect(contentOf(join(workspace, 'models'))).toEqual({ 'best/c/x': '1', 'all/a/b/c/x': '1', 'all/y': '2' });
  });

  test('without anything in it is an error that names it', async () => {
    const storage = await newStorage({ 'm2/x': held('x') });
    const workspace = newWorkspace();
    await expect(downloadOf(storage, workspace).run).rejects.toThrow(
      'download: nothing lies in gs://bucket/m/: does the program write its model to the folder that AIP_MODEL_DIR names?',
    );
    expect(readdirSync(workspace)).toEqual([]);
  });

  test('with nothing but markers of folders is empty too', async () => {
    const storage = await newStorage({ 'm/': held(''), 'm/assets/': held('') });
    await expect(downloadOf(storage, newWorkspace()).run).rejects.toThrow('download: nothing lies in gs://bucket/m/');
  });

  test('takes no more connections at a time than it may, and more than one', async () => {
    const objects = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`m/${index}`, held('x'.repeat(50_000))]),
    );
    const storage = await newStorage(objects);
    const { run, most } = downloadOf(storage, newWorkspace(), { width: 3 });
    await run;
    expect(most()).toBeGreaterThan(1);
    expect(most()).toBeLessThanOrEqual(3);
  });

  test('that may not be listed tells what is missing', async () => {
    const body = JSON.stringify({ error: { message: 'x does not have storage.objects.list access' } });
    const storage = await newStorage({}, { mishap: () => ({ status: 403, body }) });
    const error = await failureOf(downloadOf(storage, newWorkspace()).run);
    expect(error).toBeInstanceOf(UserError);
    expect(error?.message).toBe(
      'list gs://bucket/m/: HTTP 403: x does not have storage.objects.list access. Grant the account of this step roles/storage.objectViewer on gs://bucket.',
    );
  });

  test('of which a page does not come for now is listed all the same', async () => {
    const storage = await newStorage(MODEL, {
      pageSize: 1,
      mishap: ({ kind, times }) =>
        kind === 'list' && times === 1 ? { status: 503, told: { 'retry-after': '40' } } : undefined,
    });
    const { run, clock } = downloadOf(storage, newWorkspace());
    expect((await run).files).toBe(3);
    expect(clock.slept).toEqual([40_000]);
  });

  test('stored as gzip stays so, which is said', async () => {
    const stored = gzipSync('text '.repeat(1_000));
    const storage = await newStorage({ 'm/a.json': { bytes: stored, contentEncoding: 'gzip' } });
    const workspace = newWorkspace();
    const { run, log } = downloadOf(storage, workspace);
    await run;
    expect(readFileSync(join(workspace, 'out/a.json'))).toEqual(stored);
    expect(log.texts('info')).toContain(
      '1 file stored with Content-Encoding: gzip: taken as stored, so still compressed',
    );
  });
});

describe('a connection that breaks', () => {
  test('is taken up at the byte where it broke, of the same content', async () => {
    const bytes = patterned(300_000);
    const storage = await newStorage(
      { 'm/a': { bytes } },
      { mishap: ({ kind, times }) => (kind === 'read' && times < 2 ? { cutAfter: 100_000 } : undefined) },
    );
    const workspace = newWorkspace();
    const { run, log } = downloadOf(storage, workspace);
    await run;
    expect(readFileSync(join(workspace, 'out/a'))).toEqual(bytes);
    const [first = 0, second = 0, third = 0, ...more] = readsOf(storage).map(({ from }) => from);
    expect([first, more]).toEqual([0, []]);
    expect(second).toBeGreaterThan(0);
    expect(second).toBeLessThanOrEqual(100_000);
    expect(third).toBeGreaterThan(second);
    expect(third).toBeLessThanOrEqual(second + 100_000);
    expect(log.texts('info').at(-1)).toBe('"out" has all 1 file of gs://bucket/m (300 kB), after 2 interruptions');
  });

  test('goes on after any number of breaks that let something through', async () => {
    const bytes = patterned(40_000);
    const storage = await newStorage(
      { 'm/a': { bytes } },
      { mishap: ({ kind }) => (kind === 'read' ? { cutAfter: 1_000 } : undefined) },
    );
    const workspace = newWorkspace();
    await downloadOf(storage, workspace).run;
    expect(readFileSync(join(workspace, 'out/a'))).toEqual(bytes);
  });

  test('that lets nothing through is given up, and what came is kept for the next time', async () => {
    const bytes = patterned(3_000);
    let broken = true;
    const storage = await newStorage(
      { 'm/a': { bytes }, 'm/b': held('whole') },
      {
        mishap: ({ kind, name, times }) =>
          broken && kind === 'read' && name === 'm/a' ? { cutAfter: times === 0 ? 1_000 : 0 } : undefined,
      },
    );
    const workspace = newWorkspace();
    const error = await failureOf(downloadOf(storage, workspace).run);
    expect(error).toBeInstanceOf(UserError);
    expect(error?.message).toMatch(/^download: 1 file cannot be had:\nread gs:\/\/bucket\/m\/a: no answer: /);
    expect(existsSync(join(workspace, 'out/a'))).toBe(false);
    expect(readFileSync(join(workspace, 'out/b'), 'utf8')).toBe('whole');
    broken = false;
    const before = storage.asked.length;
    expect(await downloadOf(storage, workspace).run).toMatchObject({ files: 2, kept: 1 });
    expect(readsOf({ asked: storage.asked.slice(before) })).toMatchObject([{ name: 'm/a', from: 1_000 }]);
    expect(readFileSync(join(workspace, 'out/a'))).toEqual(bytes);
    expect(readdirSync(join(workspace, 'out')).sort()).toEqual(['a', 'b']);
  });

  test('of which nothing comes any more counts as broken', async () => {
    const storage = await newStorage(
      { 'm/a': held('0123456789') },
      { mishap: ({ kind, times }) => (kind === 'read' && times === 0 ? { hangAfter: 4 } : undefined) },
    );
    const workspace = newWorkspace();
    await downloadOf(storage, workspace, { silenceMs: 100 }).run;
    expect(contentOf(join(workspace, 'out'))).toEqual({ a: '0123456789' });
  });

  test('to a service that knows no ranges begins anew', async () => {
    const bytes = patterned(30_000);
    const storage = await newStorage(
      { 'm/a': { bytes } },
      {
        mishap: ({ kind, times }) =>
          kind === 'read' ? (times === 0 ? { cutAfter: 10_000 } : { whole: true }) : undefined,
      },
    );
    const workspace = newWorkspace();
    await downloadOf(storage, workspace).run;
    expect(readFileSync(join(workspace, 'out/a'))).toEqual(bytes);
  });
});

describe('a refusal', () => {
  test.each([429, 500, 503])('with HTTP %i is waited out for as long as it asks', async (status) => {
    const storage = await newStorage(MODEL, {
      mishap: ({ kind, name, times }) =>
        kind === 'read' && name === 'm/saved_model.pb' && times < 2
          ? { status, told: times === 0 ? { 'retry-after': '20' } : {} }
          : undefined,
    });
    const workspace = newWorkspace();
    const { run, clock, log } = downloadOf(storage, workspace);
    await run;
    expect(contentOf(join(workspace, 'out'))).toEqual(FILES);
    expect(clock.slept).toEqual([20_000, 750]);
    expect(log.texts('debug')).toEqual([
      `read gs://bucket/m/saved_model.pb: HTTP ${status}: trouble; goes on in 20.0 s`,
      `read gs://bucket/m/saved_model.pb: HTTP ${status}: trouble; goes on in 0.8 s`,
    ]);
  });

  test('of several objects is told of all of them, and the others come', async () => {
    const storage = await newStorage(MODEL, {
      mishap: ({ kind, name }) => (kind === 'read' && name !== 'm/variables/data-00' ? { status: 403 } : undefined),
    });
    const workspace = newWorkspace();
    storage.put('m/second', held('x'));
    const error = await failureOf(downloadOf(storage, workspace).run);
    expect(error?.message.split('\n').sort()).toEqual([
      'download: 2 files cannot be had:',
      'read gs://bucket/m/saved_model.pb: HTTP 403: trouble.',
      'read gs://bucket/m/second: HTTP 403: trouble.',
    ]);
    expect(contentOf(join(workspace, 'out'))).toEqual({ empty: '', 'variables/data-00': 'weights' });
  });

  test('of very many stops the download', async () => {
    const objects = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`m/${index}`, held('x')]));
    const storage = await newStorage(objects, {
      mishap: ({ kind }) => (kind === 'read' ? { status: 403 } : undefined),
    });
    await failureOf(downloadOf(storage, newWorkspace()).run);
    expect(readsOf(storage).length).toBeLessThan(25);
  });

  test('since the object was replaced meanwhile says so', async () => {
    const storage = await newStorage(
      { 'm/a': { bytes: patterned(3_000) } },
      {
        mishap: ({ kind }) => {
          if (kind === 'read') storage.put('m/a', { bytes: patterned(3_000, 2), generation: '9' });
          return { cutAfter: 1_000 };
        },
      },
    );
    const workspace = newWorkspace();
    await expect(downloadOf(storage, workspace).run).rejects.toThrow(
      'gs://bucket/m/a was deleted or replaced while it was downloaded: generation 1763888888000001 is gone.',
    );
    expect(existsSync(join(workspace, 'out/a'))).toBe(false);
  });
});

describe('a checksum', () => {
  test.each(['crc32c', 'md5', undefined] as const)(
    'that differs once has the object come once more (%s)',
    async (sums) => {
      const storage = await newStorage(
        { 'm/a': { bytes: patterned(3_000), ...(sums === undefined ? {} : { sums }) } },
        { mishap: ({ kind, times }) => (kind === 'read' && times === 0 ? { flipped: true } : undefined) },
      );
      const workspace = newWorkspace();
      await downloadOf(storage, workspace).run;
      expect(readFileSync(join(workspace, 'out/a'))).toEqual(patterned(3_000));
      expect(readsOf(storage).map(({ from }) => from)).toEqual([0, 0]);
    },
  );

  test('that always differs is an error that names the object, and nothing gets its name', async () => {
    const storage = await newStorage(MODEL, {
      mishap: ({ name }) => (name === 'm/saved_model.pb' ? { flipped: true } : undefined),
    });
    const workspace = newWorkspace();
    await expect(downloadOf(storage, workspace).run).rejects.toThrow(
      'download: 1 file cannot be had:\ngs://bucket/m/saved_model.pb was downloaded 2 times, and never had the checksum that Cloud Storage tells (CRC-32C ',
    );
    expect(existsSync(join(workspace, 'out/saved_model.pb'))).toBe(false);
  });

  test('of what an earlier download left is found wrong by the end, and the object comes whole', async () => {
    const bytes = patterned(3_000);
    let broken = true;
    const storage = await newStorage(
      { 'm/a': { bytes } },
      { mishap: ({ kind, times }) => (broken && kind === 'read' ? { cutAfter: times === 0 ? 1_000 : 0 } : undefined) },
    );
    const workspace = newWorkspace();
    await failureOf(downloadOf(storage, workspace).run);
    const folder = join(workspace, 'out/.train-on-vertex-partial');
    const [name = ''] = readdirSync(folder);
    writeFileSync(join(folder, name), 'x'.repeat(1_000));
    broken = false;
    await downloadOf(storage, workspace).run;
    expect(readFileSync(join(workspace, 'out/a'))).toEqual(bytes);
    expect(readsOf(storage).slice(-2)).toMatchObject([{ from: 1_000 }, { from: 0 }]);
  });
});

describe('a second download', () => {
  test('brings what is missing or differs alone', async () => {
    const storage = await newStorage(MODEL);
    const workspace = newWorkspace();
    await downloadOf(storage, workspace).run;
    writeFileSync(join(workspace, 'out/saved_model.pb'), 'GRAPH');
    const before = storage.asked.length;
    expect(await downloadOf(storage, workspace).run).toEqual({ path: 'out', files: 3, bytes: 12, kept: 2 });
    expect(storage.asked.slice(before).map(({ kind, name }) => [kind, name])).toEqual([
      ['list', 'm/'],
      ['read', 'm/saved_model.pb'],
    ]);
    expect(contentOf(join(workspace, 'out'))).toEqual(FILES);
  });

  test('does not take a file for whole that nothing can be held against', async () => {
    const storage = await newStorage({ 'm/a': { ...held('abc'), sums: 'none' } });
    const workspace = newWorkspace();
    await downloadOf(storage, workspace).run;
    writeFileSync(join(workspace, 'out/a'), 'xyz');
    expect(await downloadOf(storage, workspace).run).toMatchObject({ kept: 0 });
    expect(contentOf(join(workspace, 'out'))).toEqual({ a: 'abc' });
  });

  test('forgets what was left of content that is no more', async () => {
    let broken = true;
    const storage = await newStorage(
      { 'm/a': { bytes: patterned(3_000) } },
      { mishap: ({ kind, times }) => (broken && kind === 'read' ? { cutAfter: times === 0 ? 1_000 : 0 } : undefined) },
    );
    const workspace = newWorkspace();
    await failureOf(downloadOf(storage, workspace).run);
    broken = false;
    storage.put('m/a', { bytes: patterned(3_000, 2), generation: '9' });
    await downloadOf(storage, workspace).run;
    expect(readFileSync(join(workspace, 'out/a'))).toEqual(patterned(3_000, 2));
    expect(readdirSync(join(workspace, 'out'))).toEqual(['a']);
  });
});

test('a cancelled download leaves whole files alone under their names, and is gone on with', async () => {
  const stop = new AbortController();
  const bytes = patterned(300_000);
  const storage = await newStorage(
    { 'm/a': { bytes }, 'm/b': held('whole') },
    {
      mishap: ({ kind, name, times }) => {
        if (kind !== 'read' || name !== 'm/a' || times > 0) return undefined;
        setTimeout(() => stop.abort(new Error('cancelled')), 200);
        return { hangAfter: 100_000 };
      },
    },
  );
  const workspace = newWorkspace();
  await expect(downloadOf(storage, workspace, { signal: stop.signal }).run).rejects.toThrow('cancelled');
  expect(existsSync(join(workspace, 'out/a'))).toBe(false);
  await downloadOf(storage, workspace).run;
  expect(storage.asked.filter(({ name }) => name === 'm/a').map(({ from }) => from)).toEqual([0, 100_000]);
  expect(contentOf(join(workspace, 'out'))).toEqual({ a: bytes.toString('latin1'), b: 'whole' });
});

test('a disk that is too small is told before anything comes', async () => {
  const storage = await newStorage({ 'm/a': { bytes: patterned(3_000_000) }, 'm/b': held('there') });
  const workspace = newWorkspace();
  mkdirSync(join(workspace, 'out'));
  writeFileSync(join(workspace, 'out/b'), 'there');
  const { run } = downloadOf(storage, workspace, { freeBytes: async () => 2_000_000 });
  await expect(run).rejects.toThrow(
    'download: the disk of "out" has 2 MB free, and 1 file to come need 3 MB. Free space before this step',
  );
  expect(readsOf(storage)).toEqual([]);
  await downloadOf(storage, workspace, { freeBytes: async () => 3_000_000 }).run;
});

describe('the workspace', () => {
  test.each([
    { into: '..', reason: 'it is outside the workspace' },
    { into: '../other', reason: 'it is outside the workspace' },
    { into: '/etc', reason: 'it is outside the workspace' },
    { into: 'a/../..', reason: 'it is outside the workspace' },
    { into: '.', reason: 'it is the workspace itself' },
    { into: '', reason: 'it is the workspace itself' },
    { into: '.git', reason: 'it has a part that means .git' },
    { into: 'a/.GIT/hooks', reason: 'it has a part that means .git' },
  ])('takes no files at $into', async ({ into, reason }) => {
    const storage = await newStorage(MODEL);
    const workspace = newWorkspace();
    await expect(downloadOf(storage, workspace, { into }).run).rejects.toThrow(
      `download: ${JSON.stringify(into)} cannot take the files: ${reason}`,
    );
    expect(readdirSync(join(workspace, '..'))).toEqual(['workspace']);
    expect(readdirSync(workspace)).toEqual([]);
  });

  test('takes files through a link that stays in it, and through no other', async () => {
    const storage = await newStorage(MODEL);
    const workspace = newWorkspace();
    const outside = newFolder();
    mkdirSync(join(workspace, 'real'));
    mkdirSync(join(workspace, '.git'));
    symlinkSync('real', join(workspace, 'in'));
    symlinkSync(outside, join(workspace, 'out'));
    symlinkSync('.git', join(workspace, 'git'));
    symlinkSync('nowhere', join(workspace, 'dangling'));
    await downloadOf(storage, workspace, { into: 'in/model' }).run;
    expect(contentOf(join(workspace, 'real/model'))).toEqual(FILES);
    for (const into of ['out', 'out/model', 'git', 'git/x', 'dangling', 'dangling/x']) {
      expect(await failureOf(downloadOf(storage, workspace, { into }).run)).toBeInstanceOf(UserError);
    }
    expect(readdirSync(outside)).toEqual([]);
    expect(readdirSync(join(workspace, '.git'))).toEqual([]);
  });

  test('that is not there takes nothing, which is told with the reason', async () => {
    const storage = await newStorage(MODEL);
    const error = await failureOf(downloadOf(storage, join(newFolder(), 'nowhere')).run);
    expect(error).toBeInstanceOf(UserError);
    expect(messageOf(error)).toMatch(/^download: "out" cannot be written\. The cause: (?:Error: )?ENOENT: /);
  });

  test('has no room where a file is in the way of the folder', async () => {
    const storage = await newStorage(MODEL);
    const workspace = newWorkspace();
    writeFileSync(join(workspace, 'file'), 'mine');
    for (const into of ['file', 'file/model']) {
      await expect(downloadOf(storage, workspace, { into }).run).rejects.toThrow(
        'is in the way: the download needs a folder there. Remove it.',
      );
    }
    expect(contentOf(workspace)).toEqual({ file: 'mine' });
  });

  test('may itself be reached through a link', async () => {
    const storage = await newStorage(MODEL);
    const folder = newFolder();
    const workspace = workspaceIn(folder);
    symlinkSync(workspace, join(folder, 'link'));
    await downloadOf(storage, join(folder, 'link')).run;
    expect(contentOf(join(workspace, 'out'))).toEqual(FILES);
  });
});

describe('in the folder', () => {
  test('no link is followed: one in the way is told, one for a file is replaced', async () => {
    const storage = await newStorage(MODEL);
    const workspace = newWorkspace();
    const outside = newFolder();
    writeFileSync(join(outside, 'file'), 'mine');
    mkdirSync(join(workspace, 'out'));
    symlinkSync(outside, join(workspace, 'out/variables'));
    symlinkSync(join(outside, 'file'), join(workspace, 'out/saved_model.pb'));
    await expect(downloadOf(storage, workspace).run).rejects.toThrow(
      'download: gs://bucket/m cannot be put into "out":\n"variables" is a link, which a download does not follow. Remove it.',
    );
    rmSync(join(workspace, 'out/variables'));
    await downloadOf(storage, workspace).run;
    expect(contentOf(join(workspace, 'out'))).toEqual(FILES);
    expect(lstatSync(join(workspace, 'out/saved_model.pb')).isFile()).toBe(true);
    expect(contentOf(outside)).toEqual({ file: 'mine' });
  });

  test('everything in the way is told at once', async () => {
    const storage = await newStorage({ ...MODEL, 'm/../x': held('x'), 'm/a\\b': held('x') });
    const workspace = newWorkspace();
    mkdirSync(join(workspace, 'out/saved_model.pb'), { recursive: true });
    writeFileSync(join(workspace, 'out/variables'), 'a file');
    const error = await failureOf(downloadOf(storage, workspace).run);
    expect(error?.message.split('\n')).toEqual([
      'download: gs://bucket/m cannot be put into "out":',
      '"m/../x" has ".." for a part. Rename it where the program writes it.',
      '"m/a\\\\b" has a backslash. Rename it where the program writes it.',
      '"variables" has to be a folder. Remove it.',
      '"saved_model.pb" has to be a file, and is a folder. Remove it.',
    ]);
    expect(readsOf(storage)).toEqual([]);
    expect(readdirSync(join(workspace, 'out')).sort()).toEqual(['saved_model.pb', 'variables']);
  });

  test('the folder for what is not whole is no link', async () => {
    const storage = await newStorage(MODEL);
    const workspace = newWorkspace();
    const outside = newFolder();
    mkdirSync(join(workspace, 'out'));
    symlinkSync(outside, join(workspace, 'out/.train-on-vertex-partial'));
    await expect(downloadOf(storage, workspace).run).rejects.toThrow('is a link, which a download does not follow');
    expect(readdirSync(outside)).toEqual([]);
  });
});
