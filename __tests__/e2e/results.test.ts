import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Rule } from '../../src/local/faults/rules.ts';
import type { Script } from '../../src/local/faults/script.ts';
import { next } from '../local/faults/client.ts';
import { Endings } from './parts/endings.ts';
import { bareStage, type FaultyCloud, openFaultyCloud, simulatedConfig } from './parts/faults.ts';
import { type GithubApi, startGithub } from './parts/github.ts';
import { type RunningStep, runStep, type StepOptions, type StepResult, startStep } from './parts/runner.ts';
import { untilTrue } from './parts/until.ts';

jest.setTimeout(120_000);

const TOKEN = 'ghs_a-token-for-tests';
const OUTPUT = 'gs://bucket/run';
const PULL = { pull_request: { number: 7, head: { repo: { full_name: 'octo-org/digits' } } } };
const EVENT = { repository: { default_branch: 'main', full_name: 'octo-org/digits' } };
const SERVING = { model: 'digits', serving_image: 'registry.example/serving', model_aliases: 'champion' };

let endings: Endings;
let cloud: FaultyCloud;
let github: GithubApi;
let common: StepOptions;

beforeEach(async () => {
  endings = new Endings();
  const stage = bareStage(endings);
  cloud = await openFaultyCloud(stage);
  github = await startGithub(TOKEN);
  endings.add(() => github.stop());
  const workspace = await stage.folder('workspace-');
  await writeFile(join(workspace, 'job.yaml'), simulatedConfig('job'));
  common = {
    workspace,
    runnerTemp: await stage.folder('runner-temp-'),
    inputs: { ...cloud.inputs, config: 'job.yaml', output_uri: OUTPUT },
    extraEnv: { ...cloud.env, ...github.env },
    event: EVENT,
  };
});
afterEach(async () => {
  for (const { child, finished } of running.splice(0)) {
    child.kill('SIGKILL');
    await finished;
  }
  await endings?.run();
});

type More = Pick<StepOptions, 'inputs' | 'env' | 'event'>;

const withMore = ({ inputs, env, event }: Partial<More> = {}): StepOptions => ({
  ...common,
  inputs: { ...common.inputs, ...inputs },
  ...(env === undefined ? {} : { env }),
  ...(event === undefined ? {} : { event }),
});
const running: RunningStep[] = [];

/** A bucket's object, as a program in a container writes it. */
async function put(name: string, text: string): Promise<void> {
  const path = join(cloud.service.buckets, 'bucket', name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

const run = async (more: Partial<More>): Promise<StepResult> => {
  const step = await startStep(withMore(more));
  running.push(step);
  return step.finished;
};

const scripted = (job: Script) => cloud.service.faults.order({ scripts: { job } });
/** Writes these files below its output folder, by their paths. */
const writing = (files: Readonly<Record<string, string>> = {}) =>
  Object.entries(files).map(([path, text]) => ({ write: { path, text } }));
const trains = (files: Readonly<Record<string, string>> = {}): Script => ({
  programs: [{ events: [{ stdout: 'training' }, ...writing(files)] }],
});
/** The trial of a wider net measures more. */
const measures = (files: (trial: string) => Readonly<Record<string, string>> = () => ({})): Script => ({
  programs: ['1', '2'].map((trial) => ({
    trial,
    events: [{ stdout: 'training' }, ...writing(files(trial)), { measure: { accuracy: Number(trial) * 0.4 }, step: 1 }],
  })),
});
const TUNING = {
  metrics: 'accuracy: maximize',
  parameters: 'width: [16, 32]',
  max_trials: '2',
  parallel_trials: '2',
  algorithm: 'GRID_SEARCH',
};
const METRICS = { metrics_file: 'metrics.json' };
const onBranch = (runId: string, ref: string) => ({
  GITHUB_RUN_ID: runId,
  GITHUB_RUN_NUMBER: runId,
  GITHUB_REF: ref,
});
const MAIN = onBranch('100', 'refs/heads/main');
const BRANCH = onBranch('200', 'refs/pull/7/merge');

const said = ({ annotations }: StepResult, level: string) =>
  annotations.flatMap((each) => (each.level === level ? [each.message] : [])).join('\n');
const created = () => cloud.service.faults.count('create');

async function versions(): Promise<Record<string, unknown>[]> {
  const response = await fetch(
    `${cloud.service.url}/v1/projects/my-project/locations/us-central1/models/digits:listVersions`,
  );
  return response.ok ? (((await response.json()) as { models?: Record<string, unknown>[] }).models ?? []) : [];
}

describe('a job without trials', () => {
  test('has the metrics of its file: in the outputs, in the summary, before the gate', async () => {
    await scripted(trains({ 'metrics.json': '{"accuracy": 0.91, "loss": 0.02}' }));
    const step = await run({
      inputs: { ...METRICS, gate: 'accuracy >= 0.9\nloss < 1e-1', hourly_price: '3600' },
    });
    expect(said(step, 'error')).toBe('');
    expect(step).toMatchObject({
      outcome: 'success',
      outputs: {
        state: 'SUCCEEDED',
        region: 'us-central1',
        best_metrics: '{"accuracy":0.91,"loss":0.02}',
        best_model_uri: `${OUTPUT}/model`,
        best_checkpoint_uri: `${OUTPUT}/checkpoints`,
        gate: 'passed',
      },
    });
    expect(Number(step.outputs['machine_hours'])).toBeCloseTo(Number(step.outputs['cost']) / 3_600, 3);
    expect(step.summary).toContain('accuracy');
    expect(said(step, 'notice')).toMatch(
      /^Submitted projects\/.*\nIts log: https:\/\/console\.cloud\.google\.com\/logs\//m,
    );
  });

  test('that is below its gate fails the step, once all is told', async () => {
    await scripted(trains({ 'metrics.json': '{"accuracy": 0.884}', 'model/model.txt': 'weights' }));
    const step = await run({
      inputs: { ...METRICS, gate: 'accuracy >= 0.9', ...SERVING, register: 'best', download: 'model' },
    });
    expect(step).toMatchObject({
      outcome: 'failure',
      outputs: { state: 'SUCCEEDED', finished: 'true', best_metrics: '{"accuracy":0.884}', gate: 'failed' },
    });
    expect(said(step, 'error')).toMatch(
      /^The gate failed, and the job itself succeeded:\n- accuracy .*0\.884.*>= 0\.9/,
    );
    expect(step.summary).toMatch(/^### ❌ Gate failed: custom job SUCCEEDED after .*accuracy 0\.884/);
    expect(await versions()).toEqual([]);
    expect(await readdir(common.workspace)).toEqual(['job.yaml']);
  });

  test.each([
    { name: 'is missing', files: {}, error: /metrics_file: gs:\/\/bucket\/run\/metrics\.json/ },
    { name: 'is no JSON', files: { 'metrics.json': 'accuracy=1' }, error: /JSON/ },
    { name: 'holds no numbers', files: { 'metrics.json': '{"accuracy": "good"}' }, error: /accuracy/ },
  ])('whose file $name fails the step', async ({ files, error }) => {
    await scripted(trains(files));
    const step = await run({ inputs: { ...METRICS, gate: 'accuracy >= 0.9' } });
    expect(step).toMatchObject({ outcome: 'failure', outputs: { state: 'SUCCEEDED', finished: 'true' } });
    expect(step.outputs).not.toHaveProperty('gate');
    expect(said(step, 'error')).toMatch(error);
    expect(step.summary).toMatch(/^### ❌ Step failed: custom job SUCCEEDED after [^\n]*\n\n- [^\n]*metrics/);
  });

  test('does not take the file of a job before it', async () => {
    await scripted(trains());
    await put('run/metrics.json', '{"accuracy": 0.99}');
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const step = await run({ inputs: { ...METRICS, gate: 'accuracy >= 0.9' } });
    expect(step.outcome).toBe('failure');
    expect(said(step, 'error')).toMatch(/was written before this job/);
  });
});

describe('the baseline', () => {
  const compared = { inputs: { ...TUNING, gate: 'accuracy >= baseline', comment: 'true' } };

  test('is the last job of the step on main whose run succeeded; a pull request is told what changed', async () => {
    await scripted(measures());
    const first = await run({ ...compared, env: MAIN });
    expect(first).toMatchObject({ outcome: 'success', outputs: { gate: 'passed', best_trial_id: '2' } });
    expect(first.plainLines.join('\n')).toMatch(/There is no baseline: .*Gates on the baseline pass\./);
    github.runs.set('100', { status: 'completed', conclusion: 'success' });
    const second = await run({ ...compared, env: BRANCH, event: { ...EVENT, ...PULL } });
    expect(said(second, 'error')).toBe('');
    expect(second).toMatchObject({ outcome: 'success', outputs: { gate: 'passed' } });
    const { comments } = github.world;
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toMatch(/^<!-- train-on-vertex:[0-9a-f]{32} -->/);
    expect(comments[0]?.body).toMatch(/accuracy/);
    const third = await run({ ...compared, env: { ...BRANCH, GITHUB_RUN_ID: '201' }, event: { ...EVENT, ...PULL } });
    expect(third.outcome).toBe('success');
    expect(github.world.comments).toHaveLength(1);
    expect(github.problems).toEqual([]);
  });

  test('that may not be looked up stops the step before a job is made', async () => {
    await scripted(measures());
    await run({ inputs: TUNING, env: MAIN });
    github.goWrong('/actions/runs/', { status: 403, body: { message: 'Resource not accessible by integration' } }, 9);
    const step = await run({ ...compared, env: BRANCH });
    expect(step.outcome).toBe('failure');
    expect(said(step, 'error')).toMatch(/permissions: actions: read/);
    expect(await created()).toBe(1);
  });

  test('that a study does not measure is a fault of the gate', async () => {
    const step = await run({ inputs: { ...TUNING, gate: 'acuracy >= baseline' } });
    expect(step.outcome).toBe('failure');
    expect(said(step, 'error')).toMatch(/gate names "acuracy".*"accuracy".*\[gate-metric\]/);
    expect(await created()).toBe(0);
  });
});

describe('a comment', () => {
  test('that may not be written is a warning, and the step succeeds', async () => {
    await scripted(measures());
    github.goWrong('/comments', { status: 403, body: { message: 'Resource not accessible by integration' } }, 9);
    const step = await run({ inputs: { ...TUNING, comment: 'true' }, env: BRANCH, event: { ...EVENT, ...PULL } });
    expect(step.outcome).toBe('success');
    expect(said(step, 'warning')).toMatch(/^The comment was not written\. .*pull-requests: write/m);
  });

  test('and the outputs, summary and file of trials hold nothing that is hidden', async () => {
    await scripted(measures());
    const secret = 'p4ss_w0rd|of the registry';
    const step = await run({
      inputs: {
        ...TUNING,
        parameters: `width: ["${secret}", other]`,
        comment: 'true',
        registry_username: 'ci',
        registry_password: secret,
      },
      env: BRANCH,
      event: { ...EVENT, ...PULL },
    });
    expect(step.outcome).toBe('success');
    const trials = await readFile(step.outputs['trials_file'] ?? '', 'utf8');
    const shown = [
      JSON.stringify(step.outputs),
      step.summary,
      trials,
      ...github.world.comments.map(({ body }) => body),
    ];
    expect(shown).toHaveLength(4);
    for (const text of shown) expect(text).not.toMatch(/p4ss.{1,6}w0rd/);
    expect(trials).toContain('***');
  });
});

describe('a model that the step registers', () => {
  const registering = { inputs: { ...TUNING, ...SERVING, register: 'best', gate: 'accuracy >= 0.5' } };

  test('is made of the best trial, once for each run, labelled with it; its files come to the workspace', async () => {
    await scripted(
      measures((trial) =>
        trial === '2' ? { 'model/model.txt': 'weights', 'model/deep/er.bin': 'more' } : { 'model/no.txt': 'worse' },
      ),
    );
    const more = { ...registering, inputs: { ...registering.inputs, download: 'got' } };
    const first = await run({ ...more, env: MAIN });
    expect(said(first, 'error')).toBe('');
    expect(first.outputs).toMatchObject({
      model: expect.stringMatching(/^projects\/\d+\/locations\/us-central1\/models\/digits@1$/),
      model_uri: `${OUTPUT}/2/model`,
      best_model_uri: `${OUTPUT}/2/model`,
    });
    expect(await readFile(join(common.workspace, 'got', 'deep', 'er.bin'), 'utf8')).toBe('more');
    expect((await readdir(join(common.workspace, 'got'))).sort()).toEqual(['deep', 'model.txt']);
    const again = await run({ ...more, env: { ...MAIN, GITHUB_RUN_ATTEMPT: '2' } });
    expect(again.outputs['model']).toBe(first.outputs['model']);
    const next = await run({ ...more, env: onBranch('101', 'refs/heads/main') });
    expect(next.outputs['model']).toMatch(/digits@2$/);
    expect(await versions()).toMatchObject([
      { versionId: '2', labels: { 'run-id': '101' }, versionAliases: ['champion'] },
      { versionId: '1', labels: { 'run-id': '100' }, versionAliases: ['default'] },
    ]);
  });

  test('is registered by the step that follows the job, after its gate', async () => {
    await scripted({ ...measures(), pendingMs: 1_500 });
    const { gate, register, ...rest } = registering.inputs;
    const left = await run({ inputs: { ...TUNING, wait: 'false' }, env: MAIN });
    expect(left.outputs).toMatchObject({ finished: 'false' });
    const followed = await runStep(
      withMore({
        inputs: { ...rest, gate, register, config: '', job: left.outputs['job'] ?? '' },
        env: { ...MAIN, GITHUB_ACTION: 'follow' },
      }),
    );
    expect(said(followed, 'error')).toBe('');
    expect(followed.outputs).toMatchObject({ gate: 'passed', model: expect.stringMatching(/digits@1$/) });
    expect(await versions()).toMatchObject([{ labels: { 'run-id': '100' } }]);
  });

  test('of a pipeline waits for the gate too', async () => {
    await scripted(measures());
    const step = await run({ inputs: { ...TUNING, ...SERVING, gate: 'accuracy >= 0.99' } });
    expect(step).toMatchObject({ outcome: 'failure', outputs: { state: 'SUCCEEDED', gate: 'failed' } });
    expect(step.outputs['job']).toMatch(/trainingPipelines/);
    expect(await versions()).toEqual([]);
  });

  test('is registered in the region that the job of an earlier attempt ran in', async () => {
    await scripted(measures());
    const quota = { kind: 'refuse', reason: 'quota' } as const;
    await cloud.service.faults.order({ rules: [next('create', quota)] });
    const inputs = {
      ...TUNING,
      ...SERVING,
      region: 'us-central1\nus-east1',
      gate: 'accuracy >= 0.99',
      ignore: 'bucket-region',
    };
    const first = await run({ inputs, env: MAIN });
    expect(first.outputs).toMatchObject({ region: 'us-east1', gate: 'failed' });
    const second = await run({
      inputs: { ...inputs, gate: 'accuracy >= 0.5' },
      env: { ...MAIN, GITHUB_RUN_ATTEMPT: '2' },
    });
    expect(said(second, 'error')).toBe('');
    expect(second.outputs).toMatchObject({
      job: first.outputs['job'],
      model: expect.stringMatching(/locations\/us-east1\/models\/digits@1$/),
    });
  });

  test('is nothing where no trial has a value, and that is told', async () => {
    await scripted({ programs: [{ exit: 'never' }], turns: [{ atMs: 500, end: { state: 'SUCCEEDED' } }] });
    const step = await run({
      inputs: { ...TUNING, ...SERVING, register: 'best', download: 'got', on_missing_metric: 'warn' },
    });
    expect(step).toMatchObject({ outcome: 'failure', outputs: { state: 'SUCCEEDED' } });
    expect(said(step, 'error')).toMatch(/no trial/i);
    expect(said(step, 'error')).not.toMatch(/no output folder/);
  });
});

describe('a step that is cancelled once its job has ended', () => {
  const inputs = { ...METRICS, gate: 'accuracy >= 0.5', ...SERVING, register: 'best', download: 'got' };
  const files = { 'metrics.json': '{"accuracy": 0.9}', 'model/a.txt': 'first', 'model/b.txt': 'second' };

  /** Runs to the request that the fault keeps waiting, and is cancelled then. */
  async function cancelledAt(fault: Rule): Promise<StepResult> {
    await cloud.service.faults.order({ scripts: { job: trains(files) }, rules: [fault] });
    const step = await startStep(withMore({ inputs, env: MAIN }));
    running.push(step);
    await untilTrue('the request that is kept waiting', async () =>
      (await cloud.service.faults.report()).rules.some(({ fired }) => fired > 0),
    );
    return await step.cancel();
  }

  /** What the next attempt makes of it. */
  const again = () => run({ inputs, env: { ...MAIN, GITHUB_RUN_ATTEMPT: '2' } });

  /** It ends of itself and in time, tells the cancel once, and hands on what there is. */
  function expectCancelled(step: StepResult): void {
    const told = said(step, 'error').split('\n');
    expect({ signal: step.signal, exitCode: step.exitCode, told }).toEqual({
      signal: undefined,
      exitCode: 1,
      told: [expect.stringMatching(/cancel/i)],
    });
    expect(step.outputs).toMatchObject({ state: 'SUCCEEDED', finished: 'true', gate: 'passed' });
    expect(step.summary).toMatch(/SUCCEEDED[\s\S]*cancel/i);
  }

  test('while its model is uploaded says so, and the next attempt takes that version', async () => {
    const step = await cancelledAt({
      method: 'POST',
      path: '**/models:upload',
      fault: { kind: 'hang' },
      when: 'after',
    });
    expectCancelled(step);
    expect(step.outputs).not.toHaveProperty('model');
    expect(said(step, 'warning')).toMatch(/Whether .* was uploaded is not known: a version .* with the label /);
    const next = await again();
    expect(said(next, 'error')).toBe('');
    expect(next.outputs['model']).toMatch(/digits@1$/);
    expect(await versions()).toHaveLength(1);
    expect(await created()).toBe(1);
  });

  test('in the middle of the download leaves no file that is not whole, and the next attempt has all', async () => {
    const step = await cancelledAt(next('storage', { kind: 'hang' }, { path: '**/o/run/model/b.txt' }));
    expectCancelled(step);
    expect(step.outputs['model']).toMatch(/digits@1$/);
    const got = join(common.workspace, 'got');
    const whole = (await readdir(got)).filter((name) => name.endsWith('.txt'));
    expect(whole.filter((name) => name !== 'a.txt')).toEqual([]);
    const second = await again();
    expect(said(second, 'error')).toBe('');
    expect((await readdir(got)).sort()).toEqual(['a.txt', 'b.txt']);
    expect(await readFile(join(got, 'b.txt'), 'utf8')).toBe('second');
    expect(await versions()).toHaveLength(1);
  });
});

describe('a step that follows a job', () => {
  const leave = async (inputs: Readonly<Record<string, string>>, env = MAIN): Promise<string> => {
    const { outputs } = await run({ inputs: { ...inputs, wait: 'false' }, env });
    return outputs['job'] ?? '';
  };
  const follow = (job: string, inputs: Readonly<Record<string, string>>, env = MAIN) =>
    runStep(withMore({ inputs: { ...inputs, config: '', job }, env: { ...env, GITHUB_ACTION: 'follow' } }));

  test('holds it against the baseline of the step that made it', async () => {
    await scripted(measures());
    await run({ inputs: TUNING, env: MAIN });
    github.runs.set('100', { status: 'completed', conclusion: 'success' });
    const goesOn = { status: 'in_progress', conclusion: null };
    github.runs.set('101', goesOn);
    github.runs.set('200', { ...goesOn, event: 'pull_request', head_branch: 'topic' });
    const later = onBranch('101', 'refs/heads/main');
    const job = await leave(TUNING, later);
    const followed = await follow(job, { gate: 'accuracy > baseline' }, later);
    expect(said(followed, 'error')).toMatch(/accuracy is 0.8; it has to be > 0.8/);
    const onPull = await leave(TUNING, BRANCH);
    const compared = await follow(onPull, { gate: 'accuracy > baseline' }, BRANCH);
    expect(compared.outputs['gate']).toBe('failed');
  });

  test('leaves the upload to the pipeline that makes it', async () => {
    await scripted(measures());
    const job = await leave({ ...TUNING, ...SERVING });
    expect(job).toMatch(/trainingPipelines/);
    const followed = await follow(job, { ...SERVING, gate: 'accuracy >= 0.1' });
    expect(said(followed, 'error')).toMatch(
      /nothing was built or submitted:\n- gate: comes too late for the model: .*\[model-uploaded\]/,
    );
  });

  test('does not pass over a model that nobody uploads', async () => {
    await scripted(measures());
    const followed = await follow(await leave(TUNING), SERVING);
    expect(followed.outcome).toBe('success');
    expect(followed.outputs['model']).toMatch(/digits@1$/);
  });
});

describe('what keeps a download from its place', () => {
  test('is told before a job is made', async () => {
    await scripted(trains());
    const step = await run({ inputs: { download: 'job.yaml' } });
    expect(said(step, 'error')).toMatch(/job\.yaml" is in the way: the download needs a folder/);
    expect(await created()).toBe(0);
  });
});
