import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { next, type Orders } from '../local/faults/client.ts';
import { Endings } from './parts/endings.ts';
import { bareStage, type FaultyCloud, openFaultyCloud, PROVIDER, type Stage, simulatedConfig } from './parts/faults.ts';
import { startSignIn } from './parts/google.ts';
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

/** Starts main; it does not outlive the test. */
async function start(more: Partial<StepOptions>): Promise<RunningStep> {
  const step = await startStep({ ...common, ...more });
  stage.add(() => step.child.kill('SIGKILL'));
  return step;
}

async function run(orders: Orders, inputs: StepOptions['inputs'] = {}): Promise<StepResult> {
  await cloud.service.faults.order({ scripts: JOB, ...orders });
  return runStep({ ...common, inputs: { ...common.inputs, ...inputs } });
}

/** What the annotations of a level say, one under the other. */
const said = ({ annotations }: StepResult, level: 'error' | 'warning' | 'notice') =>
  annotations
    .filter((each) => each.level === level)
    .map(({ message }) => message)
    .join('\n');

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
    const step = await start({});
    await step.waitForLine(/step 3/);
    await cloud.service.restart();
    await expectOneSuccess(await step.finished);
  });

  test('waits as long as it is told to where too much is asked, and asks again', async () => {
    const limited = { kind: 'refuse', reason: 'rate-limited', retryAfterSeconds: 2 } as const;
    const main = await run({ rules: [next('create', limited), next('get', limited, { skip: 1 })] });
    await expectOneSuccess(main);
    expect(main.plainLines.join('\n')).toMatch(/The service puts the request off.*Job submission requests per minute/);
    const { requests } = await cloud.service.faults.report();
    for (const call of ['create', 'get']) {
      const asked = requests.filter((request) => request.call === call);
      const refused = asked.findIndex(({ fault }) => fault === 'refuse');
      const waitedMs = (asked[refused + 1]?.atMs ?? 0) - (asked[refused]?.atMs ?? 0);
      expect(waitedMs).toBeGreaterThanOrEqual(2_000);
    }
  });

  test('is told of an image that cannot be pulled, and stops though there are other regions', async () => {
    const refusal = { kind: 'refuse', reason: 'image-not-readable' } as const;
    const main = await run({ rules: [next('create', refusal)] }, { region: 'us-central1\nus-east1' });
    expect(main.outcome).toBe('failure');
    expect(said(main, 'error')).toMatch(/repositories describe images .*roles\/artifactregistry\.reader/);
    expect(await cloud.service.faults.count('create')).toBe(1);
  });

  test('stops where it may not create jobs: the role, whom to give it to, and the command', async () => {
    const serviceAccount = 'trainer@my-project.iam.gserviceaccount.com';
    const signIn = await startSignIn({ provider: PROVIDER, serviceAccount });
    stage.add(() => signIn.stop());
    const rule = next('create', { kind: 'refuse', reason: 'permission' }, { times: 'always' });
    await cloud.service.faults.order({ rules: [rule] });
    const inputs = { ...common.inputs, service_account: serviceAccount, region: 'us-central1\nus-east1' };
    const main = await runStep({ ...common, inputs, extraEnv: { ...cloud.env, ...signIn.env } });
    expect(main.outcome).toBe('failure');
    const error = said(main, 'error');
    expect(error).toContain("Permission 'aiplatform.customJobs.create' denied on resource");
    expect(error).toContain(
      `gcloud projects add-iam-policy-binding my-project --role=roles/aiplatform.user --member=serviceAccount:${serviceAccount}`,
    );
    const { requests, jobs } = await cloud.service.faults.report();
    expect(jobs).toEqual([]);
    // The client signs in anew and asks once more where it is refused for who it is.
    const asked = requests
      .filter(({ call }) => call === 'create')
      .map(({ path }) => /locations\/([^/]+)/.exec(path)?.[1]);
    expect(asked).toEqual(['us-central1', 'us-central1']);
  });
});

describe('the built action with several choices', () => {
  const FALLBACK = { fallback_hardware: '- { machine_type: n1-standard-8 }' };
  const CHOICES = { ...FALLBACK, region: 'us-central1\nus-east1' };
  const FOREVER = { job: { pendingMs: 'forever' } } as const;

  const jobs = async () => (await cloud.service.faults.report()).jobs;
  const places = async () => (await jobs()).map(({ name }) => /locations\/([^/]+)/.exec(name)?.[1]);

  /** Starts a step whose first job waits for machines for ever, and whose next ones run. */
  async function startWaiting(inputs: StepOptions['inputs']) {
    await cloud.service.faults.order({ scripts: FOREVER });
    const step = await start({ inputs: { ...common.inputs, ...inputs } });
    await step.waitForLine(/Job is PENDING/);
    const [first] = await jobs();
    await cloud.service.faults.order({ scripts: JOB });
    return { step, name: first?.name ?? '' };
  }

  /** The second job succeeded, and was made when the first was over. */
  async function expectSecond(main: StepResult, state: string): Promise<void> {
    expect(main).toMatchObject({ outcome: 'success', outputs: { state: 'SUCCEEDED', finished: 'true' } });
    expect(told(main)).toEqual(lines);
    const [first, second, ...more] = (await jobs()).toSorted((a, b) => (a.createTime < b.createTime ? -1 : 1));
    expect([first?.state, second?.state, more]).toEqual([`JOB_STATE_${state}`, 'JOB_STATE_SUCCEEDED', []]);
    expect(main.outputs['job']).toBe(second?.name);
    expect(Date.parse(first?.endTime ?? '')).toBeLessThanOrEqual(Date.parse(second?.createTime ?? ''));
    expect(await post(main)).toMatchObject({ outcome: 'success', annotations: [] });
  }

  test('takes the next hardware where the region has no machines for the job', async () => {
    const { step, name } = await startWaiting(CHOICES);
    await cloud.service.faults.order({ jobs: [{ name, end: { state: 'FAILED', reason: 'stockout' } }] });
    const main = await step.finished;
    expect(said(main, 'warning')).toMatch(
      /us-central1 has no n1-standard-4 to spare: Resources are insufficient in region: us-central1.*\nNext is n1-standard-8 in us-central1\./,
    );
    await expectSecond(main, 'FAILED');
  });

  test('takes the next region where a quota is exceeded, and names the metric and where its limit is raised', async () => {
    const metrics = ['custom_model_training_cpus'];
    const usage = createServer((_request, response) => {
      const quotaBuckets = [{ effectiveLimit: '0' }, { effectiveLimit: '3', dimensions: { region: 'us-central1' } }];
      const body = { consumerQuotaLimits: [{ unit: '1/{project}/{region}', quotaBuckets }] };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    }).listen(0, '127.0.0.1');
    endings.add(() => usage.close());
    await once(usage, 'listening');
    const { port } = usage.address() as AddressInfo;
    common = {
      ...common,
      extraEnv: { ...common.extraEnv, CLOUDSDK_API_ENDPOINT_OVERRIDES_SERVICEUSAGE: `http://127.0.0.1:${port}/` },
    };
    const main = await run({ rules: [next('create', { kind: 'refuse', reason: 'quota', metrics })] }, CHOICES);
    const warning = said(main, 'warning');
    expect(warning).toContain(
      'The quota of project my-project in us-central1 is exceeded: aiplatform.googleapis.com/custom_model_training_cpus (limit 3).',
    );
    expect(warning).toContain('https://console.cloud.google.com/iam-admin/quotas?project=my-project');
    expect(warning).toContain('Next is n1-standard-4 in us-east1.');
    await expectOneSuccess(main);
    expect(await places()).toEqual(['us-east1']);
  });

  test('lets a job make way that waits for machines for too long', async () => {
    const { step } = await startWaiting({ ...FALLBACK, failover_after: '2s' });
    const main = await step.finished;
    expect(said(main, 'warning')).toMatch(/still PENDING after .*, longer than failover_after allows\.\nNext is/);
    await expectSecond(main, 'CANCELLED');
  });

  test('joins the job of the second choice when it is run again', async () => {
    const kept = { kind: 'refuse', reason: 'stockout' } as const;
    await cloud.service.faults.order({ scripts: FOREVER, rules: [next('create', kept)] });
    const inputs = { ...common.inputs, region: 'us-central1\nus-east1' };
    const first = await start({ inputs });
    await first.waitForLine(/Job is PENDING/);
    first.child.kill('SIGKILL');
    await first.finished;
    const again = await start({ inputs, env: { GITHUB_RUN_ATTEMPT: '2' } });
    await again.waitForLine(/Attempt 1 of this run left a job that is PENDING, and this attempt joins it/);
    expect(await places()).toEqual(['us-east1']);
    const main = await again.cancel();
    expect(await jobs()).toMatchObject([{ name: main.outputs['job'], state: 'JOB_STATE_CANCELLED' }]);
  });
});
