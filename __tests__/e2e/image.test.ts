import { appendFile, chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { RegistryRequest } from '../../scripts/machine/registry-log.ts';
import { type Cloud, manifestDigest, openCloud } from './parts/cloud.ts';
import { type CountedDocker, countedDocker } from './parts/counted-docker.ts';
import type { StepResult } from './parts/runner.ts';
import { Scene, unique } from './parts/scene.ts';

jest.setTimeout(120_000);

const FILES = {
  Dockerfile: `ARG BASE_IMAGE=python:3.12-slim
FROM \${BASE_IMAGE}
COPY . /app/
ENTRYPOINT ["python3", "/app/train.py"]
`,
  '.dockerignore': 'notes\n',
  'train.py': 'print("training")\n',
  'notes/todo.md': 'nothing\n',
};

const SHA = '4f6b1c0d9e2a35b7c8d1e0f9a6b3c2d4e5f60718';

interface Outcome {
  readonly step: StepResult;
  /** How docker was started. */
  readonly docker: readonly string[];
  /** What the registry was asked. */
  readonly asked: readonly RegistryRequest[];
}

describe('an image in a registry', () => {
  let scene: Scene;
  let cloud: Cloud;
  let counted: CountedDocker;
  let workspace: string;
  let repository: string;
  let first: Outcome;

  async function run(inputs: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const before = (await cloud.registry.requests()).length;
    const step = await scene.run({
      workspace,
      inputs: { ...cloud.inputs, image: repository, submit: 'false', ...inputs },
      extraEnv: { ...cloud.env, PATH: counted.path },
    });
    await step.post();
    return { step, docker: await counted.starts(), asked: (await cloud.registry.requests()).slice(before) };
  }

  const digestOf = ({ step }: Outcome) => (step.outputs['image'] ?? '').split('@')[1];
  const errorsOf = ({ step }: Outcome) => step.annotations.filter(({ level }) => level === 'error');

  beforeAll(async () => {
    scene = await Scene.open();
    cloud = await openCloud(scene);
    counted = await countedDocker(scene);
    repository = scene.imageName(cloud.registry.host);
    workspace = await scene.workspace(FILES);
    first = await run();
  });
  afterAll(() => scene?.close());

  test('is built and pushed at first, and tagged by its content and its commit', async () => {
    expect([first.step.outcome, errorsOf(first)]).toEqual(['success', []]);
    expect(first.docker.some((args) => /\bbuild\b/.test(args))).toBe(true);
    const tag = `content-${first.step.outputs['fingerprint']?.slice(0, 40)}`;
    expect(first.step.log).toContainEqual(expect.stringContaining(`To be built: there is no ${repository}:${tag} yet`));
    expect(await manifestDigest(cloud, repository, tag)).toBe(digestOf(first));
    expect(await manifestDigest(cloud, repository, SHA)).toBe(digestOf(first));
    expect(cloud.vertex.requests()).toEqual([]);
    expect(first.step.outputs['base_image']).toBe('python:3.12-slim');
    expect(first.step.summary).toContain('✅ Image of');
  });

  test('is not built again where nothing changed: no docker is started, and nothing is uploaded', async () => {
    const again = await run();
    expect([again.step.outcome, again.docker, digestOf(again)]).toEqual(['success', [], digestOf(first)]);
    expect(again.step.log).toContainEqual('Not built: nothing that the build reads has changed');
    expect(again.asked.filter(({ method }) => !['GET', 'HEAD'].includes(method))).toEqual([]);
    expect(again.asked.length).toBeLessThanOrEqual(4);
  });

  test('gets missing tags over HTTP', async () => {
    const tagged = await run({ tags: 'v1\nlatest' });
    expect([tagged.step.outcome, tagged.docker, digestOf(tagged)]).toEqual(['success', [], digestOf(first)]);
    expect(await manifestDigest(cloud, repository, 'v1')).toBe(digestOf(first));
    expect(await manifestDigest(cloud, repository, 'latest')).toBe(digestOf(first));
    expect(tagged.asked.filter(({ method }) => method === 'PUT').length).toBe(2);
  });

  test('a file that .dockerignore leaves out changes nothing', async () => {
    await appendFile(join(workspace, 'notes/todo.md'), 'more\n');
    await writeFile(join(workspace, 'gha-creds-0123.json'), '{"token":"t0p"}');
    const same = await run();
    expect([same.docker, digestOf(same)]).toEqual([[], digestOf(first)]);
    expect(same.step.log).toContainEqual(expect.stringMatching(/^Kept out of the context: "gha-creds-0123\.json" /));
  });

  test('an image that is too old is built anew without any cache', async () => {
    const fresh = await run({ max_image_age: '1s' });
    expect(fresh.step.outcome).toBe('success');
    expect(fresh.step.log).toContainEqual(
      expect.stringMatching(/^To be built: the image is .* old, and max_image_age is 1 second$/),
    );
    expect(fresh.docker.some((args) => /\bbuild\b.*--no-cache/.test(args))).toBe(true);
    expect(fresh.step.outputs['fingerprint']).toBe(first.step.outputs['fingerprint']);
  });

  test.each([
    { name: 'one changed byte', change: () => writeFile(join(workspace, 'train.py'), 'print("Training")\n') },
    { name: 'one changed mode', change: () => chmod(join(workspace, 'train.py'), 0o755) },
    { name: 'an empty folder more', change: () => mkdir(join(workspace, 'empty')) },
    {
      name: 'a changed ignore rule that lets a file in',
      change: () => writeFile(join(workspace, '.dockerignore'), 'notes/*.txt\n'),
    },
  ])('$name makes a new image', async ({ change }) => {
    const before = await run();
    await change();
    const after = await run();
    expect([before.step.outcome, after.step.outcome]).toEqual(['success', 'success']);
    expect(after.docker.some((args) => /\bbuild\b/.test(args))).toBe(true);
    expect(digestOf(after)).not.toBe(digestOf(before));
    expect(after.step.outputs['fingerprint']).not.toBe(before.step.outputs['fingerprint']);
  });

  test('what changes while it is built gets no tag that the next run would find', async () => {
    await writeFile(join(workspace, 'Dockerfile'), `${FILES.Dockerfile}RUN sleep 3; echo ${unique()}\n`);
    const running = await scene.start({
      workspace,
      inputs: { ...cloud.inputs, image: repository, submit: 'false' },
      extraEnv: { ...cloud.env, PATH: counted.path },
    });
    await running.waitForLine(/^\[build\] #\d+ .*RUN sleep 3/);
    await writeFile(join(workspace, 'train.py'), 'print("overwritten")\n');
    const step = await running.finished;
    await running.post();
    expect(step.outcome).toBe('failure');
    expect(step.log.at(-1)).toContain(
      '"train.py" changed while the image was built, so that nobody knows what is in it.',
    );
    const tag = `content-${step.outputs['fingerprint']?.slice(0, 40)}`;
    await expect(manifestDigest(cloud, repository, tag)).rejects.toThrow();
    await writeFile(join(workspace, 'Dockerfile'), FILES.Dockerfile);
  });

  test('a base that is named by its digest', async () => {
    const digest = await manifestDigest(cloud, repository, SHA);
    const step = await run({ base_image: `${repository}@${digest}` });
    expect([step.step.outcome, errorsOf(step)]).toEqual(['success', []]);
    expect(step.step.outputs['base_image']).toBe(`${repository}@${digest}`);
  });

  test('build: never takes what is there, and fails before anything is started where nothing is', async () => {
    await run();
    const there = await run({ build: 'never' });
    expect([there.step.outcome, there.docker]).toEqual(['success', []]);
    await appendFile(join(workspace, 'train.py'), '# changed\n');
    const gone = await run({ build: 'never' });
    expect([gone.step.outcome, gone.docker]).toEqual(['failure', []]);
    expect(gone.step.log.at(-1)).toMatch(/build is never, and there is no .*: what the build reads has changed/);
  });
});
