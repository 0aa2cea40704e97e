import type { ImageFile, ImageFiles } from '../dockerfile/image-files.ts';
import type { Stage } from '../dockerfile/stages.ts';
import type { StartForm } from '../dockerfile/start-form.ts';
import type { Finding } from '../request.ts';
import type { Word } from './argv.ts';

/** A Python program of the repository. */
export interface PythonProgram {
  readonly kind: 'python';
  readonly file: ImageFile;
  /** Dotted name behind `-m`; undefined for a script. */
  readonly module: string | undefined;
  /** Folders of the image on Python's path, first the script's or working folder. */
  readonly roots: readonly string[];
  /** The words that the program gets. */
  readonly words: readonly Word[];
}

export interface Server {
  readonly kind: 'server';
  readonly name: string;
}

/** What the words start; undefined where it cannot be told. */
export type Program = PythonProgram | Server | undefined;

/** The surroundings in which words are started. */
export interface Situation {
  readonly stage: Stage;
  readonly files: ImageFiles;
  readonly dockerfile: string;
  /** Working directory in the image; undefined where unknown. */
  readonly cwd: string | undefined;
  /** The instruction that began it; undefined where the job did. */
  readonly form: StartForm | undefined;
  /** The CMD whose place the job's arguments took. */
  readonly replaced: StartForm | undefined;
  /** How many programs started one another so far. */
  readonly depth: number;
  /** How many more commands may be followed in all. */
  readonly steps: { left: number };
  /** Findings on the way. */
  readonly found: Finding[];
}

/** The words that come from the job rather than from the image. */
export function isGiven({ origin }: Word): boolean {
  return origin === 'args' || origin === 'parameter';
}

/** The job's words as a message names them. */
export function shownWords(words: readonly Word[]): string {
  const names = words.filter(isGiven).map(({ text, origin }) => (origin === 'parameter' ? `${text}…` : (text ?? '…')));
  const shown = names.slice(0, 3).map((name) => (name.length > 60 ? `${name.slice(0, 60)}…` : name));
  return names.length > 3 ? `${shown.join(' ')} and ${names.length - 3} more` : shown.join(' ');
}

/** Words as the exec form writes them. */
export function execForm(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
}
