import { folderOf } from '../../../code/paths.ts';

/** A few lines of a Dockerfile with what they are for. */
export interface Paragraph {
  /** Comment lines, without `#`. */
  readonly why?: readonly string[];
  readonly lines: readonly string[];
}

/** Paragraphs with an empty line between them. */
export function dockerfileText(paragraphs: readonly Paragraph[]): string {
  const texts = paragraphs.map(({ why = [], lines }) => [...why.map((line) => `# ${line}`), ...lines].join('\n'));
  return `${texts.filter((text) => text !== '').join('\n\n')}\n`;
}

/**
 * Whether a path can stand in COPY and RUN: Docker expands `$`, quotes, `\` and wildcards in COPY's exec form too, and a
 * shell reads RUN. Whatever may mean something to either is refused, not escaped.
 */
export function isPlainPath(path: string): boolean {
  return /^[\p{L}\p{M}\p{N}._+@=,:~()/ -]+$/u.test(path) && !/^[-~ ]|\/[ ]|[ ]$|[ ]\//.test(path);
}

/** A path as one word of a shell's text. */
export function shellWord(path: string): string {
  return /^[\w./+@=,:-]+$/.test(path) ? path : `'${path}'`;
}

/** COPY of files into the folders that they have in the context, one instruction for each folder. */
export function copyFiles(paths: readonly string[]): string[] {
  const folders = new Map<string, string[]>();
  for (const path of paths) folders.set(folderOf(path), [...(folders.get(folderOf(path)) ?? []), path]);
  return [...folders].map(([folder, found]) => copyInstruction(found, folder === '' ? './' : `${folder}/`));
}

function copyInstruction(sources: readonly string[], target: string): string {
  const words = [...sources, target];
  if (words.every((word) => /^[\w./+@=,:-]+$/.test(word))) return `COPY ${words.join(' ')}`;
  return `COPY ${jsonWords(words)}`;
}

/** Docker's exec form. Words may be anything: JSON writes them in printable ASCII on one line. */
export function jsonWords(words: readonly string[]): string {
  const ascii = (text: string) =>
    text.replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `[${words.map((word) => ascii(JSON.stringify(word))).join(', ')}]`;
}

/** RUN with its mounts, and its commands joined by `&&`, a line each. */
export function runInstruction(mounts: readonly string[], ...commands: readonly string[]): string[] {
  const parts = [...mounts.map((mount) => `--mount=${mount}`), commands.join(' \\\n && ')];
  return `RUN ${parts.join(' \\\n    ')}`.split('\n');
}

/** What is said of the step that installs packages. */
export function packagesWhy(codeFirst: boolean): string[] {
  return codeFirst ? [] : ['Before the code, so that a change of the code installs nothing again.'];
}
