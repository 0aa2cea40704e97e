/** What a page of a bucket's objects is asked for by (objects.list). */
export interface Listing {
  readonly prefix: string;
  /** Names with this behind the prefix are told once, up to it, as prefixes; empty for none. */
  readonly delimiter: string;
  /** The first name, itself included; empty for none. */
  readonly startOffset: string;
  /** The first name that is left out; empty for none. */
  readonly endOffset: string;
  /** The last item or prefix of the page before; undefined for the first page. */
  readonly after: string | undefined;
  /** Most items and prefixes together. */
  readonly most: number;
}

export interface ListedPage {
  readonly items: readonly string[];
  readonly prefixes: readonly string[];
  /** What the next page comes after; undefined where there is none. */
  readonly next: string | undefined;
}

const bytes = (text: string) => Buffer.from(text, 'utf8');

/** Cloud Storage orders names by their UTF-8 bytes. */
function inOrder(names: readonly string[]): string[] {
  const keyed = names.map((name) => ({ name, key: bytes(name) }));
  return keyed.sort((left, right) => Buffer.compare(left.key, right.key)).map(({ name }) => name);
}

const isBefore = (left: string, right: string) => Buffer.compare(bytes(left), bytes(right)) < 0;

function isWithin(name: string, { prefix, startOffset, endOffset }: Listing): boolean {
  if (!name.startsWith(prefix)) return false;
  if (startOffset !== '' && isBefore(name, startOffset)) return false;
  return endOffset === '' || isBefore(name, endOffset);
}

/** The prefix by which the page tells a name; undefined where it tells the name itself. */
function foldedTo(name: string, { prefix, delimiter }: Listing): string | undefined {
  const at = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length);
  return at === -1 ? undefined : name.slice(0, at + delimiter.length);
}

/** The page of a bucket's objects that `listing` asks for, from the names of them all in any order. */
export function pageOfNames(names: readonly string[], listing: Listing): ListedPage {
  const { after, most } = listing;
  const within = names.filter((name) => isWithin(name, listing));
  const isFolded = new Map(
    inOrder(within).map((name) => {
      const prefix = foldedTo(name, listing);
      return [prefix ?? name, prefix !== undefined];
    }),
  );
  const all = [...isFolded.keys()].filter((entry) => after === undefined || isBefore(after, entry));
  const page = all.slice(0, most);
  return {
    items: page.filter((entry) => isFolded.get(entry) !== true),
    prefixes: page.filter((entry) => isFolded.get(entry) === true),
    next: page.length < all.length ? page.at(-1) : undefined,
  };
}
