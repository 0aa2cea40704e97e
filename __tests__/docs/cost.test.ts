import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from '@jest/globals';
import { INPUT_NAMES } from '../../src/inputs/raw.ts';
import { boundsText } from '../../src/plan/cost.ts';
import { actionFile } from '../inputs/given.ts';
import { pageAt, root, rowsUnder } from './pages.ts';
import { stepsIn, verdictOf } from './plan-blocks.ts';

const page = pageAt('docs/cost.md');

describe('the most that a job can use', () => {
  const blocks = page.blocks.filter(({ section }) => section === 'The most that a job can use');
  const shown = blocks.flatMap((block, index) => {
    const said = blocks[index + 1];
    return block.language === 'yaml' && said !== undefined ? [[block.text, said.text.trim()] as const] : [];
  });

  it('is shown', () => {
    expect(shown).toHaveLength(2);
  });

  it.each(shown)('is what the plan says', (yaml, said) => {
    const { plan, errors } = verdictOf(stepsIn(yaml)[0]?.with ?? {});
    expect(errors).toEqual([]);
    expect(said).toBe(`At most: ${plan && boundsText(plan.bounds)}`);
  });

  it.each([
    ['SPOT', 'up to 6 times'],
    ['STANDARD', '3 times'],
  ])('with %s an attempt is repeated as often as the page says', (strategy, times) => {
    const [yaml = ''] = shown[0] ?? [];
    const { plan } = verdictOf({ ...stepsIn(yaml)[0]?.with, strategy });
    expect(plan?.bounds.platformRetries).toBe(Number(/\d/.exec(times)?.[0]));
    expect(page.text).toContain(times);
  });
});

test('what the figures leave out is told as the summary tells it', () => {
  const source = readFileSync(join(root, 'src/results/caveats.ts'), 'utf8');
  const notes = [...source.matchAll(/text: (['"])(.*?)\1,/g)].map(([, , text]) => text);
  const [, section = ''] = /^## What that leaves out\n([\s\S]*?)^## /m.exec(page.text) ?? [];
  expect(notes.length).toBeGreaterThan(8);
  expect([...section.matchAll(/^- (.*)$/gm)].map(([, text]) => text)).toEqual(notes);
});

describe('the inputs that it names', () => {
  const cells = [
    ...rowsUnder(page, 'Limits').map(([input = '']) => input),
    ...rowsUnder(page, 'What keeps it small').map(([, input = '']) => input),
  ];
  const named = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)(?:: '?(\w+)'?)?`(, the default)?/g)]);

  it('are inputs', () => {
    expect(named.length).toBeGreaterThan(12);
    const names = named.map(([, name]) => name).filter((name) => name !== 'concurrency');
    expect(names.filter((name) => !(INPUT_NAMES as readonly string[]).includes(name ?? ''))).toEqual([]);
  });

  it('have the defaults that it says', () => {
    const defaults = named.filter(([, , , isDefault]) => isDefault !== undefined);
    expect(defaults).toHaveLength(4);
    for (const [, name = '', value] of defaults)
      expect([name, actionFile.inputs[name]?.default]).toEqual([name, value]);
  });
});
