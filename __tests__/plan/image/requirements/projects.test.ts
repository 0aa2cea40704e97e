import { describe, expect, it } from '@jest/globals';
import { lines, packages, read, rules } from './reading.ts';

describe('pyproject.toml', () => {
  const project = (...more: readonly string[]) => lines('[project]', 'name = "t"', ...more);

  it('names its dependencies, for the Python that it wants', () => {
    const files = {
      'pyproject.toml': project(
        'requires-python = ">=3.13"',
        'dependencies = [',
        '  "torch>=2.4,<3", # the framework',
        '  \'numpy; python_version >= "3.13"\',',
        '  "tomli; python_version < \'3.11\'",',
        ']',
      ),
    };
    expect(packages(files)).toEqual(['torch>=2.4,<3', 'numpy']);
    const { requirements } = read(files);
    expect(requirements).toMatchObject({
      installer: 'pip',
      locked: false,
      python: '>=3.13',
      files: ['pyproject.toml'],
    });
    expect(requirements?.packages.get('torch')?.place).toEqual({ file: 'pyproject.toml', line: 5 });
    expect(requirements?.packages.get('numpy')?.place.line).toBe(6);
  });

  it('has extras and groups, which are taken when asked for', () => {
    const text = project(
      'dependencies = ["numpy"]',
      'optional-dependencies.Train_All = ["t[viz]", "xgboost"]',
      'optional-dependencies.viz = ["plotly", "t[train-all]"]',
      '[dependency-groups]',
      'gpu = ["torch", { include-group = "base" }]',
      'base = ["tqdm"]',
    );
    const files = { 'pyproject.toml': text };
    expect(packages(files)).toEqual(['numpy']);
    expect(packages(files, { extras: ['train.all'] })).toEqual(['numpy', 'xgboost', 'plotly']);
    expect(packages(files, { groups: ['GPU'] })).toEqual(['numpy', 'torch', 'tqdm']);
  });

  it("has uv's settings", () => {
    const text = project(
      'dependencies = ["torch==2.8.0", "numpy", "b", "c>=2"]',
      '[tool.uv]',
      'constraint-dependencies = ["numpy<2.3"]',
      'override-dependencies = ["c==1.0"]',
      'default-groups = ["dev", "train"]',
      '[tool.uv.sources]',
      'torch = [',
      '  { index = "cpu", marker = "sys_platform == \'darwin\'" },',
      '  { index = "cuda", marker = "sys_platform == \'linux\'" },',
      ']',
      'b = { git = "https://github.com/a/b" }',
      '[[tool.uv.index]]',
      'name = "cpu"',
      'url = "https://download.pytorch.org/whl/cpu"',
      'explicit = true',
      '[[tool.uv.index]]',
      'name = "cuda"',
      'url = "https://download.pytorch.org/whl/cu128"',
      'explicit = true',
      '[dependency-groups]',
      'dev = ["pytest"]',
      'train = ["tqdm"]',
    );
    expect(packages({ 'pyproject.toml': text })).toEqual([
      'torch==2.8.0 (cu128)',
      'numpy<2.3',
      'b (git+https://github.com/a/b)',
      'c==1.0',
      'tqdm',
    ]);
    expect(read({ 'pyproject.toml': text }).requirements?.installer).toBe('uv');
  });

  it.each([
    ['setuptools', '[tool.setuptools.dynamic]\ndependencies = { file = ["reqs/base.txt"] }\n'],
    ['setuptools, one file', '[tool.setuptools.dynamic]\ndependencies = { file = "reqs/base.txt" }\n'],
    ['hatch', '[tool.hatch.metadata.hooks.requirements_txt]\nfiles = ["reqs/base.txt"]\n'],
  ])('leaves its dependencies to a file, by %s', (_, section) => {
    const files = {
      'pyproject.toml': `${project('dynamic = ["dependencies"]')}${section}`,
      'reqs/base.txt': 'torch\n',
    };
    expect(packages(files)).toEqual(['torch']);
    expect(read(files).requirements?.files).toEqual(['pyproject.toml', 'reqs/base.txt']);
  });

  it.each([
    ['no TOML', '[project\n', ['error requirements-syntax pyproject.toml:1']],
    ['a key twice', '[project]\nname = "a"\nname = "b"\n', ['error requirements-syntax pyproject.toml:3']],
    ['no requirement', project('dependencies = ["torch=2"]'), ['error requirements-syntax pyproject.toml:3']],
    ['things of other types', project('dependencies = 3', 'requires-python = []', 'optional-dependencies = "x"'), []],
  ])('with %s', (_, text, expected) => {
    expect(rules({ 'pyproject.toml': text })).toEqual(expected);
  });
});

describe("Poetry's section", () => {
  const text = lines(
    '[tool.poetry]',
    'name = "t"',
    '[tool.poetry.dependencies]',
    'python = ">=3.9,<3.12"',
    'torch = [',
    '  { version = "2.1.0", markers = "sys_platform == \'darwin\'" },',
    '  { version = "2.1.0", source = "pytorch", platform = "linux" },',
    ']',
    'Jax = { version = "^0.4", extras = ["cuda12"] }',
    'xgboost = { version = "~2.0", optional = true }',
    'b = { git = "https://github.com/a/b.git", tag = "v1" }',
    'tomli = { version = "*", python = "<3.11" }',
    'rc = { version = ">=1", allow-prereleases = true }',
    '[tool.poetry.extras]',
    'boost = ["xgboost"]',
    '[tool.poetry.group.dev.dependencies]',
    'pytest = "*"',
    '[tool.poetry.group.train.dependencies]',
    'tqdm = "4.66.1"',
    '[tool.poetry.group.viz]',
    'optional = true',
    '[tool.poetry.group.viz.dependencies]',
    'plotly = "*"',
    '[[tool.poetry.source]]',
    'name = "pytorch"',
    'url = "https://download.pytorch.org/whl/cu118"',
    'priority = "explicit"',
  );

  it('names its dependencies', () => {
    expect(packages({ 'pyproject.toml': text })).toEqual([
      'torch==2.1.0 (cu118)',
      'jax[cuda12]>=0.4,<0.5',
      'b (git+https://github.com/a/b.git)',
      'rc>=1 (nightly)',
      'tqdm==4.66.1',
    ]);
    const { requirements } = read({ 'pyproject.toml': text });
    expect(requirements).toMatchObject({ installer: 'poetry', python: '>=3.9,<3.12' });
    expect(requirements?.packages.get('jax')?.place.line).toBe(9);
    expect(requirements?.packages.get('tqdm')?.place.line).toBe(19);
  });

  it('has extras, groups and Pythons', () => {
    const more = packages(
      { 'pyproject.toml': text },
      { extras: ['boost'], groups: ['viz'], environment: { python: '3.10' } },
    );
    expect(more).toEqual(expect.arrayContaining(['xgboost>=2.0,<2.1', 'tomli', 'plotly']));
  });

  it('only adds sources where the standard list is there', () => {
    const standard = lines(
      '[project]',
      'name = "t"',
      'dependencies = ["torch==2.1.0"]',
      '[tool.poetry.dependencies]',
      'torch = { source = "pytorch" }',
      '[[tool.poetry.source]]',
      'name = "pytorch"',
      'url = "https://download.pytorch.org/whl/cu118"',
      'priority = "explicit"',
    );
    expect(packages({ 'pyproject.toml': standard })).toEqual(['torch==2.1.0 (cu118)']);
  });

  it('tells what is no constraint', () => {
    const wrong = '[tool.poetry.dependencies]\ntorch = "banana"\n';
    expect(rules({ 'pyproject.toml': wrong })).toEqual(['error requirements-syntax pyproject.toml:2']);
  });

  it('leads to projects of the repository', () => {
    const files = {
      'pyproject.toml': '[tool.poetry.dependencies]\nlib = { path = "lib", develop = true }\n',
      'lib/pyproject.toml': '[project]\nname = "lib"\ndependencies = ["torch"]\n',
    };
    expect(packages(files)).toEqual(['lib (lib)', 'torch']);
  });
});

describe("setuptools' older files", () => {
  it('setup.cfg', () => {
    const files = {
      'setup.cfg': lines(
        '[metadata]',
        'name = my_pkg',
        '[options]',
        'python_requires = >=3.10',
        'install_requires =',
        '    torch>=2.4',
        '    # a comment',
        '    numpy; python_version < "4"',
        'packages = find:',
        '[options.extras_require]',
        'gpu = xgboost',
        'dev =',
        '    pytest',
      ),
    };
    expect(packages(files)).toEqual(['torch>=2.4', 'numpy']);
    expect(packages(files, { extras: ['gpu'] })).toEqual(['torch>=2.4', 'numpy', 'xgboost']);
    expect(read(files).requirements).toMatchObject({ installer: 'pip', python: '>=3.10', files: ['setup.cfg'] });
    expect(read(files).requirements?.packages.get('numpy')?.place).toEqual({ file: 'setup.cfg', line: 8 });
  });

  it.each([
    [
      'a list',
      "setup(name='t', install_requires=['torch>=2', \"numpy\", # why\n], python_requires='>=3.10')",
      ['torch>=2', 'numpy'],
    ],
    ['comments in the texts', "setup(install_requires=['torch>=2 # the framework'])", ['torch>=2']],
    ['a name', "REQS = [\n  'torch',\n]\nsetup(install_requires=REQS)", ['torch']],
    ['a file', "setup(install_requires=open('requirements/base.txt').read().splitlines())", ['xgboost']],
    ['what has to be run', 'setup(install_requires=find())', []],
    [
      'an extra',
      "setup(install_requires=['numpy'], extras_require={'gpu': ['torch'], 'dev': ['pytest']})",
      ['numpy', 'torch'],
    ],
    ['an open list', "setup(install_requires=['numpy', ", []],
  ])('setup.py with %s', (_, text, expected) => {
    const files = { 'setup.py': text, 'requirements/base.txt': 'xgboost\n', 'setup/x': '' };
    expect(packages(files, { named: { files: ['setup.py'], words: [] }, extras: ['gpu'] })).toEqual(expected);
  });
});
