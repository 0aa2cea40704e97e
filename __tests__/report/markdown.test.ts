import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { harmless } from '../../src/log.ts';
import { code, cut, escaped, fenced, link, table } from '../../src/report/markdown.ts';

/** What a browser shows of HTML text. */
const decoded = (text: string) =>
  text
    .replace(/&#8203;/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

describe('text as Markdown', () => {
  test.each([
    { name: 'plain', text: 'a-b (c), 1.5 = x', markdown: 'a-b (c), 1.5 = x' },
    { name: 'a pipe', text: 'a|b', markdown: 'a&#124;b' },
    { name: 'a backslash before a pipe', text: 'a\\|b', markdown: 'a&#92;&#124;b' },
    { name: 'backticks', text: '`x`', markdown: '&#96;x&#96;' },
    { name: 'HTML', text: '<img src=x onerror=y>', markdown: '&lt;img src=x onerror=y&gt;' },
    { name: 'an entity', text: '&lt;b&gt; &#96;', markdown: '&amp;lt;b&amp;gt; &amp;&#35;&#8203;96;' },
    {
      name: 'emphasis',
      text: '*a* __b__ ~~c~~',
      markdown: '&#42;a&#42; &#95;&#95;b&#95;&#95; &#126;&#126;c&#126;&#126;',
    },
    { name: 'a link', text: '[a](http://x)', markdown: '&#91;a&#93;(http&#58;//x)' },
    { name: 'an image', text: '![a](data:x)', markdown: '!&#91;a&#93;(data:x)' },
    { name: 'a bare address', text: 'https://evil.example', markdown: 'https&#58;//evil.example' },
    { name: 'a bare host', text: 'see www.evil.example', markdown: 'see www&#46;evil.example' },
    { name: 'a mention', text: '@octocat', markdown: '&#64;&#8203;octocat' },
    { name: 'a reference', text: '#1', markdown: '&#35;&#8203;1' },
    { name: 'an emoji', text: ':tada:', markdown: '&#58;&#8203;tada&#58;' },
    { name: 'a reference by letters', text: 'GH-1 gh-2', markdown: 'GH-&#8203;1 gh-&#8203;2' },
    { name: 'an item of a list', text: '- a', markdown: '&#45; a' },
    { name: 'an item of a numbered list', text: '12. a', markdown: '12&#46; a' },
    { name: 'a line that makes the one above a heading', text: '===', markdown: '&#61;==' },
    { name: 'a rule', text: '---', markdown: '&#45;--' },
    { name: 'a negative number', text: '-0.5', markdown: '-0.5' },
    { name: 'an indented line', text: '\u200b     a', markdown: 'a' },
    { name: 'mathematics', text: '$x$', markdown: '&#36;x&#36;' },
    { name: 'a heading on a line of its own', text: 'a\n# b', markdown: 'a &#35; b' },
    { name: 'line ends', text: 'a\r\nb\rc\n', markdown: 'a b c' },
    { name: 'colours', text: '\u001b[31mred\u001b[0m', markdown: 'red' },
  ])('$name', ({ text, markdown }) => {
    expect(escaped(text)).toBe(markdown);
  });

  test('is one line without markup, and shows what it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
        const markdown = escaped(text);
        expect(markdown.replace(/&(?:#\d+|amp|lt|gt);/g, '')).not.toMatch(/[\\`*_[\]#|~$@<>&\r\n]|:\/\//);
        expect(decoded(markdown)).toBe(harmless(text).trim());
        expect(decoded(code(text))).toBe(`<code>${harmless(text)}</code>`);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a fenced block', () => {
  test.each([
    { name: 'of text', lines: ['a', '<b>'], block: '```text\na\n<b>\n```' },
    { name: 'of a fence', lines: ['```', 'x'], block: '````text\n```\nx\n````' },
    { name: 'of a longer fence in a line', lines: ['a `````` b'], block: '```````text\na `````` b\n```````' },
    { name: 'of tildes', lines: ['~~~'], block: '```text\n~~~\n```' },
    { name: 'of a line that holds several', lines: ['a\n```\rb'], block: '````text\na\n```\nb\n````' },
    {
      name: 'of a hostile line',
      lines: ['::error::x', '##[error]y'],
      block: '```text\n\\::error::x\n##\\[error]y\n```',
    },
    { name: 'of nothing', lines: [], block: '```text\n\n```' },
  ])('$name', ({ lines, block }) => {
    expect(fenced(lines)).toBe(block);
  });

  test('is left at its end and no sooner', () => {
    const piece = fc.constantFrom('`', '``', '```', '~~~', 'a', ' ', '\n', '\r', '\u001b[0m', '\u200b');
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const [open = '', ...rest] = fenced([pieces.join('')]).split('\n');
        const fence = open.replace('text', '');
        const closes = rest.map((line) => line.trim().replace(/`/g, '') === '' && line.trim().length >= fence.length);
        expect(closes.indexOf(true)).toBe(rest.length - 1);
      }),
      { numRuns: 2_000 },
    );
  });
});

test('a table keeps its columns, whatever its cells hold', () => {
  const cells = ['a|b', '\\|', '`|`', '<td>', '@x', 'a\nb', ' ', '\\'];
  const lines = table(
    ['h|1', 'h2'],
    cells.map((cell) => [cell, 'x']),
  ).split('\n');
  expect(lines).toHaveLength(2 + cells.length);
  for (const line of lines) expect(line.split('|')).toHaveLength(4);
  expect(lines.slice(0, 3)).toEqual(['| h&#124;1 | h2 |', '| --- | --- |', '| a&#124;b | x |']);
});

describe('a link', () => {
  test.each([
    { name: 'to a page', url: 'https://a.example/b?c=d#e', markdown: '[x](https://a.example/b?c=d#e)' },
    { name: 'with two parameters', url: 'https://a.example/?b=c&d=e', markdown: '[x](https://a.example/?b=c&amp;d=e)' },
    {
      name: 'with signs of Markdown',
      url: 'https://a.example/)<"`|\\ [',
      markdown: '[x](https://a.example/%29%3C%22%60%7C%5C%20%5B)',
    },
    { name: 'beyond ASCII', url: 'https://a.example/é', markdown: '[x](https://a.example/%C3%A9)' },
    { name: 'to a script', url: 'javascript:alert(1)', markdown: undefined },
    { name: 'to a bucket', url: 'gs://a/b', markdown: undefined },
    { name: 'to nothing', url: undefined, markdown: undefined },
  ])('$name', ({ url, markdown }) => {
    expect(link('x', url)).toBe(markdown);
  });
});

test('a text is not cut through a character', () => {
  expect(cut('a🎉b', 2)).toBe('a…');
  expect(cut('a🎉b', 3)).toBe('a🎉…');
  expect(cut('abc', 3)).toBe('abc');
});
