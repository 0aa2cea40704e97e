import type { Place } from '../../../log.ts';
import type { Code } from '../python/code.ts';
import type { NamedCall } from '../python/places.ts';

/** How a program reads its command line, as far as its code says. */
export interface Reading {
  /** Its library, as a message names it. */
  readonly library: string;
  /** Where the parser is made. */
  readonly place: Place;
  /** Every flag that it takes, with its dashes, and where each is declared. */
  readonly flags: ReadonlyMap<string, Place>;
  /** Those of them that the library brings along, which no message lists. */
  readonly own?: ReadonlySet<string>;
  /** Whether the beginning of a flag is taken for the flag. */
  readonly prefixes: boolean;
  /** `-` and `_` are the same to it. */
  readonly dashesAlike: boolean;
  /** `closed`: it refuses any other flag; `drops`: it lets others fall unseen; `unknown`: it may take others. */
  readonly others: 'closed' | 'drops' | 'unknown';
}

/** The program's code with its calls named. */
export interface Seen {
  readonly code: Code;
  readonly calls: readonly NamedCall[];
}

/** A reader of one library's declarations; undefined where the program does not use it. */
export type Reader = (seen: Seen) => Reading | undefined;

/** Gathers flags; the first place of each counts. */
export class Flags {
  readonly places = new Map<string, Place>();
  others: Reading['others'] = 'closed';

  add(flag: string, place: Place): void {
    if (!this.places.has(flag)) this.places.set(flag, place);
  }

  /** More than is declared may be taken. */
  open(): void {
    this.others = 'unknown';
  }
}

/** The name of a Python parameter as `--flags`, with its underscores kept and with dashes. */
export function bothSpellings(name: string): string[] {
  return [...new Set([`--${name}`, `--${name.replaceAll('_', '-')}`])];
}
