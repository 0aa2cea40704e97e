import fc from 'fast-check';
import type { SummaryParts } from '../../src/report/summary/parts.ts';
import type { Results } from '../../src/results/types.ts';
import type { MetricSpec, Trial } from '../../src/vertex/types.ts';
import { job, parts, results, tuningJob } from './scenes.ts';

/** What would do harm in Markdown, in HTML, in Mermaid, or in GitHub's own reading of a page. */
export const HOSTILE = [
  'a|b||c',
  '\\|',
  '`a` ``` ~~~',
  '```mermaid\ngraph TD',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</details></td></table><h1>',
  '<!-- -->',
  '[a](http://evil.example)',
  '![a](http://evil.example/x.png)',
  'http://evil.example www.evil.example a@evil.example',
  '@octocat #1 GH-2 :tada: octo/digits#3',
  '# heading\n\n## another',
  '- item\n1. item\n> quote\n\n---\n===',
  '    indented',
  '**bold** __bold__ ~~gone~~ $x$ $$y$$',
  '&lt;b&gt; &#64; &amp;',
  '"quoted" \'quoted\'',
  '"]\n  bar [1, 2]',
  '%%{init: {"theme": "forest"}}%% %% comment',
  '---\nconfig: {}\n---',
  'title x; section y: z #quot; #35;',
  'x-axis "a" [1] --> {b} (c)',
  '::warning::x ##[error]y',
  '\u001b[31mred\u001b[0m\u0000\u202egnp.exe',
  '\u200b',
  ' ',
  '',
  '\ud800',
  '🎉👩‍👩‍👧🏽 é 漢字 ﷽',
  '__proto__',
  'constructor',
  'NaN',
  'Infinity',
  '-0',
  '|'.repeat(10_000),
  '🎉'.repeat(5_000),
];
const NUMBERS = [
  Number.NaN,
  Infinity,
  -Infinity,
  -0,
  0,
  1e-320,
  5e-324,
  1e308,
  -1e308,
  1e-5,
  1e21,
  123456789.123,
  0.1 + 0.2,
];

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE) },
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...'|`<>[]()"\'\\#;:%&@*_-=!~$\n\r\t a1') }),
);
const number = fc.oneof(fc.constantFrom(...NUMBERS), fc.double(), fc.double({ min: 0, max: 1, noNaN: true }));

const trialOf = (
  ids: fc.Arbitrary<string>,
  metrics: readonly string[],
  names: readonly string[],
): fc.Arbitrary<Trial> =>
  fc
    .record({
      id: ids,
      state: fc.constantFrom('SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'INFEASIBLE', 'ACTIVE') as fc.Arbitrary<
        Trial['state']
      >,
      values: fc.tuple(...metrics.map(() => number)),
      chosen: fc.tuple(...names.map(() => fc.option(fc.oneof(number, text), { nil: undefined }))),
      infeasibleReason: text,
      start: fc.integer({ min: 0, max: 100_000 }),
      took: fc.integer({ min: -10, max: 100_000 }),
    })
    .map(({ id, state, values, chosen, infeasibleReason, start, took }) => ({
      id,
      state,
      finalMeasurement: { metrics: metrics.map((metricId, index) => ({ metricId, value: values[index] ?? 0 })) },
      parameters: names.flatMap((parameterId, index) => {
        const value = chosen[index];
        return value === undefined ? [] : [{ parameterId, value }];
      }),
      infeasibleReason,
      startTime: new Date(1_793_491_200_000 + start * 1_000).toISOString(),
      endTime: new Date(1_793_491_200_000 + (start + took) * 1_000).toISOString(),
    }));

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

function resultsOf(metrics: readonly string[], trials: readonly Trial[]): fc.Arbitrary<Results> {
  const measured = fc
    .tuple(...metrics.map(() => finite))
    .map((values) => Object.fromEntries(metrics.map((name, index) => [name, values[index] ?? 0])));
  const trial = fc.record({
    id: trials.length === 0 ? text : fc.constantFrom(...trials.map(({ id }) => id)),
    parameters: fc.dictionary(text, fc.oneof(number, text), { maxKeys: 4 }),
    metrics: measured,
    job: fc.constant(undefined),
  });
  return fc
    .record({
      trial: fc.option(trial, { nil: undefined }),
      measured,
      front: fc.option(fc.array(trial, { maxLength: 5 }), { nil: undefined }),
      baseline: fc.option(measured, { nil: undefined }),
      words: fc.array(text, { minLength: 8, maxLength: 8 }),
    })
    .map(
      ({
        trial: best,
        measured: own,
        front,
        baseline,
        words: [a = '', b = '', c = '', d = '', e = '', f = '', g = '', h = ''],
      }) =>
        results({
          best: {
            trial: best,
            metrics: best?.metrics ?? own,
            pareto: front && { trials: front, hypervolume: { share: 0.5 }, rule: 'first_metric' },
            folders: undefined,
          },
          baseline: baseline && {
            job: a,
            runId: '1',
            runUrl: 'https://github.com/o/r/actions/runs/1',
            commit: b,
            metrics: baseline,
          },
          gate: [
            {
              rule: { metric: c, operator: '>=', bound: { kind: 'number', value: 1 }, text: d },
              passed: false,
              value: undefined,
              bound: 1,
              message: e,
            },
          ],
          model: { name: f, version: g, uri: h, aliases: [a, b] },
          downloaded: { path: c, files: 1, bytes: 0 },
          usage: { ...results().usage, caveats: [d, e] },
        }),
    );
}

/** A job of which every text comes from somebody who means ill. */
export const hostileParts: fc.Arbitrary<SummaryParts> = fc
  .record({
    metrics: fc.uniqueArray(text, { minLength: 0, maxLength: 3 }),
    names: fc.uniqueArray(text, { maxLength: 5 }),
    ids: fc.constantFrom(text, fc.integer({ min: 1, max: 999 }).map(String)),
  })
  .chain(({ metrics, names, ids }) =>
    fc.array(trialOf(ids, metrics, names), { maxLength: 30 }).chain((trials) =>
      fc.record({
        metrics: fc.tuple(
          ...metrics.map((metricId) =>
            fc.constantFrom('MAXIMIZE', 'MINIMIZE').map((goal) => ({ metricId, goal }) as MetricSpec),
          ),
        ),
        trials: fc.constant(trials),
        results: resultsOf(metrics, trials),
        state: fc.constantFrom('SUCCEEDED', 'FAILED', 'PENDING'),
        words: fc.array(text, { minLength: 8, maxLength: 8 }),
        lines: fc.array(text, { maxLength: 5 }),
        shares: fc.tuple(...names.map(() => number)),
        names: fc.constant(names),
      }),
    ),
  )
  .map(
    ({
      metrics,
      trials,
      results: came,
      state,
      words: [a = '', b = '', c = '', d = '', e = '', f = '', g = '', h = ''],
      lines,
      shares,
      names,
    }) =>
      parts({
        job: trials.length === 0 ? job(state, { displayName: a }) : tuningJob(trials, state, { displayName: a }),
        metrics,
        results: came,
        importance: names.map((parameter, index) => ({ parameter, share: shares[index] ?? 0 })),
        cause:
          state === 'FAILED'
            ? { message: b, source: c, lines, exitCode: 1, meaning: { rule: 'r', text: d } }
            : undefined,
        failures: [e],
        notes: [f],
        machines: [g],
        image: { reference: h, base: { image: a, why: b }, fingerprint: 'f', reused: true },
      }),
  );
