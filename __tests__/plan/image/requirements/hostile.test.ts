import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Files, read } from './reading.ts';

const RULES = new Set([
  ...['requirements-conflict', 'requirements-include', 'requirements-syntax', 'requirements-python'],
  ...['requirements-lock', 'requirements-local', 'requirements-wheel', 'requirements-hash', 'requirements-extra'],
  'requirements-unread',
]);

/** Whatever the files hold, the answer is an answer, of known rules, at places in the files. */
function isSound(files: Files): void {
  const { requirements, faults, warnings } = read(files);
  for (const { rule, place, message } of [...faults, ...warnings]) {
    expect(RULES).toContain(rule);
    expect(Object.keys(files)).toContain(place?.file);
    expect(message.length).toBeLessThan(1500);
  }
  const packages = [...(requirements?.packages ?? [])];
  expect(packages.filter(([name, one]) => name !== one.name || !Object.hasOwn(files, one.place.file))).toEqual([]);
}

const soup = (...pieces: readonly string[]) =>
  fc
    .array(fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...pieces) }, { weight: 1, arbitrary: fc.string() }), {
      maxLength: 60,
    })
    .map((parts) => parts.join(''));

const NAMES = [
  'torch',
  'Num.py',
  '-',
  '_',
  '==',
  '>=',
  '<',
  '~=',
  '^',
  '~',
  '*',
  '2.1',
  '2.8.0+cu128',
  '.*',
  ',',
  ';',
  '@',
  '[gpu]',
];

describe('any text is read', () => {
  const kinds: readonly (readonly [string, fc.Arbitrary<string>, Files])[] = [
    [
      'requirements.txt',
      soup(
        ...NAMES,
        '\n',
        ' ',
        '\\\n',
        '#',
        '-r ',
        '-c ',
        '-e ',
        '.',
        './',
        '--pre',
        '--hash=sha256:0',
        '-i ',
        'https://h/whl/cu128',
        '"',
        "'",
        '(',
        ')',
        ' and ',
        'python_version',
        'requirements.txt',
        'a.txt',
        '$',
        '{X}',
        '\r',
        '\ufeff',
      ),
      { 'a.txt': 'x==1\n-r requirements.txt\n', 'setup.py': "setup(install_requires=['y'])" },
    ],
    [
      'pyproject.toml',
      soup(
        '[project]\n',
        'dependencies = ["',
        '"]\n',
        'requires-python = "',
        '[tool.poetry.dependencies]\n',
        '[tool.poetry.group.a.dependencies]\n',
        '[tool.uv]\n',
        '[[tool.uv.index]]\n',
        'name = "',
        'url = "',
        'torch = "^2"\n',
        'torch = { ',
        ' }\n',
        'path = ".", ',
        'x = [',
        ']\n',
        '"\n',
        'dynamic = ["dependencies"]\n',
        '[tool.setuptools.dynamic]\ndependencies = { file = "pyproject.toml" }\n',
        '__proto__ = 1\n',
        ...NAMES,
      ),
      {},
    ],
    [
      'uv.lock',
      soup(
        '[[package]]\n',
        'name = "t"\n',
        'name = "torch"\n',
        'version = "2.8.0"\n',
        'source = { virtual = "." }\n',
        'source = { editable = "." }\n',
        'source = { registry = "https://h/whl/cpu" }\n',
        'dependencies = [{ name = "torch" }, { name = "t", extra = ["a"] }]\n',
        'dependencies = [{ name = "torch", version = "1", marker = "os_name == \'nt\'" }]\n',
        '[package.optional-dependencies]\n',
        'a = [{ name = "t" }]\n',
        'resolution-markers = ["x"]\n',
        'requires-python = ">=3"\n',
        '[manifest]\nmembers = ["t"]\n',
      ),
      { 'pyproject.toml': '[project]\nname = "t"\ndependencies = ["torch"]\n' },
    ],
    [
      'poetry.lock',
      soup(
        '[[package]]\n',
        'name = "torch"\n',
        'version = "2.8.0"\n',
        'groups = ["main"]\n',
        'category = "main"\n',
        'optional = true\n',
        'markers = "os_name == \'nt\'"\n',
        'markers = { main = "x" }\n',
        '[package.dependencies]\n',
        'torch = "*"\n',
        'torch = { version = "^2", markers = "x" }\n',
        '[package.extras]\n',
        'a = ["torch (>=2)"]\n',
        '[package.source]\ntype = "git"\nurl = "https://h"\n',
        '[metadata]\n',
        'python-versions = "^3.9 || 4"\n',
      ),
      { 'pyproject.toml': '[tool.poetry.dependencies]\ntorch = "*"\n' },
    ],
    [
      'Pipfile.lock',
      soup(
        '{',
        '}',
        '"default"',
        ':',
        ',',
        '"torch"',
        '{"version": "==2"}',
        '"markers"',
        '[',
        ']',
        '"_meta"',
        '"sources"',
        '1',
        'null',
        '\n',
      ),
      { Pipfile: '[packages]\ntorch = "*"\n' },
    ],
    [
      'Pipfile',
      soup(
        '[packages]\n',
        '[[source]]\n',
        'name = "a"\n',
        'url = "https://h"\n',
        'torch = "*"\n',
        'x = { version = "==1", markers = "y" }\n',
        '[requires]\n',
        'python_version = "3"\n',
        ...NAMES,
      ),
      {},
    ],
    [
      'environment.yml',
      soup(
        'dependencies:\n',
        'channels:\n',
        '- ',
        '  - ',
        'pip:\n',
        'pytorch',
        '::',
        '=2.1',
        '=*cuda12*',
        '\n',
        ' ',
        '[',
        ']',
        '{',
        '}',
        '&a',
        '*a',
        '"',
        "'",
        '-r environment.yml\n',
        'python=3.10\n',
        '|',
        '>',
        '? ',
        '!!int',
      ),
      {},
    ],
    [
      'setup.py',
      soup(
        'setup(',
        'install_requires',
        '=',
        '[',
        ']',
        "'torch'",
        '"x"',
        ',',
        ')',
        '#',
        '\n',
        'extras_require={',
        'python_requires',
        'name',
        'REQ',
        '"requirements.txt"',
        '\\',
      ),
      {},
    ],
    [
      'setup.cfg',
      soup(
        '[options]\n',
        '[metadata]\n',
        'install_requires =',
        '\n',
        '  torch\n',
        'file: setup.cfg\n',
        'python_requires = >=3\n',
        '[options.extras_require]\n',
        'name = x\n',
        '#',
        ';',
        ...NAMES,
      ),
      {},
    ],
  ];

  it.each(kinds)('%s', (name, texts, others) => {
    fc.assert(
      fc.property(texts, (text) => isSound({ ...others, [name]: text })),
      { numRuns: 400 },
    );
  });
});

describe('the work is bounded', () => {
  const deep = (open: string, close: string, depth = 200_000) => open.repeat(depth) + close.repeat(depth);
  const many = (line: (index: number) => string, count = 60_000) =>
    Array.from({ length: count }, (_, index) => line(index)).join('\n');
  const long = 10 * 1024 * 1024;

  it.each<readonly [string, Files]>([
    ['a line of ten million letters', { 'requirements.txt': 'a'.repeat(long) }],
    ['a line of ten million blanks', { 'requirements.txt': `a${' '.repeat(long)}b` }],
    ['a line of ten million dashes', { 'requirements.txt': '-'.repeat(long) }],
    ['a line of many options', { 'requirements.txt': `a ${'--hash=sha256:0 '.repeat(600_000)}` }],
    ['a line of many quotations', { 'requirements.txt': `-r ${'"'.repeat(200_001)}` }],
    ['a line of many semicolons', { 'requirements.txt': `a${' ;'.repeat(4000)}` }],
    ['a line of many brackets', { 'requirements.txt': `./${'['.repeat(8000)}` }],
    ['a line that is continued for ever', { 'requirements.txt': '\\\n'.repeat(2_000_000) }],
    ['many packages', { 'requirements.txt': many((index) => `p${index}==1`) }],
    ['many pins of one package', { 'requirements.txt': many((index) => `torch!=${index}`) }],
    ['many contradictions', { 'requirements.txt': many((index) => `p${index % 9000}==${index}`) }],
    [
      'files that include each other twice',
      Object.fromEntries(
        Array.from({ length: 40 }, (_, index) => [
          index === 0 ? 'requirements.txt' : `${index}.txt`,
          `-r ${index + 1}.txt\n-r ${index + 1}.txt\np${index}\n`,
        ]).concat([['40.txt', '']]),
      ),
    ],
    [
      'files that include each other in a long chain',
      Object.fromEntries(
        Array.from({ length: 2000 }, (_, index) => [
          index === 0 ? 'requirements.txt' : `${index}.txt`,
          `-r ${index + 1}.txt\n`,
        ]).concat([['2000.txt', 'torch\n']]),
      ),
    ],
    ['deep TOML', { 'pyproject.toml': `x = ${deep('[', ']')}` }],
    ['deep keys', { 'pyproject.toml': `[${'a.'.repeat(100_000)}a]` }],
    ['wide TOML', { 'pyproject.toml': `[project]\ndependencies = [${many((index) => `"p${index}",`, 20_000)}]` }],
    ['many headers', { 'uv.lock': many(() => '[[package]]'), 'pyproject.toml': '[project]\nname = "t"\n' }],
    ['many channels', { 'environment.yml': `channels:\n${many(() => '- a', 300_000)}\ndependencies:\n- pytorch\n` }],
    [
      'many dependencies of one package',
      {
        'uv.lock': `[[package]]\nname = "t"\nsource = { virtual = "." }\ndependencies = [${'{ name = "t" },'.repeat(150_000)}]\n`,
        'pyproject.toml': '[project]\nname = "t"\n',
      },
    ],
    [
      'many markers',
      { 'requirements.txt': many((index) => `p${index}; ${"os_name == 'x' or ".repeat(20)}os_name == 'posix'`, 5000) },
    ],
    ['deep JSON', { 'Pipfile.lock': deep('[', ']') }],
    ['a long line of JSON', { 'Pipfile.lock': `"${'x'.repeat(long)}` }],
    ['deep YAML', { 'environment.yml': deep('[', ']', 20_000) }],
    ['YAML of many aliases', { 'environment.yml': `a: &a [x]\ndependencies: [${'*a, '.repeat(20_000)}*a]` }],
    ['a long specification', { 'environment.yml': `dependencies:\n- pytorch${' '.repeat(500_000)}=\n` }],
    ['a long list in setup.py', { 'setup.py': `setup(install_requires=[${"'a', ".repeat(100_000)}])` }],
    ['a comment without end in setup.py', { 'setup.py': `setup(install_requires=[${'#\n '.repeat(300_000)}` }],
    [
      'many keys in setup.cfg',
      { 'setup.cfg': `[options]\n${many((index) => `k${index} = ${' '.repeat(200)}`, 20_000)}` },
    ],
  ])(
    '%s',
    (_, files) => {
      isSound(files);
    },
    10_000,
  );

  it('and the number of findings', () => {
    const { faults } = read({ 'requirements.txt': many((index) => `p${index}=1`, 5000) });
    expect(faults.length).toBeLessThanOrEqual(50);
  });
});
