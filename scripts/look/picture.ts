import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { findProgram } from '../machine/places.ts';
import { must } from '../machine/run.ts';
import { pageOf, type Theme } from './page.ts';

/** Width of a picture in CSS pixels: an article of GitHub's job summary. */
const WIDTH = 948;
/** Pixels of the picture for one of CSS, so that it stays sharp on dense screens. */
const SCALE = 1.5;
/** Time in the page that is left to charts to be drawn; the clock of the page runs ahead. */
const DRAWING_MS = 20_000;
/** Chromium has no sandbox for root; the pages hold nothing from strangers. */
const AS_ROOT = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const MEASURE = `<script>
setInterval(() => { document.title = Math.ceil(document.querySelector('article').getBoundingClientRect().bottom); }, 100);
</script>`;

/** A summary from its verdict to what is said below its first chart; as it is where it has no chart. */
export function upToFirstChart(summary: string): string {
  const chart = summary.indexOf('```mermaid');
  if (chart === -1) return summary;
  const rest = summary.slice(chart);
  const end = rest.search(/^(?:<details>|#)/m);
  return end === -1 ? summary : summary.slice(0, chart + end);
}

async function browser(): Promise<string> {
  for (const name of ['chromium', 'google-chrome', 'chrome']) {
    const found = await findProgram(name);
    if (found !== undefined) return found;
  }
  throw new Error('There is no chromium on this machine, which draws the pages: apt-get install chromium.');
}

/** Draws the text as GitHub about shows it. The page is written beside the picture's name, for a browser. */
export async function drawn(markdown: string, theme: Theme, page: string, picture: string): Promise<void> {
  await writeFile(page, `${pageOf(markdown, theme)}${MEASURE}`);
  const program = await browser();
  const draw = (height: number, ...flags: readonly string[]) =>
    must(program, [
      ...['--headless', '--disable-gpu', '--hide-scrollbars', '--allow-file-access-from-files', ...AS_ROOT],
      ...[`--window-size=${WIDTH},${height}`, `--virtual-time-budget=${DRAWING_MS}`, ...flags],
      pathToFileURL(page).href,
    ]);
  const [, height] = /<title>(\d+)<\/title>/.exec(await draw(800, '--dump-dom')) ?? [];
  if (height === undefined) throw new Error(`${page} was not drawn`);
  await draw(Number(height), `--force-device-scale-factor=${SCALE}`, `--screenshot=${picture}`);
}
