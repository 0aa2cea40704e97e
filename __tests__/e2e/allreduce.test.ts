import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { run } from '../../scripts/machine/run.ts';
import type { PlanDocument } from '../../src/plan/document.ts';
import { CHECKOUT } from './parts/action-file.ts';
import { containersOf } from './parts/containers.ts';
import { docker, dockerLines } from './parts/docker-client.ts';
import { exampleOf } from './parts/example.ts';
import type { StepResult } from './parts/runner.ts';
import { Scene } from './parts/scene.ts';

jest.setTimeout(120_000);

const EXAMPLE = exampleOf('allreduce');
const REPLICAS = ['workerpool0-0', 'workerpool1-0', 'workerpool1-1'];

interface Model {
  readonly weights: readonly number[];
  readonly replicas: number;
}

describe('examples/allreduce', () => {
  let scene: Scene;
  let workspace: string;
  let inputs: Readonly<Record<string, string>>;
  let main: StepResult;
  beforeAll(async () => {
    scene = await Scene.open();
    workspace = await scene.workspace(EXAMPLE.files);
    const output = { output_uri: 'gs://my-bucket/allreduce/1', download: 'model' };
    inputs = { ...EXAMPLE.inputs, ...output, region: 'local', image: scene.imageName() };
    const step = await scene.run({ workspace, inputs });
    main = step;
    await step.post();
  });
  afterAll(() => scene?.close());

  /** What each replica wrote, by its name. */
  const linesOf = (replica: string) =>
    main.plainLines.flatMap((line) => (line.startsWith(`[${replica}] `) ? line.slice(replica.length + 3) : []));
  const theModel = () => JSON.parse(readFileSync(join(workspace, 'model/model.json'), 'utf8')) as Model;
  const alone = (script: string) =>
    docker(scene.client, 'run', '--rm', '--entrypoint', 'sh', main.outputs['image'] ?? '', '-c', script);

  test('is planned as one chief and two workers, with nothing to find fault with', async () => {
    const args = [
      '--disable-warning=ExperimentalWarning',
      join(CHECKOUT, 'scripts/plan.ts'),
      EXAMPLE.workflow,
      '--json',
    ];
    const { code, stdout } = await run(process.execPath, args, { env: { ...process.env, INIT_CWD: EXAMPLE.folder } });
    const { errors, warnings, notes, request } = JSON.parse(stdout) as PlanDocument;
    expect([code, errors, warnings, notes]).toEqual([0, [], [], []]);
    expect(request?.body).toMatchObject({
      jobSpec: {
        scheduling: { restartJobOnWorkerRestart: true },
        workerPoolSpecs: [{ replicaCount: '1' }, { replicaCount: '2' }],
      },
    });
  });

  test('trains to success, and passes its gate by the metrics that the chief wrote', () => {
    const errors = main.annotations.filter(({ level }) => level === 'error').map(({ message }) => message);
    expect([main.outcome, errors]).toEqual(['success', []]);
    expect(main.outputs).toMatchObject({ state: 'SUCCEEDED', gate: 'passed' });
    const { accuracy, loss } = JSON.parse(main.outputs['best_metrics'] ?? '{}');
    expect(linesOf('workerpool0-0')).toContain(`test loss ${loss.toFixed(6)}, accuracy ${accuracy.toFixed(4)}`);
  });

  test('has every replica train on its shard, with one loss that falls', () => {
    const epochs = REPLICAS.map((replica) => linesOf(replica).filter((line) => line.startsWith('epoch ')));
    expect(epochs).toEqual([epochs[0], epochs[0], epochs[0]]);
    const losses = (epochs[0] ?? []).map((line) => Number(/loss (\S+)$/.exec(line)?.[1]));
    expect(losses).toHaveLength(8);
    expect(losses).toEqual(losses.toSorted((a, b) => b - a));
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) * 0.7);
    expect(REPLICAS.map((replica) => linesOf(replica)[0])).toEqual(
      [0, 1, 2].map((rank) => `replica ${rank} of 3 has 800 of 2400 examples`),
    );
  });

  test('ends with the same weights in all, and those are the model that was written', () => {
    const told = REPLICAS.map((replica) =>
      linesOf(replica).flatMap((line) => /^replica \d has the weights ([0-9a-f]{64})$/.exec(line)?.[1] ?? []),
    );
    expect(told).toEqual([told[0], told[0], told[0]]);
    expect(told[0]).toHaveLength(1);
    expect(theModel()).toEqual({ weights: expect.any(Array), replicas: 3 });
    expect(linesOf('workerpool0-0').filter((line) => line.startsWith('written: '))).toEqual([
      'written: /gcs/my-bucket/allreduce/1/model/model.json',
      'written: /gcs/my-bucket/allreduce/1/metrics.json',
    ]);
  });

  test('computes what a single replica does on the same data, but for rounding', async () => {
    const train = 'AIP_MODEL_DIR=/tmp/model python3 train.py --alone --epochs=8 --batch-size=120 > /dev/null';
    const single = JSON.parse(await alone(`${train} && cat /tmp/model/model.json`)) as Model;
    const { weights } = theModel();
    expect([single.replicas, single.weights.length]).toEqual([1, weights.length]);
    for (const [index, weight] of weights.entries()) {
      expect(Math.abs(weight - (single.weights[index] ?? Number.NaN))).toBeLessThan(1e-12);
    }
    expect(Math.max(...weights.map(Math.abs))).toBeGreaterThan(0.5);
  });

  test('says what is missing where no service runs it', async () => {
    expect(await alone('python3 train.py 2>&1; echo status $?')).toMatch(
      /^train\.py: CLUSTER_SPEC is not set\. .*--alone.*\nstatus 1\n?$/,
    );
  });

  test('has a ring that adds up, and faults that are told', async () => {
    const check = readFileSync(join(import.meta.dirname, 'parts/ring_check.py'), 'utf8');
    const lines = await docker(
      scene.client,
      ...['run', '--rm', '--env', `CHECK=${check}`, '--entrypoint', 'sh', main.outputs['image'] ?? ''],
      ...['-c', 'printf %s "$CHECK" > ring_check.py && python3 ring_check.py 2>&1'],
    );
    expect(lines).toMatch(/^Ran 1[0-9] tests [\s\S]*\nOK\s*$/m);
  });

  test('begins again, all three, when one is ended from outside', async () => {
    const step = await scene.start({ workspace, inputs: { ...inputs, args: '--epochs=50', download: '' } });
    await step.waitForLine(/^\[workerpool1-1\] epoch 3\/50/);
    const image = [
      '--filter',
      `ancestor=${main.outputs['image']}`,
      '--filter',
      'label=train-on-vertex.replica=workerpool1-1',
    ];
    await docker(scene.client, 'kill', ...(await dockerLines(scene.client, 'ps', '--quiet', ...image)));
    const { outcome, outputs, plainLines } = await step.finished;
    expect([outcome, outputs['state'], outputs['gate']]).toEqual(['success', 'SUCCEEDED', 'passed']);
    for (const replica of REPLICAS) {
      const count = (text: string) => plainLines.filter((line) => line.startsWith(`[${replica}] ${text}`)).length;
      expect([replica, count('epoch 1/50'), count('epoch 50/50')]).toEqual([replica, 2, 1]);
    }
    expect(plainLines.filter((line) => /train\.py: /.test(line))).toEqual([]);
    expect(plainLines).toContainEqual(
      expect.stringMatching(/^\[workerpool0-0\] replica \d has (?:ended|lost) .*: waiting to be started again$/),
    );
  });

  test('leaves no container behind', async () => {
    expect(await containersOf(scene.client, main.outputs['image'] ?? '')).toEqual([]);
  });
});
