// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what a Pipfile holds
import { describe, expect, it } from '@jest/globals';
import { readRequirements } from '../../../../src/plan/image/requirements/read.ts';
import { fixture, lines, packages, read, rows, rules, told } from './reading.ts';

/**
 * What `uv export` (0.13), `poetry export` (2.5, 1.8 and 1.4) and `pipenv requirements` (2026.10) made of the lock files
 * that they themselves had written, on indexes of packages made up for it; the indexes' names were put in later.
 */
interface Answer {
  readonly folder: string;
  readonly extras?: readonly string[];
  readonly groups?: readonly string[];
  readonly python: string;
  readonly machine: 'x86_64' | 'aarch64';
  readonly installed: readonly string[];
}

const answers = rows('installed.jsonl') as readonly Answer[];
const titled = answers.map((one) => {
  const { folder, extras = [], groups = [], python, machine } = one;
  return [`${[folder, ...extras, ...groups].join(' ')} on Python ${python}, ${machine}`, one] as const;
});

describe("the tools' own answers", () => {
  it.each(titled)('%s', (_, { folder, extras, groups, python, machine, installed }) => {
    const environment = { python, machine };
    const { requirements, faults } = readRequirements(fixture(folder), { folder: '.', extras, groups, environment });
    const fromOutside = [...(requirements?.packages.values() ?? [])].filter(({ url }) => url === undefined);
    // Pipenv leaves packages that are not for its own machine without a version.
    const all = fromOutside.map(({ name, version }) => `${name}==${version ?? 'None'}`);
    expect(all.toSorted()).toEqual(installed.toSorted());
    expect(faults.filter(({ rule }) => rule !== 'requirements-python')).toEqual([]);
    expect(requirements?.locked).toBe(true);
  });
});

describe('uv.lock', () => {
  const found = (folder: string, extras: readonly string[] = []) =>
    readRequirements(fixture(folder), { folder: '', extras });

  it('tells where a package comes from', () => {
    const { requirements } = found('uv-extras', ['cu128']);
    expect(requirements?.packages.get('torch')).toMatchObject({
      specifier: '==2.8.0+cu128',
      version: '2.8.0+cu128',
      variant: 'cu128',
      index: 'https://download.pytorch.org/whl/cu128',
      place: { file: 'uv.lock' },
    });
    expect(requirements).toMatchObject({
      installer: 'uv',
      files: ['uv.lock', 'pyproject.toml'],
      python: '>=3.10,<3.13',
      indexes: ['https://download.pytorch.org/whl/cu128'],
    });
  });

  it('tells the line of each package', () => {
    const { requirements } = found('uv-forks');
    const line = requirements?.packages.get('torch')?.place.line ?? 0;
    const text = fixture('uv-forks').text('uv.lock')?.split('\n') ?? [];
    expect(text.slice(line - 1, line + 2)).toEqual(['[[package]]', 'name = "torch"', 'version = "2.8.0"']);
  });

  it('tells that a framework is in extras alone, none of which is installed', () => {
    expect(found('uv-extras').warnings.map(({ rule, place }) => [rule, place?.line])).toEqual([
      ['requirements-extra', 8],
    ]);
    expect(found('uv-extras', ['cpu']).warnings).toEqual([]);
  });

  it('holds the projects of the repository, and their files', () => {
    const { requirements } = found('uv-workspace');
    expect(requirements?.packages.get('core')).toMatchObject({ url: 'packages/core', extras: ['gpu'] });
    expect(requirements?.files).toEqual(['uv.lock', 'pyproject.toml', 'packages/core/pyproject.toml']);
    expect(found('uv-sources').requirements?.packages.get('trainer')?.url).toBe('.');
    expect(found('uv-forks').requirements?.packages.has('trainer')).toBe(false);
  });

  const pyproject = (...dependencies: readonly string[]) =>
    lines('[project]', 'name = "t"', 'requires-python = ">=3.10"', `dependencies = ${JSON.stringify(dependencies)}`);
  const lock = (version: string, extra = '') =>
    lines(
      'version = 1',
      'requires-python = ">=3.10"',
      '[[package]]',
      'name = "t"',
      'source = { virtual = "." }',
      'dependencies = [{ name = "torch" }]',
      '[[package]]',
      'name = "torch"',
      `version = "${version}"`,
      `source = { registry = "https://pypi.org/simple" }${extra}`,
    );

  it.each([
    ['up to date', pyproject('torch>=2.4'), lock('2.8.0'), []],
    [
      'older than the project asks',
      pyproject('torch>=2.9'),
      lock('2.8.0'),
      ['warning requirements-lock pyproject.toml:4'],
    ],
    [
      'without what the project asks',
      pyproject('torch', 'numpy'),
      lock('2.8.0'),
      ['warning requirements-lock pyproject.toml:4'],
    ],
    ['not for Linux', pyproject('torch', "pywin32; sys_platform == 'win32'"), lock('2.8.0'), []],
    [
      'overridden',
      `${pyproject('torch>=2.9')}[tool.uv]\noverride-dependencies = ["torch==2.8.0"]\n`,
      lock('2.8.0'),
      [],
    ],
    ['no TOML', pyproject('torch'), 'version = \n', ['error requirements-syntax uv.lock:1']],
  ])('is %s', (_, project, text, expected) => {
    expect(rules({ 'pyproject.toml': project, 'uv.lock': text })).toEqual(expected);
  });

  it('says how an old one is mended', () => {
    expect(told({ 'pyproject.toml': pyproject('torch>=2.9'), 'uv.lock': lock('2.8.0') })).toEqual([
      'warning: pyproject.toml:4: asks for "torch>=2.9", and uv.lock holds 2.8.0: it is out of date. Run uv lock and commit it. [requirements-lock]',
    ]);
  });

  it('tells the build by its index where the version does not', () => {
    const files = {
      'pyproject.toml': pyproject('torch'),
      'uv.lock': lock('2.8.0').replace('pypi.org/simple', 'me:secret@download.pytorch.org/whl/cu126'),
    };
    expect(packages(files)).toEqual(['torch==2.8.0 (cu126)']);
    expect(JSON.stringify(read(files))).not.toContain('secret');
  });

  it('stands for what is locked when it is too large to be read', () => {
    const files = { 'pyproject.toml': pyproject('torch>=2.4'), 'uv.lock': '' };
    const view = {
      text: (path: string) => (path === 'uv.lock' ? undefined : files['pyproject.toml']),
      exists: () => true,
      list: () => Object.keys(files),
    };
    const { requirements, warnings } = readRequirements(view, { folder: '' });
    expect(requirements).toMatchObject({ installer: 'uv', locked: true, roots: ['uv.lock', 'pyproject.toml'] });
    expect(requirements?.packages.get('torch')?.specifier).toBe('>=2.4');
    expect(warnings.map(({ rule }) => rule)).toEqual(['requirements-unread']);
  });

  it('is nothing without its project', () => {
    expect(read({ 'uv.lock': lock('2.8.0') }).requirements).toBeUndefined();
  });
});

describe('poetry.lock', () => {
  it.each(['poetry-2.5', 'poetry-1.8', 'poetry-1.4'])('%s tells where a package comes from', (folder) => {
    const { requirements, faults, warnings } = readRequirements(fixture(folder), { folder: '' });
    expect(requirements).toMatchObject({ installer: 'poetry', python: '>=3.10,<3.13', groups: ['train'] });
    expect(requirements?.packages.get('torch')).toMatchObject({
      version: '2.8.0+cu128',
      variant: 'cu128',
      index: 'https://download.pytorch.org/whl/cu128',
    });
    expect(requirements?.files).toEqual(['poetry.lock', 'pyproject.toml']);
    expect([faults, warnings]).toEqual([[], []]);
  });

  it('takes a group that is asked for', () => {
    const { requirements } = readRequirements(fixture('poetry-2.5'), { folder: '', groups: ['dev'] });
    expect(requirements?.packages.has('pytest')).toBe(true);
  });

  const pyproject = (torch: string) =>
    lines(
      '[tool.poetry.dependencies]',
      'python = "^3.10"',
      `torch = "${torch}"`,
      'x = { path = "libs/x", develop = true }',
    );
  const lock = lines(
    '[[package]]',
    'name = "torch"',
    'version = "2.8.0"',
    'python-versions = ">=3.9,<3.10"',
    'groups = ["main"]',
    '[[package]]',
    'name = "x"',
    'version = "0.1.0"',
    'groups = ["main"]',
    '[package.source]',
    'type = "directory"',
    'url = "libs/x"',
    '[metadata]',
    'python-versions = "^3.10"',
  );

  it('is older than the project, or for another Python', () => {
    expect(rules({ 'pyproject.toml': pyproject('^2.9'), 'poetry.lock': lock })).toEqual([
      'error requirements-python poetry.lock:1',
      'warning requirements-lock pyproject.toml:3',
    ]);
  });

  it('holds folders of the repository', () => {
    expect(packages({ 'pyproject.toml': pyproject('^2.8'), 'poetry.lock': lock })).toEqual([
      'torch==2.8.0',
      'x (libs/x)',
    ]);
  });
});

describe('Pipfile and Pipfile.lock', () => {
  it('tell where a package comes from', () => {
    const { requirements } = readRequirements(fixture('pipenv'), { folder: '' });
    expect(requirements).toMatchObject({
      installer: 'pipenv',
      files: ['Pipfile.lock', 'Pipfile'],
      python: '==3.11.*',
      indexes: ['https://download.pytorch.org/whl/cu128'],
    });
    expect(requirements?.packages.get('torch')).toMatchObject({
      version: '2.8.0+cu128',
      variant: 'cu128',
      place: { line: 69 },
    });
    expect(requirements?.packages.get('jax')?.extras).toEqual(['cuda12']);
    expect(requirements?.packages.has('pytest')).toBe(false);
  });

  it('are read without a lock', () => {
    const Pipfile = lines(
      '[[source]]',
      'name = "mirror"',
      'url = "https://${USER}:${PASSWORD}@mirror.example/simple"',
      '[packages]',
      'torch = "~=2.7.0"',
      'jax = { version = "*", extras = ["cuda12"] }',
      "a = { version = '*', sys_platform = \"== 'win32'\" }",
      "b = { git = 'https://github.com/a/b.git', ref = 'v1' }",
      '"c" = ">=1,<2"',
      '[dev-packages]',
      'pytest = "*"',
      '[requires]',
      'python_full_version = "3.11.4"',
    );
    expect(packages({ Pipfile })).toEqual([
      'torch~=2.7.0',
      'jax[cuda12]',
      'b (git+https://github.com/a/b.git)',
      'c>=1,<2',
    ]);
    expect(read({ Pipfile }).requirements).toMatchObject({
      installer: 'pipenv',
      locked: false,
      python: '==3.11.4',
      indexes: ['https://mirror.example/simple'],
    });
    expect(read({ Pipfile }).requirements?.packages.get('torch')?.place).toEqual({ file: 'Pipfile', line: 5 });
  });

  it.each([
    ['no JSON', '{', ['error requirements-syntax Pipfile.lock:']],
    ['a list', '[]', ['error requirements-syntax Pipfile.lock:']],
    ['no version', '{"default": {\n"torch": {"version": "2.x"}}}', ['error requirements-syntax Pipfile.lock:2']],
    ['an old one', '{"default": {"torch": {"version": "==2.1.0"}}}', ['warning requirements-lock Pipfile:2']],
  ])('tell of %s', (_, text, expected) => {
    expect(rules({ Pipfile: '[packages]\ntorch = ">=2.4"\n', 'Pipfile.lock': text })).toEqual(expected);
  });
});

describe('pylock.toml', () => {
  const text = lines(
    'lock-version = "1.0"',
    'requires-python = ">=3.10"',
    '[[packages]]',
    'name = "numpy"',
    'version = "2.2.6"',
    'marker = "python_full_version < \'3.11\'"',
    'index = "https://pypi.org/simple"',
    '[[packages]]',
    'name = "torch"',
    'version = "2.8.0+cu128"',
    'index = "https://download.pytorch.org/whl/cu128"',
    '[[packages]]',
    'name = "b"',
    'vcs = { type = "git", url = "https://github.com/a/b", commit-id = "0" }',
    '[[packages]]',
    'name = "lib"',
    'directory = { path = "lib" }',
  );

  it('is read where the Dockerfile names it', () => {
    const files = { 'pylock.gpu.toml': text };
    const named = { files: ['pylock.gpu.toml'], words: [] };
    expect(packages(files, { named })).toEqual([
      'torch==2.8.0+cu128 (cu128)',
      'b (git+https://github.com/a/b)',
      'lib (lib)',
    ]);
    expect(read(files, { named }).requirements).toMatchObject({ installer: 'pip', locked: true, python: '>=3.10' });
    expect(packages(files, { named, environment: { python: '3.10' } })[0]).toBe('numpy==2.2.6');
    expect(read(files, { named }).requirements?.packages.get('torch')?.place.line).toBe(8);
  });
});
