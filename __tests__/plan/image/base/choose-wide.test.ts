import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CUDA, type Gpu, gpuOf } from '../../../../src/plan/image/base/catalog.ts';
import { type BaseChoice, chooseBase, type Framework } from '../../../../src/plan/image/base/choose.ts';
import { driverRuns } from '../../../../src/plan/image/base/driver.ts';
import { cudaKnows, served } from '../../../../src/plan/image/base/gpu.ts';
import { imageFacts } from '../../../../src/plan/image/base/known-images.ts';
import { compareNumbers, majorOf, minorOf } from '../../../../src/plan/image/base/numbers.ts';
import { holdsCudnn, tagsOf } from '../../../../src/plan/image/base/tags.ts';
import { ACCELERATOR_TYPES, type AcceleratorType } from '../../../../src/vertex/types.ts';
import { lockOf, requestOf } from './given.ts';

const GPUS = ACCELERATOR_TYPES.filter((type) => type.startsWith('NVIDIA_'));
const TAGS = new Map(
  (['base', 'runtime', 'devel'] as const).flatMap((flavour) => tagsOf(flavour).map((tag) => [tag.image, tag] as const)),
);

const torches = CUDA.torch.flatMap(({ versions, cuda }) =>
  versions.flatMap((version) => [version, ...Object.keys(cuda).map((one) => `${version}+cu${one.replace('.', '')}`)]),
);
const flows = CUDA.tensorflow.flatMap(({ versions }) => versions);
const jaxes = CUDA.jax.flatMap(({ versions, cuda }) =>
  versions.flatMap((version) => Object.keys(cuda).map((major) => ({ version, major }))),
);

/** Every release of the catalog, alone in a lock file. */
const LOCKS: readonly (readonly [name: string, ReturnType<typeof lockOf>])[] = [
  ...torches.map((version) => [`torch ${version}`, lockOf({ torch: version })] as const),
  ...flows.map((version) => [`tensorflow ${version}`, lockOf({ tensorflow: version })] as const),
  ...jaxes.map(
    ({ version, major }) =>
      [
        `jax ${version} for CUDA ${major}`,
        lockOf({ jax: version, [`jax-cuda${major}-plugin`]: version, [`nvidia-cudnn-cu${major}`]: '9.12.0.46' }),
      ] as const,
  ),
  ...CUDA.xgboost.flatMap(({ versions }) =>
    versions.map((version) => [`xgboost ${version}`, lockOf({ xgboost: version })] as const),
  ),
];

/** What does not hold of a choice for a GPU, though it must. */
function violations(accelerator: AcceleratorType, requirements: ReturnType<typeof lockOf>): string[] {
  const gpu = gpuOf(accelerator);
  if (gpu === undefined) return ['the catalog does not have the GPU'];
  const choice = chooseBase(requestOf({ accelerator, requirements }));
  const images = choice.candidates.map(({ image }) => image);
  return [
    ...images.filter((image) => !TAGS.has(image)).map((image) => `${image} is no tag of the catalog`),
    ...images.filter((image) => !cudaKnows(minorOf(TAGS.get(image)?.cuda ?? '0'), gpu)).map((image) => `${image}: GPU`),
    ...(new Set(images).size === images.length ? [] : ['an image twice']),
    ...choice.frameworks.flatMap((framework) => frameworkViolations(framework, choice, gpu)),
  ];
}

function frameworkViolations(framework: Framework, choice: BaseChoice, gpu: Gpu): string[] {
  const { cuda, source, kernels, pythons, known } = framework;
  const rules = [...choice.errors, ...choice.warnings].map(({ rule }) => rule);
  const how = kernels === undefined ? 'native' : served(kernels, gpu.sm);
  const first = TAGS.get(choice.candidates[0].image)?.cuda ?? '';
  const higher = cuda !== undefined && cudaKnows(cuda, gpu) && compareNumbers(majorOf(first), majorOf(cuda)) > 0;
  return [
    // A build that cannot run on the GPU is never passed over in silence.
    ...(source === 'none' && !rules.includes('cpu-wheel') ? ['no word of a build without CUDA'] : []),
    ...(how === 'none' && !rules.includes('gpu-kernels-missing') ? ['no word of missing kernels'] : []),
    ...((how === 'ptx') === rules.includes('gpu-kernels-at-start') ? [] : ['PTX']),
    ...(known === 'pinned' && pythons?.includes(choice.python) === false ? [`Python ${choice.python}`] : []),
    ...(higher && majorOf(cuda) !== '10' ? [`CUDA ${first} for ${cuda}`] : []),
  ];
}

describe('every GPU with every release of the catalog', () => {
  test.each(GPUS.map((accelerator) => ({ accelerator })))('$accelerator', ({ accelerator }) => {
    const found = LOCKS.flatMap(([name, lock]) => violations(accelerator, lock).map((one) => `${name}: ${one}`));
    expect(found).toEqual([]);
  });

  test('every GPU of the API is in the catalog, and no TPU', () => {
    expect(ACCELERATOR_TYPES.filter((type) => gpuOf(type) !== undefined)).toEqual(GPUS);
  });
});

describe('what tensorflow takes from the image is in it, or the lack is told', () => {
  test.each(GPUS.map((accelerator) => ({ accelerator })))('$accelerator', ({ accelerator }) => {
    const found = flows.filter((version) => {
      const requirements = lockOf({ tensorflow: version });
      const request = requestOf({ accelerator, platform: 'linux/amd64', requirements });
      const { candidates, frameworks, warnings } = chooseBase(request);
      const tag = TAGS.get(candidates[0].image);
      const { cuda = '', cudnn } = frameworks[0] ?? {};
      const sameMajor = majorOf(tag?.cuda ?? '') === majorOf(cuda);
      const whole = sameMajor && holdsCudnn(tag?.cudnn, cudnn) && compareNumbers(tag?.cuda ?? '', cuda) >= 0;
      return warnings.some(({ rule }) => rule === 'cuda-image-nearest') === whole;
    });
    expect(found).toEqual([]);
  });
});

test('wheels that bring CUDA get a base of the same CUDA, where the GPU takes it', () => {
  const found = GPUS.flatMap((accelerator) => {
    const gpu = gpuOf(accelerator);
    return torches.filter((version) => {
      const requirements = lockOf({ torch: version });
      const { candidates, frameworks } = chooseBase(requestOf({ accelerator, requirements }));
      const cuda = frameworks[0]?.cuda;
      if (gpu === undefined || cuda === undefined || !cudaKnows(cuda, gpu) || cuda === '10.2') return false;
      const { flavour, version: release = '' } = imageFacts(candidates[0].image).cuda ?? {};
      return flavour !== 'base' || minorOf(release) !== cuda;
    });
  });
  expect(found).toEqual([]);
});

test('a driver that is given runs the image, or is refused', () => {
  const drivers = fc.constantFrom('450', '470.82.01', '525.60.13', '535', '550.54.15', '570.26', '580', '610.43.02');
  fc.assert(
    fc.property(
      fc.constantFrom(...GPUS),
      fc.constantFrom(...LOCKS),
      drivers,
      (accelerator, [, requirements], driver) => {
        const { candidates, errors } = chooseBase(requestOf({ accelerator, requirements, driverVersion: driver }));
        const { version = '' } = imageFacts(candidates[0].image).cuda ?? {};
        const refused = errors.some(({ rule }) => rule === 'driver-too-old' || rule === 'gpu-kernels-missing');
        expect(refused || driverRuns(driver, version)).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});

test('any versions and specifiers get a base, and nothing throws', () => {
  const names = fc.constantFrom(
    'torch',
    'tensorflow',
    'jax',
    'xgboost',
    'torchvision',
    'lightning',
    'flash-attn',
    'numpy',
  );
  const version = fc.oneof(
    fc.constantFrom(...torches, ...flows, '0', '99.1', '2.8', '1.0.dev1', '2!1.0', 'x', ''),
    fc.string({ maxLength: 12 }),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...ACCELERATOR_TYPES),
      fc.dictionary(names, version),
      fc.option(fc.oneof(version, fc.constantFrom('>=3.10', '==3.9.*', '<3')), { nil: undefined }),
      (accelerator, versions, python) => {
        const choice = chooseBase(
          requestOf({ accelerator, requirements: lockOf(versions, { python, locked: false }) }),
        );
        expect(choice.candidates.length).toBeGreaterThan(0);
        expect(choice.python).toMatch(/^3\.\d+(?:\.\d+)?$/);
      },
    ),
    { numRuns: 500 },
  );
});
