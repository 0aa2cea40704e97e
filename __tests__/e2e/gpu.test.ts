import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { docker } from './parts/docker-client.ts';
import type { StepResult } from './parts/runner.ts';
import { Scene } from './parts/scene.ts';

jest.setTimeout(90_000);

/** Needs nothing but a shell: there is no Python. The folder makes a layer of its own. */
const FILES = {
  Dockerfile: `ARG BASE_IMAGE=python:3.12-slim
FROM \${BASE_IMAGE}
RUN mkdir /app
ENTRYPOINT ["sh", "-c", "echo built on CUDA $CUDA_VERSION; command -v python3 python pip pip3; true"]
`,
};

describe('a job that asks for a GPU', () => {
  let scene: Scene;
  let main: StepResult;
  beforeAll(async () => {
    scene = await Scene.open();
    const step = await scene.run({
      workspace: await scene.workspace(FILES),
      inputs: { project_id: 'my-project', region: 'local', image: scene.imageName(), accelerator_type: 'l4' },
    });
    main = step;
    await step.post();
  });
  afterAll(() => scene?.close());

  /** The base image that the log tells of. */
  const base = ({ log } = main) => log.map((line) => /^Base image: .*: (\S+:\S+)$/.exec(line)?.[1]).find(Boolean) ?? '';
  const inspect = async <T>(image: string, field: string) =>
    JSON.parse(await docker(scene.client, 'image', 'inspect', '--format', `{{json ${field}}}`, image)) as T;

  test('succeeds on this machine', () => {
    expect({ outcome: main.outcome, state: main.outputs['state'] }).toEqual({ outcome: 'success', state: 'SUCCEEDED' });
  });

  test('is explained: the base image, the machine, and what this machine lacks', () => {
    expect(base()).toMatch(/^nvidia\/cuda:\d+\.\d+\.\d+-cudnn-runtime-ubuntu\d\d\.04$/);
    expect(main.log).toContainEqual(
      expect.stringMatching(/^Base image: no framework with CUDA is named; L4 is sm_89: nvidia\//),
    );
    expect(main.log).toContainEqual(expect.stringMatching(/^Machine: g2-standard-4: the smallest with 1 NVIDIA_L4/));
    expect(main.summary).toContain('nvidia/cuda:');
    expect(main.summary).toContain('g2-standard-4');
  });

  test('runs an image that was really built on the one that was chosen', async () => {
    const layers = await inspect<string[]>(base(), '.RootFS.Layers');
    const built = await inspect<string[]>(main.outputs['image'] ?? '', '.RootFS.Layers');
    expect(layers.length).toBeGreaterThan(0);
    expect(built.slice(0, layers.length)).toEqual(layers);
    expect(built.length).toBe(layers.length + 1);
    const env = await inspect<string[]>(main.outputs['image'] ?? '', '.Config.Env');
    const version = env.find((each) => each.startsWith('CUDA_VERSION='))?.split('=')[1];
    expect(base()).toContain(`:${version}-`);
    expect(main.log).toContain(`[workerpool0-0] built on CUDA ${version}`);
  });

  test('has no Python and no pip, as nvidia/cuda has none', async () => {
    const look = ['run', '--rm', '--entrypoint', 'sh', base(), '-c', 'command -v python3 python pip pip3; true'];
    expect(await docker(scene.client, ...look)).toBe('');
    expect(main.plainLines.filter((line) => /^\[workerpool0-0\] .*(?:python|pip)/.test(line))).toEqual([]);
  });

  test('builds on Python without an accelerator', async () => {
    const step = await scene.run({
      workspace: await scene.workspace(FILES),
      inputs: { project_id: 'my-project', region: 'local', image: scene.imageName() },
    });
    await step.post();
    expect(step.log).toContainEqual(expect.stringMatching(/^Base image: no GPU is asked for: python:3\S*-slim$/));
    expect(step.log).toContainEqual(expect.stringMatching(/^\[workerpool0-0\] .*python3$/));
    const layers = await inspect<string[]>(base(step), '.RootFS.Layers');
    const built = await inspect<string[]>(step.outputs['image'] ?? '', '.RootFS.Layers');
    expect(built.slice(0, layers.length)).toEqual(layers);
  });
});
