import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stageAiplatform } from './build/aiplatform.ts';
import { bundledPackages, packagePaths } from './build/bundled.ts';
import { licenseTexts } from './build/licenses.ts';
import { type Product, sbomText } from './build/sbom.ts';

/** Each process that the actions start, bundled on its own. */
const ENTRIES = { action: 'src/index.js', local: 'src/local/index.js', sweep: 'src/sweep/index.js' };

const root = resolve(import.meta.dirname, '..');
const stage = join(root, 'build');
const dist = join(root, process.argv[2] ?? 'dist');
const bin = (path: string) => join(root, 'node_modules', path);
const node = (...args: readonly string[]) =>
  execFileSync(process.execPath, [...args], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });

rmSync(stage, { recursive: true, force: true });
rmSync(dist, { recursive: true, force: true });
mkdirSync(stage);
// Without "type" the bundler takes the modules for what they are and writes CommonJS.
writeFileSync(join(stage, 'package.json'), '{}\n');
node(bin('typescript/bin/tsc'), '-p', 'tsconfig.build.json');
stageAiplatform(root, stage);
const bundled = new Set<string>();
for (const [name, source] of Object.entries(ENTRIES)) {
  const entry = join(stage, source);
  if (!existsSync(entry)) continue;
  const stats = join(stage, `${name}.stats.json`);
  node(bin('@vercel/ncc/dist/ncc/cli.js'), 'build', entry, '-o', join(dist, name), '--no-cache', '--stats-out', stats);
  for (const path of packagePaths(JSON.parse(readFileSync(stats, 'utf8')))) bundled.add(path);
}
const packages = bundledPackages(root, bundled);
const product = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Product;
writeFileSync(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
writeFileSync(join(dist, 'licenses.txt'), licenseTexts(packages));
writeFileSync(join(dist, 'sbom.cdx.json'), sbomText(product, packages));
