import { describe, expect, test } from '@jest/globals';
import { coloured, outputLine, renderSummary, wantsColour } from '../../../scripts/demo/show.ts';

describe('colours', () => {
  test.each([
    { name: 'at a terminal', terminal: true, env: {}, wanted: true },
    { name: 'in a pipe', terminal: false, env: {}, wanted: false },
    { name: 'with NO_COLOR', terminal: true, env: { NO_COLOR: '1' }, wanted: false },
    { name: 'with an empty NO_COLOR', terminal: true, env: { NO_COLOR: '' }, wanted: true },
    { name: 'in a pipe, whatever FORCE_COLOR says', terminal: false, env: { FORCE_COLOR: '1' }, wanted: false },
  ])('$name: $wanted', ({ terminal, env, wanted }) => {
    expect(wantsColour(terminal, env)).toBe(wanted);
  });

  test('leave the words where they are not wanted', () => {
    const text = '\u001b[1mBest trial\u001b[22m \u001b]8;;https://x.example\u0007link\u001b]8;;\u0007';
    expect(coloured(text, true)).toBe(text);
    expect(coloured(text, false)).toBe('Best trial link');
    const summary = coloured(renderSummary('### ✅ Done\n\n| a | b |\n| --- | --- |\n| **1** | `2` |\n'), false);
    expect(summary).toMatch(/Done[\s\S]*1[\s\S]*2/);
    expect(summary).not.toContain('\u001b');
  });
});

test('an output that is long is cut, and told how long it is', () => {
  expect(outputLine('state', 'SUCCEEDED')).toBe('state = SUCCEEDED');
  expect(outputLine('best_parameters', '{\n  "a": 1\n}')).toBe('best_parameters = { "a": 1 }');
  expect(outputLine('pareto_trials', 'x'.repeat(500))).toBe(
    `pareto_trials = ${'x'.repeat(160)}… (500 characters in all)`,
  );
});
