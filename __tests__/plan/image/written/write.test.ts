import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { faultText } from '../../../../src/faults.ts';
import { writeDockerfile } from '../../../../src/plan/image/written/write.ts';
import { type Asked, CPU, type Files, GPU, linesOf, request, requirements, textOf } from './given.ts';

const golden = (name: string) => readFileSync(join(import.meta.dirname, 'golden', `${name}.Dockerfile`), 'utf8');
const PROJECT = '[project]\nname = "digits"\n[build-system]\nrequires = ["hatchling"]\n';

describe('the whole file', () => {
  const cases: readonly (readonly [name: string, files: Files, asked: Asked])[] = [
    ['pip', { 'train.py': '', 'requirements.txt': '' }, {}],
    [
      'uv-gpu-tuning',
      { 'digits/train.py': '', 'pyproject.toml': PROJECT, 'uv.lock': '' },
      { requirements: requirements('uv', ['pyproject.toml', 'uv.lock']), base: GPU, tuning: true },
    ],
    [
      'poetry',
      { 'trainer/task.py': '', 'pyproject.toml': '', 'poetry.lock': '' },
      { requirements: requirements('poetry', ['pyproject.toml', 'poetry.lock']) },
    ],
    [
      'pipenv-tuning',
      { 'main.py': '', Pipfile: '', 'Pipfile.lock': '' },
      { requirements: requirements('pipenv', ['Pipfile', 'Pipfile.lock']), tuning: true },
    ],
    [
      'conda-gpu',
      { 'train.py': '', 'environment.yml': '' },
      { requirements: requirements('conda', ['environment.yml']), base: GPU },
    ],
    [
      'python-by-uv-secrets',
      { 'train.py': '', 'requirements.txt': '' },
      {
        base: { image: 'nvidia/cuda:12.4.1-base-ubuntu22.04', bringsPython: false },
        gpu: true,
        secrets: ['netrc', 'pip.conf'],
      },
    ],
  ];
  test.each(cases)('%s', (name, files, asked) => {
    expect(textOf(files, asked)).toBe(golden(name));
  });

  test('is the same for the same request', () => {
    for (const [, files, asked] of cases) expect(textOf(files, asked)).toBe(textOf({ ...files }, { ...asked }));
  });
});

describe('notes tell what was decided', () => {
  test('program, packages, Python, cloudml-hypertune', () => {
    const { dockerfile } = writeDockerfile(
      request({ 'train.py': '', 'requirements.txt': '' }, { tuning: true, base: GPU }),
    );
    expect(dockerfile?.program).toBe('train.py');
    expect(dockerfile?.notes).toEqual([
      'It starts train.py.',
      'Packages come from requirements.txt by pip.',
      "Python is the base image's, or its operating system's where it has none.",
      'cloudml-hypertune is added, since the job is a tuning job.',
    ]);
  });
});

describe('Python', () => {
  const FILES = { 'train.py': '', 'requirements.txt': '' };
  const source = (image: string, bringsPython: boolean | undefined, python: string) => {
    const text = textOf(FILES, { base: { image, bringsPython }, python });
    return /uv venv --seed --python (\S+)/.exec(text)?.[1] ?? (/python3 -m venv/.test(text) ? 'system' : text);
  };
  const cases: readonly (readonly [image: string, brings: boolean | undefined, python: string, source: string])[] = [
    ['python:3.12-slim', true, '3.12', 'system'],
    ['python:3.11-slim-bookworm', true, '3.11', 'system'],
    ['example.com/own:1', undefined, '3.12', 'system'],
    ['python:3.12-alpine', true, '3.12', 'system'],
    ['nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04', false, '3.12', 'system'],
    ['nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04', false, '3.12.4', '3.12.4'],
    ['nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04', false, '3.13', '3.13'],
    ['nvidia/cuda:12.4.1-base-ubuntu22.04', false, '3.10', 'system'],
    ['nvidia/cuda:12.4.1-base-ubuntu22.04', false, '3.12', '3.12'],
    ['debian:12-slim', false, '3.11', 'system'],
    ['debian:trixie', false, '3.13', 'system'],
    ['example.com/debian-like:7', false, '3.12', '3.12'],
  ];
  test.each(cases)('%s (brings Python: %s), wanted %s: %s', (image, brings, python, expected) => {
    expect(source(image, brings, python)).toBe(expected);
  });

  test('has headers where the base compiles', () => {
    const base = { image: 'nvidia/cuda:12.6.3-cudnn-devel-ubuntu24.04', bringsPython: false };
    expect(textOf(FILES, { base })).toContain('python3 python3-venv python3-dev ');
    expect(textOf(FILES, { base: GPU })).not.toContain('python3-dev');
  });

  test('is no Python of another kind of system', () => {
    const base = { image: 'nvidia/cuda:12.6.3-base-rockylinux9', bringsPython: false };
    expect(textOf(FILES, { base })).toBe(
      'error: base_image: nvidia/cuda:12.6.3-base-rockylinux9 lacks Python 3.12, and the Dockerfile that is written for you installs such with apt-get, which this system does not have. Choose a base on Debian or Ubuntu, or add a Dockerfile. [base-image-system]',
    );
  });
});

describe('packages of pip', () => {
  test('included files are copied into their folders', () => {
    const files = ['requirements/train.txt', 'requirements/base.txt', 'constraints.txt'];
    const text = textOf({ 'train.py': '' }, { requirements: requirements('pip', files) });
    expect(linesOf(text, 'COPY')).toEqual([
      'COPY requirements/train.txt requirements/base.txt requirements/',
      'COPY constraints.txt ./',
      'COPY . .',
    ]);
    expect(text).toContain('pip install --requirement requirements/train.txt\n');
  });

  test('every file that is handed to pip is', () => {
    const named = requirements('pip', ['a.txt', 'c.txt', 'b.txt'], {}, { roots: ['a.txt', 'b.txt'] });
    expect(textOf({ 'train.py': '' }, { requirements: named })).toContain(
      'pip install --requirement a.txt --requirement b.txt\n',
    );
  });

  test('names with blanks are quoted, for Docker and for the shell', () => {
    const text = textOf({ 'train.py': '' }, { requirements: requirements('pip', ['my reqs/all (1).txt']) });
    expect(linesOf(text, 'COPY')[0]).toBe('COPY ["my reqs/all (1).txt", "my reqs/"]');
    expect(text).toContain("pip install --requirement 'my reqs/all (1).txt'\n");
  });

  test('paths are those of the context', () => {
    const named = requirements('pip', ['ml/requirements.txt']);
    const text = textOf({ 'ml/train.py': '' }, { context: './ml/', requirements: named });
    expect(linesOf(text, 'COPY')).toEqual(['COPY requirements.txt ./', 'COPY . .']);
  });

  test('what lies outside the context cannot be copied', () => {
    const named = requirements('pip', ['ml/requirements.txt', 'base.txt']);
    expect(textOf({ 'ml/train.py': '' }, { context: 'ml', requirements: named })).toBe(
      'error: base.txt: the packages are named outside the build context "ml", from where no file can be copied. Choose a context that holds it, or add a Dockerfile. [requirements-outside-context]',
    );
  });

  test.each([
    ['a package of the repository', { lib: './lib' }, []],
    ['the project itself', { x: '.' }, []],
    ['a wheel of the repository', { x: 'file:///app/wheels/x.whl' }, []],
    ['a folder of wheels', {}, ['wheels']],
  ])('%s needs the code first', (_name, packages: Record<string, string>, indexes) => {
    const named = requirements('pip', ['requirements.txt'], packages, { indexes });
    const text = textOf({ 'train.py': '' }, { requirements: named });
    expect(linesOf(text, 'COPY')).toEqual(['COPY . .']);
    expect(text.indexOf('COPY . .')).toBeLessThan(text.indexOf('pip install'));
  });

  test.each(['https://host/x-1.whl', 'git+ssh://git@host/x.git', 'git@github.com:octo/x.git'])('%s does not', (url) => {
    const named = requirements('pip', ['requirements.txt'], { x: url }, { indexes: ['https://host/simple'] });
    const text = textOf({ 'train.py': '' }, { requirements: named });
    expect(linesOf(text, 'COPY')).toEqual(['COPY requirements.txt ./', 'COPY . .']);
  });

  test('dependencies of pyproject.toml are installed without the project', () => {
    const text = textOf(
      { 'train.py': '', 'pyproject.toml': PROJECT },
      { requirements: requirements('pip', ['pyproject.toml']) },
    );
    expect(text).toContain('/opt/tools/bin/uv pip install --python /opt/venv');
    expect(text).toContain('--requirements pyproject.toml\n');
    expect(linesOf(text, 'COPY')).toEqual(['COPY pyproject.toml ./', 'COPY . .']);
  });

  test.each([
    ['setup.py', ''],
    [
      'pyproject.toml',
      `${PROJECT}[project]\n`
        .replace('[project]\nname', '[project]\ndynamic = ["dependencies"]\nname')
        .replace(/\[project\]\n$/, ''),
    ],
  ])('what only the build backend of %s knows is installed with the project', (file, content) => {
    const text = textOf({ 'train.py': '', [file]: content }, { requirements: requirements('pip', [file]) });
    expect(text).toContain('pip install .\n');
    expect(linesOf(text, 'COPY')).toEqual(['COPY . .']);
  });

  test('what the program starts with has to be installed: a console script, a package below src/', () => {
    const script = `${PROJECT}[project.scripts]\ntrain = "digits.cli:main"\n`;
    const of = (files: Files) => textOf({ 'requirements.txt': '', ...files });
    expect(of({ 'pyproject.toml': script })).toContain('pip install --no-deps .\n');
    expect(of({ 'pyproject.toml': PROJECT, 'src/digits/train.py': '' })).toContain('pip install --no-deps .\n');
    expect(of({ 'pyproject.toml': PROJECT, 'digits/train.py': '' })).not.toContain('--no-deps');
  });

  test('none at all is a warning', () => {
    const { dockerfile, warnings } = writeDockerfile(request({ 'train.py': '' }));
    expect(linesOf(dockerfile?.text ?? '', 'COPY')).toEqual(['COPY . .']);
    expect(warnings.map(faultText)).toEqual([
      'context: no file names the packages that the program needs: it gets those of python:3.12-slim alone. Add a requirements.txt, or pyproject.toml with a lock file. [requirements-missing]',
    ]);
  });
});

describe('packages of other installers', () => {
  const LOCKED = { 'train.py': '', 'pyproject.toml': PROJECT, 'uv.lock': '', 'poetry.lock': '', 'Pipfile.lock': '' };
  const commands = (files: Files, asked: Asked) =>
    [...textOf(files, asked).matchAll(/\/opt\/tools\/bin\/((?:uv (?:sync|lock)|poetry|pipenv) .*?)(?: \\)?\n/g)].map(
      (match) => match[1],
    );

  test('uv installs from the lock, and the project when its code is there', () => {
    const asked = { requirements: requirements('uv', ['uv.lock']) };
    expect(commands(LOCKED, asked)).toEqual([
      'uv sync --frozen --no-dev --no-install-local',
      'uv sync --frozen --no-dev --inexact',
    ]);
    expect(linesOf(textOf(LOCKED, asked), 'COPY')).toEqual(['COPY uv.lock pyproject.toml ./', 'COPY . .']);
  });

  test('uv installs no project that is no package, though its lock names it', () => {
    const files = { 'train.py': '', 'pyproject.toml': '[project]\nname = "digits"\n', 'uv.lock': '' };
    const of = (packages: Readonly<Record<string, string>>) =>
      commands(files, { requirements: requirements('uv', ['uv.lock'], packages) });
    expect(of({ digits: '.' })).toHaveLength(1);
    expect(of({ digits: '.', helper: 'libs/helper' })).toHaveLength(2);
  });

  test('uv chooses where there is no lock, of a project that may need its code for that', () => {
    const asked = { requirements: requirements('uv', ['pyproject.toml']) };
    const of = (content: string) => commands({ 'train.py': '', 'pyproject.toml': content }, asked);
    expect(of('[project]\nname = "digits"\n')).toEqual(['uv sync --no-dev --no-install-local']);
    expect(of('[project]\nname = "digits"\ndynamic = ["version"]\n')).toEqual(['uv sync --no-dev']);
  });

  test('what no hash can vouch for goes without', () => {
    const poetry = (url: string) => ({ requirements: requirements('poetry', ['poetry.lock'], { x: url }) });
    expect(commands(LOCKED, poetry(''))).toEqual(['poetry export --output /opt/requirements.txt']);
    for (const url of ['git+https://host/x', 'https://host/x.git@v1', 'libs/x']) {
      expect(commands(LOCKED, poetry(url))).toEqual(['poetry export --without-hashes --output /opt/requirements.txt']);
    }
    const pipenv = (url: string) => ({ requirements: requirements('pipenv', ['Pipfile.lock'], { x: url }) });
    expect(commands(LOCKED, pipenv(''))).toEqual(['pipenv requirements --hash > /opt/requirements.txt']);
    expect(commands(LOCKED, pipenv('git+https://host/x'))).toEqual(['pipenv requirements > /opt/requirements.txt']);
  });

  test('what is not locked is locked in the build', () => {
    const open = { 'train.py': '', 'pyproject.toml': '', Pipfile: '' };
    expect(commands(open, { requirements: requirements('poetry', ['pyproject.toml']) })).toEqual([
      'poetry lock',
      'poetry export --output /opt/requirements.txt',
    ]);
    expect(textOf(open, { requirements: requirements('pipenv', ['Pipfile']) })).toContain('pipenv lock');
  });

  test('conda gets the Python that is wanted, unless its file names one', () => {
    const of = (packages: Readonly<Record<string, string>>, python?: string) =>
      /micromamba create .*/.exec(
        textOf({ 'train.py': '' }, { requirements: requirements('conda', ['environment.yml'], packages, { python }) }),
      )?.[0];
    const create = 'micromamba create --yes --prefix /opt/venv --file environment.yml';
    expect(of({})).toBe(`${create} python=3.12 pip`);
    expect(of({ python: '' })).toBe(`${create} pip`);
    expect(of({ pip: '' }, '>=3.10')).toBe(create);
  });
});

describe('the operating system', () => {
  const apt = (packages: Readonly<Record<string, string>>, asked: Asked = {}) =>
    [
      ...textOf({ 'train.py': '' }, { requirements: requirements('pip', ['r.txt'], packages), ...asked }).matchAll(
        /--no-install-recommends (.*) \\/g,
      ),
    ].map((match) => match[1]);
  const PYTHON = 'python3 python3-venv';

  test('gets what packages need of it', () => {
    expect(apt({})).toEqual([PYTHON]);
    expect(apt({ x: 'git+https://host/x.git' })).toEqual([PYTHON, 'git']);
    expect(apt({ 'opencv-python': '', lightgbm: '' })).toEqual([PYTHON, 'libgl1 libglib2.0-0 libgomp1']);
  });

  test('where it has no apt-get, that is an error', () => {
    const asked = { base: { image: 'python:3.12-alpine', bringsPython: true } };
    const named = requirements('pip', ['r.txt'], { x: 'git+https://host/x.git' });
    expect(textOf({ 'train.py': '' }, { ...asked, requirements: named })).toMatch(
      /lacks git, .* \[base-image-system\]$/,
    );
  });
});

describe('cloudml-hypertune', () => {
  const FILES = { 'train.py': '', 'requirements.txt': '' };
  const named = requirements('pip', ['requirements.txt'], { 'cloudml-hypertune': '' });
  test.each([
    ['a tuning job', { tuning: true }, true],
    ['a tuning job whose requirements have it', { tuning: true, requirements: named }, false],
    ['a custom job', {}, false],
  ])('%s', (_name, asked: Asked, added) => {
    expect(textOf(FILES, asked).includes('cloudml-hypertune==')).toBe(added);
  });

  test.each<[string, Files, boolean]>([
    ['its program imports it', { 'train.py': 'import os\nimport hypertune\n' }, true],
    [
      'a module beside the program does',
      { 'trainer/task.py': '', 'trainer/log.py': 'from hypertune import HyperTune' },
      true,
    ],
    ['only a comment names it', { 'train.py': '# import hypertune, later' }, false],
    ['another library is imported', { 'train.py': 'import hypertuner' }, false],
  ])('a custom job: %s', (_name, files, added) => {
    expect(textOf({ 'requirements.txt': '', ...files }).includes('cloudml-hypertune==')).toBe(added);
  });
});

describe('secrets', () => {
  const FILES = { 'train.py': '', 'requirements.txt': '' };
  test('are mounted where the installers look', () => {
    const text = textOf(FILES, { secrets: ['uv.toml', 'pip-conf', 'pip.conf', 'uv-credentials', 'netrc'] });
    expect([...text.matchAll(/type=secret,(\S+)/g)].map((match) => match[1])).toEqual([
      'id=uv.toml,target=/root/.config/uv/uv.toml',
      'id=pip.conf,target=/root/.config/pip/pip.conf',
      'id=uv-credentials,target=/root/.local/share/uv/credentials/credentials.toml',
      'id=netrc,target=/root/.netrc',
    ]);
  });

  test('of no known place are told', () => {
    const { dockerfile, warnings } = writeDockerfile(request(FILES, { secrets: ['hf_token'] }));
    expect(dockerfile?.text).not.toContain('secret');
    expect(warnings.map(faultText)).toEqual([
      'build_secrets: "hf_token": the Dockerfile that is written for you mounts only secrets whose place is known: netrc, pip.conf, pip-conf, pip_conf, uv.toml, uv-credentials. Add a Dockerfile that mounts what else is needed. [secret-unused]',
    ]);
  });
});

describe('GPUs', () => {
  test("the driver's folders come before the base's own", () => {
    const text = textOf({ 'train.py': '', 'requirements.txt': '' }, { base: GPU });
    expect(text).toContain(`/usr/local/nvidia/lib64:/usr/local/nvidia/lib\${LD_LIBRARY_PATH:+:\${LD_LIBRARY_PATH}}`);
    expect(textOf({ 'train.py': '', 'requirements.txt': '' }, { base: CPU })).not.toContain('nvidia/lib64');
  });

  test('conda is told of the CUDA that the base has', () => {
    const asked = { requirements: requirements('conda', ['environment.yml']), gpu: true };
    const cuda = (image: string) =>
      /CONDA_OVERRIDE_CUDA=(\S+)/.exec(
        textOf({ 'train.py': '' }, { ...asked, base: { image, bringsPython: false } }),
      )?.[1];
    expect(cuda('nvidia/cuda:12.8.1-base-ubuntu24.04')).toBe('12.8');
    expect(cuda('example.com/own:1')).toMatch(/^\d+\.\d+$/);
  });
});
