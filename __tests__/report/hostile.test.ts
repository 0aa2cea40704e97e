import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { marked, type Token } from 'marked';
import { commentOf } from '../../src/report/comment.ts';
import { summaryOf } from '../../src/report/summary/page.ts';
import { HOSTILE, hostileParts } from './hostile.ts';
import { diagramsOf, kindOf } from './mermaid.ts';
import { ACCURACY, digitsTrials, parts, results, tuning, tuningJob } from './scenes.ts';

const OWN_TAGS = /^<\/?(?:details|summary|code)>$/;
const OWN_ADDRESSES = ['https://console.cloud.google.com/ai/', 'https://github.com/o/r/actions/runs/1'];
const OWN_HEADINGS =
  /^(?:[✅❌⏳] (?:(?:Gate|Step) failed[^:]*: )?(?:custom job|hyperparameter tuning job) |Gate$|Pareto set: |What explains |Timeline$|.* by (?:trial|parameter)$)/isu;
const OWN_TYPES = new Set([
  ...[
    'space',
    'heading',
    'paragraph',
    'text',
    'strong',
    'em',
    'link',
    'list',
    'list_item',
    'table',
    'code',
    'codespan',
  ],
  ...['html', 'escape'],
]);

function tokensOf(markdown: string): Token[] {
  const tokens: Token[] = [];
  marked.walkTokens(marked.lexer(markdown, { gfm: true }), (token) => {
    tokens.push(token);
  });
  return tokens;
}

/** Everything in a page that is neither the action's own markup nor mere text. */
function intruders(markdown: string): unknown[] {
  const own: Readonly<Record<string, (token: Token) => boolean>> = {
    html: ({ raw }) => [...raw.matchAll(/<[^>]*>/g)].every(([tag]) => OWN_TAGS.test(tag)),
    link: (token) => token.type === 'link' && OWN_ADDRESSES.some((address) => token['href'].startsWith(address)),
    heading: (token) => token.type === 'heading' && OWN_HEADINGS.test(shownText(token['text'])),
    codespan: ({ raw }) => ['`hourly_price`', '`trials_file`'].includes(raw),
    code: (token) => token.type === 'code' && ['text', 'mermaid'].includes(token['lang']),
    list: (token) => token.type === 'list' && token['ordered'] === false,
  };
  const alien = tokensOf(markdown).filter((token) => !OWN_TYPES.has(token.type) || own[token.type]?.(token) === false);
  return alien.map(({ type, raw }) => [type, raw.slice(0, 200)]);
}

/** Text as a browser shows it. */
const shownText = (html: string) =>
  html
    .replace(/&#(\d+);/g, (_, digits: string) => String.fromCodePoint(Number(digits)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');

/** What GitHub looks for mentions, references and emoji in: the text outside of code. */
function looseText(markdown: string): string {
  const html = String(marked.parse(markdown, { gfm: true, async: false }));
  return shownText(
    html
      .replace(/<(pre|code)\b[^>]*>[\s\S]*?<\/\1>/g, '')
      .replace(/<a [^>]*>/g, '')
      .replace(/<[^>]*>/g, '\n'),
  );
}

/** The numbers of cells in the rows of each table, counted as GitHub counts them. */
function tableWidths(markdown: string): Set<number>[] {
  const withoutCode = markdown.replace(/^(`{3,})[\s\S]*?^\1$/gm, '');
  return withoutCode
    .split('\n\n')
    .filter((block) => /^\|.*\n\|( --- \|)+/.test(block))
    .map(
      (block) =>
        new Set(
          block
            .trimEnd()
            .split('\n')
            .map((line) => line.split('|').length),
        ),
    );
}

async function expectHarmless(markdown: string): Promise<void> {
  expect(intruders(markdown)).toEqual([]);
  expect(looseText(markdown)).not.toMatch(/@\w|#\d|\bGH-\d|:tada:/i);
  for (const widths of tableWidths(markdown)) expect(widths.size).toBe(1);
  for (const diagram of diagramsOf(markdown)) {
    expect(diagram.length).toBeLessThan(50_000);
    expect(diagram.replace(/"[^"]*"/g, '')).not.toMatch(/NaN|Infinity|-0(?![.\d])|\de[+-]?\d/);
    await kindOf(diagram);
  }
}

const MARKER = '<!-- train-on-vertex -->';

describe('names and values from outside', () => {
  test('do nothing in the summary and in the comment', async () => {
    await fc.assert(
      fc.asyncProperty(hostileParts, async (told) => {
        const summary = summaryOf(told);
        await expectHarmless(summary);
        expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024);
        const comment = commentOf({ ...told, marker: MARKER });
        expect(comment.startsWith(`${MARKER}\n### `)).toBe(true);
        await expectHarmless(comment.slice(MARKER.length));
        expect(comment.length).toBeLessThan(65_536);
      }),
      { numRuns: 60 },
    );
  });

  test.each(HOSTILE.map((text) => [text.slice(0, 40), text]))(
    '%j as every name and value of a study',
    async (_, text) => {
      const metric = { ...ACCURACY, metricId: text };
      const trials = digitsTrials(12).map((trial) => ({
        ...trial,
        parameters: [
          ...trial.parameters.map((each) => ({ ...each, parameterId: text + each.parameterId })),
          { parameterId: text, value: text + trial.id },
        ],
        finalMeasurement: { metrics: [{ metricId: text, value: Number(trial.id) / 7 }] },
      }));
      const best = { id: '12', parameters: { [text]: text }, metrics: { [text]: 1 }, job: undefined };
      const told = {
        ...tuning(12),
        job: tuningJob(trials, 'SUCCEEDED', { displayName: text }),
        metrics: [metric],
        results: results({ best: { trial: best, metrics: best.metrics, pareto: undefined, folders: undefined } }),
      };
      const summary = summaryOf(told);
      expect(diagramsOf(summary).length).toBeGreaterThan(2);
      await expectHarmless(summary);
      await expectHarmless(commentOf({ ...told, marker: '' }));
    },
  );
});

describe('a summary that could grow too long', () => {
  const big = (count: number) =>
    digitsTrials(count).map((trial) => ({
      ...trial,
      parameters: Array.from({ length: 12 }, (_, each) => ({
        parameterId: `p${each}`,
        value: `${trial.id}${'|'.repeat(10_000)}`,
      })),
    }));

  test('of trials with long values shows the first of them', () => {
    const text = summaryOf({ ...tuning(20), job: tuningJob(big(1_000)) });
    expect(Buffer.byteLength(text)).toBeLessThan(900_001);
    expect(text).toMatch(/\n\n\d+ more are in trials_file\.\n\n<\/details>\n/);
    expect(text).toContain('Best trial: **');
    expect(text).toContain('\n| Job | ');
  });

  test('shows all of a thousand trials', () => {
    const text = summaryOf(tuning(1_000));
    expect(text.match(/^\| \d+ \| (?:SUCCEEDED|INFEASIBLE) \|/gm)).toHaveLength(1_000);
    expect(text).not.toContain('Left out');
  });

  test('of 30,000 trials shows the first of them, and says where the others are', () => {
    const text = summaryOf(tuning(30_000));
    const shown = text.match(/^\| \d+ \| (?:SUCCEEDED|INFEASIBLE) \|/gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(1_000);
    expect(text).toContain(`\n\n${30_000 - shown} more are in trials_file.\n\n</details>`);
    expect(Buffer.byteLength(text)).toBeLessThan(900_001);
  });

  test('of which every part is long loses the least useful first, and says so', () => {
    const cause = {
      message: 'm',
      source: 's',
      lines: Array(40).fill('🎉'.repeat(500)),
      exitCode: 1,
      meaning: undefined,
    };
    const parameters = Object.fromEntries(Array.from({ length: 100 }, (_, each) => [`p${each}`, '|'.repeat(1_000)]));
    const best = { id: '1', parameters, metrics: { accuracy: 1 }, job: undefined };
    const came = results({ best: { trial: best, metrics: best.metrics, pareto: undefined, folders: undefined } });
    const text = summaryOf({ ...tuning(1_000), job: tuningJob(big(1_000)), cause, results: came });
    expect(Buffer.byteLength(text)).toBeLessThan(900_001);
    const said = /\*Left out or shortened, as GitHub takes no longer text: (.*)\. The output/.exec(text)?.[1];
    expect(said).toContain('timeline of the trials');
    expect(said).toContain('table of the trials');
    expect(said).not.toContain('gate');
    expect(text).toContain('Last lines of s (exit code 1):');
  });

  // Cloud Logging takes lines of up to 256 KB.
  test('of a cause with very long lines is shown, in a comment too', () => {
    const lines = Array.from({ length: 40 }, () => '🎉'.repeat(50_000));
    const cause = { message: '|'.repeat(100_000), source: 'workerpool0-0', lines, exitCode: 1, meaning: undefined };
    const told = parts({ cause });
    expect(Buffer.byteLength(summaryOf(told))).toBeLessThan(900_001);
    const comment = commentOf({ ...told, marker: MARKER });
    expect(comment.length).toBeLessThan(65_536);
    expect(comment).toContain('Last lines of workerpool0-0 (exit code 1):');
  });
});
