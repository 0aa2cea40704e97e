import { describe, expect, it } from '@jest/globals';
import { expand, serviceVariables } from '../../../../src/local/containers/replica/environment.ts';
import { containerOf, jobText } from '../../../../src/local/containers/replica/python-package.ts';
import { replicaPlan } from '../../../../src/local/containers/replica/replica-plan.ts';
import { trialSpec } from '../../../../src/local/jobs/trial-spec.ts';
import type { CustomJobSpec, WorkerPoolSpec } from '../../../../src/vertex/types.ts';

const pythonPackageSpec = {
  executorImageUri: 'us-docker.pkg.dev/vertex-ai/training/tf-cpu.2-17.py310:latest',
  packageUris: ['gs://code/trainer-1.0.tar.gz', 'gs://code/extra-2.0.tar.gz'],
  pythonModule: 'trainer.task',
  args: ['--out=$(AIP_MODEL_DIR)', 'two words'],
  env: [{ name: 'MODE', value: 'full' }],
};
const SPEC: CustomJobSpec = {
  workerPoolSpecs: [{ pythonPackageSpec, replicaCount: '1' }, { containerSpec: { imageUri: 'other' } }],
  baseOutputDirectory: { outputUriPrefix: 'gs://out/run' },
};
const job = { spec: SPEC, projectNumber: '1', region: 'r', jobId: '2', clusterId: '0123456789' };

describe('containerOf', () => {
  it('gives a pool its own container, and an empty pool none', () => {
    const containerSpec = { imageUri: 'image', args: ['a'] };
    expect([containerOf({ containerSpec }), containerOf({})]).toEqual([containerSpec, undefined]);
  });

  it('hands what the package spec holds to the runner as arguments, never as a part of its text', () => {
    const { command = [], ...container } = containerOf({ pythonPackageSpec }) ?? { imageUri: '' };
    expect(container).toEqual({
      imageUri: pythonPackageSpec.executorImageUri,
      args: ['trainer.task', '2', ...pythonPackageSpec.packageUris, ...pythonPackageSpec.args],
      env: pythonPackageSpec.env,
    });
    const [shell, option, runner = ''] = command;
    expect([shell, option, command.length]).toEqual(['sh', '-c', 4]);
    expect(runner).not.toContain('trainer');
    expect(containerOf({ pythonPackageSpec: {} })?.command).toEqual(command);
  });

  it('has a runner in which no variable of the container is put', () => {
    const runner = containerOf({ pythonPackageSpec })?.command?.[2] ?? '';
    const everything = new Map(['module', 'left', 'uri', 'file', 'folder', 'basename'].map((name) => [name, 'X']));
    expect(expand(runner, everything)).toBe(runner);
  });
});

describe('a replica with a Python package', () => {
  it('runs the executor image, with the references in its arguments resolved', () => {
    const plan = replicaPlan(job, { pool: 0, index: 0 });
    expect(plan.image).toBe(pythonPackageSpec.executorImageUri);
    expect(plan.args.slice(4)).toEqual(['--out=gs://out/run/model/', 'two words']);
    expect(plan.variables.get('MODE')).toBe('full');
  });

  it('finds its own package in CLUSTER_SPEC and TF_CONFIG, and one with a container finds none', () => {
    const jobsOf = (pool: number) =>
      serviceVariables(job, { pool, index: 0 }).flatMap(({ name, value }) =>
        name === 'CLUSTER_SPEC' || name === 'TF_CONFIG' ? [JSON.parse(JSON.parse(value).job)] : [],
      );
    const { pythonModule: python_module, packageUris: package_uris, args: job_args } = pythonPackageSpec;
    const whole = { python_module, package_uris, job_args };
    const empty = { python_module: '', package_uris: [], job_args: [] };
    expect([jobsOf(0), jobsOf(1)]).toEqual([
      [whole, whole],
      [empty, empty],
    ]);
  });

  it.each<[string, WorkerPoolSpec | undefined]>([
    ['no pool', undefined],
    ['an empty one', {}],
    ['a container', { containerSpec: { imageUri: 'image', args: ['a'] } }],
  ])('has an empty job text for %s', (_, pool) => {
    expect(jobText(pool)).toBe('{"python_module":"","package_uris":[],"job_args":[]}');
  });

  it('gets the values of a trial after its own arguments', () => {
    const spec = trialSpec(SPEC, '3', [{ parameterId: 'rate', value: 0.5 }]);
    const [first] = spec.workerPoolSpecs;
    expect(first?.pythonPackageSpec?.args).toEqual([...pythonPackageSpec.args, '--rate=0.5']);
  });
});
