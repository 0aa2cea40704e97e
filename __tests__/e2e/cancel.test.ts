import { readdir } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type Cloud, openCloud } from './parts/cloud.ts';
import { type Container, containersOf, leftOf } from './parts/containers.ts';
import { endpointsAt, type StandingService, startService } from './parts/local-service.ts';
import { processesRunning, processesWith } from './parts/processes.ts';
import type { StepResult } from './parts/runner.ts';
import { type Run, Scene, unique } from './parts/scene.ts';
import { until, untilTrue } from './parts/until.ts';

jest.setTimeout(120_000);

/** The runner sends SIGTERM so long after SIGINT: all has to be done before. */
const BUDGET_MS = 7_500;

/** Trains until it is told to end, and then ends. */
const POLITE = `
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
print("training", flush=True)
time.sleep(3600)
`;

/** Ends only when it is killed. */
const STUBBORN = POLITE.replace('lambda *_: sys.exit(143)', 'signal.SIG_IGN');

const DOCKERFILE = `ARG BASE_IMAGE=python:3.12-slim
FROM \${BASE_IMAGE}
COPY train.py /app/
ENTRYPOINT ["python3", "/app/train.py"]
`;

const LOCAL = { project_id: 'my-project', region: 'local' };
const STUDY = {
  metrics: 'loss: minimize',
  // The programs of these tests never come to a measurement.
  ignore: 'metric-not-reported\narguments-unread',
  parameters: 'layers: { min: 1, max: 8 }',
  max_trials: '6',
  parallel_trials: '2',
};
/** How many of the study's trials run side by side in region local: as many n1-standard-4 as this machine has room for. */
const SIDE_BY_SIDE = Math.max(1, Math.min(2, Math.floor(cpus().length / 4), Math.floor(totalmem() / 2 ** 30 / 15)));

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene?.close());

const repositoryOf = (train: string) => scene.workspace({ Dockerfile: DOCKERFILE, 'train.py': train });

/** The image that the job runs, as the log tells it. */
async function imageOf(run: Run): Promise<string> {
  return (await run.waitForLine(/^Image: \S+[:@]sha256:|^Image: sha256:/)).replace('Image: ', '');
}

/** The running containers of the step's job, once all `count` of them train. */
async function training(run: Run, count: number): Promise<Container[]> {
  const image = await imageOf(run);
  await untilTrue(
    `${count} containers train`,
    () => run.log().plainLines.filter((line) => line.endsWith('] training')).length >= count,
  );
  return until('their containers', async () => {
    const running = (await containersOf(scene.client, image)).filter((container) => container.running);
    return running.length === count ? running : undefined;
  });
}

const serviceOf = (containers: readonly Container[]) => containers[0]?.service ?? 'none';

/** Cancels the step as the runner does; how long that took. */
async function cancelled(run: Run): Promise<StepResult & { readonly tookMs: number }> {
  const before = performance.now();
  const result = await run.cancel();
  return { ...result, tookMs: performance.now() - before };
}

describe('a step that is cancelled while its job runs', () => {
  test('in region local cancels a tuning job with all its trials, within the runner’s budget', async () => {
    const inputs = { ...LOCAL, ...STUDY, image: scene.imageName() };
    const run = await scene.start({ workspace: await repositoryOf(POLITE), inputs });
    const containers = await training(run, SIDE_BY_SIDE);
    expect(new Set(containers.map(({ job }) => job)).size).toBe(SIDE_BY_SIDE);
    const main = await cancelled(run);
    expect(main.tookMs).toBeLessThan(BUDGET_MS);
    expect({ signal: main.signal, outcome: main.outcome, leftOpen: main.leftOpen }).toEqual({
      signal: undefined,
      outcome: 'cancelled',
      leftOpen: false,
    });
    expect(main.outputs).toMatchObject({ state: 'CANCELLED', finished: 'true' });
    expect(main.outputs).not.toHaveProperty('best_trial');
    expect(main.summary).toContain('CANCELLED');
    const post = await run.post();
    expect(post.outcome).toBe('success');
    expect(await leftOf(scene.client, serviceOf(containers))).toEqual([]);
    expect(await processesWith(run.runnerTemp)).toEqual([]);
  });

  test('in region local ends programs that do not want to end', async () => {
    const inputs = { ...LOCAL, image: scene.imageName() };
    const run = await scene.start({ workspace: await repositoryOf(STUBBORN), inputs });
    const containers = await training(run, 1);
    const main = await cancelled(run);
    expect(main.tookMs).toBeLessThan(BUDGET_MS);
    expect(main.signal).toBeUndefined();
    // Its end may come too late for main's outputs; post sees to it.
    expect(main.outputs['state']).toMatch(/^CANCELL(?:ED|ING)$/);
    const post = await run.post();
    expect(post.outcome).toBe('success');
    expect(await leftOf(scene.client, serviceOf(containers))).toEqual([]);
    expect(await processesWith(run.runnerTemp)).toEqual([]);
  });

  test('in region local and killed leaves it to post to cancel the job and end the service', async () => {
    const inputs = { ...LOCAL, ...STUDY, image: scene.imageName() };
    const run = await scene.start({ workspace: await repositoryOf(STUBBORN), inputs });
    const containers = await training(run, SIDE_BY_SIDE);
    run.child.kill('SIGKILL');
    const main = await run.finished;
    expect(main.signal).toBe('SIGKILL');
    expect(main.outputs).toMatchObject({ state: expect.stringMatching(/^(?:PENDING|RUNNING)$/), finished: 'false' });
    const { url } = JSON.parse(main.state['local'] ?? '') as { url: string };
    expect((await leftOf(scene.client, serviceOf(containers))).length).toBeGreaterThan(SIDE_BY_SIDE);
    expect(await processesWith(run.runnerTemp)).toHaveLength(1);
    const post = await run.post();
    expect({ outcome: post.outcome, log: post.log }).toEqual({
      outcome: 'success',
      log: [
        `A job of this step is RUNNING and is cancelled: ${main.outputs['job']}`,
        `${main.outputs['job']} is CANCELLED.`,
      ],
    });
    expect(await leftOf(scene.client, serviceOf(containers))).toEqual([]);
    await expect(fetch(url)).rejects.toThrow();
    await untilTrue('the service is gone', async () => (await processesWith(run.runnerTemp)).length === 0);
  });
});

describe('in a region of Google’s, a step', () => {
  let cloud: Cloud;
  const jobOf = async ({ outputs }: StepResult) => cloud.service.get(outputs['job'] ?? '');
  const cancels = () => cloud.vertex.requests().filter(({ path }) => path.split('?')[0]?.endsWith(':cancel'));

  /** The steps share one registry, and what was pushed to it. */
  async function start(attempt = '1'): Promise<Run> {
    return scene.start({
      env: { GITHUB_RUN_ATTEMPT: attempt },
      workspace: await repositoryOf(POLITE),
      inputs: { ...cloud.inputs, image: scene.imageName(cloud.registry.host) },
      extraEnv: cloud.env,
    });
  }

  test('that is cancelled cancels its job; one that is killed leaves that to post', async () => {
    cloud = await openCloud(scene);
    const run = await start();
    const containers = await training(run, 1);
    const main = await cancelled(run);
    expect(main.tookMs).toBeLessThan(BUDGET_MS);
    expect({ signal: main.signal, outcome: main.outcome }).toEqual({ signal: undefined, outcome: 'cancelled' });
    expect(main.outputs).toMatchObject({ state: 'CANCELLED', finished: 'true' });
    expect(await jobOf(main)).toMatchObject({ state: 'JOB_STATE_CANCELLED' });
    expect(cancels()).toHaveLength(1);
    expect((await containersOf(scene.client, main.outputs['image'] ?? '')).map(({ id }) => id)).toEqual([]);
    const asked = cloud.vertex.requests().length;
    expect(await run.post()).toMatchObject({ outcome: 'success', log: [] });
    expect(cloud.vertex.requests()).toHaveLength(asked);

    const second = await start('2');
    expect(serviceOf(await training(second, 1))).toBe(serviceOf(containers));
    second.child.kill('SIGKILL');
    const killed = await second.finished;
    expect(await jobOf(killed)).toMatchObject({ state: 'JOB_STATE_RUNNING' });
    // post signs in by itself: nothing that main was given is at hand any more.
    const exchanges = cloud.signIn.requests('sts').length;
    const post = await second.post();
    expect(post).toMatchObject({ outcome: 'success', leaks: [] });
    expect(post.plainLines).toContain(`${killed.outputs['job']} is CANCELLED.`);
    expect(await jobOf(killed)).toMatchObject({ state: 'JOB_STATE_CANCELLED' });
    expect(cancels()).toHaveLength(2);
    expect(cloud.signIn.requests('sts')).toHaveLength(exchanges + 1);
    expect(cloud.signIn.problems()).toEqual([]);
    expect(await containersOf(scene.client, killed.outputs['image'] ?? '')).toEqual([]);
  });
});

describe('during the build, a step', () => {
  /** A build that does not come to its end; `mark` tells its command from all others. */
  async function building(service: StandingService): Promise<{ readonly run: Run; readonly mark: string }> {
    const mark = `sleep 3600.${Number.parseInt(unique().slice(0, 8), 16)}`;
    const Dockerfile = `ARG BASE_IMAGE=python:3.12-slim\nFROM \${BASE_IMAGE}\nRUN echo now building; ${mark}\n`;
    const run = await scene.start({
      workspace: await scene.workspace({ Dockerfile }),
      inputs: { ...LOCAL, image: scene.imageName() },
      extraEnv: endpointsAt(service.url),
    });
    await run.waitForLine(/^\[build\] #\d+ \S+ now building/);
    // Docker's client beside the step itself.
    expect((await processesWith(run.runnerTemp)).length).toBeGreaterThan(1);
    return { run, mark };
  }

  const jobs = (service: StandingService) => service.get('projects/my-project/locations/local/customJobs');
  const leftIn = async (run: Run) =>
    (await readdir(run.runnerTemp)).filter((name) => name.startsWith('.train-on-vertex-'));

  test('that is cancelled ends docker, and no job is made', async () => {
    const service = await startService(scene);
    const { run, mark } = await building(service);
    const main = await cancelled(run);
    expect(main.tookMs).toBeLessThan(BUDGET_MS);
    expect({ signal: main.signal, outcome: main.outcome, leftOpen: main.leftOpen }).toEqual({
      signal: undefined,
      outcome: 'cancelled',
      leftOpen: false,
    });
    expect(Object.keys(main.outputs).sort()).toEqual(['base_image', 'fingerprint']);
    expect(main.log.at(-1)).toMatch(/^##\[error\]This step was cancelled \(SIGINT\)/);
    expect([await processesWith(run.runnerTemp), await leftIn(run)]).toEqual([[], []]);
    await untilTrue('the build’s own command is gone', async () => (await processesRunning(mark)).length === 0);
    expect(await run.post()).toMatchObject({ outcome: 'success', log: [] });
    expect(await jobs(service)).toEqual({});
  });

  test('that is killed leaves it to post to end docker and to remove the logins', async () => {
    const service = await startService(scene);
    const { run, mark } = await building(service);
    run.child.kill('SIGKILL');
    await run.finished;
    const left = await processesWith(run.runnerTemp);
    expect(left.length).toBeGreaterThan(0);
    expect(await leftIn(run)).toHaveLength(1);
    expect(await run.post()).toMatchObject({ outcome: 'success', log: [] });
    expect(await leftIn(run)).toEqual([]);
    await untilTrue('docker is gone', async () => (await processesWith(run.runnerTemp)).length === 0);
    await untilTrue('the build’s own command is gone', async () => (await processesRunning(mark)).length === 0);
    expect(await jobs(service)).toEqual({});
  });
});

test('wait: false leaves the job running, in post too', async () => {
  const service = await startService(scene);
  const run = await scene.start({
    workspace: await repositoryOf(POLITE),
    inputs: { ...LOCAL, image: scene.imageName(), wait: 'false' },
    extraEnv: endpointsAt(service.url),
  });
  const main = await run.finished;
  expect(main.outcome).toBe('success');
  expect(main.outputs).toMatchObject({ state: expect.stringMatching(/^(?:PENDING|RUNNING)$/), finished: 'false' });
  expect(await run.post()).toMatchObject({ outcome: 'success', log: [] });
  const job = () => service.get(main.outputs['job'] ?? '');
  await untilTrue('the job runs', async () => (await job())['state'] === 'JOB_STATE_RUNNING');
  const containers = await containersOf(scene.client, main.outputs['image'] ?? '');
  expect(containers).toEqual([expect.objectContaining({ job: main.outputs['job_id'], running: true })]);
});
