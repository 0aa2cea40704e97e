import { describe, expect, test } from '@jest/globals';
import { upToFirstChart } from '../../../scripts/look/picture.ts';

describe('a summary for a picture', () => {
  const chart = '```mermaid\nxychart-beta\n```\n\n*What it shows.*\n\n';
  const head = '### Verdict\n\nBest trial: **4**\n\n#### accuracy by trial\n\n';

  test.each([
    ['ends with what is said of the first chart', `${head}${chart}#### Next\n\n${chart}`, `${head}${chart}`],
    ['has nothing that is folded', `${head}${chart}<details>\n${chart}</details>`, `${head}${chart}`],
    ['is whole where the chart is the last', `${head}${chart}`, `${head}${chart}`],
    ['is whole without a chart', '### Verdict\n\n#### Next\n', '### Verdict\n\n#### Next\n'],
  ])('%s', (_, summary, cut) => {
    expect(upToFirstChart(summary)).toBe(cut);
  });
});
