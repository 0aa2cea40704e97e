import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { next, type Orders } from '../local/faults/client.ts';
import { Endings } from './parts/endings.ts';
import { bareStage, type FaultyCloud, openFaultyCloud, type Stage, simulatedConfig } from './parts/faults.ts';
import { type RunningStep, runStep, type StepOptions, type StepResult, startStep } from './parts/runner.ts';

jest.setTimeout(120_000);

let endings: Endings;
let stage: Stage;
let cloud: FaultyCloud;
let common: StepOptions;

beforeEach(async () => {
  endings = new Endings();
  stage = bareStage(endings);
  cloud = await openFaultyCloud(stage);
  const workspace = await stage.folder('workspace-');
  await writeFile(join(workspace, 'job.yaml'), simulatedConfig('job'));
  common = {
    workspace,
    runnerTemp: await stage.folder('runner-temp-'),
    inputs: { ...cloud.inputs, config: 'job.yaml' },
    extraEnv: cloud.env,
  };
});
afterEach(() => endings?.run());

const LINES = 30;
const lines = Array.from({ length: LINES }, (_unused, index) => `[workerpool0-0] step ${index + 1}`);
const JOB = { job: { programs: [{ events: [{ stdout: 'step {n}', times: LINES, everyMs: 50 }] }] } };

const post = (main: StepResult) => runStep({ ...common, entry: 'post', state: main.state });
/** What the job's program wrote, as the step told it. */
const told = (step: Pick<StepResult, 'plainLines'>) => step.plainLines.filter((line) => / step \d+$/.test(line));

async function run(orders: Orders): Promise<StepResult> {
  await cloud.service.faults.order({ scripts: JOB, ...orders });
  return runStep(common);
}

async function expectOneSuccess(main: StepResult): Promise<void> {
  expect(main).toMatchObject({ outcome: 'success', exitCode: 0, outputs: { state: 'SUCCEEDED', finished: 'true' } });
  const { jobs } = await cloud.service.faults.report();
  expect(jobs).toMatchObject([{ name: main.outputs['job'], state: 'JOB_STATE_SUCCEEDED' }]);
  expect([...told(main)].sort()).toEqual([...lines].sort());
  expect(await post(main)).toMatchObject({ outcome: 'success', annotations: [] });
  expect((await cloud.service.faults.report()).jobs).toHaveLength(1);
}

describe('the built action', () => {
  test('follows a simulated job to its end', async () => {
    const main = await run({});
    await expectOneSuccess(main);
    expect(told(main)).toEqual(lines);
  });

  test('finds the one job whose creation was cut off, and follows it through an outage', async () => {
    const unavailable = { kind: 'refuse', reason: 'unavailable' } as const;
    const main = await run({
      rules: [
        next('create', { kind: 'reset' }, { when: 'after' }),
        next('get', unavailable, { skip: 1, times: 3 }),
        next('entries', unavailable),
        next('get', { kind: 'truncated' }),
      ],
    });
    await expectOneSuccess(main);
    const { rules } = await cloud.service.faults.report();
    expect(rules.map(({ fired }) => fired)).toEqual([1, 3, 1, 1]);
    expect(await cloud.service.faults.count('create')).toBe(1);
  });

  test('loses no line and tells none twice where entries come late, twice and in disorder', async () => {
    const main = await run({
      conditions: { entries: { lateEvery: 3, lateMs: 400, doubledEvery: 4, shuffled: 7 } },
    });
    await expectOneSuccess(main);
  });

  test('signs in anew when its token is good no longer', async () => {
    const expired = { kind: 'expired-token' } as const;
    const main = await run({ rules: [next('get', expired, { skip: 1 }), next('entries', expired, { skip: 1 })] });
    await expectOneSuccess(main);
    const { issued, problems } = cloud.signIn;
    // One at first, and one after each refusal; post found nothing to do that needs any.
    expect([issued.length, problems]).toEqual([3, []]);
    expect(issued.filter((token) => !main.masks.includes(token))).toEqual([]);
    expect(main.leaks).toEqual([]);
  });

  test('follows its job through a restart of the service', async () => {
    await cloud.service.faults.order({ scripts: JOB });
    const step: RunningStep = await startStep(common);
    await step.waitForLine(/step 3/);
    await cloud.service.restart();
    await expectOneSuccess(await step.finished);
  });
});
