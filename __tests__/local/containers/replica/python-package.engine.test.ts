import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '../../../../src/local/service.ts';
import { Client } from '../../client.ts';
import { findMachine, IMAGE } from '../../machine.ts';

const machine = await findMachine();
const isThere = typeof machine !== 'string';
const suite = isThere ? describe : describe.skip;
if (!isThere) process.stderr.write(`SKIPPED: Python packages in an executor image (${machine})\n`);

const EXECUTOR = `python-package-executor:test-${process.pid}`;

/** As the service's own images have them, which no build needs the package index for: pip is kept from asking it. */
const EXECUTOR_DOCKERFILE = `FROM ${IMAGE}
RUN python3 -c 'import setuptools, wheel' || pip3 install --no-cache-dir setuptools wheel
ENV PIP_NO_INDEX=1
`;

/** Two packages, one by setup.py alone and one by pyproject.toml, which pip would fetch its build tools for. */
const SOURCES = {
  'trainer/setup.py':
    'from setuptools import setup\nsetup(name="trainer", version="1.0", packages=["trainer"], description="made for a test")\n',
  'trainer/trainer/__init__.py': '',
  'trainer/trainer/task.py': `import json, os, sys
code = int(os.environ["CODE"])
if code:
    sys.exit(code)
import extra
names = ["MODE", "AIP_MODEL_DIR", "CLUSTER_SPEC", "TF_CONFIG", "RANK"]
told = {"args": sys.argv[1:], "extra": extra.ANSWER, "env": {name: os.environ.get(name) for name in names}}
print(json.dumps(told), flush=True)
`,
  'extra/pyproject.toml':
    '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n[project]\nname = "extra"\nversion = "2.0"\n',
  'extra/extra.py': 'ANSWER = 42\n',
};

let folder: string;
let service: Service;
let client: Client;

/** Puts an object into the local Cloud Storage, as a user's client does. */
async function upload(bucket: string, name: string, bytes: Buffer<ArrayBuffer>): Promise<void> {
  const query = `uploadType=media&name=${encodeURIComponent(name)}`;
  const url = `http://127.0.0.1:${service.port}/upload/storage/v1/b/${bucket}/o?${query}`;
  const response = await fetch(url, { method: 'POST', body: bytes });
  expect([response.status, await response.json()]).toMatchObject([200, { name, size: String(bytes.length) }]);
}

beforeAll(async () => {
  if (!isThere) return;
  folder = await mkdtemp(join(tmpdir(), 'python-package-'));
  for (const [path, text] of Object.entries({ ...SOURCES, Dockerfile: EXECUTOR_DOCKERFILE })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await machine.docker('build', '--quiet', '--tag', EXECUTOR, folder);
  const build =
    'cd /sources/trainer && python3 setup.py -q sdist && cd /sources/extra && ' +
    `python3 -c 'import setuptools.build_meta as b; b.build_sdist("dist")' && chmod -R a+rwX /sources`;
  await machine.docker('run', '--rm', '--volume', `${folder}:/sources`, EXECUTOR, 'sh', '-c', build);
  service = await startService({ port: 0, engine: machine.address, graceSeconds: 1 });
  client = new Client(service.port);
  await upload('code', 'v1/trainer-1.0.tar.gz', await readFile(join(folder, 'trainer/dist/trainer-1.0.tar.gz')));
  await upload('code', 'v1/extra-2.0.tar.gz', await readFile(join(folder, 'extra/dist/extra-2.0.tar.gz')));
}, 120_000);
afterAll(async () => {
  if (!isThere) return;
  await service.close();
  await machine.docker('image', 'rm', EXECUTOR);
  await rm(folder, { recursive: true, force: true });
  await machine.stop();
});

const packageUris = ['gs://code/v1/extra-2.0.tar.gz', 'gs://code/v1/trainer-1.0.tar.gz'];

/** The one that needs no second try. */
const alone = { packageUris: ['gs://code/v1/trainer-1.0.tar.gz'] };

function pool(more: object, code = '0') {
  const env = [
    { name: 'MODE', value: 'full $(CLOUD_ML_REGION)' },
    { name: 'CODE', value: code },
  ];
  const args = ['--out=$(AIP_MODEL_DIR)', "it's two words; $HOME"];
  return {
    replicaCount: 1,
    pythonPackageSpec: { executorImageUri: EXECUTOR, packageUris, pythonModule: 'trainer.task', args, env, ...more },
  };
}

async function run(...workerPoolSpecs: readonly object[]) {
  const baseOutputDirectory = { outputUriPrefix: 'gs://out/run' };
  const body = { displayName: 'package', jobSpec: { workerPoolSpecs, baseOutputDirectory } };
  const name = await client.create('customJobs', body);
  return { job: await client.ended(name), output: await client.output(name) };
}

suite('a Python package in an executor image', () => {
  it('is installed, and its module run with its arguments and variables, beside a pool with a container', async () => {
    const { job, output } = await run(pool({}), {
      replicaCount: 1,
      containerSpec: { imageUri: IMAGE, command: ['true'] },
    });
    expect([job.state, job.error, output.slice(-1)]).toEqual(['JOB_STATE_SUCCEEDED', undefined, [expect.anything()]]);
    const given = ['--out=gs://out/run/model/', "it's two words; $HOME"];
    const { env, ...told } = JSON.parse(output.at(-1) ?? '');
    expect(told).toEqual({ args: given, extra: 42 });
    expect(env).toMatchObject({ MODE: 'full us-central1', AIP_MODEL_DIR: 'gs://out/run/model/', RANK: '0' });
    for (const text of [env.CLUSTER_SPEC, env.TF_CONFIG]) {
      expect(JSON.parse(JSON.parse(text).job)).toMatchObject({
        python_module: 'trainer.task',
        package_uris: packageUris,
      });
    }
    // On the other stream, so that its place among the lines is not certain.
    expect(output.filter((text) => text.startsWith('Installation of package failed on try 1/2.'))).toHaveLength(1);
    const said = output.filter((line) => /^(Running|Downloading|Installing the)/.test(line));
    expect(said).toEqual([
      'Running module trainer.task.',
      'Downloading the package: gs://code/v1/extra-2.0.tar.gz',
      'Running command: cp /gcs/code/v1/extra-2.0.tar.gz /tmp/packages/extra-2.0.tar.gz',
      'Installing the package: gs://code/v1/extra-2.0.tar.gz',
      'Running command: pip3 install --user --upgrade --force-reinstall --no-deps /tmp/packages/extra-2.0.tar.gz',
      'Running command: pip3 install --no-build-isolation --user --upgrade --force-reinstall --no-deps /tmp/packages/extra-2.0.tar.gz',
      'Running command: pip3 install --no-build-isolation --user /tmp/packages/extra-2.0.tar.gz',
      'Downloading the package: gs://code/v1/trainer-1.0.tar.gz',
      'Running command: cp /gcs/code/v1/trainer-1.0.tar.gz /tmp/packages/trainer-1.0.tar.gz',
      'Installing the package: gs://code/v1/trainer-1.0.tar.gz',
      expect.stringMatching(/^Running command: pip3 install .*--no-deps \/tmp\/packages\/trainer-1\.0\.tar\.gz$/),
      expect.stringMatching(/^Running command: pip3 install .*--user \/tmp\/packages\/trainer-1\.0\.tar\.gz$/),
      `Running command: python3 -m trainer.task ${given.join(' ')}`,
    ]);
  }, 60_000);

  it.each([
    [
      'whose module fails gives the module’s exit code',
      pool(alone, '3'),
      3,
      /^Running command: python3 -m trainer\.task /,
    ],
    [
      'that is not in the bucket fails, and says so',
      pool({ packageUris: ['gs://code/v2/trainer-1.0.tar.gz'] }),
      1,
      /^gs:\/\/code\/v2\/trainer-1\.0\.tar\.gz is not in the local Cloud Storage\. Upload it to the service/,
    ],
    [
      'without the module fails as Python does',
      pool({ ...alone, pythonModule: 'trainer.nothing' }),
      1,
      /No module named trainer\.nothing/,
    ],
  ])(
    '%s',
    async (_, spec, code, line) => {
      const { job, output } = await run(spec);
      expect([job.state, job.error?.message]).toEqual([
        'JOB_STATE_FAILED',
        expect.stringContaining(`The replica workerpool0-0 exited with a non-zero status of ${code}.`),
      ]);
      expect(output).toContainEqual(expect.stringMatching(line));
    },
    60_000,
  );

  it('names the image that is not to be had, and how to bring it', async () => {
    const executorImageUri = 'localhost:1/vertex-ai/training/tf-cpu.2-17.py310:latest';
    const { job } = await run(pool({ executorImageUri }));
    expect([job.state, job.error?.code]).toEqual(['JOB_STATE_FAILED', 5]);
    expect(job.error?.message).toContain(`Failed to read the container uri [${executorImageUri}].`);
    expect(job.error?.message).toMatch(new RegExp(`bring it here: docker pull ${executorImageUri}$`));
  }, 60_000);
});
