import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { must, run } from '../../../scripts/machine/run.ts';

const script = join(import.meta.dirname, '../../../scripts/release/move-major.sh');

let folder = '';
let clone = '';
const git = async (...args: string[]) => {
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
  return (await must('git', [...author, ...args], { cwd: clone })).trim();
};
const commit = async (text: string) => {
  await writeFile(join(clone, 'file'), text);
  await git('add', 'file');
  await git('commit', '--quiet', '--message', text);
};
const release = async (tag: string) => {
  await commit(tag);
  await git('tag', tag);
  await git('push', '--quiet', 'origin', 'main', tag);
};
const move = (tag: string) => run('bash', [script, tag], { cwd: clone });
const atOrigin = async (tag: string) => (await git('ls-remote', 'origin', `refs/tags/${tag}`)).split('\t')[0];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'release-'));
  clone = join(folder, 'clone');
  await must('git', ['init', '--quiet', '--bare', join(folder, 'origin.git')]);
  await must('git', ['init', '--quiet', '--initial-branch=main', clone]);
  await git('remote', 'add', 'origin', join(folder, 'origin.git'));
  await release('v1.0.0');
});
afterEach(() => rm(folder, { recursive: true }));

describe("the major version's tag", () => {
  it('is made with the first release and moves with each one', async () => {
    expect(await move('v1.0.0')).toMatchObject({ code: 0, stdout: 'v1 is v1.0.0 now.\n' });
    expect(await atOrigin('v1')).toBe(await git('rev-parse', 'v1.0.0'));
    await release('v1.0.1');
    expect(await move('v1.0.1')).toMatchObject({ code: 0 });
    expect(await atOrigin('v1')).toBe(await git('rev-parse', 'v1.0.1'));
  });

  it('goes to the newest by number, not by letter, and never back', async () => {
    for (const tag of ['v1.9.0', 'v1.10.0']) await release(tag);
    await move('v1.10.0');
    expect(await move('v1.9.0')).toMatchObject({
      code: 0,
      stdout: 'v1 stays at v1.10.0, which is newer than v1.9.0.\n',
    });
    expect(await atOrigin('v1')).toBe(await git('rev-parse', 'v1.10.0'));
  });

  it('leaves other major versions alone', async () => {
    await move('v1.0.0');
    await release('v2.0.0');
    expect(await move('v2.0.0')).toMatchObject({ code: 0 });
    expect(await atOrigin('v1')).toBe(await git('rev-parse', 'v1.0.0'));
    expect(await atOrigin('v2')).toBe(await git('rev-parse', 'v2.0.0'));
  });

  it('stays where what is released is not on main', async () => {
    await git('checkout', '--quiet', '-b', 'side');
    await commit('side');
    await git('tag', 'v1.0.1');
    expect(await move('v1.0.1')).toMatchObject({ code: 1, stderr: expect.stringContaining('v1.0.1 is not on main') });
    expect(await atOrigin('v1')).toBe('');
  });

  it.each(['v1', 'v1.0', 'v1.0.0-rc.1', 'main', '--mirror', 'v1.0.0; true'])("refuses '%s'", async (tag) => {
    expect(await move(tag)).toMatchObject({ code: 1, stderr: expect.stringContaining(`'${tag}' is no release's tag`) });
  });

  it('is not moved to a tag that is not there', async () => {
    expect(await move('v1.0.7')).toMatchObject({ code: 1, stderr: expect.stringContaining('no tag v1.0.7') });
  });
});
