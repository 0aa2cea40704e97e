import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it, test } from '@jest/globals';
import { contentTag } from '../../src/image/context/fingerprint.ts';
import { CLOUD_READ_PACE } from '../../src/job/logs/budget.ts';
import { CLOUD_LAG, looksAfter } from '../../src/job/submit/lag.ts';
import { CLOUD_PACE } from '../../src/job/watch/interval.ts';
import { ATTEMPT_LABEL, KEY_LABEL, REQUEST_LABEL, SERIES_LABEL } from '../../src/plan/labels.ts';
import { pageAt, root, rowsUnder } from './pages.ts';

const page = pageAt('docs/how-it-works.md');
const src = join(root, 'src');
const codes = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
const rows = rowsUnder(page, 'The rooms').map(
  ([room = '', , calls = '']) => [codes(room)[0] ?? '', codes(calls)] as const,
);
const rooms = rows.map(([room]) => room);
const GROUND = ['vertex/', 'engine/'];

/** The room of a file, as the page writes it; undefined on the ground floor. */
function roomOf(path: string): string | undefined {
  const below = relative(src, path);
  if (below.startsWith('..')) return below.startsWith('../catalog/') ? 'catalog/' : undefined;
  const [first = '', ...rest] = below.split('/');
  const room = rest.length === 0 ? first : `${first}/`;
  return rooms.includes(room) ? room : undefined;
}

const IMPORT = /^(?:import|export)\s(?!type\b)[^;'"]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;
const specifiers = (path: string) =>
  [...readFileSync(path, 'utf8').matchAll(IMPORT)].map(([, from, bare, late]) => from ?? bare ?? late ?? '');
const files = globSync('**/*.ts', { cwd: src }).map((path) => join(src, path));

describe('the rooms', () => {
  it('are all there are, and there', () => {
    expect(rooms.filter((room) => !existsSync(join(src, room)))).toEqual([]);
    const folders = readdirSync(src, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [`${entry.name}/`] : [],
    );
    expect([...rooms, ...GROUND].filter((room) => room.endsWith('/')).sort()).toEqual(folders.sort());
  });

  it.each(rows)('%s calls what the page says, and nothing else', (room, calls) => {
    const called = files
      .filter((path) => roomOf(path) === room)
      .flatMap((path) =>
        specifiers(path)
          .filter((from) => from.startsWith('.'))
          .map((from) => roomOf(join(dirname(path), from))),
      )
      .filter((other): other is string => other !== undefined && other !== room);
    expect([...new Set(called)].sort()).toEqual([...calls].sort());
  });

  it('on the ground floor call none of the others', () => {
    const called = files
      .filter((path) => roomOf(path) === undefined)
      .flatMap((path) =>
        specifiers(path)
          .filter((from) => from.startsWith('.'))
          .map((from) => roomOf(join(dirname(path), from))),
      )
      .filter((other) => other !== undefined && other !== 'catalog/');
    expect(called).toEqual([]);
  });

  it("know GitHub's toolkit where the page says", () => {
    const [, told = ''] = /^Only (.*) know GitHub's toolkit/m.exec(page.text) ?? [];
    const known = files.filter((path) => specifiers(path).some((from) => from.startsWith('@actions/'))).map(roomOf);
    expect([...new Set(known)].sort()).toEqual(codes(told).sort());
  });

  it.each(['plan/', 'results/'])('%s has no file system, network or process', (room) => {
    const outside = files
      .filter((path) => roomOf(path) === room)
      .flatMap(specifiers)
      .filter((from) => from.startsWith('node:'));
    expect(outside.filter((from) => !['node:path/posix', 'node:crypto'].includes(from))).toEqual([]);
  });
});

describe('the figures', () => {
  const text = page.text.replaceAll(/\s+/g, ' ');

  it('of the protocol', () => {
    const labels = rowsUnder(page, 'One job, exactly once').flatMap(([label = '']) => codes(label));
    expect(labels).toEqual([SERIES_LABEL, KEY_LABEL, ATTEMPT_LABEL, REQUEST_LABEL]);
    expect(text).toContain(`(${CLOUD_LAG.listMs / 1_000} s at worst is assumed)`);
    expect(looksAfter(0, CLOUD_LAG)).toEqual([30_000, 90_000, 600_000]);
  });

  it('of watching and the log', () => {
    const { minMs, capMs, growth } = CLOUD_PACE;
    expect([growth, text]).toEqual([1 / 30, expect.stringContaining('a thirtieth')]);
    expect(text).toContain(`${minMs / 1_000} s at best and ${capMs / 1_000} s at worst`);
    const { mostReads, holdMs, quietMs } = CLOUD_READ_PACE;
    expect(text).toContain(`allows ${2 * mostReads} reads a minute`);
    expect(text).toContain(`held for ${holdMs / 1_000} s`);
    expect(text).toContain(`for ${quietMs / 1_000} s.`);
  });

  it('of the fingerprint', () => {
    const [, begin = '', digits = ''] = /tag is `(content-)` and (\d+) of its digits/.exec(text) ?? [];
    expect(contentTag('0'.repeat(64))).toBe(`${begin}${'0'.repeat(Number(digits))}`);
  });
});

test('the folders of the local region that it names are there', () => {
  const [, section = ''] = /^## The local region inside\n([\s\S]*)/m.exec(page.text) ?? [];
  const folders = codes(section).filter((code) => code.endsWith('/'));
  expect(folders.length).toBeGreaterThan(7);
  expect(folders.filter((folder) => !existsSync(join(src, 'local', folder)))).toEqual([]);
});

test('lists its own sections', () => {
  const listed = [...page.text.matchAll(/^- \[(.*)\]\(#(.*)\)$/gm)].map(([, heading]) => heading);
  expect(listed).toEqual(page.headings.filter(({ depth }) => depth === 2).map(({ text }) => text));
});
