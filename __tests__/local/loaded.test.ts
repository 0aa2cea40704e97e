import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../..');
const LOCAL = 'src/local/';

/** What a source file imports when it is loaded, types left out: they are gone when it runs. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const found = [...text.matchAll(/^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'(\.{1,2}\/[^']+)'/gm)];
  return found.map(([, path = '']) => resolve(dirname(file), path)).filter((path) => existsSync(path));
}

/** Every source file that an entry loads. */
function reached(...entries: readonly string[]): string[] {
  const seen = new Set<string>();
  const next = entries.map((entry) => resolve(ROOT, entry));
  for (let file = next.pop(); file !== undefined; file = next.pop()) {
    if (seen.has(file) || !file.endsWith('.ts')) continue;
    seen.add(file);
    next.push(...importsOf(file));
  }
  return [...seen].map((file) => relative(ROOT, file).replaceAll('\\', '/')).sort();
}

describe('the action', () => {
  it.each([
    ['the step', 'src/main.ts'],
    ['its clean-up', 'src/post.ts'],
    ['the entry', 'src/index.ts'],
    ['the sweep', 'src/sweep/index.ts'],
  ])('%s loads of the local region only what starts it', (_name, entry) => {
    const files = reached(entry);
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((file) => file.startsWith(LOCAL) && file !== `${LOCAL}launch.ts`)).toEqual([]);
  });

  it('starts it from the step', () => {
    expect(reached('src/main.ts')).toContain(`${LOCAL}launch.ts`);
  });

  it('would be found out: the service’s own entry loads all of its rooms', () => {
    expect(reached(`${LOCAL}index.ts`).filter((file) => file.startsWith(LOCAL)).length).toBeGreaterThan(80);
  });
});
