import { describe, expect, test } from '@jest/globals';
import type { WorkerPoolSpec } from '../../../src/vertex/types.ts';
import type { Given } from '../../inputs/given.ts';
import { errorsOf, IMAGE, planned, specOf, told, yaml } from './judge.ts';

const REDUCTION = 'us-docker.pkg.dev/vertex-ai-restricted/training/reductionserver:latest';

const TWO = yaml`
  workerPoolSpecs:
    - machineSpec: { machineType: n1-standard-8 }
      replicaCount: 1
      containerSpec: { args: [--chief] }
    - machineSpec: { machineType: n1-highmem-8 }
      replicaCount: 2
      containerSpec: { args: [--worker] }
`;
const FOUR = `${TWO}${yaml`
  - machineSpec: { machineType: n1-highcpu-32 }
    replicaCount: 5
    containerSpec: { imageUri: '${REDUCTION}' }
  - machineSpec: { machineType: n1-standard-4 }
    replicaCount: 1
    containerSpec: { args: [--evaluate] }
`.replace(/^/gm, '  ')}`;

/** A pool in short: machine, replicas, arguments. */
function short({ machineSpec, replicaCount, containerSpec }: WorkerPoolSpec): string {
  const image = containerSpec?.imageUri === REDUCTION ? 'reduction' : '';
  return [machineSpec?.machineType, replicaCount, ...(containerSpec?.args ?? []), image].filter(Boolean).join(' ');
}

describe('the shape of the pools', () => {
  test.each([
    { name: 'one machine', inputs: {}, config: undefined, pools: ['n1-standard-4 1'] },
    {
      name: 'a chief and three workers',
      inputs: { replica_count: '4' },
      config: undefined,
      pools: ['n1-standard-4 1', 'n1-standard-4 3'],
    },
    { name: 'a chief alone', inputs: { replica_count: '1' }, config: undefined, pools: ['n1-standard-4 1'] },
    {
      name: 'reduction servers behind no workers',
      inputs: { reduction_servers: '2' },
      config: undefined,
      pools: ['n1-standard-4 1', '', 'n1-highcpu-16 2 reduction'],
    },
    {
      name: 'evaluators alone',
      inputs: { evaluators: '1' },
      config: undefined,
      pools: ['n1-standard-4 1', '', '', 'n1-standard-4 1'],
    },
    {
      name: 'all four',
      inputs: { replica_count: '3', reduction_servers: '2', evaluators: '1', accelerator_type: 'l4' },
      config: undefined,
      pools: ['g2-standard-4 1', 'g2-standard-4 2', 'n1-highcpu-16 2 reduction', 'g2-standard-4 1'],
    },
    {
      name: 'the config’s two',
      inputs: {},
      config: TWO,
      pools: ['n1-standard-8 1 --chief', 'n1-highmem-8 2 --worker'],
    },
    {
      name: 'more workers over the config’s',
      inputs: { replica_count: '8' },
      config: TWO,
      pools: ['n1-standard-8 1 --chief', 'n1-highmem-8 7 --worker'],
    },
    {
      name: 'no workers over the config’s',
      inputs: { replica_count: '1' },
      config: TWO,
      pools: ['n1-standard-8 1 --chief'],
    },
    {
      name: 'no workers over the config’s four',
      inputs: { replica_count: '1' },
      config: FOUR,
      pools: ['n1-standard-8 1 --chief', '', 'n1-highcpu-32 5 reduction', 'n1-standard-4 1 --evaluate'],
    },
    {
      name: 'workers over a config of a chief alone',
      inputs: { replica_count: '3' },
      config: 'workerPoolSpecs: [{ machineSpec: { machineType: n1-standard-8 }, containerSpec: { args: [--a] } }]',
      pools: ['n1-standard-8 1 --a', 'n1-standard-8 2 --a'],
    },
    {
      name: 'workers in the config’s empty place',
      inputs: { replica_count: '3' },
      config: FOUR.replace(/ {2}- machineSpec: \{ machineType: n1-highmem-8 \}\n.*\n.*\n/, '  - {}\n'),
      pools: [
        'n1-standard-8 1 --chief',
        'n1-standard-8 2 --chief',
        'n1-highcpu-32 5 reduction',
        'n1-standard-4 1 --evaluate',
      ],
    },
    {
      name: 'evaluators over the config’s two',
      inputs: { evaluators: '2' },
      config: TWO,
      pools: ['n1-standard-8 1 --chief', 'n1-highmem-8 2 --worker', '', 'n1-standard-8 2 --chief'],
    },
    {
      name: 'more evaluators over the config’s',
      inputs: { evaluators: '2' },
      config: FOUR,
      pools: [
        'n1-standard-8 1 --chief',
        'n1-highmem-8 2 --worker',
        'n1-highcpu-32 5 reduction',
        'n1-standard-4 2 --evaluate',
      ],
    },
    {
      name: 'a machine is the chief’s',
      inputs: { machine_type: 'n1-standard-16' },
      config: TWO,
      pools: ['n1-standard-16 1 --chief', 'n1-highmem-8 2 --worker'],
    },
    {
      name: 'a machine goes to the workers that the inputs ask for',
      inputs: { machine_type: 'n1-standard-16', replica_count: '2' },
      config: undefined,
      pools: ['n1-standard-16 1', 'n1-standard-16 1'],
    },
    {
      name: 'arguments go to every pool but reduction servers',
      inputs: { args: '--all' },
      config: FOUR,
      pools: ['n1-standard-8 1 --all', 'n1-highmem-8 2 --all', 'n1-highcpu-32 5 reduction', 'n1-standard-4 1 --all'],
    },
    {
      name: 'empty pools at the end are no pools',
      inputs: {},
      config: 'workerPoolSpecs: [{ containerSpec: {} }, {}, {}]',
      pools: ['n1-standard-4'],
    },
    {
      name: 'empty pools between keep their place',
      inputs: {},
      config: 'workerPoolSpecs: [{ containerSpec: {} }, {}, { containerSpec: {} }]',
      pools: ['n1-standard-4', '', 'n1-standard-4'],
    },
    { name: 'an empty list', inputs: {}, config: 'workerPoolSpecs: []', pools: ['n1-standard-4 1'] },
  ] as readonly { name: string; inputs: Given; config: string | undefined; pools: string[] }[])(
    '$name',
    ({ inputs, config, pools }) => {
      expect(specOf(planned(inputs, config)).workerPoolSpecs.map(short)).toEqual(pools);
    },
  );

  test('the number of reduction servers is put over the config’s, whose machine stays', () => {
    const [, , servers] = specOf(planned({ reduction_servers: '3' }, FOUR)).workerPoolSpecs;
    expect(servers).toEqual({
      machineSpec: { machineType: 'n1-highcpu-32' },
      replicaCount: '3',
      containerSpec: { imageUri: REDUCTION },
    });
  });

  test('an empty first pool is no job', () => {
    expect(errorsOf({}, 'workerPoolSpecs: [{}]')).toEqual([
      'job.yaml:1:19: workerPoolSpecs[0]: has neither containerSpec nor pythonPackageSpec. Give it one. [pool-program]',
    ]);
  });

  test('a mount and a disk of the config go along to workers that the inputs ask for', () => {
    const config = yaml`
      workerPoolSpecs:
        - diskSpec: { bootDiskSizeGb: 300 }
          nfsMounts: [{ server: 10.0.0.1, path: /a, mountPoint: b }]
          containerSpec: { env: [{ name: A, value: b }] }
      network: projects/1/global/networks/n
    `;
    const [chief, workers] = specOf(planned({ replica_count: '2' }, config)).workerPoolSpecs;
    expect(workers).toEqual({ ...chief, replicaCount: '1' });
  });
});

describe('the program of every pool', () => {
  test('command, args and env_vars', () => {
    const { workerPoolSpecs } = specOf(planned({ command: 'run', args: '--a', env_vars: 'A=1' }, TWO));
    for (const { containerSpec } of workerPoolSpecs) {
      expect(containerSpec).toEqual({
        imageUri: IMAGE,
        command: ['run'],
        args: ['--a'],
        env: [{ name: 'A', value: '1' }],
      });
    }
  });

  test('boot disks', () => {
    const { workerPoolSpecs } = specOf(planned({ boot_disk_type: 'pd-standard', boot_disk_size_gb: '150' }, TWO));
    for (const { diskSpec } of workerPoolSpecs) {
      expect(diskSpec).toEqual({ bootDiskType: 'pd-standard', bootDiskSizeGb: 150 });
    }
  });

  test('a variable replaces the config’s of its name in each pool', () => {
    const config = yaml`
      workerPoolSpecs:
        - containerSpec: { env: [{ name: A, value: chief }, { name: B, value: chief }] }
        - { replicaCount: 1, containerSpec: { env: [{ name: B, value: worker }] } }
    `;
    const { workerPoolSpecs } = specOf(planned({ env_vars: 'B=all' }, config));
    expect(workerPoolSpecs.map(({ containerSpec }) => containerSpec?.env)).toEqual([
      [
        { name: 'A', value: 'chief' },
        { name: 'B', value: 'all' },
      ],
      [{ name: 'B', value: 'all' }],
    ]);
  });
});

describe('the image that is built', () => {
  const DIGEST = `sha256:${'0'.repeat(64)}`;
  test.each([
    { name: 'none', uri: undefined, built: true },
    { name: 'an empty one', uri: "''", built: true },
    { name: 'the input’s', uri: IMAGE, built: true },
    { name: 'the input’s with a tag', uri: `${IMAGE}:v1`, built: true },
    { name: 'the input’s with a digest', uri: `${IMAGE}@${DIGEST}`, built: true },
    { name: 'the input’s with tag and digest', uri: `${IMAGE}:v1@${DIGEST}`, built: true },
    { name: 'one with a longer name', uri: `${IMAGE}-gpu:v1`, built: false },
    { name: 'one below it', uri: `${IMAGE}/sub`, built: false },
    { name: 'one of another host', uri: 'europe-docker.pkg.dev/my-project/training/mnist', built: false },
    { name: 'one of a registry with a port', uri: 'localhost:5000/mnist', built: false },
    { name: 'one without a host', uri: 'python:3.12', built: false },
  ])('$name in the config', ({ uri, built }) => {
    const plan = planned(
      {},
      `workerPoolSpecs: [{ containerSpec: { ${uri === undefined ? '' : `imageUri: ${uri}`} } }]`,
    );
    expect(plan.built).toEqual(built ? [0] : []);
    expect(specOf(plan).workerPoolSpecs[0]?.containerSpec?.imageUri).toBe(built ? IMAGE : uri);
    expect(plan.image === undefined).toBe(!built);
  });

  test('an image of a registry with a port', () => {
    const image = 'localhost:5000/mnist';
    expect(planned({ image }, `workerPoolSpecs: [{ containerSpec: { imageUri: '${image}:v1' } }]`).built).toEqual([0]);
    expect(planned({ image }, `workerPoolSpecs: [{ containerSpec: { imageUri: '${image}' } }]`).built).toEqual([0]);
    expect(planned({ image }, "workerPoolSpecs: [{ containerSpec: { imageUri: 'localhost' } }]").built).toEqual([]);
  });

  test('in some pools and not in others', () => {
    const config = yaml`
      workerPoolSpecs:
        - containerSpec: { imageUri: other/image:1 }
        - { replicaCount: 1, containerSpec: {} }
        - {}
        - { replicaCount: 1, containerSpec: { imageUri: '${IMAGE}:x' } }
    `;
    const plan = planned({}, config);
    expect(plan.built).toEqual([1, 3]);
    expect(plan.image?.repository).toBe(IMAGE);
  });

  test('the accelerator of the first pool that runs it makes the base image', () => {
    const config = yaml`
      workerPoolSpecs:
        - containerSpec: { imageUri: other/image:1 }
        - replicaCount: 1
          machineSpec: { machineType: g2-standard-4, acceleratorType: NVIDIA_L4, acceleratorCount: 1 }
    `;
    expect(planned({}, config).image?.bases[0].image).toMatch(/^nvidia\/cuda:/);
  });

  test('no Dockerfile is needed where nothing is built', () => {
    expect(
      told({ dockerfile: 'nowhere/Dockerfile' }, 'workerPoolSpecs: [{ containerSpec: { imageUri: a } }]').errors,
    ).toEqual([]);
  });

  test('on this machine it has a name of its own', () => {
    const plan = planned({ region: 'local', image: '' }, 'workerPoolSpecs: [{ containerSpec: {} }]');
    expect(plan.image).toMatchObject({ repository: 'train-on-vertex/octo/digits', push: false });
    expect(specOf(plan).workerPoolSpecs[0]?.containerSpec?.imageUri).toBe('train-on-vertex/octo/digits');
  });
});

describe('a Python package on a prebuilt container', () => {
  const config = yaml`
    workerPoolSpecs:
      - machineSpec: { machineType: n1-standard-4 }
        replicaCount: 1
        pythonPackageSpec:
          executorImageUri: us-docker.pkg.dev/vertex-ai/training/other:latest
          packageUris: [gs://my-bucket/trainer.tar.gz]
          pythonModule: trainer.task
          env: [{ name: A, value: config }]
  `;

  test('builds no image, and takes args and env_vars', () => {
    const plan = planned({ args: '--a\n--b', env_vars: 'A=input' }, config);
    expect(plan.image).toBeUndefined();
    expect(plan.built).toEqual([]);
    expect(specOf(plan).workerPoolSpecs).toEqual([
      {
        machineSpec: { machineType: 'n1-standard-4' },
        replicaCount: '1',
        pythonPackageSpec: {
          executorImageUri: 'us-docker.pkg.dev/vertex-ai/training/other:latest',
          packageUris: ['gs://my-bucket/trainer.tar.gz'],
          pythonModule: 'trainer.task',
          args: ['--a', '--b'],
          env: [{ name: 'A', value: 'input' }],
        },
      },
    ]);
  });

  test('goes to the workers that the inputs ask for', () => {
    const { workerPoolSpecs } = specOf(planned({ replica_count: '3' }, config));
    expect(workerPoolSpecs[1]).toEqual({ ...workerPoolSpecs[0], replicaCount: '2' });
  });

  test('a command, which it does not take, is told', () => {
    const { errors, warnings } = told({ command: 'python' }, config);
    expect([...errors, ...warnings].some((text) => text.includes('command'))).toBe(true);
  });
});
