import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type Cloud, openCloud } from './parts/cloud.ts';
import { docker } from './parts/docker-client.ts';
import type { StepResult } from './parts/runner.ts';
import { Scene, unique } from './parts/scene.ts';

jest.setTimeout(120_000);

/** Uses every secret, and long enough for somebody to look around meanwhile. */
const DOCKERFILE = `ARG BASE_IMAGE=python:3.12-slim
FROM \${BASE_IMAGE}
WORKDIR /app
COPY . .
RUN --mount=type=secret,id=value --mount=type=secret,id=variable --mount=type=secret,id=file,target=/root/.netrc \\
    cat /run/secrets/value /run/secrets/variable /root/.netrc | wc -c > lengths && echo "$(cat /run/secrets/value)" && sleep 2
ENTRYPOINT ["python3", "train.py"]
`;

const secret = (kind: string) => `${kind}-${unique()}${unique()}`;
const VALUE = secret('value');
const VARIABLE = secret('variable');
const FILE = secret('file');
const CREDENTIALS = secret('credentials');
const GIT = secret('git');
const REGISTRY = secret('registry');

/** What stands in arguments of any process of this machine until the step has ended. */
async function argumentsDuring(finished: Promise<unknown>): Promise<Set<string>> {
  const seen = new Set<string>();
  let over = false;
  void finished.finally(() => {
    over = true;
  });
  while (!over) {
    for (const name of await readdir('/proc')) {
      if (/^\d+$/.test(name)) seen.add(await readFile(`/proc/${name}/cmdline`, 'latin1').catch(() => ''));
    }
    await new Promise((done) => setTimeout(done, 20));
  }
  return seen;
}

/** The forms in which a secret would give itself away. */
const formsOf = (text: string) => [
  text,
  Buffer.from(text).toString('base64').replace(/=+$/, ''),
  encodeURIComponent(text),
];

describe('a build with secrets', () => {
  let scene: Scene;
  let cloud: Cloud;
  let main: StepResult;
  let seen: Set<string>;
  let repository: string;
  let secrets: readonly string[];

  beforeAll(async () => {
    scene = await Scene.open('plain');
    cloud = await openCloud(scene);
    await cloud.registry.demand('octocat', REGISTRY);
    repository = scene.imageName(cloud.registry.host);
    const workspace = await scene.workspace({
      Dockerfile: DOCKERFILE,
      '.dockerignore': '!.git\n!gha-creds-*.json\n',
      // Secrets are no part of a layer's cache key: something else has to make it a new one.
      'train.py': `print('${unique()}')\n`,
      'secret.txt': FILE,
      'sub/gha-creds-1.json': JSON.stringify({ token: CREDENTIALS }),
      '.git/HEAD': 'ref: refs/heads/main\n',
      '.git/config': `[core]\n\tbare = false\n[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic ${GIT}\n`,
    });
    await writeFile(join(workspace, 'adc.json'), JSON.stringify({ private_key: CREDENTIALS }));
    const run = await scene.start({
      workspace,
      inputs: {
        ...cloud.inputs,
        image: repository,
        submit: 'false',
        registry_username: 'octocat',
        registry_password: REGISTRY,
        build_secrets: `value=${VALUE}`,
        build_secret_envs: 'variable=MY_TOKEN',
        build_secret_files: 'file=secret.txt',
      },
      extraEnv: { ...cloud.env, MY_TOKEN: VARIABLE, GOOGLE_APPLICATION_CREDENTIALS: join(workspace, 'adc.json') },
    });
    seen = await argumentsDuring(run.finished);
    main = await run.finished;
    await run.post();
    secrets = [VALUE, VARIABLE, FILE, CREDENTIALS, GIT, REGISTRY, ...cloud.signIn.secrets()];
  });
  afterAll(() => scene?.close());

  const found = (text: string) => secrets.filter((each) => formsOf(each).some((form) => text.includes(form)));

  test('uses them', async () => {
    expect({ outcome: main.outcome, errors: main.annotations.filter(({ level }) => level === 'error') }).toEqual({
      outcome: 'success',
      errors: [],
    });
    const cat = ['run', '--rm', '--entrypoint', 'cat', main.outputs['image'] ?? '', '/app/lengths'];
    const length = Buffer.byteLength(VALUE + VARIABLE + FILE);
    expect(Number(await docker(scene.client, ...cat))).toBe(length);
  });

  test('tells none of them in its log, its outputs or its summary', () => {
    expect(
      found([...main.log, JSON.stringify(main.outputs), JSON.stringify(main.state), main.summary].join('\n')),
    ).toEqual([]);
    // The build printed one of them, and it was hidden.
    expect(main.log.filter((line) => line.includes('[build]'))).toContainEqual(expect.stringMatching(/\*\*\*/));
  });

  test('hands none of them to a process as an argument', () => {
    expect([...seen].filter((line) => line.includes('build')).length).toBeGreaterThan(0);
    expect(found([...seen].join('\n'))).toEqual([]);
  });

  test('leaves none of them in the image or its history', async () => {
    const image = main.outputs['image'] ?? '';
    expect(found(await docker(scene.client, 'history', '--no-trunc', '--format', '{{json .}}', image))).toEqual([]);
    expect(found(await docker(scene.client, 'image', 'inspect', image))).toEqual([]);
    const folder = await scene.folder('saved-');
    await docker(scene.client, 'save', '--output', join(folder, 'image.tar'), image);
    // Layers in an archive of docker save are not compressed.
    expect(found(await readFile(join(folder, 'image.tar'), 'latin1'))).toEqual([]);
    const look = [
      'run',
      '--rm',
      '--entrypoint',
      'sh',
      image,
      '-c',
      'find /app -name "*.json" -o -name secret.txt; cat /app/.git/config',
    ];
    expect(await docker(scene.client, ...look)).toBe('[core]\n\tbare = "false"');
  });

  test('keeps none of them in a file', async () => {
    const left = (await readdir(main.runnerTemp)).filter((name) => name.startsWith('.train-on-vertex-'));
    expect(left).toEqual([]);
  });
});
