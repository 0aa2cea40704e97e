import { execFile } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { messageOf } from '../../../../src/faults.ts';
import { workspaceView } from '../../../../src/inputs/files.ts';
import { readRequirements } from '../../../../src/plan/image/requirements/read.ts';
import { writeDockerfile } from '../../../../src/plan/image/written/write.ts';
import { docker } from '../../../e2e/parts/docker-client.ts';
import { Scene } from '../../../e2e/parts/scene.ts';
import { type Asked, CPU, type Files, GPU, request } from './given.ts';
import { CONDA, lossAt, MICROMAMBA, PIP, PIPENV, POETRY, PROGRAM, UV } from './projects.ts';

jest.setTimeout(180_000);

async function openScene(): Promise<Scene | string> {
  try {
    return await Scene.open();
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    return messageOf(error);
  }
}

const opened = await openScene();
const suite = typeof opened === 'string' ? describe.skip : describe;
if (typeof opened === 'string') process.stderr.write(`SKIPPED: builds of written Dockerfiles (${opened})\n`);

let scene: Scene;
beforeAll(() => {
  if (typeof opened !== 'string') scene = opened;
});
afterAll(() => scene?.close());

interface Built {
  readonly image: string;
  readonly workspace: string;
  /** The Dockerfile that was written, in a folder of its own. */
  readonly dockerfile: string;
  readonly log: string;
}

const start = promisify(execFile);

/** Runs a build; gives its log. */
async function build(image: string, dockerfile: string, workspace: string, options: readonly string[] = []) {
  const { docker: program, kind } = scene.client;
  const command = kind === 'buildx' ? ['buildx', 'build', '--load'] : ['build'];
  const args = [...command, '--progress=plain', `--file=${dockerfile}`, `--tag=${image}`, ...options, workspace];
  const env = { ...process.env, ...scene.env, DOCKER_BUILDKIT: '1' };
  const { stdout, stderr } = await start(program, args, { env, maxBuffer: 64 * 1024 * 1024 });
  return `${stdout}${stderr}`;
}

/** Writes the Dockerfile of a tuning job for a repository of these files, and builds it. */
async function buildWritten(files: Files, asked: Asked = {}, options: readonly string[] = []): Promise<Built> {
  const workspace = await scene.workspace(files);
  const view = workspaceView(workspace);
  const { requirements } = readRequirements(view, { folder: '.' });
  const written = writeDockerfile({ ...request(files, { tuning: true, requirements, ...asked }), files: view });
  expect(written.errors).toEqual([]);
  const dockerfile = join(await scene.folder('written-'), 'Dockerfile');
  await writeFile(dockerfile, written.dockerfile?.text ?? '');
  const image = scene.imageName();
  const log = await build(image, dockerfile, workspace, options);
  return { image, workspace, dockerfile, log };
}

/** Runs the image as Vertex AI runs a trial; gives the metrics that it reported. */
async function trial(image: string, learningRate: string): Promise<unknown[]> {
  const folder = await scene.folder('metrics-');
  await chmod(folder, 0o777);
  const variables = ['CLOUD_ML_HP_METRIC_FILE=/var/hypertune/output.metrics', 'CLOUD_ML_TRIAL_ID=7'];
  const options = ['--rm', ...variables.map((each) => `--env=${each}`), `--volume=${folder}:/var/hypertune`];
  await docker(scene.client, 'run', ...options, image, `--learning-rate=${learningRate}`);
  const text = await readFile(join(folder, 'output.metrics'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

const reported = (learningRate: number) => [
  expect.objectContaining({ trial: '7', global_step: '20', loss: expect.stringMatching(lossPattern(learningRate)) }),
];
/** The first digits: the two languages may write the last ones otherwise. */
const lossPattern = (learningRate: number) =>
  new RegExp(`^${String(lossAt(learningRate)).slice(0, 10).replace('.', '\\.')}`);

const has = (image: string, path: string) =>
  docker(scene.client, 'run', '--rm', '--entrypoint=test', image, '-e', path).then(
    () => true,
    () => false,
  );

suite('what is written builds, and trains', () => {
  test('pip: with included files; a changed program installs nothing again', async () => {
    const { image, workspace, dockerfile } = await buildWritten(PIP);
    expect(await trial(image, '0.1')).toEqual(reported(0.1));
    await writeFile(join(workspace, 'train.py'), `${PROGRAM}# ${image}\n`);
    const log = await build(image, dockerfile, workspace);
    const cached = (step: string) => {
      const number =
        log
          .split('\n')
          .find((line) => line.includes(step))
          ?.split(' ', 1)[0] ?? 'none';
      return log.includes(`${number} CACHED`);
    };
    expect({ install: cached('pip install --requirement'), code: cached('COPY . .') }).toEqual({
      install: true,
      code: false,
    });
    expect(await trial(image, '0.2')).toEqual(reported(0.2));
  });

  test('uv: a package below src/, on a CUDA base without Python', async () => {
    const { image } = await buildWritten(UV, { base: GPU });
    expect(await trial(image, '0.1')).toEqual(reported(0.1));
    expect(await has(image, '/opt/venv/bin/python')).toBe(true);
    expect(await has(image, '/opt/tools/bin/uv')).toBe(false);
    const env = await docker(scene.client, 'image', 'inspect', '--format={{join .Config.Env "\\n"}}', image);
    expect(env).toMatch(/^LD_LIBRARY_PATH=\/usr\/local\/nvidia\/lib64:/m);
    expect(env).toMatch(/^PATH=\/opt\/venv\/bin:\/usr\/local\/nvidia\/bin:/m);
  });

  test('poetry', async () => {
    const { image } = await buildWritten(POETRY);
    expect(await trial(image, '0.1')).toEqual(reported(0.1));
    expect(await has(image, '/opt/tools')).toBe(false);
  });

  test('pipenv', async () => {
    const { image } = await buildWritten(PIPENV);
    expect(await trial(image, '0.1')).toEqual(reported(0.1));
  });

  test('conda, with a stand-in for micromamba', async () => {
    const folder = await scene.workspace({
      micromamba: MICROMAMBA,
      Dockerfile: 'FROM scratch\nCOPY micromamba /bin/micromamba\n',
    });
    await chmod(join(folder, 'micromamba'), 0o755);
    const micromamba = scene.imageName();
    await build(micromamba, join(folder, 'Dockerfile'), folder);
    const { image } = await buildWritten(CONDA, {}, [`--build-arg=MICROMAMBA_IMAGE=${micromamba}`]);
    expect(await trial(image, '0.1')).toEqual(reported(0.1));
  });

  test('a Python that uv chooses, where the base is not known to have the wanted one', async () => {
    // The base's own version, so that nothing has to be downloaded.
    const version = await docker(scene.client, 'run', '--rm', CPU.image, 'python3', '--version');
    const python = /^Python (3\.\d+)/.exec(version)?.[1] ?? '';
    const base = { ...CPU, bringsPython: false };
    const { image } = await buildWritten(PIP, { base, python });
    expect(await trial(image, '0.1')).toEqual(reported(0.1));
  });

  test('a build secret is read by pip, and is in no layer', async () => {
    const secrets = await scene.workspace({ closed: '[global]\nno-index = true\n', open: '[global]\n# hidden-word\n' });
    const asked = { secrets: ['pip.conf'] };
    const secret = (name: string) => [`--secret=id=pip.conf,src=${join(secrets, name)}`];
    // Without the layers of other runs: a secret is no part of what they are known by.
    const fresh = { ...PIP, 'constraints.txt': `six==1.17.0\n# ${secrets}\n` };
    const closed = buildWritten(fresh, asked, secret('closed'));
    await expect(closed).rejects.toThrow(/ResolutionImpossible|No matching distribution/);
    const { image } = await buildWritten(fresh, asked, secret('open'));
    expect(await docker(scene.client, 'history', '--no-trunc', image)).not.toContain('hidden-word');
    const found = docker(
      scene.client,
      'run',
      '--rm',
      '--entrypoint=grep',
      image,
      '-rl',
      'hidden-word',
      '/root',
      '/etc',
      '/app',
      '/opt',
      '/run',
      '/tmp',
    );
    await expect(found).rejects.toMatchObject({ code: 1 });
  });
});
