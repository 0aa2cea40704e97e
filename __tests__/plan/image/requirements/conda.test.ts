import { describe, expect, it } from '@jest/globals';
import { condaSpec } from '../../../../src/plan/image/requirements/formats/conda-spec.ts';
import { lines, packages, read, rules } from './reading.ts';

describe('a match specification', () => {
  it.each([
    ['pytorch', 'torch', '', undefined, undefined],
    ['pytorch=2.1', 'torch', '==2.1.*', undefined, undefined],
    ['pytorch=2.1.0', 'torch', '==2.1.0.*', '2.1.0', undefined],
    ['pytorch==2.1.0', 'torch', '==2.1.0', '2.1.0', undefined],
    ['pytorch 2.1.*', 'torch', '==2.1.*', undefined, undefined],
    ['pytorch >=2.1,<2.3', 'torch', '>=2.1,<2.3', undefined, undefined],
    ['pytorch>=2.1, <2.3', 'torch', '>=2.1,<2.3', undefined, undefined],
    ['pytorch::pytorch=2.1.0=py3.10_cuda12.1_cudnn8.9.2_0', 'torch', '==2.1.0', '2.1.0', 'cu121'],
    ['pytorch=2.1=*cuda11.8*', 'torch', '==2.1', undefined, 'cu118'],
    ['conda-forge/linux-64::pytorch=2.5.1=cuda126_mkl_py312h0_301', 'torch', '==2.5.1', '2.5.1', 'cu126'],
    ['pytorch 2.5.1 cpu_mkl_py312', 'torch', '==2.5.1', '2.5.1', 'cpu'],
    ["pytorch[version='>=2.1', build=*cuda120*]", 'torch', '>=2.1', undefined, 'cu120'],
    ['pytorch-gpu', 'torch', '', undefined, undefined],
    ['pytorch-cpu=2.4', 'torch', '==2.4.*', undefined, 'cpu'],
    ['tensorflow-gpu==2.15.0', 'tensorflow', '==2.15.0', '2.15.0', undefined],
    ['py-xgboost-gpu', 'xgboost', '', undefined, undefined],
    ['pytorch-cuda=12.1', 'pytorch-cuda', '==12.1.*', undefined, undefined],
    ['jpeg=9e', 'jpeg', undefined, undefined, undefined],
    ['_libgcc_mutex=0.1', '-libgcc-mutex', '==0.1.*', undefined, undefined],
  ])('%s', (text, name, specifier, version, variant) => {
    expect(condaSpec(text)).toMatchObject({ name, specifier, version, variant });
  });

  it('tells its channel', () => {
    expect(condaSpec('conda-forge/linux-64::pytorch')?.channel).toBe('conda-forge');
    expect(condaSpec('pytorch-nightly::pytorch=2.6')?.channel).toBe('pytorch-nightly');
    expect(condaSpec('')).toBeUndefined();
  });
});

describe('environment.yml', () => {
  const text = lines(
    'name: train',
    'channels: [pytorch, nvidia, conda-forge]',
    'dependencies:',
    '  - python=3.10',
    '  - pytorch::pytorch=2.1 # the framework',
    '  - torchvision',
    '  - pytorch-cuda=12.1',
    '  - pip',
    '  - pip:',
    '      - -r requirements/pip.txt',
    '      - jax[cuda12]==0.4.30',
    '      - "-e ."',
    'variables:',
    '  A: b',
  );
  const files = {
    'environment.yml': text,
    'requirements/pip.txt': 'xgboost>=2\n',
    'setup.cfg': '[metadata]\nname = t\n',
  };

  it('names what conda installs, and what pip then does', () => {
    expect(packages(files, { named: { files: ['environment.yml'], words: [] } })).toEqual([
      'xgboost>=2',
      'jax[cuda12]==0.4.30',
      'torch==2.1.* (cu121)',
      'torchvision (cu121)',
      'pytorch-cuda==12.1.*',
      'pip',
      't (.)',
    ]);
    const { requirements } = read({ 'environment.yml': text, 'requirements/pip.txt': 'xgboost>=2\n' });
    expect(requirements).toMatchObject({
      installer: 'conda',
      python: '==3.10.*',
      channels: ['pytorch', 'nvidia', 'conda-forge'],
      files: ['environment.yml', 'requirements/pip.txt'],
    });
    expect(requirements?.packages.get('torch')?.place).toEqual({ file: 'environment.yml', line: 5 });
    expect(requirements?.packages.get('jax')?.place.line).toBe(11);
  });

  it.each([
    ['cpuonly', ['pytorch', 'cpuonly'], ['torch (cpu)', 'cpuonly']],
    ['cudatoolkit', ['pytorch=1.12', 'cudatoolkit=11.3'], ['torch==1.12.* (cu113)', 'cudatoolkit==11.3.*']],
    ['cuda-version', ['jaxlib', 'cuda-version=12.4'], ['jaxlib (cu124)', 'cuda-version==12.4.*']],
    ['a range of CUDA', ['pytorch', 'cuda-version>=12.4,<13'], ['torch (cu124)', 'cuda-version>=12.4,<13']],
    ['CUDA by its major version', ['pytorch', 'cuda-version=12'], ['torch', 'cuda-version==12.*']],
    ['nightly builds', ['pytorch-nightly::pytorch'], ['torch (nightly)']],
    ['a version that is none to Python', ['jpeg=9e'], ['jpeg']],
  ])('with %s', (_, dependencies, expected) => {
    const list = dependencies.map((one) => `  - ${one}`);
    expect(packages({ 'environment.yaml': lines('dependencies:', ...list) })).toEqual(expected);
  });

  it.each([
    ['no YAML', 'dependencies: [', ['error requirements-syntax environment.yml:1']],
    [
      'a missing list for pip',
      'dependencies:\n- pip:\n  - -r gone.txt\n',
      ['error requirements-include environment.yml:3'],
    ],
    ['no requirement for pip', 'dependencies:\n- pip:\n  - torch=2\n', ['error requirements-syntax environment.yml:3']],
    [
      'conda and pip at odds',
      'dependencies:\n- numpy=1.26\n- pip:\n  - numpy>=2\n',
      ['warning requirements-conflict environment.yml:2'],
    ],
    ['two ranges at odds', 'dependencies:\n- numpy<2\n- numpy>=2\n', ['error requirements-conflict environment.yml:3']],
    ['things of other types', 'dependencies: {a: b}\nchannels: x\n', []],
    ['an alias', 'a: &a [torch]\ndependencies: *a\n', []],
  ])('with %s', (_, text_, expected) => {
    expect(rules({ 'environment.yml': text_ })).toEqual(expected);
  });
});
