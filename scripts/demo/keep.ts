import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesText } from '../../src/bytes.ts';
import { pageOf, THEMES } from '../look/page.ts';

/** What a demo's step leaves for people to look at. */
export interface Kept {
  readonly summary: string;
  /** The pull request's comment, where one was written. */
  readonly comment: string | undefined;
  /** Path of the file with every trial. */
  readonly trials: string | undefined;
  /** The folder that the model was downloaded to. */
  readonly model: string;
}

export interface KeptFile {
  readonly name: string;
  readonly path: string;
}

/** Puts it into the folder, which is emptied first; each thing with what it is. */
export function keep({ summary, comment, trials, model }: Kept, folder: string): readonly KeptFile[] {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const kept: KeptFile[] = [];
  const put = (name: string, file: string, write: (path: string) => void) => {
    const path = join(folder, file);
    write(path);
    kept.push({ name, path });
  };
  // README's pictures are made of it, by scripts/look/demo.ts.
  writeFileSync(join(folder, 'summary.md'), summary);
  put('The summary with its charts', 'summary.html', (path) => writeFileSync(path, pageOf(summary, THEMES.light)));
  if (comment !== undefined) {
    put("The pull request's comment", 'comment.html', (path) => writeFileSync(path, pageOf(comment, THEMES.light)));
  }
  if (trials !== undefined && existsSync(trials)) {
    put('Every trial (trials_file)', 'trials.json', (path) => cpSync(trials, path));
  }
  if (existsSync(model))
    put(`The model (download): ${filesText(model)}`, 'model', (path) => cpSync(model, path, { recursive: true }));
  return kept;
}

function filesText(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map(({ name, parentPath }) => `${name} of ${bytesText(statSync(join(parentPath, name)).size)}`)
    .join(', ');
}
