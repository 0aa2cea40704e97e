import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pageOf } from '../../../src/local/http/page.ts';

interface Page {
  readonly things?: readonly { readonly name: string }[];
  readonly nextPageToken?: string;
}

function page(names: readonly string[], size: number, token?: string): Page {
  const query = new URLSearchParams({ pageSize: String(size), ...(token !== undefined && { pageToken: token }) });
  const found = names.map((name) => ({ name }));
  return pageOf(query, { key: 'things', found, keyOf: ({ name }) => name, request: ['things'] }) as Page;
}

type Change = (left: readonly string[], read: readonly string[]) => string[];

/** All pages, one after the other; between two of them `change` makes another list of what is there and what was just read. */
function paged(names: readonly string[], size: number, change: Change = (left) => [...left]): string[] {
  const seen: string[] = [];
  let left = [...names];
  let token: string | undefined;
  do {
    const { things = [], nextPageToken } = page(left, size, token);
    const read = things.map(({ name }) => name);
    seen.push(...read);
    token = nextPageToken;
    left = change(left, read);
  } while (token !== undefined);
  return seen;
}

const lists = fc.uniqueArray(
  fc.integer({ min: 0, max: 99 }).map((number) => `n${number} x`),
  { maxLength: 20 },
);
const sizes = fc.integer({ min: 1, max: 7 });

describe('pageOf', () => {
  it('gives each once, in their order', () => {
    fc.assert(fc.property(lists, sizes, (names, size) => expect(paged(names, size)).toEqual(names)));
  });

  it('gives each once that was there at the beginning, whatever is made before them meanwhile', () => {
    fc.assert(
      fc.property(lists, sizes, (names, size) => {
        expect(paged(names, size, (left) => [`new ${left.length}`, ...left])).toEqual(names);
      }),
    );
  });

  it('passes over none, whatever is deleted of the page that was read last', () => {
    fc.assert(
      fc.property(lists, sizes, fc.infiniteStream(fc.boolean()), (names, size, coin) => {
        const seen = paged(names, size, (left, read) => {
          const gone = new Set(read.filter(() => coin.next().value === true));
          return left.filter((name) => !gone.has(name));
        });
        expect([...new Set(seen)].sort()).toEqual([...names].sort());
      }),
    );
  });

  it('is empty without anything, and has no token then', () => {
    expect(page([], 5)).toEqual({});
  });
});
