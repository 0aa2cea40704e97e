import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { docker } from './parts/docker-client.ts';
import { endpointsAt, type StandingService, startService } from './parts/local-service.ts';
import { Scene } from './parts/scene.ts';

jest.setTimeout(90_000);

/** Any image with Python and pip stands in for one of the service's own. */
const EXECUTOR = 'python:3.12-slim';
const WHEEL = 'trainer-1.0-py3-none-any.whl';

/** What a wheel holds, which needs no tools to install. */
const PACKAGE = {
  'trainer/__init__.py': '',
  'trainer/task.py':
    'import os, sys\nprint("run with", *sys.argv[1:], "and the mode", os.environ["MODE"], flush=True)\n',
  'trainer-1.0.dist-info/METADATA': 'Metadata-Version: 2.1\nName: trainer\nVersion: 1.0\n',
  'trainer-1.0.dist-info/WHEEL': 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  'trainer-1.0.dist-info/RECORD': '',
};

const CONFIG = `workerPoolSpecs:
  - replicaCount: 1
    pythonPackageSpec:
      executorImageUri: ${EXECUTOR}
      packageUris: [gs://code/${WHEEL}]
      pythonModule: trainer.task
      args: [--from=config]
      env: [{ name: MODE, value: config }]
`;

describe('a Python package in the config, with region: local', () => {
  let scene: Scene;
  let service: StandingService;
  let workspace: string;
  beforeAll(async () => {
    scene = await Scene.open();
    service = await startService(scene);
    workspace = await scene.workspace({ 'job.yaml': CONFIG });
  });
  afterAll(() => scene?.close());

  const step = (extraEnv: Readonly<Record<string, string>>, inputs: Readonly<Record<string, string>> = {}) =>
    scene.run({
      workspace,
      inputs: { project_id: 'my-project', region: 'local', config: 'job.yaml', ...inputs },
      extraEnv,
    });

  test('is installed from the bucket of a standing service, and gets the inputs’ arguments and variables', async () => {
    const folder = await scene.folder('package-');
    for (const [name, text] of Object.entries(PACKAGE)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    const zip = `cd /package && python3 -m zipfile -c ${WHEEL} trainer trainer-1.0.dist-info && chmod a+r ${WHEEL}`;
    await docker(scene.client, 'run', '--rm', '--volume', `${folder}:/package`, EXECUTOR, 'sh', '-c', zip);
    const url = `${service.url}/upload/storage/v1/b/code/o?uploadType=media&name=${WHEEL}`;
    const sent = await fetch(url, { method: 'POST', body: await readFile(join(folder, WHEEL)) });
    expect(sent.status).toBe(200);
    const main = await step(endpointsAt(service.url), { args: '--from=inputs', env_vars: 'MODE: inputs' });
    const errors = main.annotations.filter(({ level }) => level === 'error').map(({ message }) => message);
    expect([main.outcome, errors, main.outputs['state']]).toEqual(['success', [], 'SUCCEEDED']);
    expect(main.plainLines).toContain('[workerpool0-0] Running module trainer.task.');
    expect(main.plainLines).toContain('[workerpool0-0] run with --from=inputs and the mode inputs');
  });

  test('that is in no bucket fails the step with what is missing, and what is to be done', async () => {
    const main = await step({});
    expect([main.outcome, main.outputs['state']]).toEqual(['failure', 'FAILED']);
    const [error = ''] = main.annotations.filter(({ level }) => level === 'error').map(({ message }) => message);
    expect(`${error}\n${main.summary}`).toContain(`gs://code/${WHEEL} is not in the local Cloud Storage.`);
  });
});
