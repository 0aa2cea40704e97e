import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type Cloud, manifestDigest, openCloud } from './parts/cloud.ts';
import type { ClientKind } from './parts/docker-client.ts';
import type { StepResult } from './parts/runner.ts';
import { type Run, Scene, unique } from './parts/scene.ts';

jest.setTimeout(120_000);

/** The push of a layer that no compression makes small takes long enough to be disturbed. */
const DOCKERFILE = `ARG BASE_IMAGE=python:3.12-slim
FROM \${BASE_IMAGE}
ARG MARK
RUN head -c 80000000 /dev/urandom > /large && echo "$MARK" > /mark
ENTRYPOINT ["true"]
`;

const SHA = '4f6b1c0d9e2a35b7c8d1e0f9a6b3c2d4e5f60718';

describe.each<ClientKind>(['plain', 'buildx'])('a push by %s', (kind) => {
  let scene: Scene;
  let cloud: Cloud;
  let repository: string;

  beforeAll(async () => {
    scene = await Scene.open(kind);
    cloud = await openCloud(scene, { lifetimeSeconds: 2 });
    repository = scene.imageName(cloud.registry.host);
  });
  afterAll(() => scene?.close());

  /** Starts a build of something new, and disturbs it once its push has begun. */
  async function disturbed(disturb: () => Promise<void>): Promise<StepResult> {
    const run: Run = await scene.start({
      workspace: await scene.workspace({ Dockerfile: DOCKERFILE }),
      inputs: { ...cloud.inputs, image: repository, submit: 'false', build_args: `MARK=${unique()}` },
      extraEnv: cloud.env,
    });
    await run.waitForLine(/^\[push\] \w+: (?:Preparing|Waiting)|^\[push\] The push refers/);
    await disturb();
    const result = await run.finished;
    await run.post();
    return result;
  }

  // Docker itself waits long before it tries again, whichever client builds: once is enough.
  if (kind === 'plain') {
    test('outlives a registry that is killed and started again', async () => {
      const step = await disturbed(() => cloud.registry.restart());
      expect({ outcome: step.outcome, errors: step.annotations.filter(({ level }) => level === 'error') }).toEqual({
        outcome: 'success',
        errors: [],
      });
      expect(step.outputs['image']).toBe(`${repository}@${await manifestDigest(cloud, repository, SHA)}`);
    });
  }

  test('outlives a login that ends in the middle', async () => {
    const token = `ya29.${unique()}${unique()}`;
    const step = await disturbed(async () => {
      await cloud.registry.demand('oauth2accesstoken', token);
      const expireTime = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z');
      for (let time = 0; time < 4; time += 1) {
        cloud.signIn.answerNext('iam', { status: 200, body: { accessToken: token, expireTime } });
      }
    });
    expect(step.outcome).toBe('success');
    expect(step.log).toContainEqual(expect.stringMatching(/^The registry refused the login, .*: signs in again\./));
    expect(step.log.filter((line) => line.includes(token))).toEqual([]);
  });
});
