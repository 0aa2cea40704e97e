import { describe, expect, test } from '@jest/globals';
import { explainPlan } from '../../../src/plan/explain.ts';
import { KEY_LABEL, REQUEST_LABEL } from '../../../src/plan/labels.ts';
import type { Given } from '../../inputs/given.ts';
import { errorsOf, planned, TUNING, told } from '../request/judge.ts';

const MODEL: Given = { model: 'digits', serving_image: 'us-docker.pkg.dev/p/serve:1', output_uri: 'gs://my-out/runs' };
const BEST: Given = { ...MODEL, register: 'best' };
const KEY = 'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k';
const FILE: Given = { metrics_file: 'metrics.json' };
const GATE: Given = { gate: 'accuracy >= 0.9' };

describe('the step uploads', () => {
  test.each<{ name: string; given: Given; collection: string; uploads: boolean }>([
    { name: 'nothing of a plain job', given: {}, collection: 'customJobs', uploads: false },
    { name: 'nothing that a pipeline uploads', given: MODEL, collection: 'trainingPipelines', uploads: false },
    {
      name: 'nothing for a gate alone',
      given: { ...TUNING, ...GATE },
      collection: 'hyperparameterTuningJobs',
      uploads: false,
    },
    { name: 'a custom job’s model', given: BEST, collection: 'customJobs', uploads: true },
    {
      name: 'a best trial’s model',
      given: { ...BEST, ...TUNING },
      collection: 'hyperparameterTuningJobs',
      uploads: true,
    },
    {
      name: 'what a gate stands before',
      given: { ...MODEL, ...TUNING, ...GATE },
      collection: 'trainingPipelines',
      uploads: true,
    },
    {
      name: 'what a gate on a metrics file stands before',
      given: { ...MODEL, output_uri: 'gs://my-out/runs', ...FILE, ...GATE },
      collection: 'trainingPipelines',
      uploads: true,
    },
    {
      name: 'with both',
      given: { ...BEST, ...TUNING, ...GATE },
      collection: 'hyperparameterTuningJobs',
      uploads: true,
    },
  ])('$name', ({ given, collection, uploads }) => {
    const { job, upload } = planned(given);
    expect([job.collection, upload !== undefined]).toEqual([collection, uploads]);
    expect('modelToUpload' in job.resource).toBe(given.model !== undefined && !uploads);
  });

  test('with all that the inputs tell', () => {
    const given = {
      ...BEST,
      ...GATE,
      ...TUNING,
      kms_key: KEY,
      model_aliases: 'champion\ndefault',
      labels: 'team: vision',
    };
    const serving = { serving_predict_route: '/predict', serving_health_route: '/health', serving_ports: '8080' };
    const { job, upload } = planned({ ...given, ...serving });
    expect(upload).toEqual({
      parent: 'projects/my-project/locations/us-central1',
      modelId: 'digits',
      displayName: 'digits',
      description: 'octo/digits Train #7',
      containerSpec: {
        imageUri: 'us-docker.pkg.dev/p/serve:1',
        predictRoute: '/predict',
        healthRoute: '/health',
        ports: [{ containerPort: 8080 }],
      },
      labels: job.resource.labels,
      aliases: ['champion', 'default'],
      kmsKey: KEY,
      gated: true,
    });
    expect(upload?.labels).toMatchObject({
      team: 'vision',
      commit: '0123456789abcdef0123456789abcdef01234567',
      'run-id': '700',
      [KEY_LABEL]: expect.any(String),
    });
  });

  test('where the job runs', () => {
    const { choices } = planned({ ...BEST, region: 'us-central1\neurope-west4' });
    expect(choices.map(({ job, upload }) => [job.parent, upload?.parent])).toEqual(
      ['us-central1', 'europe-west4'].map((region) => Array(2).fill(`projects/my-project/locations/${region}`)),
    );
  });

  test.each([BEST, { ...MODEL, ...GATE, ...TUNING }])('and asks whether the model is there', (given) => {
    expect(planned(given).checks.filter(({ kind }) => kind === 'model-version')).toEqual([
      {
        kind: 'model-version',
        subject: 'projects/my-project/locations/us-central1/models/digits',
        question:
          'Does projects/my-project/locations/us-central1/models/digits exist, so that the upload becomes its next version?',
      },
    ]);
  });
});

describe('the hash of the request', () => {
  const hashOf = (given: Given) => planned(given).job.resource.labels?.[REQUEST_LABEL];

  // A re-run after an upgrade of the action has to find the job of the attempt before it.
  test.each<{ name: string; given: Given; hash: string }>([
    { name: 'a custom job', given: {}, hash: '1980a2fb62c60faa6f3f230b20b19360' },
    { name: 'a tuning job', given: TUNING, hash: 'f8490f68e73aa2f5ed3240118c168826' },
    { name: 'a pipeline', given: MODEL, hash: '7e747b09e09d254e6784636cb77cb930' },
    {
      name: 'a pipeline around a tuning job',
      given: { ...MODEL, ...TUNING },
      hash: 'a92f85ba89f3610566454d970634c7b6',
    },
  ])('of $name is what it was before models could be registered', ({ given, hash }) => {
    expect(hashOf(given)).toBe(hash);
  });

  test('does not count what the job is not asked', () => {
    const plain = { output_uri: 'gs://my-out/runs' };
    expect(hashOf({ ...BEST, model_aliases: 'champion' })).toBe(hashOf(plain));
    expect(hashOf({ ...BEST, ...TUNING, ...GATE })).toBe(hashOf({ ...plain, ...TUNING }));
  });

  test('counts what the pipeline uploads', () => {
    const gated = { ...MODEL, ...TUNING, ...GATE };
    const all = [MODEL, { ...MODEL, model_aliases: 'champion' }, gated, { ...MODEL, ...TUNING }].map(hashOf);
    expect(new Set(all).size).toBe(all.length);
    expect(hashOf({ ...gated, model_aliases: 'champion' })).toBe(hashOf(gated));
  });
});

describe('refused', () => {
  test.each<{ name: string; given: Given; errors: string[] }>([
    {
      name: 'to register without an output folder',
      given: { ...BEST, output_uri: '' },
      errors: [
        'register has nothing to upload: the program gets no AIP_MODEL_DIR without an output folder. Give output_uri, such as gs://my-bucket/runs. [register-output]',
      ],
    },
    {
      name: 'a gate before a model without an output folder',
      given: { ...MODEL, ...TUNING, ...GATE, output_uri: '' },
      errors: [
        'model has nothing to upload: the program gets no AIP_MODEL_DIR without an output folder. Give output_uri, such as gs://my-bucket/runs. [register-output]',
      ],
    },
    {
      name: 'to register without waiting for the job',
      given: { ...BEST, wait: 'false' },
      errors: [
        'register is done once the job has ended, and wait is false. Give it to the step that follows the job (job: …), or remove wait. [register-wait]',
      ],
    },
  ])('$name', ({ given, errors }) => {
    expect(errorsOf(given)).toEqual(errors);
    expect(told(given).warnings).toEqual([]);
  });

  test('nothing where the config gives the output folder', () => {
    const config = `
      workerPoolSpecs: [{ replicaCount: 1, machineSpec: { machineType: n1-standard-4 }, containerSpec: { imageUri: python } }]
      baseOutputDirectory: { outputUriPrefix: gs://my-out/runs }
    `;
    expect(errorsOf({ ...BEST, output_uri: '' }, config)).toEqual([]);
  });

  test('a pipeline without an output folder is warned of alone', () => {
    expect(told({ ...MODEL, output_uri: '' })).toMatchObject({
      errors: [],
      warnings: [expect.stringContaining('[model-output]')],
    });
  });
});

describe('the plan tells who uploads what, and when', () => {
  const lines = (given: Given) => explainPlan(planned(given)).filter((line) => line.startsWith('Model'));

  test.each<{ name: string; given: Given; line: string[] }>([
    { name: 'nobody', given: TUNING, line: [] },
    {
      name: 'a pipeline',
      given: MODEL,
      line: [
        'Model: the training pipeline uploads what the job wrote as a version of digits once training has succeeded',
      ],
    },
    {
      name: 'a pipeline, a best trial with aliases',
      given: { ...MODEL, ...TUNING, model_aliases: 'champion\ndefault' },
      line: [
        "Model: the training pipeline uploads the best trial's folder as a version of digits, which becomes champion and default, once training has succeeded",
      ],
    },
    {
      name: 'the step',
      given: { ...BEST, model_aliases: 'champion' },
      line: [
        'Model: this step uploads what the job wrote as a version of digits, which becomes champion, once the job has succeeded',
      ],
    },
    {
      name: 'the step, behind a gate',
      given: { ...MODEL, ...TUNING, ...GATE },
      line: [
        "Model: this step uploads the best trial's folder as a version of digits once the job has succeeded and passed its gate",
      ],
    },
  ])('$name', ({ given, line }) => {
    expect(lines(given)).toEqual(line);
  });
});
