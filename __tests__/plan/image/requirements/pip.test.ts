// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what a requirements file holds
import { describe, expect, it } from '@jest/globals';
import { localPart, pickVersion } from '../../../../src/plan/image/requirements/versions.ts';
import { type Files, lines, packages, read, rows, rules, told } from './reading.ts';

const TORCH = 'https://download.pytorch.org/whl';

/** What `pip install --dry-run --report` of pip 26.3 answered on Python 3.11.7, on an index of packages made up for it. */
interface Answer {
  readonly name: string;
  readonly files: Files;
  readonly requested?: Readonly<Record<string, string>>;
  readonly refused?: string;
}

describe("pip's own answers", () => {
  const answers = rows('pip.jsonl') as readonly Answer[];
  const environment = { python: '3.11.7' };
  /** Refused by pip alone, or only by newer ones: warned of. */
  const warned = ['badopt', 'e=', 'find-self', 'hashmix', 'hashunpinned', 'starge'];
  /** Whatever of --pre: a release candidate of this index comes before the nightly one. */
  const odd = ['nightly-extra', 'rc'];

  it.each(answers.filter(({ requested }) => requested !== undefined).map((one) => [one.name, one] as const))(
    '%s is taken',
    (name, { files, requested = {} }) => {
      const { requirements, faults } = read(files, { environment });
      expect(faults).toEqual([]);
      for (const [package_, version] of Object.entries(requested)) {
        const mine = requirements?.packages.get(package_);
        expect([package_, mine?.name]).toEqual([package_, package_]);
        if (mine?.url === undefined) expect(pickVersion(mine?.specifier ?? '?', [version], true)).toBe(version);
        if (mine?.version !== undefined) expect(version.startsWith(mine.version)).toBe(true);
        if (odd.includes(name)) continue;
        if (mine?.variant !== undefined) expect(mine.variant).toBe(localPart(version));
        expect(mine?.nightly).toBe(/dev|rc/.test(version));
      }
    },
  );

  it.each(answers.filter(({ refused }) => refused !== undefined).map((one) => [one.name, one] as const))(
    '%s is refused',
    (name, { files }) => {
      const { faults, warnings } = read(files, { environment });
      if (warned.includes(name)) expect([faults.length, warnings.length]).toEqual([0, 1]);
      else expect(faults.length).toBeGreaterThan(0);
    },
  );

  it('are many', () => {
    expect(answers.filter(({ requested }) => requested !== undefined).length).toBeGreaterThan(40);
    expect(answers.filter(({ refused }) => refused !== undefined).length).toBeGreaterThan(20);
  });
});

describe('what a requirements file names', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['comments and blank lines', '# all\n\n torch==2.8.0 # pinned\nnumpy#no\n', ['torch==2.8.0']],
    ['continued lines', 'torch \\\n  >=2.6, \\\n  <2.8\n', ['torch>=2.6,<2.8']],
    ['a byte order mark and CRLF', '\ufefftorch==2.8.0\r\nnumpy\r\n', ['torch==2.8.0', 'numpy']],
    ['extras', 'jax[CUDA12_local, k8s]==0.7.0\n', ['jax[cuda12-local,k8s]==0.7.0']],
    ['extras of several lines', 'jax[cuda12]\njax>=0.7\n', ['jax[cuda12]>=0.7']],
    [
      'markers',
      "a; sys_platform == 'win32'\nb; python_version >= '3.12'\nc; platform_machine != 'aarch64'\n",
      ['b', 'c'],
    ],
    ['one name written in two ways', 'Typing_Extensions>=4\ntyping.extensions<5\n', ['typing-extensions>=4,<5']],
    [
      'a direct reference',
      `torch @ ${TORCH}/cu121/torch-2.1.0%2Bcu121-cp312-cp312-linux_x86_64.whl\n`,
      [`torch (cu121, ${TORCH}/cu121/torch-2.1.0%2Bcu121-cp312-cp312-linux_x86_64.whl)`],
    ],
    [
      'a wheel of the repository',
      'wheels/torch-2.1.0+cpu-cp312-cp312-linux_x86_64.whl\n',
      ['torch (cpu, wheels/torch-2.1.0+cpu-cp312-cp312-linux_x86_64.whl)'],
    ],
    [
      'a repository',
      'git+https://me:secret@github.com/a/b.git@v1#egg=b-c\n',
      ['b-c (git+https://github.com/a/b.git@v1#egg=b-c)'],
    ],
    ['a repository without a name', 'git+https://github.com/a/b.git\nnumpy\n', ['numpy']],
    ['a variable of the build', 'torch==${TORCH_VERSION}\nnumpy\n', ['torch', 'numpy']],
    [
      'a password in a variable',
      'b @ git+https://${TOKEN}@github.com/a/b.git\n',
      ['b (git+https://github.com/a/b.git)'],
    ],
    [
      'nightly builds by name',
      'tf-nightly\ntf_nightly_gpu\nkeras-nightly\n',
      ['tf-nightly (nightly)', 'tf-nightly-gpu (nightly)', 'keras-nightly (nightly)'],
    ],
    [
      'a nightly build by its version',
      'torch==2.10.0.dev20260101+cu126\n',
      ['torch==2.10.0.dev20260101+cu126 (cu126, nightly)'],
    ],
    [
      'a nightly wheel',
      'https://h/whl/nightly/cu126/torch-2.10.0.dev20260101-cp312-cp312-linux_x86_64.whl\n',
      ['torch (cu126, nightly, https://h/whl/nightly/cu126/torch-2.10.0.dev20260101-cp312-cp312-linux_x86_64.whl)'],
    ],
    [
      'a nightly index',
      `--pre\n--index-url ${TORCH}/nightly/cu126\ntorch\nnumpy==2.0\n`,
      ['torch (cu126, nightly)', 'numpy==2.0'],
    ],
    [
      'TensorFlow',
      'tensorflow[and-cuda]~=2.16.0\ntensorflow-cpu\ntensorflow-gpu==2.11\n',
      ['tensorflow[and-cuda]~=2.16.0', 'tensorflow-cpu (cpu)', 'tensorflow-gpu==2.11'],
    ],
    [
      'a local part',
      'torch==2.5.1+cpu\njaxlib==0.4.20+cuda12.cudnn89\n',
      ['torch==2.5.1+cpu (cpu)', 'jaxlib==0.4.20+cuda12.cudnn89 (cu12)'],
    ],
    [
      'an index in place of the default one',
      `-i ${TORCH}/cpu\ntorch\ntorchvision\nnumpy\n`,
      ['torch (cpu)', 'torchvision (cpu)', 'numpy'],
    ],
    [
      'an index beside the default one, and a pinned version',
      `--extra-index-url ${TORCH}/cu118\ntorch==2.1.0\nnumpy\n`,
      ['torch==2.1.0 (cu118)', 'numpy'],
    ],
    ['an index beside the default one, and a choice', `--extra-index-url ${TORCH}/cu118\ntorch>=2\n`, ['torch>=2']],
    [
      'two indexes beside the default one',
      `--extra-index-url ${TORCH}/cu118\n-f ${TORCH}/cu121\ntorch==2.1.0\n`,
      ['torch==2.1.0'],
    ],
    ['a page of links', `-f ${TORCH}/cu118/torch_stable.html\ntorch==2.0.1\n`, ['torch==2.0.1 (cu118)']],
    ['the page of all builds', `-f ${TORCH}/torch_stable.html\ntorch==1.13.1+cu117\n`, ['torch==1.13.1+cu117 (cu117)']],
    ['a mirror of an index', '-i https://mirror.example/pytorch-wheels/cu126/\ntorch\n', ['torch (cu126)']],
  ];

  it.each(cases)('%s', (_, text, expected) => {
    expect(packages({ 'requirements.txt': text })).toEqual(expected);
  });

  it('with its indexes, without passwords', () => {
    const text = `-i https://me:secret@host/simple\n--extra-index-url=${TORCH}/cu128\n--find-links ./wheels\ntorch\n`;
    const { requirements } = read({ 'requirements.txt': text });
    expect(requirements?.indexes).toEqual(['https://host/simple', `${TORCH}/cu128`, './wheels']);
    expect(JSON.stringify(requirements)).not.toContain('secret');
  });

  it('is for the machine and the Python that are asked for', () => {
    const text = lines(
      "a; platform_machine == 'aarch64'",
      "b; python_version < '3.11'",
      "c; python_full_version < '3.11.3'",
    );
    const files = { 'requirements.txt': text };
    expect(packages(files)).toEqual([]);
    expect(packages(files, { environment: { machine: 'aarch64' } })).toEqual(['a']);
    expect(packages(files, { environment: { python: '3.10' } })).toEqual(['b', 'c']);
    expect(packages(files, { environment: { python: '3.11.2' } })).toEqual(['c']);
  });

  it('is locked by hashes', () => {
    const hashed = 'torch==2.8.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nnumpy==2.0 --hash=sha256:cc\n';
    expect(read({ 'requirements.txt': hashed }).requirements?.locked).toBe(true);
    expect(read({ 'requirements.txt': 'torch==2.8.0\n' }).requirements?.locked).toBe(false);
  });

  it('has its place', () => {
    const files = { 'requirements.txt': 'numpy\n-r gpu/base.txt\n', 'gpu/base.txt': '# all\ntorch \\\n  ==2.8.0\n' };
    const { requirements } = read(files);
    expect(requirements?.packages.get('torch')?.place).toEqual({ file: 'gpu/base.txt', line: 2 });
    expect(requirements?.files).toEqual(['requirements.txt', 'gpu/base.txt']);
    expect(requirements?.roots).toEqual(['requirements.txt']);
  });
});

describe('includes and constraints', () => {
  it('count from the folder of the including file', () => {
    const files = {
      'app/requirements.txt': '-r reqs/train.txt\n',
      'app/reqs/train.txt': '--requirement=../common/base.txt\ntorch\n',
      'app/common/base.txt': '-cpins.txt\nnumpy\n',
      'app/common/pins.txt': 'numpy==2.0.1\nprotobuf<4\n',
    };
    expect(packages(files, { folder: 'app' })).toEqual(['numpy==2.0.1', 'torch']);
    expect(read(files, { folder: './app/' }).requirements?.files).toEqual(Object.keys(files));
  });

  it('narrow, but add nothing', () => {
    const { requirements } = read({
      'requirements.txt': '-c c.txt\nlightning\n',
      'c.txt': 'torch==2.1.0\nlightning<3\n',
    });
    expect([...(requirements?.packages.keys() ?? [])]).toEqual(['lightning']);
    expect(requirements?.packages.get('lightning')?.specifier).toBe('<3');
    expect(requirements?.constraints?.get('torch')?.version).toBe('2.1.0');
  });

  it.each([
    ['a missing file', { 'requirements.txt': 'a\n-r gone.txt\n' }, ['error requirements-include requirements.txt:2']],
    [
      'a missing file of constraints',
      { 'requirements.txt': '-c gone.txt\n' },
      ['error requirements-include requirements.txt:1'],
    ],
    [
      'one outside the workspace',
      { 'requirements.txt': '-r ../../x.txt\n' },
      ['error requirements-include requirements.txt:1'],
    ],
    [
      'a circle',
      { 'requirements.txt': '-r a.txt\n', 'a.txt': 'x\n-r requirements.txt\n' },
      ['error requirements-include a.txt:2'],
    ],
    [
      'a file that includes itself',
      { 'requirements.txt': '-r requirements.txt\n' },
      ['error requirements-include requirements.txt:1'],
    ],
    ['one on the network', { 'requirements.txt': '-r https://h/r.txt\n-c /etc/pins.txt\n' }, []],
    ['one included twice', { 'requirements.txt': '-r a.txt\n-r a.txt\n', 'a.txt': 'x\n' }, []],
  ])('%s', (_, files, expected) => {
    expect(rules(files)).toEqual(expected);
  });

  it.each(['.', 'gpu', './gpu/..'])('say that %s is a folder', (path) => {
    expect(told({ 'requirements.txt': `-r ${path}\n`, 'gpu/more.txt': 'torch\n' })).toEqual([
      `error: requirements.txt:1: includes "${path}", which is a folder. Name a file in it; a project is installed by a line without --requirement. [requirements-include]`,
    ]);
  });

  it('say what is missing, and how the path counts', () => {
    expect(told({ 'requirements.txt': '-r gpu/gone.txt\n' })).toEqual([
      'error: requirements.txt:1: includes "gpu/gone.txt", and there is no file "gpu/gone.txt". Add it, or take the line out; the path counts from the folder of the including file. [requirements-include]',
    ]);
  });
});

describe('projects of the repository', () => {
  const pyproject = lines(
    '[project]',
    'name = "my.lib"',
    'requires-python = ">=3.10,<3.12"',
    'dependencies = ["numpy<2"]',
    '[project.optional-dependencies]',
    'train = ["torch==2.1.0", "my-lib[viz]"]',
    'viz = ["matplotlib"]',
  );

  it.each([
    ['-e .[train]', ['numpy<2', 'torch==2.1.0', 'matplotlib', 'my-lib[train] (.)']],
    ['.', ['numpy<2', 'my-lib (.)']],
    ['--editable=.', ['numpy<2', 'my-lib (.)']],
    ['file:.', ['numpy<2', 'my-lib (file:.)']],
  ])('%s', (line, expected) => {
    const files = { 'requirements.txt': `${line}\n`, 'pyproject.toml': pyproject };
    expect(packages(files)).toEqual(expected);
    expect(read(files).requirements?.python).toBe('>=3.10,<3.12');
    expect(read(files).requirements?.files).toEqual(['requirements.txt', 'pyproject.toml']);
  });

  it('are found below the build context, or beside the file', () => {
    const one = { 'sub/requirements.txt': './lib\n', 'lib/pyproject.toml': pyproject };
    const named = { named: { files: ['sub/requirements.txt'], words: [] } };
    expect(packages(one, named)).toEqual(['numpy<2', 'my-lib (./lib)']);
    const other = { 'sub/requirements.txt': './lib\n', 'sub/lib/pyproject.toml': pyproject };
    expect(packages(other, named)).toEqual(['numpy<2', 'my-lib (./lib)']);
  });

  it('may lead to each other', () => {
    const needs = (name: string, other: string) =>
      `[tool.poetry]\nname = "${name}"\n[tool.poetry.dependencies]\n${other} = { path = "../${other}" }\n`;
    const files = {
      'requirements.txt': './a\n',
      'a/pyproject.toml': needs('a', 'b'),
      'b/pyproject.toml': needs('b', 'a'),
    };
    expect(packages(files)).toEqual(['b (../b)', 'a (./a)']);
    expect(told(files)).toEqual([]);
  });
});

describe('what pip does not take', () => {
  it.each([
    ['torch=2.1', ['error requirements-syntax requirements.txt:1']],
    ['torch 2.1', ['error requirements-syntax requirements.txt:1']],
    ['torch>=2.1<3', ['error requirements-syntax requirements.txt:1']],
    ['numpy @ file:///croot/numpy_1/work', ['error requirements-local requirements.txt:1']],
    ['pip @ file:///home/conda/feedstock_root/pip', ['error requirements-local requirements.txt:1']],
    ['torch @ https://h/torch-2.1.0-cp312-cp312-win_amd64.whl', ['error requirements-wheel requirements.txt:1']],
    ['https://h/torch-2.1.0-cp312-none-macosx_11_0_arm64.whl', ['error requirements-wheel requirements.txt:1']],
    ['-r', ['error requirements-syntax requirements.txt:1']],
    ['--unheard-of', ['warning requirements-syntax requirements.txt:1']],
    ['torch>=2.1.*', ['warning requirements-syntax requirements.txt:1']],
    ['torch==2.8.0 --index-url https://h/whl/cpu', ['warning requirements-syntax requirements.txt:1']],
    ['torch @ ./lib', ['warning requirements-syntax requirements.txt:1']],
    ['-e "x', ['warning requirements-syntax requirements.txt:1']],
    ["torch @ https://h/torch.whl;os_name=='nt'", []],
    ['--no-binary :all:\n--only-binary=:none:\n--prefer-binary\n--trusted-host h\n--use-feature=x', []],
    ['torch==2.8.0 --hash=sha256:aa --config-settings="a=b c"', []],
  ])('%s', (text, expected) => {
    expect(rules({ 'requirements.txt': `${text}\n` })).toEqual(expected);
  });

  it('says what stands there, and what is meant', () => {
    expect(told({ 'requirements.txt': 'torch=2.1\n' })).toEqual([
      'error: requirements.txt:1: "torch=2.1" is no requirement: "=2.1" is no version specifier; a version is pinned by ==. Write it as name==1.2.3. [requirements-syntax]',
    ]);
  });
});

describe('words of the Dockerfile', () => {
  const place = (line: number) => ({ file: 'Dockerfile', line });
  const words = (line: number, ...texts: readonly string[]) => texts.map((text) => ({ text, place: place(line) }));

  it('decide alone', () => {
    const files = { 'requirements.txt': 'tensorflow\n', 'gpu.txt': 'xgboost\n' };
    const named = { files: ['gpu.txt'], words: words(3, 'torch==2.8.0', 'numpy<2') };
    expect(packages(files, { named })).toEqual(['xgboost', 'torch==2.8.0', 'numpy<2']);
    expect(read(files, { named }).requirements?.roots).toEqual(['gpu.txt']);
    expect(read(files, { named: { files: [], words: [] } }).requirements).toBeUndefined();
  });

  it('hold options of their command', () => {
    const named = {
      files: [],
      words: [
        ...words(2, 'torch', '--index-url', `${TORCH}/cpu`, '-U', '--target', '/opt/x', '--no-cache-dir'),
        ...words(3, 'torchvision'),
        { text: 'torchaudio', index: `${TORCH}/cu118`, place: place(4) },
      ],
    };
    expect(packages({}, { named })).toEqual(['torch (cpu)', 'torchvision', 'torchaudio (cu118)']);
  });

  it('hold options of uv', () => {
    const named = { files: [], words: words(2, '--torch-backend=cu128', 'torch', '--index', 'https://h/simple', 'x') };
    expect(packages({}, { named, installer: 'uv' })).toEqual(['torch (cu128)', 'x']);
    expect(read({}, { named, installer: 'uv' }).requirements?.installer).toBe('uv');
  });

  it('name files and folders', () => {
    const files = {
      'app/r.txt': 'torch\n',
      'app/c.txt': 'torch<2.8\n',
      'app/setup.py': "setup(name='x', install_requires=['a'])\n",
    };
    const named = { files: [], words: words(2, '-r', 'r.txt', '-cc.txt', '-e', '.', '-r', '/etc/none.txt') };
    expect(packages(files, { folder: 'app', named })).toEqual(['torch<2.8', 'a', 'x (.)']);
  });

  it('of one command contradict each other for sure, of two perhaps', () => {
    const together = { files: [], words: words(2, 'torch==2.8.0', 'torch<2.8') };
    const apart = { files: [], words: [...words(2, 'torch==2.8.0'), ...words(5, 'torch<2.8')] };
    expect(rules({}, { named: together })).toEqual(['error requirements-conflict Dockerfile:2']);
    expect(rules({}, { named: apart })).toEqual(['warning requirements-conflict Dockerfile:5']);
  });

  it('stand with the files of their command', () => {
    const files = { 'r.txt': 'torch==2.8.0\n' };
    const named = {
      files: [{ path: 'r.txt', place: place(2) }],
      words: words(2, '--extra-index-url', `${TORCH}/cu126`),
    };
    expect(packages(files, { named })).toEqual(['torch==2.8.0 (cu126)']);
  });
});
