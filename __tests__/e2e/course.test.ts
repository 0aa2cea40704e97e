import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Script } from '../../src/local/faults/script.ts';
import { next } from '../local/faults/client.ts';
import { Endings } from './parts/endings.ts';
import { bareStage, type FaultyCloud, openFaultyCloud, simulatedConfig } from './parts/faults.ts';
import { type RunningStep, runStep, type StepOptions, type StepResult, startStep } from './parts/runner.ts';
import { untilTrue } from './parts/until.ts';

jest.setTimeout(120_000);

let endings: Endings;
let cloud: FaultyCloud;
let common: StepOptions;

beforeEach(async () => {
  endings = new Endings();
  const stage = bareStage(endings);
  cloud = await openFaultyCloud(stage);
  const workspace = await stage.folder('workspace-');
  for (const name of ['job', 'other']) await writeFile(join(workspace, `${name}.yaml`), simulatedConfig(name));
  common = {
    workspace,
    runnerTemp: await stage.folder('runner-temp-'),
    inputs: { ...cloud.inputs, config: 'job.yaml' },
    extraEnv: cloud.env,
  };
});
afterEach(async () => {
  for (const { child, finished } of running.splice(0)) {
    child.kill('SIGKILL');
    await finished;
  }
  await endings?.run();
});

type More = Pick<StepOptions, 'inputs' | 'env'>;

/** The step again, with some things changed. */
const withMore = ({ inputs, env }: Partial<More> = {}): StepOptions => ({
  ...common,
  inputs: { ...common.inputs, ...inputs },
  ...(env === undefined ? {} : { env }),
});
const run = (more?: Partial<More>) => runStep(withMore(more));
const running: RunningStep[] = [];
const start = async (more?: Partial<More>): Promise<RunningStep> => {
  const step = await startStep(withMore(more));
  running.push(step);
  return step;
};
const post = (main: StepResult, more?: Partial<More>) =>
  runStep({ ...withMore(more), entry: 'post', state: main.state });
const attempt = (number: number) => ({ env: { GITHUB_RUN_ATTEMPT: String(number) } });

const scripted = (job: Script, more: Readonly<Record<string, Script>> = {}) =>
  cloud.service.faults.order({ scripts: { job, ...more } });
const jobs = async () => (await cloud.service.faults.report()).jobs;
const states = async () => (await jobs()).map(({ state }) => state.replace('JOB_STATE_', ''));

/** Trains for some seconds, a line every tenth of one. */
const lively = (lines: number): Script => ({
  programs: [{ events: [{ stdout: 'step {n}', times: lines, everyMs: 100 }] }],
});
const FOREVER: Script = { programs: [{ events: [{ stdout: 'training' }], exit: 'never' }] };
const failing = (exit: object): Script => ({
  programs: [{ events: [{ stdout: 'step 1' }, { stderr: 'ValueError: no' }], exit }],
});

const textOf = (annotations: StepResult['annotations'], level: string) =>
  annotations.flatMap((each) => (each.level === level ? [each.message] : [])).join('\n');

describe('a re-run', () => {
  test('joins the job that the attempt before left, and tells its whole log', async () => {
    await scripted(lively(40));
    const first = await start();
    await first.waitForLine(/step 3$/);
    first.child.kill('SIGKILL');
    const { outputs } = await first.finished;
    const second = await run(attempt(2));
    expect(second).toMatchObject({ outcome: 'success', outputs: { job: outputs['job'], state: 'SUCCEEDED' } });
    expect(textOf(second.annotations, 'notice')).toMatch(
      /^Attempt 1 of this run left a job that is RUNNING, and this attempt joins it/m,
    );
    expect(second.plainLines.filter((line) => / step \d+$/.test(line))).toHaveLength(40);
    expect(await states()).toEqual(['SUCCEEDED']);
  });

  test('takes the result of one that has succeeded', async () => {
    await scripted(lively(2));
    const first = await run();
    const second = await run(attempt(2));
    expect(second.outcome).toBe('success');
    expect(second.outputs).toEqual(first.outputs);
    expect(await cloud.service.faults.count('create')).toBe(1);
  });

  test.each([
    { state: 'FAILED', script: failing({ code: 1 }) },
    { state: 'EXPIRED', script: { ...FOREVER, turns: [{ atMs: 500, end: { state: 'EXPIRED' as const } }] } },
    { state: 'CANCELLED', script: { ...FOREVER, turns: [{ atMs: 500, end: { state: 'CANCELLED' as const } }] } },
  ])('makes anew what is $state', async ({ state, script }) => {
    await scripted(script);
    const first = await run();
    expect(first).toMatchObject({ outcome: 'failure', outputs: { state, finished: 'true' } });
    await scripted(lively(2));
    const second = await run(attempt(2));
    expect(second).toMatchObject({ outcome: 'success', outputs: { state: 'SUCCEEDED' } });
    expect((await states()).sort()).toEqual([state, 'SUCCEEDED'].sort());
  });

  test('with on_rerun: new ends the live job first, and makes another', async () => {
    await scripted(FOREVER);
    const first = await start();
    await first.waitForLine(/training$/);
    first.child.kill('SIGKILL');
    const { outputs } = await first.finished;
    await scripted(lively(2));
    const second = await run({ ...attempt(2), inputs: { on_rerun: 'new' } });
    expect(second).toMatchObject({ outcome: 'success', outputs: { state: 'SUCCEEDED' } });
    expect(second.outputs['job']).not.toBe(outputs['job']);
    expect((await states()).sort()).toEqual(['CANCELLED', 'SUCCEEDED']);
  });

  test('that asks for another job ends the one before', async () => {
    await scripted(FOREVER, { other: lively(2) });
    const first = await start();
    await first.waitForLine(/training$/);
    first.child.kill('SIGKILL');
    await first.finished;
    const second = await run({ ...attempt(2), inputs: { config: 'other.yaml' } });
    expect(second).toMatchObject({ outcome: 'success', outputs: { state: 'SUCCEEDED' } });
    expect((await states()).sort()).toEqual(['CANCELLED', 'SUCCEEDED']);
  });
});

describe('two steps of one run with one identity', () => {
  test('of which one asks for another job: it is told to give job_key', async () => {
    await scripted(FOREVER, { other: lively(2) });
    const first = await run({ inputs: { wait: 'false' } });
    expect(first.outcome).toBe('success');
    const second = await run({ inputs: { config: 'other.yaml' } });
    expect(second.outcome).toBe('failure');
    expect(textOf(second.annotations, 'error')).toMatch(/job_key/);
    expect(await states()).toEqual(['RUNNING']);
    expect(await post(second)).toMatchObject({ outcome: 'success' });
    expect(await states()).toEqual(['RUNNING']);
  });
});

test('supersede ends what an earlier run of the same step left, and nothing of a later one', async () => {
  await scripted(FOREVER);
  const ofRun = (number: number) => ({
    env: { GITHUB_RUN_ID: String(9_000_000_000 + number), GITHUB_RUN_NUMBER: String(number) },
  });
  for (const number of [15, 18]) await run({ ...ofRun(number), inputs: { wait: 'false' } });
  await scripted(lively(2));
  expect(await run({ ...ofRun(17), inputs: { supersede: 'true' } })).toMatchObject({ outcome: 'success' });
  const all = await jobs();
  expect(Object.fromEntries(all.map(({ labels, state }) => [labels['train-on-vertex-run'], state]))).toEqual({
    15: 'JOB_STATE_CANCELLED',
    17: 'JOB_STATE_SUCCEEDED',
    18: 'JOB_STATE_RUNNING',
  });
});

describe('a step that leaves its job', () => {
  test('by wait: false hands it on to a later step, which reports in its place', async () => {
    await scripted(lively(20));
    const first = await run({ inputs: { wait: 'false' } });
    expect(first).toMatchObject({ outcome: 'success', outputs: { finished: 'false' } });
    expect(await post(first)).toMatchObject({ outcome: 'success', log: [] });
    const job = first.outputs['job'] ?? '';
    const second = await run({ inputs: { config: '', job }, env: { GITHUB_RUN_ID: '9000000002' } });
    expect(second).toMatchObject({ outcome: 'success', outputs: { job, state: 'SUCCEEDED', finished: 'true' } });
    expect(second.plainLines.filter((line) => / step \d+$/.test(line))).toHaveLength(20);
    expect(second.summary).toContain('SUCCEEDED');
    expect(await cloud.service.faults.count('create')).toBe(1);
  });

  test('by detach_after succeeds with a warning that says how it is followed', async () => {
    await scripted(FOREVER);
    const first = await run({ inputs: { detach_after: '2s' } });
    expect(first).toMatchObject({ outcome: 'success', outputs: { state: 'RUNNING', finished: 'false' } });
    expect(textOf(first.annotations, 'warning')).toContain(`job: ${first.outputs['job']}`);
    expect(first.summary).toContain(`A later step with job: ${first.outputs['job']} follows it to its end`);
    expect(await post(first)).toMatchObject({ outcome: 'success', log: [] });
    expect(await states()).toEqual(['RUNNING']);
  });

  test('by on_cancel: detach leaves it in post too', async () => {
    await scripted(FOREVER);
    const more = { inputs: { on_cancel: 'detach' } };
    const step = await start(more);
    await step.waitForLine(/training$/);
    const main = await step.cancel();
    expect(main).toMatchObject({ outcome: 'cancelled', signal: undefined, outputs: { finished: 'false' } });
    expect(await post(main, more)).toMatchObject({ outcome: 'success' });
    expect(await states()).toEqual(['RUNNING']);
  });

  test('and is cancelled while it follows the job of another step: the job ends with it', async () => {
    await scripted(FOREVER);
    const { outputs } = await run({ inputs: { wait: 'false' } });
    const more = { inputs: { config: '', job: outputs['job'] ?? '' } };
    const step = await start(more);
    await step.waitForLine(/training$/);
    step.child.kill('SIGKILL');
    expect(await post(await step.finished, more)).toMatchObject({ outcome: 'success' });
    expect(await states()).toEqual(['CANCELLED']);
  });

  test.each([
    { name: 'FAILED fails it, waited for or not', end: failing({ code: 3 }), outcome: 'failure', state: 'FAILED' },
    { name: 'SUCCEEDED is told', end: lively(1), outcome: 'success', state: 'SUCCEEDED' },
  ])('and is given one that has $name', async ({ end, outcome, state }) => {
    await scripted(end);
    const { outputs } = await run();
    const main = await run({ inputs: { config: '', job: outputs['job'] ?? '', wait: 'false' } });
    expect(main).toMatchObject({ outcome, outputs: { state, finished: 'true' } });
    expect(main.log.join('\n')).not.toContain('runs on');
  });

  test('that is not there says so', async () => {
    const job = 'projects/my-project/locations/us-central1/customJobs/404';
    const main = await run({ inputs: { config: '', job } });
    expect(main.outcome).toBe('failure');
    expect(textOf(main.annotations, 'error')).toContain(`There is no job ${job}.`);
  });
});

describe('a job that waits longer than failover_after', () => {
  const places = { region: 'us-central1\neurope-west4', failover_after: '1s' };

  test('and fails before its cancel takes effect fails the step, with its own cause', async () => {
    await scripted({ queuedMs: 2_500, ...failing({ code: 3 }) });
    await cloud.service.faults.order({ rules: [next('cancel', { kind: 'delay', ms: 4_000 }, { times: 'always' })] });
    const main = await run({ inputs: places });
    expect(main).toMatchObject({ outcome: 'failure', outputs: { state: 'FAILED', finished: 'true' } });
    expect(textOf(main.annotations, 'error')).toContain('FAILED');
    expect(main.plainLines).toContain('[workerpool0-0] ValueError: no');
    expect(await states()).toEqual(['FAILED']);
  });
});

describe('post of a step that is killed with on_cancel: detach', () => {
  test('says what runs on', async () => {
    await scripted(FOREVER);
    const more = { inputs: { on_cancel: 'detach' } };
    const step = await start(more);
    await step.waitForLine(/training$/);
    step.child.kill('SIGKILL');
    const killed = await step.finished;
    const cleaned = await post(killed, more);
    expect(cleaned.outcome).toBe('success');
    expect(cleaned.plainLines.join('\n')).toContain(`job: ${killed.outputs['job']}`);
    expect(await states()).toEqual(['RUNNING']);
  });
});

describe('a step that is cancelled', () => {
  test('while the answer to its create is on its way cancels what it made', async () => {
    await scripted(FOREVER);
    await cloud.service.faults.order({ rules: [next('create', { kind: 'delay', ms: 1_500 }, { when: 'after' })] });
    const step = await start();
    await untilTrue('the create has taken effect', async () => (await jobs()).length === 1);
    const main = await step.cancel();
    expect(main).toMatchObject({ outcome: 'cancelled', signal: undefined, outputs: { state: 'CANCELLED' } });
    expect(textOf(main.annotations, 'error')).toContain('This step was cancelled (SIGINT).');
    expect(await states()).toEqual(['CANCELLED']);
  });

  test.each([
    { name: 'Google does not answer to the sign-in', call: 'sts' as const },
    { name: 'Vertex AI does not answer for the job that it follows', call: 'get' as const },
  ])('while $name ends at once', async ({ call }) => {
    await scripted(FOREVER);
    const { outputs } = await run({ inputs: { wait: 'false' } });
    if (call === 'get')
      await cloud.service.faults.order({ rules: [next('get', { kind: 'hang' }, { times: 'always' })] });
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    endings.add(() => silent.closeAllConnections());
    endings.add(() => silent.close());
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const env = call === 'sts' ? { CLOUDSDK_API_ENDPOINT_OVERRIDES_STS: `http://127.0.0.1:${port}/` } : {};
    const step = await start({ inputs: call === 'sts' ? {} : { config: '', job: outputs['job'] ?? '' }, env });
    await (call === 'sts'
      ? once(silent, 'request')
      : untilTrue('it is asked for', async () => (await cloud.service.faults.report()).rules[0]?.fired === 1));
    const main = await step.cancel();
    expect(main).toMatchObject({ outcome: 'cancelled', signal: undefined, exitCode: 1 });
    expect(await states()).toEqual(['RUNNING']);
  });
});

describe('the log', () => {
  const noisy: Script = {
    programs: [
      {
        events: [
          { stdout: 'step 1' },
          { stderr: 'a warning' },
          { stderr: 'Traceback (most recent call last):\n  File "train.py", line 1\nValueError: told' },
          { entry: { severity: 'ERROR', jsonPayload: { message: 'an error of its own', loss: 0.5 } } },
        ],
      },
    ],
  };
  const ofWorker = ({ plainLines }: StepResult) => plainLines.filter((line) => line.startsWith('[workerpool0-0] '));

  test.each([
    { logs: 'all', has: ['step 1', 'a warning', 'ValueError: told', 'an error of its own'], not: [] },
    { logs: 'errors', has: ['ValueError: told', 'an error of its own'], not: ['step 1', 'a warning'] },
    { logs: 'none', has: [], not: ['step 1', 'a warning', 'ValueError: told', 'an error of its own'] },
  ])('$logs', async ({ logs, has, not }) => {
    await scripted(noisy);
    const main = await run({ inputs: { logs } });
    expect(main.outcome).toBe('success');
    const told = ofWorker(main).join('\n');
    for (const text of has) expect(told).toContain(text);
    for (const text of not) expect(told).not.toContain(text);
    // What the program says proves nothing while the job is well.
    expect(textOf(main.annotations, 'error')).toBe('');
  });
});

describe('the cause of a failure', () => {
  test.each([
    { name: 'out of memory', exit: { code: 137, outOfMemory: true }, says: /exit code 137|memory/i },
    { name: 'a crash in native code', exit: { code: 139 }, says: /139/ },
    { name: 'a command that is not there', exit: { code: 127 }, says: /not found/i },
  ])('$name: it is last on the screen, first in the summary', async ({ exit, says }) => {
    await scripted(failing(exit));
    const main = await run();
    expect(main).toMatchObject({ outcome: 'failure', outputs: { state: 'FAILED' } });
    const error = textOf(main.annotations, 'error');
    expect(error).toMatch(says);
    expect(main.log.at(-1)).toContain(error.split('\n').at(-1));
    const [, verdict, , afterVerdict = ''] = /^(### .*)(\n\n)([\s\S]*)$/.exec(main.summary) ?? [];
    expect(verdict).toContain('FAILED');
    expect(afterVerdict.slice(0, 600)).toMatch(says);
  });
});

describe('a study whose first trial measures another metric', () => {
  const study = {
    metrics: 'accuracy: maximize',
    parameters: 'layers: { min: 1, max: 8 }',
    max_trials: '6',
    parallel_trials: '1',
    max_failed_trials: '6',
  };
  const other: Script = {
    programs: [
      {
        events: [
          { measure: { acc: 0.9 }, step: 1 },
          { atMs: 1_500, stdout: 'done' },
        ],
      },
    ],
  };

  const startsIn = ({ plainLines }: StepResult) => plainLines.filter((line) => /^Trial \d+ started/.test(line));

  test('is stopped at once: the error says which came and which was expected', async () => {
    await scripted(other);
    const main = await run({ inputs: study });
    expect(main.outcome).toBe('failure');
    const error = textOf(main.annotations, 'error');
    expect(error).toContain('acc');
    expect(error).toContain('accuracy');
    expect(main.outputs['state']).toMatch(/^CANCELL(?:ED|ING)$/);
    const [tuning] = (await jobs()).filter(({ name }) => name.includes('/hyperparameterTuningJobs/'));
    expect(tuning?.state).toMatch(/CANCELL(?:ED|ING)$/);
    expect(startsIn(main).length).toBeLessThan(4);
  });

  test('goes on with on_missing_metric: warn', async () => {
    await scripted(other);
    const main = await run({
      inputs: { ...study, max_trials: '2', max_failed_trials: '2', on_missing_metric: 'warn' },
    });
    expect(textOf(main.annotations, 'warning')).toContain('acc');
    expect(startsIn(main)).toHaveLength(2);
  });
});
