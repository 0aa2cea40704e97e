import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Folders } from '../../../src/local/storage/folders.ts';
import { parseReports } from '../../../src/local/study/metrics-file.ts';

let root: string;
let folders: Folders;
let file: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'folders-'));
  folders = new Folders(root);
  file = join(await folders.metrics('1', 'workerpool0-0'), 'output.metrics');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const line = (step: number) => `{"m": "${step}", "global_step": "${step}", "timestamp": ${step}}\n`;
const text = () => folders.metricText('1', 'workerpool0-0');

describe('the text of a metric file', () => {
  it('is empty while there is none', async () => {
    expect(await text()).toBe('');
  });

  it('is the whole of a short one', async () => {
    await writeFile(file, line(1) + line(2));
    expect(await text()).toBe(line(1) + line(2));
  });

  it('is the end of one to which a program appends', async () => {
    await writeFile(file, Array.from({ length: 20_000 }, (_unused, index) => line(index + 1)).join(''));
    const reports = parseReports(await text());
    expect(reports.length).toBeLessThan(10_000);
    expect(reports.slice(-100).map(({ value }) => value)).toEqual(
      Array.from({ length: 100 }, (_unused, index) => 19_901 + index),
    );
  });

  it.each<[string, () => unknown]>([
    ['a link', () => symlink('/etc/hostname', file)],
    ['a pipe', () => execFileSync('mkfifo', [file])],
  ])('is empty of %s', async (_name, make) => {
    await make();
    expect(await text()).toBe('');
  });
});
