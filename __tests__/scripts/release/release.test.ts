import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { must, run } from '../../../scripts/machine/run.ts';

const root = join(import.meta.dirname, '../../..');
const PAGES = [
  'README.md',
  'README.ko.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'docs',
  'examples',
  'schemas',
];
const COPIED = ['scripts', 'dist', 'sweep', 'action.yml', 'action-types.yml', 'LICENSE', 'package.json', ...PAGES];

let clone = '';
beforeAll(async () => {
  clone = await mkdtemp(join(tmpdir(), 'release-'));
  for (const name of COPIED) await cp(join(root, name), join(clone, name), { recursive: true });
});
afterAll(() => rm(clone, { recursive: true }));

const release = () => run(process.execPath, [join(clone, 'scripts/release.ts')], { cwd: clone });
const commit = async () => {
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
  await must('git', ['init', '--quiet'], { cwd: clone });
  await must('git', ['add', '.'], { cwd: clone });
  await must('git', [...author, 'commit', '--quiet', '--message', 'all'], { cwd: clone });
};

describe('what a release holds', () => {
  it('is not put together before the changelog tells of it', async () => {
    expect(await release()).toMatchObject({ code: 1, stderr: expect.stringContaining('CHANGELOG.md has no heading') });
  });

  it('is the notes, an archive of what a runner needs, and the bill of materials', async () => {
    const text = await readFile(join(clone, 'CHANGELOG.md'), 'utf8');
    const { version } = JSON.parse(await readFile(join(clone, 'package.json'), 'utf8')) as { readonly version: string };
    await writeFile(join(clone, 'CHANGELOG.md'), text.replace('## Unreleased', `## ${version} - 2026-11-30`));
    await commit();
    const { code, stdout } = await release();
    expect(code).toBe(0);
    const outputs = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split('=') as [string, string]),
    );
    expect(outputs).toMatchObject({ tag: `v${version}`, notes: expect.stringMatching(/notes\.md$/) });
    const inside = (await must('tar', ['tzf', outputs['archive'] ?? ''])).split('\n');
    const name = `train-on-vertex-${version}`;
    const some = [
      'action.yml',
      'sweep/action.yml',
      'dist/action/index.js',
      'dist/licenses.txt',
      'LICENSE',
      'docs/setup.md',
    ];
    expect(inside).toEqual(expect.arrayContaining(some.map((file) => `${name}/${file}`)));
    expect(inside.filter((file) => file.includes('scripts'))).toEqual([]);
    expect(await readFile(outputs['notes'] ?? '', 'utf8')).toContain('The first release.');
    expect(JSON.parse(await readFile(outputs['sbom'] ?? '', 'utf8'))).toMatchObject({ bomFormat: 'CycloneDX' });
  });
});
