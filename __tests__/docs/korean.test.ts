import { describe, expect, test } from '@jest/globals';
import { pageAt } from './pages.ts';

const english = pageAt('README.md');
const korean = pageAt('README.ko.md');

/** Where a page leads to beyond itself and its translation, in no order: sentences are built otherwise. */
const targetsOf = ({ links }: typeof english) =>
  [...new Set(links.map(({ href }) => href).filter((href) => !/^(?:#|README)/.test(href)))].sort();

describe('README.ko.md', () => {
  test('has the headings of README.md, one for one', () => {
    const depths = (page: typeof english) => page.headings.map(({ depth }) => depth);
    expect(korean.headings.length).toBeGreaterThan(10);
    expect(depths(korean)).toEqual(depths(english));
  });

  test('is in Korean but for its name', () => {
    const others = korean.headings.filter(({ text }) => !/\p{Script=Hangul}/u.test(text));
    expect(others.map(({ text }) => text)).toEqual(['Train on Vertex AI']);
  });

  test('shows the same blocks, each under the same heading', () => {
    const blocks = (page: typeof english) =>
      page.blocks.map(({ language, text, section }) => ({
        language,
        text,
        heading: page.headings.findIndex((heading) => heading.text === section),
      }));
    expect(blocks(korean)).toEqual(blocks(english));
  });

  test('leads to the same pages, and to the tables of inputs and outputs', () => {
    expect(targetsOf(korean)).toEqual(targetsOf(english));
    const own = korean.links.map(({ href }) => href);
    expect(own).toEqual(expect.arrayContaining(['README.md', 'README.md#inputs', 'README.md#outputs']));
    expect(english.links.map(({ href }) => href)).toContain('README.ko.md');
  });
});
