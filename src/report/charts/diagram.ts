/** Mermaid refuses a diagram of more characters (its maxTextSize, which GitHub leaves as it is). */
const DIAGRAM_CHARACTERS = 50_000;

/** Colours that can be told apart on GitHub's light and dark page, by those who see no red or green too. */
export const COLOURS = {
  value: '#8fb8de',
  strong: '#4a8fd6',
  best: '#d9480f',
  failed: '#e5534b',
  ink: '#1f2328',
} as const;

/** What Mermaid takes in a diagram's front matter. */
export interface Settings {
  readonly displayMode?: 'compact';
  readonly config: Readonly<Record<string, unknown>>;
}

/** A diagram as a block of Markdown; undefined where it has more characters than Mermaid draws. */
export function diagram({ displayMode, config }: Settings, lines: readonly string[]): string | undefined {
  const mode = displayMode === undefined ? [] : [`displayMode: ${displayMode}`];
  const text = ['---', ...mode, `config: ${JSON.stringify(config)}`, '---', ...lines].join('\n');
  return text.length < DIAGRAM_CHARACTERS ? `\`\`\`mermaid\n${text}\n\`\`\`` : undefined;
}
