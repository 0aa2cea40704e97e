import { readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openTarget } from '../../../src/artifacts/download/target.ts';
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
