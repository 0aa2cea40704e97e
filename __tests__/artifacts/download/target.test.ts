import { mkdirSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { checkTarget, openTarget } from '../../../src/artifacts/download/target.ts';
import { tempFolders } from '../../ground/temp-folder.ts';

const newFolder = tempFolders();

(process.platform === 'linux' ? test : test.skip)(
  'the file system is asked how it takes names, and nothing is left of that',
  async () => {
    const workspace = newFolder();
    const target = await openTarget(workspace, 'a/b');
    expect(target).toEqual({
      root: join(realpathSync(workspace), 'a/b'),
      partial: join(realpathSync(workspace), 'a/b/.train-on-vertex-partial'),
      rules: { foldsCase: false, foldsUnicode: false, windows: false },
    });
    expect(readdirSync(target.partial)).toEqual([]);
  },
);

test.each([
  { into: 'new/folder', error: undefined },
  { into: 'there/new', error: undefined },
  { into: 'link', error: undefined },
  { into: 'file', error: /in the way/ },
  { into: 'file/model', error: /in the way/ },
  { into: 'dangling', error: /a link to no folder/ },
  { into: 'out/model', error: /outside the workspace/ },
  { into: '..', error: /outside the workspace/ },
])('what keeps files from $into is told ahead as it would be later, and nothing is made', async ({ into, error }) => {
  const workspace = newFolder();
  mkdirSync(join(workspace, 'there'));
  writeFileSync(join(workspace, 'file'), '');
  symlinkSync('there', join(workspace, 'link'));
  symlinkSync('nowhere', join(workspace, 'dangling'));
  symlinkSync(newFolder(), join(workspace, 'out'));
  const listed = () => readdirSync(workspace, { recursive: true }).sort();
  const before = listed();
  const told = (promise: Promise<unknown>) => promise.then(() => '', String);
  const ahead = await told(checkTarget(workspace, into));
  expect(listed()).toEqual(before);
  expect(ahead).toBe(await told(openTarget(workspace, into)));
  expect(ahead).toMatch(error ?? /^$/);
});
