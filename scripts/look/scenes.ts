import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SCENES, tuning } from '../../__tests__/report/scenes.ts';
import { commentOf } from '../../src/report/comment.ts';
import { summaryOf } from '../../src/report/summary/page.ts';

import { pageOf, THEMES } from './page.ts';

/** Pages with the summary and the comment of each of the tests' scenes, about as GitHub shows them, for a browser. */

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'build/look');
mkdirSync(folder, { recursive: true });
const links: string[] = [];
for (const [name, scene] of Object.entries({ ...SCENES, 'two-hundred-trials': () => tuning(200) })) {
  const texts = { summary: summaryOf(scene()), comment: commentOf({ ...scene(), marker: '<!-- train-on-vertex -->' }) };
  for (const [kind, markdown] of Object.entries(texts)) {
    for (const [shade, theme] of Object.entries(THEMES)) {
      const file = `${name}-${kind}-${shade}.html`;
      writeFileSync(join(folder, file), pageOf(markdown, theme));
      links.push(`<li><a href="${file}">${name}: ${kind}, ${shade}</a>`);
    }
  }
}
writeFileSync(join(folder, 'index.html'), `<!doctype html><meta charset="utf-8"><ul>${links.join('\n')}</ul>\n`);
process.stdout.write(`${pathToFileURL(join(folder, 'index.html')).href}\n`);
