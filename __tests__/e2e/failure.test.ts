import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { prepare } from '../../scripts/machine/prepare.ts';
import { openCloud } from './parts/cloud.ts';
import { containersOf } from './parts/containers.ts';
import { type ClientKind, findClient } from './parts/docker-client.ts';
import { endpointsAt, startService } from './parts/local-service.ts';
import type { StepResult } from './parts/runner.ts';
import { Scene, unique } from './parts/scene.ts';

jest.setTimeout(90_000);

const INPUTS = { project_id: 'my-project', region: 'local' };
const BASE = `ARG BASE_IMAGE=python:3.12-slim
FROM \${BASE_IMAGE}
`;
const DOCKERFILE = `${BASE}COPY train.py /app/
ENTRYPOINT ["python3", "/app/train.py"]
`;

/** Fails on the way, as programs do: a traceback, then an exit code of its own. */
const TRAIN = `
import sys, traceback

def loss_of(batch):
    return sum(batch) / len(batch)

print("epoch 1: loss 0.5", flush=True)
try:
    loss_of([])
except ZeroDivisionError:
    traceback.print_exc()
    sys.exit(3)
`;

const TRACEBACK = [
  'Traceback (most recent call last):',
  '  File "/app/train.py", line 9, in <module>',
  'ZeroDivisionError: division by zero',
];

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene?.close());

const errorsOf = ({ annotations }: StepResult) =>
  annotations.filter(({ level }) => level === 'error').map(({ message }) => message);

/** The log from the last line of that text on. */
function logFrom({ log }: StepResult, text: string): readonly string[] {
  const start = log.lastIndexOf(text);
  if (start < 0) throw new Error(`the log has no line ${text}:\n${log.join('\n')}`);
  return log.slice(start);
}

describe('a training program that fails', () => {
  test('fails the step, with its own last lines and the cause at the end, and sets the outputs', async () => {
    const image = scene.imageName();
    const workspace = await scene.workspace({ Dockerfile: DOCKERFILE, 'train.py': TRAIN });
    const main = await scene.run({ workspace, inputs: { ...INPUTS, image } });
    expect({ outcome: main.outcome, exitCode: main.exitCode }).toEqual({ outcome: 'failure', exitCode: 1 });
    expect(main.outputs).toEqual({
      base_image: 'python:3.12-slim',
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      image: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      job: expect.stringMatching(/\/customJobs\/\d+$/),
      job_id: expect.stringMatching(/^\d+$/),
      state: 'FAILED',
      region: 'local',
      console_url: '',
      logs_url: '',
      elapsed: expect.stringMatching(/^\d+$/),
      queue_time: expect.stringMatching(/^\d+$/),
      machine_hours: expect.stringMatching(/^0(?:\.\d+)?$/),
      accelerator_hours: '0',
      finished: 'true',
    });
    const end = logFrom(main, 'Last lines of workerpool0-0:');
    expect(end).toEqual(expect.arrayContaining(TRACEBACK.map((line) => `[workerpool0-0] ${line}`)));
    expect(end.at(-1)).toMatch(/^##\[error\]The job ended in state FAILED: The replica workerpool0-0 .* status of 3\./);
    expect(errorsOf(main)).toHaveLength(1);
    for (const line of TRACEBACK) expect(main.summary).toContain(line);
    expect(main.summary).toMatch(/^### ❌ Custom job FAILED/);
    expect(main.summary).toContain('non-zero status of 3');
    const post = await main.post();
    expect({ outcome: post.outcome, log: post.log }).toEqual({ outcome: 'success', log: [] });
    expect(await containersOf(scene.client, main.outputs['image'] ?? '')).toEqual([]);
  });

  test('fails a tuning job whose first trial it is, and hands on no best trial', async () => {
    const inputs = {
      ...INPUTS,
      image: scene.imageName(),
      metrics: 'loss: minimize',
      parameters: 'layers: [1, 2]',
      ignore: 'metric-not-reported\narguments-unread',
    };
    const workspace = await scene.workspace({ Dockerfile: DOCKERFILE, 'train.py': TRAIN });
    const main = await scene.run({ workspace, inputs: { ...inputs, max_trials: '4', parallel_trials: '1' } });
    expect(main.outcome).toBe('failure');
    expect(main.outputs).toMatchObject({ state: 'FAILED', finished: 'true' });
    expect(Object.keys(main.outputs).filter((name) => name.startsWith('best_'))).toEqual([]);
    const trials = JSON.parse(readFileSync(main.outputs['trials_file'] ?? '', 'utf8')) as object[];
    expect(trials).toEqual([expect.objectContaining({ id: '1', state: 'INFEASIBLE' })]);
    const end = logFrom(main, 'Last lines of trial 1:');
    expect(end).toEqual(expect.arrayContaining(TRACEBACK.map((line) => `[trial 1] ${line}`)));
    expect(end.at(-1)).toMatch(/^##\[error\]The job ended in state FAILED: .*first trial.*status of 3/);
    expect(main.summary).toContain(TRACEBACK.at(-1));
  });

  test('that is not in the image is told by name', async () => {
    const workspace = await scene.workspace({ Dockerfile: `${BASE}ENTRYPOINT ["/app/no-such-program"]\n` });
    const main = await scene.run({ workspace, inputs: { ...INPUTS, image: scene.imageName() } });
    expect(main.outcome).toBe('failure');
    expect(main.outputs).toMatchObject({ state: 'FAILED', finished: 'true' });
    expect(errorsOf(main)).toEqual([
      expect.stringMatching(/workerpool0-0 exited .* Termination reason: StartError\..*\/app\/no-such-program/s),
    ]);
    expect(main.log.at(-1)).toContain('no-such-program');
    expect(main.summary).toContain('no-such-program');
    await main.post();
    expect(await containersOf(scene.client, main.outputs['image'] ?? '')).toEqual([]);
  });
});

const KINDS: readonly ClientKind[] = ['buildx', 'plain'];
const engine = (await prepare()).engine;
const present = new Set<ClientKind>();
for (const kind of KINDS) if ((await findClient(engine, kind)) !== undefined) present.add(kind);
afterAll(() => engine.stop());

describe.each(KINDS)('a build that fails, with %s', (kind) => {
  (present.has(kind) ? test : test.skip)('shows the failing step’s last lines, and no job is made', async () => {
    const place = await Scene.open(kind);
    scene.add(() => place.close());
    const service = await startService(place);
    // Not in the Dockerfile, so that it can be told only by who saw the step's output.
    const why = `cannot read data-${unique()}.csv`;
    const Dockerfile = `${BASE}COPY why.txt /\nRUN cat /why.txt >&2; exit 7\nENTRYPOINT ["true"]\n`;
    const workspace = await place.workspace({ Dockerfile, 'why.txt': `${why}\n` });
    const main = await place.run({
      workspace,
      inputs: { ...INPUTS, image: place.imageName() },
      extraEnv: endpointsAt(service.url),
    });
    expect(main.outcome).toBe('failure');
    const [error = '', ...more] = errorsOf(main);
    expect(more).toEqual([]);
    expect(error).toMatch(/^docker build ended with exit code [1-9]/);
    expect(error).toContain(why);
    expect(error).toMatch(/exit code: 7/);
    expect(main.log.slice(-40).join('\n')).toContain(why);
    expect(main.plainLines).toContainEqual(expect.stringMatching(new RegExp(`^\\[build\\] .*${why}$`)));
    expect(Object.keys(main.outputs).sort()).toEqual(['base_image', 'fingerprint']);
    expect(main.state).not.toHaveProperty('parent');
    const post = await main.post();
    expect({ outcome: post.outcome, log: post.log }).toEqual({ outcome: 'success', log: [] });
    expect(await service.get('projects/my-project/locations/local/customJobs')).toEqual({});
  });
});

describe('a registry that refuses the login', () => {
  const password = 'p"ass\'w$rd & more';
  test.each([
    ['with Google’s token', 'oauth2accesstoken', {}],
    ['with the step’s own login', 'octocat', { registry_username: 'octocat', registry_password: password }],
  ])('%s ends the step before anything is built or submitted', async (_case, user, login) => {
    const cloud = await openCloud(scene);
    await cloud.registry.demand('someone', 'else');
    const workspace = await scene.workspace({ Dockerfile: DOCKERFILE, 'train.py': TRAIN });
    const main = await scene.run({
      workspace,
      inputs: { ...cloud.inputs, ...login, image: scene.imageName(cloud.registry.host) },
      extraEnv: cloud.env,
    });
    expect(main.outcome).toBe('failure');
    expect(errorsOf(main)).toEqual([
      expect.stringMatching(
        new RegExp(`^One fault found before the build.*\n- image: ${cloud.registry.host} refused the login: .* 401`),
      ),
    ]);
    expect(main.plainLines.filter((line) => line.startsWith('[build]'))).toEqual([]);
    expect(Object.keys(main.outputs).sort()).toEqual(['base_image', 'fingerprint']);
    const post = await main.post();
    expect(post.outcome).toBe('success');
    // What is asked before a build is asked; nothing is made.
    expect(cloud.vertex.requests().filter(({ method }) => method !== 'GET')).toEqual([]);
    const asked = await cloud.registry.requests();
    expect(asked.filter(({ credentials }) => credentials === 'accepted')).toEqual([]);
    expect(asked.find(({ credentials }) => credentials === 'refused')?.refusedUser).toBe(user);
    expect([...main.leaks, ...post.leaks]).toEqual([]);
    const shown = main.rawLog.filter((line) => !line.startsWith('::add-mask::')).join('\n');
    for (const secret of [password, Buffer.from(`octocat:${password}`).toString('base64'), ...cloud.signIn.secrets()])
      expect(shown).not.toContain(secret);
    expect(readdirSync(main.runnerTemp).filter((name) => name.startsWith('.train-on-vertex-'))).toEqual([]);
  });
});
