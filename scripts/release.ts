import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { releaseNotes, tagOf } from './release/notes.ts';

/** Puts together what a release of package.json's version holds, in build/release, and tells the paths as step outputs. */
const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'build/release');
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
  'name' | 'version',
  string
>;
const tag = tagOf(version);
const [notes, archive, sbom] = ['notes.md', `${name}-${version}.tar.gz`, `${name}-${version}.cdx.json`].map((file) =>
  join(folder, file),
) as [string, string, string];

mkdirSync(folder, { recursive: true });
writeFileSync(notes, releaseNotes(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), version));
// What a runner needs of the repository, and its pages with what they lead to, as they were committed.
const runs = ['action.yml', 'action-types.yml', 'sweep', 'dist', 'LICENSE'];
const read = [
  'README.md',
  'README.ko.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'docs',
  'examples',
  'schemas',
];
const shipped = [...runs, ...read];
execFileSync('git', ['archive', `--prefix=${name}-${version}/`, '-o', archive, 'HEAD', ...shipped], { cwd: root });
copyFileSync(join(root, 'dist/sbom.cdx.json'), sbom);
process.stdout.write(`tag=${tag}\nnotes=${notes}\narchive=${archive}\nsbom=${sbom}\n`);
