import { describe, expect, test } from '@jest/globals';
import { type Asked, type Files, startOf } from './given.ts';

const MAIN = 'import argparse\n\nif __name__ == "__main__":\n    main()\n';
const PROJECT = '[project]\nname = "My-Digits"\n';
const BUILT = '[build-system]\nrequires = ["hatchling"]\n';
const searched = (folder: string) => `ENV PYTHONPATH=${folder}\${PYTHONPATH:+:\${PYTHONPATH}}`;
const scripts = (...lines: readonly string[]) => `${PROJECT}${BUILT}[project.scripts]\n${lines.join('\n')}\n`;

describe('the program is found by where programs usually lie', () => {
  const cases: readonly (readonly [name: string, files: Files, start: readonly string[], asked?: Asked])[] = [
    [
      "Vertex AI's own convention, before all others",
      { 'trainer/task.py': '', 'train.py': MAIN, 'main.py': MAIN },
      ['ENTRYPOINT ["python", "-m", "trainer.task"]'],
    ],
    [
      'the same below src/',
      { 'src/trainer/task.py': '' },
      [searched('/app/src'), 'ENTRYPOINT ["python", "-m", "trainer.task"]'],
    ],
    [
      'train.py, whatever else there is',
      { 'train.py': '', 'main.py': MAIN, 'src/train.py': MAIN },
      ['ENTRYPOINT ["python", "train.py"]'],
    ],
    ['main.py', { 'main.py': 'print()' }, ['ENTRYPOINT ["python", "main.py"]']],
    ['task.py', { 'task.py': MAIN, 'data.py': MAIN }, ['ENTRYPOINT ["python", "task.py"]']],
    [
      'a script in a folder, which may import from the root too',
      { 'src/train.py': 'from src.model import Net\n' },
      [searched('/app'), 'ENTRYPOINT ["python", "src/train.py"]'],
    ],
    [
      'a script with relative imports, which is a module',
      { 'app/train.py': 'from .model import Net\n' },
      ['ENTRYPOINT ["python", "-m", "app.train"]'],
    ],
    [
      'a package that has the name of the project',
      { 'pyproject.toml': PROJECT, 'my_digits/train.py': MAIN, 'my_digits/__main__.py': '' },
      ['ENTRYPOINT ["python", "-m", "my_digits.train"]'],
    ],
    [
      "a package's __main__.py",
      { 'pyproject.toml': PROJECT, 'my_digits/__main__.py': '' },
      ['ENTRYPOINT ["python", "-m", "my_digits"]'],
    ],
    [
      "a package that is named to Poetry's backend",
      {
        'pyproject.toml': '[tool.poetry]\nname = "x"\npackages = [{ include = "vision", from = "src" }]',
        'src/vision/train.py': '',
      },
      [searched('/app/src'), 'ENTRYPOINT ["python", "-m", "vision.train"]'],
    ],
    [
      'a console script called train',
      { 'pyproject.toml': scripts('serve = "a:b"', 'train = "my_digits.cli:train"') },
      ['ENTRYPOINT ["train"]'],
    ],
    ['the only console script', { 'pyproject.toml': scripts('digits = "a:b"') }, ['ENTRYPOINT ["digits"]']],
    [
      'a console script whose module is a program: its command line can be read',
      { 'pyproject.toml': scripts('train = "my_digits.train:main"'), 'my_digits/train.py': MAIN },
      ['ENTRYPOINT ["python", "-m", "my_digits.train"]'],
    ],
    [
      'the one of two that is run when it is started',
      { 'main.py': MAIN, 'src/train.py': 'def train(): ...\n' },
      ['ENTRYPOINT ["python", "main.py"]'],
    ],
    [
      'no server',
      { 'main.py': 'app = FastAPI()\n', 'src/train.py': '' },
      [searched('/app'), 'ENTRYPOINT ["python", "src/train.py"]'],
    ],
    [
      'in a context of its own',
      { 'ml/train.py': '', 'train.py': '', 'ml/requirements.txt': '' },
      ['ENTRYPOINT ["python", "train.py"]'],
      { context: 'ml', requirements: undefined },
    ],
    [
      'a broken pyproject.toml says nothing',
      { 'pyproject.toml': '[project', 'main.py': '' },
      ['ENTRYPOINT ["python", "main.py"]'],
    ],
  ];
  test.each(cases)('%s', (_name, files, start, asked = {}) => {
    expect(startOf(files, asked)).toEqual(start);
  });

  test('several that are equally good are named', () => {
    expect(startOf({ 'main.py': MAIN, 'src/train.py': MAIN })).toEqual([
      'error: dockerfile: there is no Dockerfile, and the repository has several programs that may be the one that trains: src/train.py; main.py. Say which in command (python train.py, or python -m trainer.task), or add a Dockerfile. [entry-program]',
    ]);
  });

  test('none is an error, which names what was looked for', () => {
    expect(startOf({ 'notebook.ipynb': '', 'ml/x.py': '' }, { context: 'ml', requirements: undefined })).toEqual([
      'error: dockerfile: there is no Dockerfile, and the build context "ml" has none of the programs that one is written for: trainer/task.py, train.py, main.py, task.py, src/train.py, app/train.py, a package with train.py or __main__.py, one script in pyproject.toml. Say which in command (python train.py, or python -m trainer.task), or add a Dockerfile. [entry-program]',
    ]);
  });

  test('scripts of a project that is no package do not come into being', () => {
    const told = startOf({ 'pyproject.toml': `${PROJECT}[project.scripts]\ntrain = "a:b"\n` });
    expect(told).toEqual([expect.stringContaining('[entry-program]')]);
  });
});

describe("the program is the one that the job's command starts", () => {
  const FILES = {
    'train.py': '',
    'tools/fit.py': '',
    'pkg/fit.py': '',
    'src/deep/run.py': '',
    'run.sh': 'python train.py "$@"',
    'pyproject.toml': scripts('fit = "pkg.fit:main"'),
  };
  const nested = searched('/app');
  const cases: readonly (readonly [command: readonly string[], start: readonly string[]])[] = [
    [
      ['python', 'tools/fit.py'],
      [nested, 'ENTRYPOINT ["python", "tools/fit.py"]'],
    ],
    [['python3', '-u', './train.py', '--epochs', '3'], ['ENTRYPOINT ["python3", "-u", "./train.py"]']],
    [['python', '/app/train.py'], ['ENTRYPOINT ["python", "/app/train.py"]']],
    [['python', '-m', 'pkg.fit', '--x=1'], ['ENTRYPOINT ["python", "-m", "pkg.fit"]']],
    [
      ['torchrun', '--nproc_per_node=2', 'train.py', '--fast'],
      ['ENTRYPOINT ["torchrun", "--nproc_per_node=2", "train.py"]'],
    ],
    [['bash', 'run.sh'], ['ENTRYPOINT ["bash", "run.sh"]']],
    [['fit', '--x=1'], ['ENTRYPOINT ["fit"]']],
    [['nvidia-smi', '-L'], []],
    [['python', '-c', 'print(1)'], []],
    [['python', '-m', 'http.server'], []],
    // Vertex AI puts the value in; an image would start with the text.
    [['python', '-X', 'pycache_prefix=$(AIP_MODEL_DIR)', 'train.py'], []],
  ];
  test.each(cases)('%j', (command, start) => {
    expect(startOf(FILES, { command })).toEqual(start);
  });

  test('a module below src/ is found there', () => {
    const start = startOf({ 'src/deep/run.py': '' }, { command: ['python', '-m', 'deep.run'] });
    expect(start).toEqual([searched('/app/src'), 'ENTRYPOINT ["python", "-m", "deep.run"]']);
  });

  test('a file that is not there is an error, with the nearest one', () => {
    expect(startOf(FILES, { command: ['python', 'tools/fix.py'] })).toEqual([
      'error: command: starts "tools/fix.py", and the build context "." has no such file. The nearest there is "fit.py". Name a file by its path from the context, or add a Dockerfile. [entry-program]',
    ]);
  });
});
