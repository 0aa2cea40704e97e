import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { readRunContext } from '../../src/inputs/run-context.ts';
import { identityOf } from '../../src/plan/identity.ts';
import { jobLabels } from '../../src/plan/labels.ts';
import { next } from '../local/faults/client.ts';
import { readActionFile } from './parts/action-file.ts';
import { containersOf } from './parts/containers.ts';
import { Endings } from './parts/endings.ts';
import { bareStage, type FaultyCloud, openFaultyCloud, type Stage } from './parts/faults.ts';
import { type GithubApi, startGithub } from './parts/github.ts';
import { HOSTILE } from './parts/hostile.ts';
import { endpointsAt, startService } from './parts/local-service.ts';
import { runStep, type StepOptions, type StepResult } from './parts/runner.ts';
import { Scene } from './parts/scene.ts';
import { untilTrue } from './parts/until.ts';

jest.setTimeout(120_000);

const TOKEN = 'ghs_a-token-for-tests';
/** The run that sweeps, by the runner's variables. */
const OWN = '9000000001';
const PROJECT = 'projects/my-project/locations';
const FOREVER = { programs: [{ events: [{ stdout: 'training' }], exit: 'never' as const }] };

let endings: Endings;
let stage: Stage;
let github: GithubApi;

beforeEach(async () => {
  endings = new Endings();
  stage = bareStage(endings);
  github = await startGithub(TOKEN);
  endings.add(() => github.stop());
  github.runs.set(OWN, { status: 'in_progress', conclusion: null });
});
afterEach(() => endings?.run());

/** The built sweep, as the runner starts it. */
async function sweep(options: Pick<StepOptions, 'inputs' | 'extraEnv'>): Promise<StepResult> {
  const result = await runStep({
    action: 'sweep',
    workspace: await stage.folder('workspace-'),
    runnerTemp: await stage.folder('runner-temp-'),
    inputs: options.inputs,
    extraEnv: { ...github.env, ...options.extraEnv },
  });
  expect({ leaks: result.leaks, commandErrors: result.commandErrors, fileErrors: result.fileErrors }).toEqual({
    leaks: [],
    commandErrors: [],
    fileErrors: [],
  });
  return result;
}

interface Told {
  readonly job: string;
  readonly conclusion: string | null;
  readonly course: string;
}

const leftoversOf = ({ outputs }: StepResult) => JSON.parse(outputs['leftovers'] ?? 'null') as Told[];
const messagesOf = ({ annotations }: StepResult, level: string) =>
  annotations.flatMap((each) => (each.level === level ? [each.message] : []));

describe('in regions of Google’s', () => {
  let cloud: FaultyCloud;
  beforeEach(async () => {
    cloud = await openFaultyCloud(stage);
    await cloud.service.faults.order({ scripts: { job: FOREVER } });
  });

  const inputs = (more: Readonly<Record<string, string>> = {}) => ({
    ...cloud.inputs,
    region: 'us-central1\neurope-west4',
    ...more,
  });
  const swept = (more?: Readonly<Record<string, string>>) => sweep({ inputs: inputs(more), extraEnv: cloud.env });

  /** The labels of a job that a run of this repository makes, by the rules of the action itself. */
  function labelsOf(runId: string, more: Readonly<Record<string, string>> = {}) {
    const context = readRunContext({
      GITHUB_REPOSITORY: 'octo-org/digits',
      GITHUB_REPOSITORY_ID: '700123456',
      GITHUB_WORKFLOW_REF: 'octo-org/digits/.github/workflows/train.yml@refs/heads/main',
      GITHUB_RUN_ID: runId,
      ...more,
    });
    return jobLabels({ own: new Map(), context, identity: identityOf(context, 'null', ''), requestHash: 'a-hash' });
  }

  const jobSpec = {
    workerPoolSpecs: [
      {
        machineSpec: { machineType: 'n1-standard-4' },
        replicaCount: 1,
        containerSpec: { imageUri: 'simulated/job' },
      },
    ],
  };
  const study = {
    studySpec: {
      metrics: [{ metricId: 'loss', goal: 'MINIMIZE' }],
      parameters: [{ parameterId: 'rate', doubleValueSpec: { minValue: 0, maxValue: 1 } }],
    },
    maxTrialCount: 2,
    parallelTrialCount: 2,
    trialJobSpec: jobSpec,
  };

  async function post(collection: string, resource: object, region: string): Promise<string> {
    const response = await fetch(`${cloud.service.url}/v1/${PROJECT}/${region}/${collection}`, {
      method: 'POST',
      headers: { authorization: 'Bearer any' },
      body: JSON.stringify({ displayName: 'job', ...resource }),
    });
    const { name } = (await response.json()) as { readonly name?: string };
    if (name === undefined) throw new Error(`no job was made: HTTP ${response.status}`);
    return name;
  }

  const made = (labels: Readonly<Record<string, string>>, region = 'us-central1') =>
    post('customJobs', { jobSpec, labels }, region);
  const madeStudy = (labels: Readonly<Record<string, string>>, region: string) =>
    post('hyperparameterTuningJobs', { ...study, labels }, region);

  /** Names of the jobs that were asked to end, or have ended. */
  async function ended(): Promise<string[]> {
    const { jobs } = await cloud.service.faults.report();
    return jobs.filter(({ state }) => /CANCEL/.test(state)).map(({ name }) => name);
  }

  /** A job of each sort, by what becomes of it. */
  async function everySort() {
    const over = (runId: string, conclusion: string) => github.runs.set(runId, { status: 'completed', conclusion });
    over('101', 'failure');
    over('102', 'success');
    github.runs.set('103', { status: 'in_progress', conclusion: null });
    over('104', 'cancelled');
    // Its first attempt failed; it is run again.
    github.runs.set('105', { status: 'queued', conclusion: null });
    over('107', 'timed_out');
    const failed = await made(labelsOf('101'));
    const alsoFailed = await made(labelsOf('101', { GITHUB_JOB: 'other' }), 'europe-west4');
    const succeeded = await made(labelsOf('102'));
    const running = await made(labelsOf('103'));
    const cancelled = await madeStudy(labelsOf('104'), 'europe-west4');
    const again = await made(labelsOf('105'));
    const gone = await made(labelsOf('106'));
    const elsewhere = await made(labelsOf('107'), 'asia-east1');
    const otherRepository = await made(labelsOf('101', { GITHUB_REPOSITORY_ID: '8' }));
    const forged = await made({ ...labelsOf('102'), 'run-id': '101' });
    const unlabelled = await made({});
    return {
      due: [failed, alsoFailed, cancelled].sort(),
      left: [succeeded, gone].sort(),
      untold: [running, again, elsewhere, otherRepository, forged, unlabelled],
      forged,
    };
  }

  test('only the live jobs of runs that are over are told, and nothing is ended unasked', async () => {
    const { due, left, forged } = await everySort();
    const step = await swept();
    expect({ outcome: step.outcome, count: step.outputs['count'] }).toEqual({ outcome: 'success', count: '5' });
    const leftovers = leftoversOf(step);
    const namesBy = (course: string) => leftovers.filter((each) => each.course === course).map(({ job }) => job);
    expect([namesBy('end').sort(), namesBy('leave').sort()]).toEqual([due, left]);
    expect(step.outputs['cancelled']).toBe('[]');
    expect(Object.keys(step.outputs).sort()).toEqual([...(await readActionFile('sweep')).outputs].sort());
    expect(messagesOf(step, 'warning')).toEqual([
      expect.stringMatching(`^${forged} is left alone: `),
      'Leftovers of runs that were cancelled or failed: 3. They run on; cancel: true ends them.',
    ]);
    expect(await ended()).toEqual([]);
    // One look at each run, however many jobs it has, and one at the own run because one was not found.
    const asked = github.requests().map(({ path }) => path.split('/').at(-1));
    expect([asked.sort(), github.problems]).toEqual([['101', '102', '103', '104', '105', '106', OWN], []]);
  });

  test('those of cancelled and failed runs are ended where that is asked, and no others', async () => {
    const { due, left } = await everySort();
    const step = await swept({ cancel: 'true' });
    expect(step.outcome).toBe('success');
    expect((JSON.parse(step.outputs['cancelled'] ?? '') as string[]).sort()).toEqual(due);
    expect((await ended()).sort()).toEqual(due);
    expect(messagesOf(step, 'notice')).toEqual(['Leftovers asked to end: 3.']);
    expect(step.summary).toContain('### ⏳ 5 leftovers, 3 asked to end');
    expect(step.summary.match(/^\| \[/gm)).toHaveLength(5);
    // Each of Google's and GitHub's tokens goes to its own service only.
    const { issued, problems } = cloud.signIn;
    expect([issued.length, problems]).toEqual([1, []]);
    expect(step.masks).toEqual(expect.arrayContaining([...issued]));
    const authorizations = github.requests().map(({ headers }) => headers['authorization'] ?? '');
    expect(authorizations.filter((each) => issued.some((token) => each.includes(token)))).toEqual([]);

    // The next sweep finds those that were left on purpose, and nothing to do.
    const after = await swept({ cancel: 'true' });
    expect(
      leftoversOf(after)
        .map(({ job }) => job)
        .sort(),
    ).toEqual(left);
    expect([after.outcome, after.outputs['cancelled']]).toEqual(['success', '[]']);
    expect((await ended()).sort()).toEqual(due);
  });

  test('with nothing left over the step says so', async () => {
    const step = await swept({ cancel: 'true' });
    expect({ outcome: step.outcome, ...step.outputs }).toEqual({
      outcome: 'success',
      leftovers: '[]',
      count: '0',
      cancelled: '[]',
    });
    expect(step.summary).toBe('### ✅ No leftovers\n');
    expect(github.requests()).toEqual([]);
  });

  test('a run that is run again while the sweep waits for an answer is not swept', async () => {
    github.runs.set('101', { status: 'completed', conclusion: 'failure' });
    await made(labelsOf('101'));
    // GitHub is busy at first, and then the run is on its way again.
    github.answer = (runId) => {
      if (runId !== '101' || github.requests().length > 1) return undefined;
      github.runs.set('101', { status: 'queued', conclusion: null });
      return { status: 502, body: { message: 'Bad Gateway' } };
    };
    const step = await swept({ cancel: 'true' });
    expect([step.outcome, step.outputs['count'], await ended()]).toEqual(['success', '0', []]);
  });

  describe('where GitHub does not answer as it should', () => {
    beforeEach(async () => {
      for (const runId of ['201', '202', '203']) {
        github.runs.set(runId, { status: 'completed', conclusion: 'failure' });
        await made(labelsOf(runId));
      }
    });

    test('a missing permission is told with its mend, and nothing is ended', async () => {
      const body = { message: 'Resource not accessible by integration' };
      github.answer = () => ({ status: 403, headers: { 'x-ratelimit-remaining': '4000' }, body });
      const step = await swept({ cancel: 'true' });
      expect([step.outcome, step.exitCode, await ended()]).toEqual(['failure', 1, []]);
      const [error = '', ...more] = messagesOf(step, 'error');
      expect(more).toEqual([]);
      expect(error).toMatch(/^One thing could not be done:\n- Workflow runs 201, 202, 203 could not be looked up/);
      expect(error).toContain("permissions: actions: read'");
      expect(step.outputs).toEqual({ leftovers: '[]', count: '0', cancelled: '[]' });
      expect(step.summary).toContain('### ❌ No leftovers');
    });

    test('a token that sees no run at all is told from runs that are gone', async () => {
      github.answer = () => ({ status: 404, body: { message: 'Not Found' } });
      const step = await swept({ cancel: 'true' });
      expect([step.outcome, step.outputs['count'], await ended()]).toEqual(['failure', '0', []]);
      expect(messagesOf(step, 'error')[0]).toContain('GitHub does not even show the run that asks to this token.');
    });

    test('the rate limit is told with its end, and what was known before it is done', async () => {
      const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '4102444800' };
      const refusal = { status: 403, headers, body: { message: 'API rate limit exceeded for installation ID 1.' } };
      github.answer = (runId) => (runId === '201' ? undefined : refusal);
      const step = await swept({ cancel: 'true' });
      const [name] = JSON.parse(step.outputs['cancelled'] ?? '[]') as string[];
      expect([step.outcome, step.outputs['count'], await ended()]).toEqual(['failure', '1', [name]]);
      expect(messagesOf(step, 'error')[0]).toMatch(
        /runs 202, 203 could .* Its rate limit is reached, until 2100-01-01T00:00:00\.000Z: run the job again after that\.$/,
      );
      expect(github.requests()).toHaveLength(3);
    });

    test('passing failures are waited out', async () => {
      github.answer = (_, count) => (count <= 3 ? { status: 503, body: { message: 'busy' } } : undefined);
      const step = await swept({ cancel: 'true' });
      expect([step.outcome, step.outputs['count'], (await ended()).length]).toEqual(['success', '3', 3]);
    });

    test('text from GitHub does nothing in the log, the outputs and the summary', async () => {
      const conclusion = HOSTILE.join('\n');
      github.runs.set('201', { status: 'completed', conclusion });
      github.answer = (runId) => (runId === '202' ? { status: 410, body: { message: conclusion } } : undefined);
      github.runs.set('203', { status: conclusion, conclusion });
      const step = await swept({ cancel: 'true' });
      expect([step.outcome, step.outputs['count'], await ended()]).toEqual(['failure', '1', []]);
      expect(leftoversOf(step).map((each) => each.conclusion)).toEqual([conclusion]);
      expect([step.setOutputs, step.savedStates, step.groups, step.matchers, step.stopped]).toEqual([
        {},
        {},
        [],
        [],
        false,
      ]);
      expect(step.annotations.map(({ level, properties }) => [level, properties])).toEqual([['error', {}]]);
      expect(step.masks.filter((mask) => mask !== TOKEN && !cloud.signIn.issued.includes(mask))).toEqual([
        // The toolkit masks the OIDC token that it is given.
        expect.stringMatching(/^ey/),
      ]);
      const row = step.summary
        .split('\n')
        .filter((line) => line.startsWith('| ['))
        .join('');
      expect(row.replace(/\]\(https:\/\/[^)\s]+\)/g, ']')).not.toMatch(/<|>|\]\(|@|javascript:|`/);
    });
  });

  test('a region that refuses is told with the role to grant, and the others are swept', async () => {
    github.runs.set('101', { status: 'completed', conclusion: 'failure' });
    const name = await made(labelsOf('101'));
    const path = '**/europe-west4/**';
    await cloud.service.faults.order({
      rules: [next('list', { kind: 'refuse', reason: 'permission' }, { path, times: 'always' })],
    });
    const step = await swept({ cancel: 'true' });
    expect([step.outcome, await ended()]).toEqual(['failure', [name]]);
    const [error = ''] = messagesOf(step, 'error');
    expect(error).toMatch(/^One thing could not be done:\n- The jobs in europe-west4 could not all be listed: /);
    expect(error).toContain('roles/aiplatform.user: `gcloud projects add-iam-policy-binding my-project ');
  });

  test('passing failures of Vertex AI are waited out, and a cancel that was taken is not told as a failure', async () => {
    github.runs.set('101', { status: 'completed', conclusion: 'failure' });
    const name = await made(labelsOf('101'));
    await cloud.service.faults.order({
      rules: [
        next('list', { kind: 'refuse', reason: 'unavailable' }, { times: 2 }),
        next('list', { kind: 'expired-token' }, { skip: 4 }),
        next('cancel', { kind: 'reset' }, { when: 'after' }),
      ],
    });
    const step = await swept({ cancel: 'true' });
    expect([step.outcome, step.outputs['cancelled'], await ended()]).toEqual([
      'success',
      JSON.stringify([name]),
      [name],
    ]);
    const { rules } = await cloud.service.faults.report();
    expect(rules.map(({ fired }) => fired)).toEqual([2, 1, 1]);
  });

  test('every fault in what the step was given is told at once, and nobody is asked anything', async () => {
    const step = await swept({
      project_id: '',
      region: 'us-central1-a\nlocal',
      workload_identity_provider: 'provider',
      cancel: 'yes',
      token: '',
    });
    expect([step.outcome, step.exitCode, step.outputs]).toEqual(['failure', 1, {}]);
    const [error = '', ...more] = messagesOf(step, 'error');
    expect(more).toEqual([]);
    const [head, ...faults] = error.split('\n');
    expect(head).toBe('5 faults in what this step was given; nothing was asked of the network:');
    expect(faults.map((line) => /^- (\w+).* \[([\w-]+)\]$/.exec(line)?.slice(1))).toEqual([
      ['token', 'required'],
      ['project_id', 'required'],
      ['region', 'region'],
      ['cancel', 'boolean'],
      ['workload_identity_provider', 'workload-identity-provider'],
    ]);
    expect([github.requests(), cloud.signIn.issued]).toEqual([[], []]);
    expect((await cloud.service.faults.report()).requests).toEqual([]);
  });

  test('a sign-in that is refused is told, and GitHub is not asked', async () => {
    const extraEnv = { ...cloud.env, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'not-the-token' };
    const step = await sweep({ inputs: inputs(), extraEnv });
    expect(step.outcome).toBe('failure');
    expect(messagesOf(step, 'error')).toEqual([expect.stringContaining('OIDC token')]);
    expect(github.requests()).toEqual([]);
  });
});

const TRAIN = `
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
print("training", flush=True)
time.sleep(3600)
`;
const DOCKERFILE = `ARG BASE_IMAGE=python:3.12-slim
FROM \${BASE_IMAGE}
COPY train.py /app/
ENTRYPOINT ["python3", "/app/train.py"]
`;

describe('what the built action leaves behind in containers', () => {
  test('lives as long as its run or after its success, and ends once the run was cancelled', async () => {
    const scene = await Scene.open();
    endings.add(() => scene.close());
    const service = await startService(scene);
    const extraEnv = endpointsAt(service.url);
    const image = scene.imageName();
    const main = await scene.run({
      workspace: await scene.workspace({ Dockerfile: DOCKERFILE, 'train.py': TRAIN }),
      inputs: { project_id: 'my-project', region: 'local', image, wait: 'false' },
      env: { GITHUB_RUN_ID: '301' },
      extraEnv,
    });
    expect(main.outcome).toBe('success');
    const name = main.outputs['job'] ?? '';
    const running = async () =>
      (await containersOf(scene.client, main.outputs['image'] ?? '')).filter((each) => each.running).length;
    await untilTrue('the container runs', async () => (await running()) === 1);
    const swept = () => sweep({ inputs: { project_id: 'my-project', region: 'local', cancel: 'true' }, extraEnv });

    github.runs.set('301', { status: 'in_progress', conclusion: null });
    expect((await swept()).outputs).toEqual({ leftovers: '[]', count: '0', cancelled: '[]' });
    github.runs.set('301', { status: 'completed', conclusion: 'success' });
    const left = await swept();
    expect([left.outcome, left.outputs['cancelled'], leftoversOf(left)]).toMatchObject([
      'success',
      '[]',
      [{ job: name, conclusion: 'success', course: 'leave' }],
    ]);
    expect(await running()).toBe(1);

    github.runs.set('301', { status: 'completed', conclusion: 'cancelled' });
    const step = await swept();
    expect([step.outcome, step.outputs['cancelled']]).toEqual(['success', JSON.stringify([name])]);
    await untilTrue('the container is gone', async () => (await running()) === 0);
    const stateNow = async () => (await service.get(name))['state'];
    await untilTrue('the job is cancelled', async () => (await stateNow()) === 'JOB_STATE_CANCELLED');
  });
});
