import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from '@jest/globals';
import { pages, root } from './pages.ts';

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** Folders of this repository that a reader's own hardly has. */
const PATH = /(?<![\w/.-])(?:scripts|bench|__tests__|src|catalog|schemas)\/[\w./-]*\w/g;
/** Pages that speak of this repository's own files; in others, src/ is the reader's. */
const OF_THE_HOUSE = ['CONTRIBUTING.md', 'docs/how-it-works.md'];

/** What a page takes for a command or a file of this repository, and is none. */
function unknownIn(path: string, text: string): readonly string[] {
  const commands = [...text.matchAll(/\bnpm run (?:-s |--silent )?([\w:-]+)/g)]
    .filter(([, name = '']) => !(name in scripts))
    .map(([command]) => command);
  const programs = [...text.matchAll(/\b(?:node|bash) (?:--[\w-]+ )*([\w./-]+\.(?:ts|mjs|js|sh))\b/g)].map(
    ([, file = '']) => file,
  );
  const named = OF_THE_HOUSE.includes(path) ? [...text.matchAll(PATH)].map(([file]) => file) : [];
  const files = [...programs.filter((file) => file.includes('/')), ...named];
  return [...commands, ...files.filter((file) => !existsSync(join(root, file)))];
}

describe('commands and files of this repository that a page names are there', () => {
  it.each([...pages.values()].map(({ path, text }) => [path, text] as const))('%s', (path, text) => {
    expect(unknownIn(path, text)).toEqual([]);
  });

  test.each([
    ['npm run no-such -- x', 'npm run no-such'],
    ['`node bench/no-such.ts`', 'bench/no-such.ts'],
    ['`node --expose-gc __tests__/no-such.ts`', '__tests__/no-such.ts'],
  ])('%s is found', (text, name) => {
    expect(unknownIn('README.md', text)).toEqual([name]);
  });

  test('a file of the house is found', () => {
    expect(unknownIn('CONTRIBUTING.md', 'see `src/no-such.ts`')).toEqual(['src/no-such.ts']);
  });
});
