import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { VERSION } from '../../src/version.ts';
import { pageAt, root } from './pages.ts';

const page = pageAt('CONTRIBUTING.md');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const json = (path: string) => JSON.parse(read(path)) as Record<string, unknown>;

describe('CONTRIBUTING.md', () => {
  it('takes a clone to green tests in one command', () => {
    const [first] = page.blocks.filter(({ language }) => language === 'sh');
    expect([first?.section, first?.text]).toEqual(['From a clone to a green test', 'npm cit\n']);
  });

  it('names the places of the version, which agree', () => {
    const [, places = ''] = /The version stands in (.*)/.exec(page.text) ?? [];
    expect([...places.matchAll(/`([^`]+)`/g)].map(([, path]) => path)).toEqual([
      'package.json',
      'package-lock.json',
      'src/version.ts',
    ]);
    const lock = json('package-lock.json');
    const packages = lock['packages'] as Readonly<Record<string, { readonly version?: string }>>;
    expect([json('package.json')['version'], lock['version'], packages['']?.version]).toEqual([
      VERSION,
      VERSION,
      VERSION,
    ]);
  });

  it('calls the workflows of a release by their names', () => {
    const named = [...page.text.matchAll(/workflow \*\*([^*]+)\*\*/gi)].map(([, name]) => name);
    const names = ['release-draft', 'release'].map(
      (file) => (parse(read(`.github/workflows/${file}.yml`)) as { readonly name: string }).name,
    );
    expect(named).toEqual(names);
  });
});

describe('an editor', () => {
  const container = json('.devcontainer/devcontainer.json');

  it('is given the same plug-ins in the container as outside', () => {
    const { vscode } = container['customizations'] as { readonly vscode: { readonly extensions: readonly string[] } };
    expect(vscode.extensions).toEqual(json('.vscode/extensions.json')['recommendations']);
    expect(vscode.extensions).toContain(json('.vscode/settings.json')['editor.defaultFormatter']);
  });

  it("has the Node that the action runs on in the container, and the formatter's indents", () => {
    const { runs } = parse(read('action.yml')) as { readonly runs: { readonly using: string } };
    expect(runs.using).toBe(`node${/:(\d+)-/.exec(String(container['image']))?.[1]}`);
    const { formatter } = json('biome.json') as { readonly formatter: Readonly<Record<string, unknown>> };
    const indents = /indent_size = (\d+)\nindent_style = (\w+)/.exec(read('.editorconfig')) ?? [];
    expect([formatter['indentWidth'] ?? 2, formatter['indentStyle']]).toEqual([Number(indents[1]), indents[2]]);
  });
});
