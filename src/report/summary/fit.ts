/** A part of a page in one or more forms. */
export interface Section {
  /** What a reader misses where it is shortened or left out; no markup. */
  readonly name: string;
  /** Longest first; escaped Markdown. */
  readonly forms: readonly [string, ...string[]];
  /** The least useful are shortened and left out first. A section without a worth always stays. */
  readonly worth: number | undefined;
}

/** What the note of what was left out may take, and the line ends. */
const NOTE_BYTES = 1_000;
const SEPARATOR = '\n\n';

/**
 * The sections in their order, in no more than `limit` bytes of UTF-8: the least useful is shortened, then left out, then the
 * next, until the page fits; a note at the end names them. The sections that always stay have to fit by themselves.
 */
export function fitted(sections: readonly Section[], limit: number): string {
  const shown = sections.map(({ forms }) => [...forms]);
  const texts = () => shown.flatMap(([text]) => (text ? [text] : []));
  let bytes = bytesOf(texts());
  const byWorth = sections
    .flatMap(({ worth }, index) => (worth === undefined ? [] : [{ worth, index }]))
    .sort((a, b) => a.worth - b.worth);
  const missed = new Set<number>();
  for (const { index } of byWorth) {
    const forms = shown[index] ?? [];
    while (bytes > limit - NOTE_BYTES && forms[0]) {
      bytes -= bytesOf(forms.slice(0, 1)) - bytesOf(forms.slice(1, 2));
      forms.shift();
      missed.add(index);
    }
  }
  return `${[...texts(), ...noteOf(sections.filter((_, index) => missed.has(index)))].join(SEPARATOR)}\n`;
}

const bytesOf = (texts: readonly string[]) =>
  texts.reduce((sum, text) => sum + Buffer.byteLength(text) + SEPARATOR.length, 0);

function noteOf(missed: readonly Section[]): string[] {
  if (missed.length === 0) return [];
  const names = [...new Set(missed.map(({ name }) => name))].join(', ');
  return [
    `*Left out or shortened, as GitHub takes no longer text: ${names}. The output \`trials_file\` has every trial.*`,
  ];
}
