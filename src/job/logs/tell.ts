import type { Block } from './traceback.ts';

/** Characters of a block that is told at once; what is longer is told in several. */
const MOST_CHARS = 256 * 1024;

/** Lines as one text, of which `splitLines` makes the same lines: it takes one line end at the very end for none. */
export const textOf = (lines: readonly string[]): string => `${lines.join('\n')}${lines.at(-1) === '' ? '\n' : ''}`;

/** The lines of the blocks that are wanted, by source: whole blocks of each, in the order of the sources' first lines. */
export function blocksOf(
  blocks: readonly Block[],
  isWanted: (block: Block) => boolean,
): Pick<Block, 'source' | 'lines'>[] {
  const told: { source: string; lines: string[]; chars: number }[] = [];
  const last = new Map<string, { lines: string[]; chars: number }>();
  for (const block of blocks) {
    if (!isWanted(block)) continue;
    const { source } = block;
    let open = last.get(source);
    for (const line of block.lines) {
      if (open === undefined || open.chars > MOST_CHARS) {
        const begun = { source, lines: [], chars: 0 };
        told.push(begun);
        last.set(source, begun);
        open = begun;
      }
      open.lines.push(line);
      open.chars += line.length;
    }
  }
  return told;
}
