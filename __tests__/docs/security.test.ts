import { describe, expect, it, test } from '@jest/globals';
import { harmless } from '../../src/log.ts';
import { programEnv } from '../../src/runner/programs.ts';
import { pageAt, rowsUnder } from './pages.ts';

const page = pageAt('docs/security.md');
const headings = page.headings.filter(({ depth }) => depth === 2).map(({ text }) => text);
/** The parts that are about an attacker. */
const parts = headings.filter((heading) => !/^What /.test(heading));
const rows = parts.flatMap((part) => rowsUnder(page, part));

describe('docs/security.md', () => {
  it('lists its own sections', () => {
    const listed = [...page.text.matchAll(/^- \[(.*)\]\(#(.*)\)$/gm)].map(([, heading]) => heading);
    expect(listed).toEqual(headings);
  });

  it.each(parts)('%s: says what can be done, and what cannot', (part) => {
    const [, text = ''] = new RegExp(`^## ${part}\\n([\\s\\S]*?)(?=^## )`, 'm').exec(page.text) ?? [];
    expect(text).toMatch(/\*\*(?:can|could)\*\*/);
    expect(text).toContain('| Cannot | Because | Shown by |');
  });

  it('names what shows each thing that cannot be done: a test, or what is run each time', () => {
    expect(rows.length).toBeGreaterThan(20);
    const shown = /\]\(\.\.\/(?:__tests__\/[\w/.-]+\.test\.ts|\.ci\/run|\.github\/workflows\/[\w-]+\.yml)\)/;
    expect(rows.filter((row) => row.length !== 3 || row.includes('') || !shown.test(row[2] ?? ''))).toEqual([]);
  });
});

describe('what it says of a line in the log', () => {
  const [row = []] = rowsUnder(page, 'A line in the log');
  const commands = [...(row[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, command = '']) => command);

  it.each(commands)('holds for %s', (command) => {
    expect(harmless(command)).not.toBe(command);
  });
});

test('the variables that it says docker does not get are kept from it', () => {
  const row = rows.find(([cannot = '']) => cannot.includes('ask for OIDC tokens')) ?? [];
  const names = [...(row[1] ?? '').matchAll(/`([A-Z_]+)(…?)`/g)].map(([, name, more]) => `${name}${more && 'X'}`);
  expect(names).toHaveLength(4);
  expect(programEnv({ PATH: '/bin', ...Object.fromEntries(names.map((name) => [name, 'secret'])) })).toEqual({
    PATH: '/bin',
  });
});
