import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it, test } from '@jest/globals';
import { anchorsOf, type Link, pageOf, pages, root } from './pages.ts';

/** What git leaves out is not there for a reader. */
const ignored = readFileSync(join(root, '.gitignore'), 'utf8').split('\n').filter(Boolean);
const isIgnored = (path: string) =>
  path.startsWith('..') ||
  ignored.some((each) => {
    const name = `/${each.replaceAll(/^\/|\/$/g, '')}/`;
    return each.startsWith('/') ? `/${path}/`.startsWith(name) : `/${path}/`.includes(name);
  });

/** Why a link out of the repository is in no good form. */
function faultOfAddress(href: string): string | undefined {
  const url = URL.parse(href);
  if (url === null) return 'is no address';
  if (url.protocol !== 'https:') return 'is not https';
  if (!url.hostname.includes('.') || /^[\d.]+$/.test(url.hostname)) return 'leads to this machine, or to a number';
  if (url.username !== '' || url.port !== '') return 'has a user or a port';
  if (/[.,;)'"`>]$/.test(href)) return 'ends with punctuation';
  return undefined;
}

function faultOfFragment(path: string, fragment: string): string | undefined {
  const lines = /^L(\d+)(?:-L(\d+))?$/.exec(fragment);
  if (lines !== null) {
    const count = readFileSync(join(root, path), 'utf8').split('\n').length;
    return Number(lines[2] ?? lines[1]) <= count ? undefined : `leads behind the last line of ${path}`;
  }
  const page = pages.get(path);
  if (page === undefined) return `names a part of ${path}, which is no page`;
  return page.anchors.has(fragment) ? undefined : `names #${fragment}, which ${path} does not have`;
}

/** Why a link leads nowhere. */
function faultOf({ page, href }: Link): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(href) || href.startsWith('//')) return faultOfAddress(href);
  if (href.startsWith('/')) return 'begins at the root of the site';
  const [path = '', fragment] = href.split('#').map(decodeURIComponent);
  const file = resolve(root, path === '' ? page : join(dirname(page), path));
  const below = relative(root, file);
  if (isIgnored(below) || !existsSync(file)) return `leads to ${below}, which is not there`;
  if (fragment === undefined) return undefined;
  return statSync(file).isDirectory() ? 'names a part of a folder' : faultOfFragment(below, fragment);
}

const faultsIn = (links: readonly Link[]) =>
  links.flatMap((link) => {
    const fault = faultOf(link);
    return fault === undefined ? [] : [`${link.page}:${link.line}: ${link.href} ${fault}`];
  });

describe('the links of every page', () => {
  it('are found', () => {
    const links = [...pages.values()].flatMap((page) => page.links);
    expect([...pages.keys()]).toEqual(
      expect.arrayContaining(['README.md', 'SECURITY.md', 'examples/digits/README.md']),
    );
    expect(links.filter(({ href }) => href.startsWith('#')).length).toBeGreaterThan(5);
    expect(links.filter(({ href }) => href.startsWith('https:')).length).toBeGreaterThan(0);
  });

  it.each([...pages.values()].map((page) => [page.path, page.links] as const))('%s: lead somewhere', (_, links) => {
    expect(faultsIn(links)).toEqual([]);
  });
});

describe('what leads nowhere is found', () => {
  const faultsOfText = (text: string) => faultsIn(pageOf('docs/page.md', text).links);

  test.each([
    ['a page', '[a](nowhere.md)', 'leads to docs/nowhere.md, which is not there'],
    [
      'a picture in HTML',
      '<picture><source srcset="none.svg 2x"></picture>',
      'leads to docs/none.svg, which is not there',
    ],
    [
      'an anchor of the page',
      '# One\n\n[a](../README.md#no-such-part)',
      'names #no-such-part, which README.md does not have',
    ],
    ['a line', '[a](../jest.config.js#L9999)', 'leads behind the last line of jest.config.js'],
    ['what is made', '[a](../build/x)', 'leads to build/x, which is not there'],
    ['what lies outside', '[a](../../x)', 'leads to ../x, which is not there'],
    ['a plain address', '[a](http://example.com/)', 'is not https'],
    ['this machine', '[a](https://localhost/)', 'leads to this machine, or to a number'],
    ['a number', '<https://127.0.0.1/>', 'leads to this machine, or to a number'],
    ['a reference', '[a][b]\n\n[b]: ./no.md', 'leads to docs/no.md, which is not there'],
  ])('%s', (_, text, fault) => {
    expect(faultsOfText(text)).toEqual([expect.stringContaining(fault)]);
  });

  test('and what leads somewhere is not', () => {
    expect(faultsOfText('[a](../README.md#inputs) [b](../examples) [c](https://example.com/a#b)')).toEqual([]);
  });
});

test('anchors are made as GitHub makes them', () => {
  const headings = [
    'One, two & three',
    'A `b_c` (d)',
    'Inputs',
    'Inputs',
    'Inputs-1',
    'Inputs',
    '설치와 권한',
    'What’s v1.2?',
  ];
  expect(anchorsOf(headings)).toEqual([
    'one-two--three',
    'a-b_c-d',
    'inputs',
    'inputs-1',
    'inputs-1-1',
    'inputs-2',
    '설치와-권한',
    'whats-v12',
  ]);
});
