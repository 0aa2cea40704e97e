import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { metricsIn } from '../src/artifacts/metrics-text.ts';
import { faultText } from '../src/faults.ts';
import { measurementsOf, parseReports } from '../src/local/study/metrics-file.ts';
import { pageAt, root } from './docs/pages.ts';
import {
  errorsOf,
  type ShownStep,
  type ShownWorkflow,
  stepsIn,
  sweepOf,
  usesSweep,
  usesTrain,
  verdictOf,
} from './docs/plan-blocks.ts';
import { tempFolders } from './ground/temp-folder.ts';
import { actionFile } from './inputs/given.ts';

const newFolder = tempFolders();

// That every block is planned, linted or parsed is for docs/blocks.test.ts; what the pages say of some of them is held here.
const yamlOf = (path: string) =>
  pageAt(path).blocks.flatMap(({ language, text }) => (language === 'yaml' ? [text] : []));
const trainsIn = (path: string) => yamlOf(path).flatMap(stepsIn).filter(usesTrain);
const expression = (text: string) => `\${{ ${text} }}`;
const SWEEP = 'train-on-vertex/sweep@';

/** Hardware and region of each choice of a step, in their order. */
function choicesOf(step: ShownStep | undefined): string[] {
  const { plan, warnings } = verdictOf(step?.with ?? {});
  expect(warnings.map(faultText).filter((text) => /region|fallback|failover/.test(text))).toEqual([]);
  return (plan?.choices ?? []).map(({ region, hardware }) => `${region}: ${hardware}`);
}

describe('README.md', () => {
  const blocks = yamlOf('README.md');
  const steps = trainsIn('README.md');
  const workflowNamed = (name: string) =>
    parse(blocks.find((block) => block.startsWith(`name: ${name}\n`)) ?? '') as ShownWorkflow;

  test('can be read in ten minutes, tables of inputs and outputs aside', () => {
    const prose = pageAt('README.md').text.replace(/<!-- (inputs|outputs): [\s\S]*?<!-- end of \1 -->/g, '');
    expect(Buffer.byteLength(prose)).toBeLessThan(22_000);
  });

  test('shows one picture for each colour scheme, of one size, and quickly loaded', () => {
    const pictures = ['light', 'dark'].map((shade) => readFileSync(join(root, `docs/images/summary-${shade}.png`)));
    // Width and height stand at the same place in every PNG.
    const [light, dark] = pictures.map((bytes) => [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]);
    expect(light).toEqual(dark);
    expect(Math.max(...pictures.map(({ length }) => length))).toBeLessThan(150_000);
  });

  test('says what its recipes fail over to', () => {
    const [gpu, spot] = steps.filter((each) => each.with?.['fallback_hardware'] !== undefined);
    expect(choicesOf(gpu)).toEqual(
      ['us-central1', 'europe-west4'].flatMap((region) => [
        `${region}: 1 x NVIDIA_L4 on g2-standard-4`,
        `${region}: 1 x NVIDIA_TESLA_T4 on n1-standard-4`,
      ]),
    );
    expect(choicesOf(spot)).toEqual([
      'us-central1: 1 x NVIDIA_L4 on g2-standard-4, SPOT',
      'us-central1: 1 x NVIDIA_L4 on g2-standard-4',
    ]);
  });

  test('runs a pull request without a sign-in, on the runner alone', () => {
    const { on, permissions, jobs } = workflowNamed('Smoke run');
    expect({ on, permissions }).toEqual({ on: 'pull_request', permissions: {} });
    const [job] = Object.values(jobs);
    expect(job?.permissions).toEqual({ contents: 'read' });
    expect(job?.steps.filter(usesTrain).map((step) => step.with?.['region'])).toEqual(['local']);
  });

  test('deploys what a gate let through, by outputs that there are', () => {
    const { train, deploy } = workflowNamed('Train and deploy').jobs;
    expect(train?.outputs).toEqual({
      gate: expression('steps.train.outputs.gate'),
      model: expression('steps.train.outputs.model'),
    });
    expect(Object.keys(actionFile.outputs)).toEqual(expect.arrayContaining(['gate', 'model']));
    expect(deploy).toMatchObject({ needs: 'train', if: "needs.train.outputs.gate == 'passed'" });
  });

  test('asks the step that follows a job for what comes of it, which one that leaves at once is refused', () => {
    const follow = steps.find((step) => step.with?.['job'] !== undefined && step.with['gate'] !== undefined);
    const results = ['metrics_file', 'gate', 'download'];
    expect(Object.keys(follow?.with ?? {})).toEqual(expect.arrayContaining(results));
    const train = steps.find((step) => step.with?.['detach_after'] !== undefined);
    const asked = results.map((name) => [name, follow?.with?.[name]] as const);
    const left = { ...train?.with, ...Object.fromEntries(asked), detach_after: '', wait: 'false' };
    expect(errorsOf(left).filter((text) => text.includes('wait is false'))).toHaveLength(2);
  });
});

describe('docs/job.md', () => {
  const blocks = yamlOf('docs/job.md');

  test('says what it fails over to', () => {
    const hardware = [
      '1 x NVIDIA_L4 on g2-standard-4, SPOT',
      '1 x NVIDIA_L4 on g2-standard-4',
      '2 x NVIDIA_TESLA_T4 on n1-standard-8, SPOT',
    ];
    const step = trainsIn('docs/job.md').find((each) => each.with?.['fallback_hardware'] !== undefined);
    expect(choicesOf(step)).toEqual(
      ['us-central1', 'europe-west4'].flatMap((region) => hardware.map((each) => `${region}: ${each}`)),
    );
  });

  test('shows a sweep on a schedule, and another whose finds are followed', () => {
    const sweeps = blocks.flatMap(stepsIn).filter(usesSweep);
    expect(sweeps.map((step) => sweepOf(step.with ?? {}).inputs)).toMatchObject([
      { regions: ['us-central1', 'europe-west4'], cancel: true },
      { regions: ['us-central1'], cancel: false },
    ]);
    const follow = blocks.find((block) => block.includes(SWEEP) && block.includes('matrix.left.job'));
    const { jobs } = parse(follow ?? '') as ShownWorkflow;
    expect(jobs['find']?.outputs).toEqual({ leftovers: expression('steps.sweep.outputs.leftovers') });
    expect(jobs['follow']?.strategy?.matrix).toEqual({ left: expression('fromJSON(needs.find.outputs.leftovers)') });
  });

  test('gives a sweep all the rights that it takes', () => {
    const { on, jobs } = parse(blocks.find((block) => block.includes(SWEEP)) ?? '') as ShownWorkflow;
    expect(on).toMatchObject({ schedule: [{ cron: expect.any(String) }] });
    expect(Object.values(jobs).map(({ permissions }) => permissions)).toEqual([
      { actions: 'read', 'id-token': 'write' },
    ]);
  });
});

describe('docs/results.md', () => {
  test('gives a step with a gate on the baseline and a comment all the rights that they take', () => {
    const block =
      yamlOf('docs/results.md').find((each) => each.includes('comment: ') && each.includes('baseline')) ?? '';
    const { on, jobs } = parse(block) as ShownWorkflow;
    expect(Object.keys(on)).toEqual(['push', 'pull_request']);
    expect(Object.values(jobs).map(({ permissions }) => permissions)).toEqual([
      { actions: 'read', contents: 'read', 'id-token': 'write', 'pull-requests': 'write' },
    ]);
  });

  test('the program that it shows leaves a model, and metrics that are read', () => {
    const [, program = ''] = /<!-- program -->\n```python\n([\s\S]*?)```/.exec(pageAt('docs/results.md').text) ?? [];
    const folder = newFolder();
    // As Vertex AI writes it, with a slash at its end; a folder stands for the bucket's.
    const env = { ...process.env, AIP_MODEL_DIR: `${folder}/runs/7/model/` };
    execFileSync('python3', ['-c', program], { env });
    expect(readFileSync(`${folder}/runs/7/model/weights.bin`, 'utf8')).toBe('the model');
    expect(metricsIn(readFileSync(`${folder}/runs/7/metrics.json`))).toEqual({
      metrics: { accuracy: 0.93 },
      faults: [],
    });
  });
});

describe('docs/configuration.md', () => {
  test('the lines of the metric file that it shows are read as one measurement', () => {
    const [, lines = ''] =
      /<!-- hypertune -->\n```json\n([\s\S]*?)```/.exec(pageAt('docs/configuration.md').text) ?? [];
    const metrics = ['accuracy', 'loss'].map((metricId) => ({ metricId, goal: 'MAXIMIZE' as const }));
    expect(measurementsOf({ metrics, parameters: [] }, parseReports(lines), 1_763_999_990)).toEqual([
      {
        elapsedDuration: '10.250s',
        stepCount: '3',
        metrics: [
          { metricId: 'accuracy', value: 0.93 },
          { metricId: 'loss', value: 0.21 },
        ],
      },
    ]);
  });
});
