import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { commentOf } from '../../src/report/comment.ts';
import {
  bestOutputs,
  fitOutputs,
  gateOutputs,
  jobOutputs,
  modelOutputs,
  usageOutputs,
} from '../../src/report/outputs.ts';
import { summaryOf } from '../../src/report/summary/page.ts';
import type { SummaryParts } from '../../src/report/summary/parts.ts';
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

/** As GitHub takes them, those that hold JSON read as `fromJSON` reads them. */
function outputsOf({ job, links, results }: SummaryParts): Readonly<Record<string, unknown>> {
  const { usage, best, gate, model } = results;
  const { outputs } = fitOutputs(
    {
      ...jobOutputs(job, links),
      ...usageOutputs(usage),
      ...bestOutputs(best),
      ...gateOutputs(gate),
      ...(model === undefined ? {} : modelOutputs(model)),
    },
    (text) => text,
  );
  const read = ([name, value]: readonly [string, string]) => [name, /^[{[]/.test(value) ? JSON.parse(value) : value];
  return Object.fromEntries(Object.entries(outputs).map(read));
}

describe.each(Object.entries(SCENES))('%s', (name, parts) => {
  const summary = summaryOf(parts());
  const comment = commentOf({ ...parts(), marker: MARKER });

  test('the summary', () => expectGolden(`${name}.summary.md`, brief(summary)));

  test('the comment', () => expectGolden(`${name}.comment.md`, brief(comment)));

  test('the outputs', () => expectGolden(`${name}.outputs.json`, `${JSON.stringify(outputsOf(parts()), null, 2)}\n`));

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
