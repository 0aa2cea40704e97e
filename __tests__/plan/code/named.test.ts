import { describe, expect, test } from '@jest/globals';
import { imageFiles } from '../../../src/plan/code/dockerfile/image-files.ts';
import { readStages } from '../../../src/plan/code/dockerfile/stages.ts';
import { namedRequirements } from '../../../src/plan/code/install/named.ts';
import { viewOf } from '../run.ts';

function named(dockerfile: string, files: Readonly<Record<string, string>> = {}) {
  const view = viewOf({ Dockerfile: dockerfile, ...files });
  const built = readStages(dockerfile, {})?.built;
  if (built === undefined) throw new Error('no stage');
  const found = namedRequirements(built, (stage) => imageFiles(view, stage, '.', 'Dockerfile'), 'Dockerfile');
  return found && { files: found.files.map(({ path }) => path), words: found.words.map(({ text }) => text) };
}

const CU = 'https://download.pytorch.org/whl/cu128';

describe('what RUN instructions name', () => {
  test.each<{ name: string; run: string; files?: string[]; words?: unknown[] }>([
    { name: 'a file', run: 'pip install -r requirements.txt', files: ['requirements.txt'] },
    { name: 'a file in one word', run: 'pip3 install -rrequirements.txt', files: ['requirements.txt'] },
    { name: 'a file with =', run: 'pip install --requirement=requirements.txt', files: ['requirements.txt'] },
    { name: 'uv', run: 'uv pip install --system -r requirements.txt', files: ['requirements.txt'] },
    { name: 'python -m pip', run: 'python3 -m pip install --no-cache-dir torch==2.8.0', words: ['torch==2.8.0'] },
    { name: 'behind cd', run: 'cd /app/sub && pip install -r more.txt', files: ['sub/more.txt'] },
    {
      name: 'an index',
      run: `pip install --index-url ${CU} torch torchvision`,
      words: ['torch', 'torchvision', `--index-url=${CU}`],
    },
    { name: 'an index with =', run: `pip install torch --index-url=${CU}`, words: ['torch', `--index-url=${CU}`] },
    {
      name: 'quoted ranges and extras',
      run: `pip install "torch>=2.4,<3" 'jax[cuda12]' tensorflow[and-cuda]==2.18.*`,
      words: ['torch>=2.4,<3', 'jax[cuda12]', 'tensorflow[and-cuda]==2.18.*'],
    },
    {
      name: 'values of options are no packages',
      run: 'pip install -c limits.txt --target /opt -e . numpy',
      words: ['numpy'],
    },
    {
      name: 'options of uv, and pre-releases',
      run: `uv pip install --pre --index ${CU} torch`,
      words: ['torch', '--pre', `--extra-index-url=${CU}`],
    },
    { name: 'a variable is unknown', run: 'pip install torch==$TORCH numpy', words: ['numpy'] },
    { name: 'the folder itself names nothing', run: 'pip install . ./lib .[gpu]' },
    { name: 'another installer', run: 'uv sync --frozen && poetry install' },
    { name: 'a file from elsewhere', run: 'pip install -r https://h/r.txt -r /other/r.txt' },
  ])('$name', ({ run, files = [], words = [] }) => {
    const dockerfile = `FROM a\nWORKDIR /app\nCOPY . .\nRUN ${run}\n`;
    const none = files.length + words.length === 0;
    const texts = { 'requirements.txt': 'torch', 'sub/more.txt': 'numpy' };
    expect(named(dockerfile, texts)).toEqual(none ? undefined : { files, words });
  });

  test('the stage that a virtual environment is copied from counts', () => {
    const dockerfile = 'FROM a AS b\nRUN pip install torch\nFROM c\nCOPY --from=b /venv /venv\n';
    expect(named(dockerfile)).toEqual({ files: [], words: ['torch'] });
  });
});
