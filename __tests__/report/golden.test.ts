import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { commentOf } from '../../src/report/comment.ts';
import { summaryOf } from '../../src/report/summary/page.ts';
import { expectGolden } from './golden.ts';
import { diagramsOf, kindOf } from './mermaid.ts';
import { SCENES, scene } from './scenes.ts';

const MARKER = '<!-- train-on-vertex 0123456789abcdef -->';
const WHOLE_BYTES = 20_000;

/** A long text by its first and last lines; the hash tells whether the others are what they were. */
function brief(text: string): string {
  if (Buffer.byteLength(text) <= WHOLE_BYTES) return text;
  const lines = text.split('\n').map((line) => (line.length > 400 ? `${line.slice(0, 400)}…` : line));
  const hash = createHash('sha256').update(text).digest('hex');
  return [...lines.slice(0, 60), `… ${lines.length} lines, sha256 ${hash} …`, ...lines.slice(-40)].join('\n');
}

describe.each(Object.entries(SCENES))('%s', (name, parts) => {
  const summary = summaryOf(parts());
  const comment = commentOf({ ...parts(), marker: MARKER });

  test('the summary', () => expectGolden(`${name}.summary.md`, brief(summary)));

  test('the comment', () => expectGolden(`${name}.comment.md`, brief(comment)));

  test('Mermaid reads its charts', async () => {
    for (const diagram of [...diagramsOf(summary), ...diagramsOf(comment)]) {
      expect(diagram.length).toBeLessThan(50_000);
      expect(await kindOf(diagram)).toMatch(/^(?:xychart|quadrantChart|gantt)$/);
    }
  });
});

test('a tuning job has a chart of every kind', async () => {
  const kinds = await Promise.all(diagramsOf(summaryOf(scene('twenty-trials'))).map(kindOf));
  expect(new Set(kinds)).toEqual(new Set(['xychart', 'quadrantChart', 'gantt']));
});

test.each(['one-trial', 'custom-job', 'pipeline', 'failure', 'detached'])('%s has no chart', (name) => {
  expect(diagramsOf(summaryOf(scene(name)))).toEqual([]);
});
