import { describe, expect, test } from '@jest/globals';
import { faultText } from '../../src/faults.ts';
import { endText, prebuiltContainer, prebuiltSuggestion } from '../../src/plan/prebuilt.ts';
import { planOf, TODAY, verdictOf, viewOf } from './run.ts';

const TF = 'us-docker.pkg.dev/vertex-ai/training/tf-cpu.2-17.py310';
/** In the catalog: patches until 2025-07-11, available until 2026-07-11. */
const TF_TEXTS = {
  patched: undefined,
  unpatched: `${TF}:latest gets no patches since 2025-07-11. Use a later container.`,
  gone: `${TF}:latest may be gone: its availability ended on 2026-07-11. Build an image of your own, or use a later container.`,
};

describe('a prebuilt container by its address', () => {
  test.each([
    { name: 'as the catalog has it', uri: `${TF}:latest` },
    { name: 'under another tag', uri: `${TF}:20250101` },
    { name: 'by digest', uri: `${TF}@sha256:${'0'.repeat(64)}` },
    { name: 'without a tag', uri: TF },
    { name: 'in another multi-region', uri: TF.replace('us-', 'europe-') },
  ])('$name', ({ uri }) => {
    expect(prebuiltContainer(uri)).toMatchObject({ framework: 'tensorflow', version: '2.17', accelerators: ['cpu'] });
  });

  test.each([
    '',
    'python:3.12',
    'localhost:5000/tf',
    `${TF}-own:latest`,
    'us-docker.pkg.dev/me/training/tf-cpu.2-17.py310',
  ])('"%s" is none', (uri) => {
    expect(prebuiltContainer(uri)).toBeUndefined();
  });
});

describe('the end of a container', () => {
  test.each<{ today: string; text: string | undefined }>([
    { today: '2025-07-11', text: TF_TEXTS.patched },
    { today: '2025-07-12', text: TF_TEXTS.unpatched },
    { today: '2026-07-11', text: TF_TEXTS.unpatched },
    { today: '2026-07-12', text: TF_TEXTS.gone },
  ])('on $today', ({ today, text }) => {
    expect(endText(`${TF}:latest`, today)).toBe(text);
  });

  test('is unknown of an image that is none of them', () => {
    expect(endText('python:2.7', '2099-01-01')).toBeUndefined();
  });

  test.each<{ kind: string; pool: string }>([
    {
      kind: 'a container',
      pool: `containerSpec: { imageUri: "${TF}:latest" }`,
    },
    {
      kind: 'the container of a Python package',
      pool: `pythonPackageSpec: { executorImageUri: "${TF}:latest", packageUris: ["gs://b/p.tar.gz"], pythonModule: m }`,
    },
  ])('is warned of, at its line of the config, for $kind', ({ pool }) => {
    const text = `workerPoolSpecs:\n- machineSpec: { machineType: n1-standard-4 }\n  replicaCount: 1\n  ${pool}\n`;
    const { errors, warnings } = verdictOf(
      { config: 'job.yaml' },
      { files: { config: { file: 'job.yaml', text } }, today: '2026-07-12' },
    );
    expect(errors).toEqual([]);
    expect(warnings.map(({ rule, place }) => [rule, place?.file, place?.line])).toEqual([
      ['prebuilt-ended', 'job.yaml', 4],
    ]);
    expect(warnings.map(faultText)[0]).toContain('may be gone: its availability ended on 2026-07-11.');
  });
});

const held = (uri: string, what: string, until: string) =>
  `us-docker.pkg.dev/vertex-ai/training/${uri}:latest holds ${what} and needs no build; it is available until ${until}.`;

describe('a container is suggested', () => {
  test.each<{ name: string; requirements: string; gpu: boolean; text: string }>([
    {
      name: 'for a pinned version',
      requirements: 'numpy==1.26.0\ntorch==2.4.0\n',
      gpu: true,
      text: held('pytorch-gpu.2-4.py310', 'torch 2.4', '2026-07-24'),
    },
    {
      name: 'without GPU for a machine without',
      requirements: 'torch==2.4.1',
      gpu: false,
      text: held('pytorch-xla.2-4.py310', 'torch 2.4', '2026-07-24'),
    },
    {
      name: 'for a minor version, extras, blanks and capitals',
      requirements: '  TensorFlow[and-cuda] == 2.17  # pinned\n',
      gpu: false,
      text: held('tf-cpu.2-17.py310', 'TensorFlow 2.17', '2026-07-11'),
    },
    {
      name: 'for the first that there is one for',
      requirements: 'xgboost==0.0.1\nscikit_learn==1.6.1\ntorch==2.4.0',
      gpu: false,
      text: held('sklearn-cpu.1-6', 'scikit_learn 1.6', '2026-07-11'),
    },
  ])('$name', ({ requirements, gpu, text }) => {
    expect(prebuiltSuggestion(requirements, gpu, '2026-01-01')).toBe(text);
  });

  test.each<{ name: string; requirements: string; today?: string }>([
    { name: 'nothing', requirements: '' },
    { name: 'a version that no container holds', requirements: 'torch==2.40.0' },
    { name: 'a version whose first digits alone are those of one', requirements: 'tensorflow==2.170' },
    { name: 'a range', requirements: 'torch>=2.4\ntensorflow~=2.17' },
    { name: 'no version', requirements: 'torch' },
    { name: 'a comment', requirements: '# torch==2.4.0' },
    { name: 'another package that ends the same', requirements: 'my-torch==2.4.0' },
    { name: 'a container that is gone', requirements: 'torch==2.4.0', today: '2026-07-25' },
  ])('but not for $name', ({ requirements, today = '2026-01-01' }) => {
    expect(prebuiltSuggestion(requirements, false, today)).toBeUndefined();
  });

  test('by the plan, from the requirements beside the Dockerfile, and as no warning', () => {
    const beside = (path: string) => ({ files: { view: viewOf({ [path]: 'torch==2.4.0\n' }) }, today: '2026-01-01' });
    const { plan, warnings } = verdictOf({ context: 'train' }, beside('train/requirements.txt'));
    expect(plan?.suggestions).toEqual([held('pytorch-xla.2-4.py310', 'torch 2.4', '2026-07-24')]);
    expect(warnings).toEqual([]);
    expect(verdictOf({ context: 'train' }, beside('requirements.txt')).plan?.suggestions).toEqual([]);
    expect(verdictOf({ accelerator_type: 'l4' }, beside('requirements.txt')).plan?.suggestions).toEqual([
      held('pytorch-gpu.2-4.py310', 'torch 2.4', '2026-07-24'),
    ]);
  });

  test('not for a repository without requirements', () => {
    expect([planOf({}).suggestions, TODAY > '2026-07-25']).toEqual([[], true]);
  });
});
