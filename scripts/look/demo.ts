import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findProgram } from '../machine/places.ts';
import { must } from '../machine/run.ts';
import { THEMES } from './page.ts';
import { drawn, upToFirstChart } from './picture.ts';

/** Draws README's pictures, light and dark, of the summary that `npm run demo` has left. */

const root = resolve(import.meta.dirname, '../..');
const summary = upToFirstChart(await readFile(join(root, 'build/demo/summary.md'), 'utf8'));
const [pages, pictures] = [join(root, 'build/look'), join(root, 'docs/images')];
await Promise.all([pages, pictures].map((folder) => mkdir(folder, { recursive: true })));
const pngquant = await findProgram('pngquant');
for (const [shade, theme] of Object.entries(THEMES)) {
  const picture = join(pictures, `summary-${shade}.png`);
  await drawn(summary, theme, join(pages, `demo-${shade}.html`), picture);
  if (pngquant !== undefined) await must(pngquant, ['--force', '--strip', '--output', picture, '256', '--', picture]);
  process.stdout.write(`${picture}\n`);
}
