import { under } from './paths.ts';
import type { Reading } from './reading.ts';

/** Hints at Python's version beside the packages' own files: uv and pyenv follow the first, some hosts the second. */
export function wishPython(reading: Reading, folder: string): void {
  for (const name of ['.python-version', 'runtime.txt']) {
    const path = under(folder, name);
    const text = reading.has(path) ? (reading.view.text(path) ?? '').slice(0, 4096) : '';
    // The patch is one that somebody happened to have.
    const version = /^\s*(?:cpython[-@]|python-?)?(3\.\d+)(?:\.\d+)?\s*$/m.exec(text)?.[1];
    if (version === undefined) continue;
    reading.pythons.push({ specifier: `==${version}.*`, place: { file: path, line: 1 }, who: path, soft: true });
    return;
  }
}
