import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findLinters } from '../repository/linters.ts';
import { workflowOf } from './judge-yaml.ts';
import { type Block, pages, root } from './pages.ts';

const yaml = [...pages.values()].flatMap((page) => page.blocks).filter(({ language }) => language === 'yaml');
const linters = await findLinters();
const isThere = typeof linters !== 'string';
const suite = isThere ? describe : describe.skip;
if (!isThere) process.stderr.write(`SKIPPED: actionlint and zizmor on blocks (${linters})\n`);

suite('the workflows of every page', () => {
  let folder = '';
  const written = (chosen: readonly Block[]) =>
    Promise.all(
      chosen.map(async (block) => {
        const file = join(folder, `${block.page.replaceAll('/', '-')}-${block.line}.yml`);
        await writeFile(file, workflowOf(block.text) ?? '');
        return file;
      }),
    );
  beforeAll(async () => {
    await mkdir(join(root, 'build'), { recursive: true });
    folder = await mkdtemp(join(root, 'build/docs-blocks-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are right to actionlint, as are steps and other parts in one', async () => {
    if (!isThere) return;
    const files = await written(yaml.filter(({ text }) => workflowOf(text) !== undefined));
    expect(files.length).toBeGreaterThan(5);
    const { code, stdout, stderr } = await linters.actionlint(...files);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('give zizmor nothing to find', async () => {
    if (!isThere) return;
    const files = await written(yaml.filter(({ text }) => workflowOf(text) === text));
    expect(files.length).toBeGreaterThan(3);
    const { code, stdout } = await linters.zizmorOfPages(...files);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('No findings to report') });
  });
});
