import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Listing, pageOfNames } from '../../../src/local/storage/listing.ts';

const ALL: Listing = { prefix: '', delimiter: '', startOffset: '', endOffset: '', after: undefined, most: 1000 };
const name = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é', '😀', '\uffee'), minLength: 1, maxLength: 6 });
const names = fc.uniqueArray(name, { maxLength: 20 });
const bytesInOrder = (texts: readonly string[]) =>
  [...texts].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));

/** All pages, one after the other. */
function walked(all: readonly string[], listing: Listing) {
  const items: string[] = [];
  const prefixes: string[] = [];
  let after: string | undefined;
  do {
    const page = pageOfNames(all, { ...listing, after });
    expect(page.items.length + page.prefixes.length).toBeLessThanOrEqual(listing.most);
    items.push(...page.items);
    prefixes.push(...page.prefixes);
    after = page.next;
  } while (after !== undefined);
  return { items, prefixes };
}

describe('pageOfNames', () => {
  it('tells every name once, in the order of its bytes, whatever the pages’ size', () => {
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 5 }), (all, most) => {
        expect(walked(all, { ...ALL, most })).toEqual({ items: bytesInOrder(all), prefixes: [] });
      }),
    );
  });

  it('tells every name either itself or by one prefix, with a delimiter', () => {
    fc.assert(
      fc.property(names, fc.constantFrom('', 'a', 'a/', '/'), fc.integer({ min: 1, max: 5 }), (all, prefix, most) => {
        const { items, prefixes } = walked(all, { ...ALL, prefix, delimiter: '/', most });
        expect(new Set(prefixes).size).toBe(prefixes.length);
        for (const each of all.filter((text) => text.startsWith(prefix))) {
          const found = [...items.filter((item) => item === each), ...prefixes.filter((item) => each.startsWith(item))];
          expect(found).toHaveLength(1);
        }
        for (const item of items) expect(item.slice(prefix.length)).not.toContain('/');
      }),
    );
  });
});
