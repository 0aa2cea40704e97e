import { describe, expect, it } from '@jest/globals';
import { type Files, lines, packages, read, told } from './reading.ts';

const PYPROJECT = '[project]\nname = "t"\ndependencies = ["xgboost"]\n';
const UV_LOCK = lines(
  '[[package]]',
  'name = "t"',
  'source = { virtual = "." }',
  'dependencies = [{ name = "torch" }]',
  '[[package]]',
  'name = "torch"',
  'version = "2.8.0"',
);
const POETRY_LOCK = '[[package]]\nname = "jax"\nversion = "0.7.0"\ngroups = ["main"]\n';

describe('the conventional places', () => {
  const everything: Files = {
    'uv.lock': UV_LOCK,
    'poetry.lock': POETRY_LOCK,
    'Pipfile.lock': '{"default": {"lightgbm": {"version": "==4.0"}}}',
    Pipfile: '[packages]\nlightgbm = "*"\n',
    'requirements.txt': 'tensorflow\n',
    'pyproject.toml': PYPROJECT,
    'environment.yml': 'dependencies:\n- pytorch\n',
  };
  const order: readonly (readonly [string, string, string])[] = [
    ['uv.lock', 'uv', 'torch==2.8.0'],
    ['poetry.lock', 'poetry', 'jax==0.7.0'],
    ['Pipfile.lock', 'pipenv', 'lightgbm==4.0'],
    ['Pipfile', 'pipenv', 'lightgbm'],
    ['requirements.txt', 'pip', 'tensorflow'],
    ['pyproject.toml', 'pip', 'xgboost'],
    ['environment.yml', 'conda', 'torch'],
  ];

  it.each(order)('%s comes before those below it', (file, installer, package_) => {
    const index = order.findIndex(([one]) => one === file);
    const left = order.slice(index).map(([one]) => one);
    const kept = left.includes('requirements.txt') || left.includes('pyproject.toml') ? ['pyproject.toml'] : [];
    const files = Object.fromEntries(Object.entries(everything).filter(([one]) => [...left, ...kept].includes(one)));
    expect(read(files).requirements?.installer).toBe(installer);
    expect(packages(files)).toEqual([package_]);
  });

  it('give way where they name nothing', () => {
    expect(
      packages({
        'pyproject.toml': '[tool.ruff]\nline-length = 100\n',
        'environment.yml': 'dependencies:\n- pytorch\n',
      }),
    ).toEqual(['torch']);
    expect(packages({ 'requirements.txt': '# none yet\n', 'setup.py': "setup(install_requires=['torch'])" })).toEqual([
      'torch',
    ]);
    const empty = read({ 'requirements.txt': '# none\n' }).requirements;
    expect([empty?.files, empty?.packages.size]).toEqual([['requirements.txt'], 0]);
    expect(read({ 'train.py': '' }).requirements).toBeUndefined();
    expect(read({ 'app/requirements.txt': 'torch\n' }).requirements).toBeUndefined();
  });

  it('stand though they are broken', () => {
    const files = { 'requirements.txt': 'torch=2\n', 'environment.yml': 'dependencies:\n- pytorch\n' };
    expect(read(files).requirements?.installer).toBe('pip');
    expect(told(files)).toHaveLength(1);
  });
});

describe("conda's file", () => {
  const conda = (...pip: readonly string[]) =>
    lines('dependencies:', '- python=3.8.5', '- pytorch=1.11.0', '- pip:', ...pip.map((one) => `  - ${one}`));

  it('comes first where it hands the others to pip', () => {
    const setup = { 'setup.py': "setup(name='latent', install_requires=['torch', 'tqdm'])\n" };
    const project = { ...setup, 'environment.yaml': conda('-e .') };
    expect(read(project).requirements).toMatchObject({ installer: 'conda', python: '==3.8.5' });
    expect(packages(project)).toEqual(['torch==1.11.0.*', 'tqdm', 'latent (.)']);
    const list = { 'requirements.txt': 'tqdm\n', 'environment.yml': conda('-r requirements.txt') };
    expect(packages(list)).toEqual(['tqdm', 'torch==1.11.0.*']);
    expect(read(list).requirements?.files).toEqual(['environment.yml', 'requirements.txt']);
  });

  it('comes last where it does not', () => {
    expect(packages({ 'requirements.txt': 'tqdm\n', 'environment.yml': conda('numpy') })).toEqual(['tqdm']);
  });
});

describe('requirement files by their purpose', () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['requirements.txt before all', ['requirements.txt', 'requirements/train.txt'], ['requirements.txt']],
    [
      'a folder of them',
      ['requirements/base.txt', 'requirements/dev.txt', 'requirements/train.txt'],
      ['requirements/base.txt', 'requirements/train.txt'],
    ],
    ['for training, not for serving', ['requirements-train.txt', 'requirements-serve.txt'], ['requirements-train.txt']],
    [
      'for production',
      ['requirements/prod.txt', 'requirements/test.txt', 'requirements/docs.txt'],
      ['requirements/prod.txt'],
    ],
    ['for a GPU', ['requirements_gpu.txt', 'requirements_cpu.txt'], ['requirements_gpu.txt']],
    ['for a CUDA version', ['requirements/cu121.txt', 'requirements/lint.txt'], ['requirements/cu121.txt']],
    ['named the other way round', ['train-requirements.txt', 'dev-requirements.txt'], ['train-requirements.txt']],
    ['one of an own name', ['requirements/model.txt', 'requirements/test.txt'], ['requirements/model.txt']],
    ['two of own names', ['requirements/a.txt', 'requirements/b.txt'], []],
    ['for development alone', ['requirements-dev.txt', 'requirements/tests.txt'], []],
  ];

  it.each(cases)('%s', (_, names, chosen) => {
    const files = Object.fromEntries(names.map((name) => [name, 'torch\n']));
    expect(read(files).requirements?.roots ?? []).toEqual(chosen);
  });

  it('are read once where one includes the other', () => {
    const files = { 'requirements/base.txt': 'numpy\n', 'requirements/train.txt': '-r base.txt\ntorch\n' };
    expect(packages(files)).toEqual(['numpy', 'torch']);
  });
});

describe('the Python that is wanted', () => {
  it.each<readonly [string, Files, string | undefined]>([
    [
      'of pyproject.toml',
      { 'pyproject.toml': '[project]\nrequires-python = ">=3.10, <3.13"\ndependencies = ["a"]\n' },
      '>=3.10,<3.13',
    ],
    ['of .python-version', { 'requirements.txt': 'a\n', '.python-version': '3.11\n' }, '==3.11.*'],
    ['of .python-version in full', { 'requirements.txt': 'a\n', '.python-version': '# x\n3.11.4\n' }, '==3.11.*'],
    ['of runtime.txt', { 'requirements.txt': 'a\n', 'runtime.txt': 'python-3.11.4' }, '==3.11.*'],
    [
      'of the project beside a list',
      { 'requirements.txt': 'a\n', 'pyproject.toml': '[project]\nrequires-python = ">=3.10"\n' },
      '>=3.10',
    ],
    [
      'of the project rather than of a hint',
      { 'pyproject.toml': '[project]\nrequires-python = ">=3.12"\ndependencies = ["a"]\n', '.python-version': '3.9' },
      '>=3.12',
    ],
    ['of a wheel', { 'requirements.txt': 'https://h/torch-2.1.0-cp310-cp310-linux_x86_64.whl\n' }, '==3.10.*'],
    [
      'of a wheel for later ones too',
      { 'requirements.txt': 'https://h/x-1.0-cp39-abi3-manylinux_2_28_x86_64.whl\n' },
      '>=3.9',
    ],
    ['of nobody', { 'requirements.txt': 'a\n', '.python-version': 'system' }, undefined],
  ])('%s', (_, files, python) => {
    expect(read(files).requirements?.python).toBe(python);
    expect(told(files)).toEqual([]);
  });

  it('decides the markers', () => {
    const project = (python: string) =>
      `[project]\nrequires-python = "${python}"\ndependencies = ["a; python_version < '3.11'", "b; python_version >= '3.13'"]\n`;
    expect(packages({ 'pyproject.toml': project('>=3.9') })).toEqual([]);
    expect(packages({ 'pyproject.toml': project('>=3.9,<3.11') })).toEqual(['a']);
    expect(packages({ 'pyproject.toml': project('>=3.13') })).toEqual(['b']);
    expect(packages({ 'pyproject.toml': project('==3.10.4') })).toEqual(['a']);
  });

  it('contradicts another, or the one that is there', () => {
    const files = {
      'requirements.txt': '-e ./lib\nhttps://h/torch-2.1.0-cp310-cp310-linux_x86_64.whl\n',
      'lib/pyproject.toml': '[project]\nname = "lib"\nrequires-python = ">=3.12"\n',
    };
    expect(told(files)).toEqual([
      'error: lib/pyproject.toml:3: lib/pyproject.toml wants Python >=3.12, and the wheel of torch 2.1.0 (requirements.txt:2) wants ==3.10.*: no Python fits both. Make them agree. [requirements-python]',
    ]);
    const one = { 'pyproject.toml': '[project]\nrequires-python = ">=3.12.2"\ndependencies = ["a"]\n' };
    expect(told(one, { environment: { python: '3.12' } })).toEqual([]);
    expect(told(one, { environment: { python: '3.11' } })).toEqual([
      'error: pyproject.toml:2: pyproject.toml wants Python >=3.12.2, and the image has 3.11. Change one of them. [requirements-python]',
    ]);
  });
});

describe('a framework that only an extra names', () => {
  it('is told', () => {
    const text = lines(
      '[project]',
      'name = "t"',
      'dependencies = ["numpy"]',
      'optional-dependencies.train = ["torch>=2"]',
      '[dependency-groups]',
      'dev = ["pytest"]',
    );
    expect(told({ 'pyproject.toml': text })).toEqual([
      'warning: pyproject.toml:4: torch is only in the extra train, which is not installed. Put what the program needs among the dependencies, or add a Dockerfile that installs it. [requirements-extra]',
    ]);
    expect(told({ 'pyproject.toml': text }, { extras: ['train'] })).toEqual([]);
    expect(told({ 'pyproject.toml': text.replace('numpy', 'xgboost') })).toEqual([]);
  });
});
