import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { prepare } from '../../scripts/machine/prepare.ts';
import { pushedImages } from '../../scripts/machine/registry-log.ts';
import { type Cloud, manifestDigest, openCloud } from './parts/cloud.ts';
import { containersOf } from './parts/containers.ts';
import { type ClientKind, findClient } from './parts/docker-client.ts';
import type { StepResult } from './parts/runner.ts';
import { Scene, unique } from './parts/scene.ts';
import { bestOf, finalOf, readTold, type Told, TRAINING_REPOSITORY } from './parts/trials.ts';

jest.setTimeout(180_000);

const TRIALS = 6;
const FAILING = '3';

interface Case {
  readonly kind: ClientKind;
  readonly goal: 'maximize' | 'minimize';
  readonly shape: 'peaks' | 'ties';
  /** What the trial that fails measures before: better than all others. */
  readonly failingScore: string;
}

const CASES: readonly Case[] = [
  { kind: 'buildx', goal: 'maximize', shape: 'ties', failingScore: '9.5' },
  { kind: 'plain', goal: 'minimize', shape: 'peaks', failingScore: '-9.5' },
];

/** A Docker configuration: its files with their content. buildx keeps its builders there, as it always does. */
function snapshot(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name !== 'buildx');
  const content = (name: string) => readFileSync(join(folder, name), 'utf8');
  return Object.fromEntries(entries.map((entry) => [entry.name, entry.isFile() ? content(entry.name) : 'no file']));
}

/** The forms in which a secret would give itself away. */
function formsOf(secret: string): string[] {
  const encoded = [secret, `oauth2accesstoken:${secret}`].flatMap((text) => {
    const bytes = Buffer.from(text);
    return [bytes.toString('base64'), bytes.toString('base64url')];
  });
  return [secret, encodeURIComponent(secret), ...encoded];
}

interface ApiJob {
  readonly state: string;
  readonly trialJobSpec: { readonly workerPoolSpecs: readonly { readonly containerSpec: { imageUri: string } }[] };
  readonly trials: readonly { readonly customJob: string }[];
}

const engine = (await prepare()).engine;
const present = new Set<ClientKind>();
for (const { kind } of CASES) if ((await findClient(engine, kind)) !== undefined) present.add(kind);
afterAll(() => engine.stop());

describe.each(CASES)('a tuning job built with $kind', ({ kind, goal, shape, failingScore }) => {
  const has = present.has(kind) ? test : test.skip;
  const bucket = `bucket-${unique()}`;
  const built = unique();
  let scene: Scene;
  let cloud: Cloud;
  let repository: string;
  let configBefore: Record<string, string>;
  let main: StepResult;
  let post: StepResult;
  /** What main left in the job's temporary folder, before post could clean up after it. */
  let left: string[];
  let asked: number;
  let told: Told[];

  beforeAll(async () => {
    if (!present.has(kind)) return;
    scene = await Scene.open(kind);
    cloud = await openCloud(scene);
    repository = scene.imageName(cloud.registry.host);
    configBefore = snapshot(scene.dockerConfig);
    const step = await scene.run({
      workspace: await scene.workspace(TRAINING_REPOSITORY),
      inputs: {
        ...cloud.inputs,
        image: repository,
        build_args: `BUILT=${built}`,
        args: [
          `--out=/gcs/${bucket}`,
          `--shape=${shape}`,
          `--failing=${FAILING}`,
          `--failing-score=${failingScore}`,
        ].join('\n'),
        metrics: `score: ${goal}`,
        parameters: [
          'learning-rate: { min: 0.0001, max: 0.1, scale: log }',
          'layers: { min: 1, max: 8 }',
          'optimizer: [sgd, adam]',
        ].join('\n'),
        max_trials: String(TRIALS),
        parallel_trials: '2',
      },
      extraEnv: cloud.env,
    });
    main = step;
    asked = cloud.vertex.requests().length;
    left = readdirSync(main.runnerTemp).filter((name) => !name.startsWith('_'));
    post = await step.post();
    told = await readTold(join(cloud.service.buckets, bucket));
  });
  afterAll(() => scene?.close());

  const output = (name: string): unknown => JSON.parse(main.outputs[name] ?? 'null');

  has('succeeds', () => {
    expect({ outcome: main.outcome, errors: main.annotations.filter(({ level }) => level === 'error') }).toEqual({
      outcome: 'success',
      errors: [],
    });
    expect(main.outputs).toMatchObject({ state: 'SUCCEEDED', finished: 'true' });
    expect(main.outputs['job']).toMatch(/^projects\/\d+\/locations\/us-central1\/hyperparameterTuningJobs\/\d+$/);
    expect(main.outputs['job_id']).toBe(main.outputs['job']?.split('/').at(-1));
    expect(main.outputs['console_url']).toContain(`us-central1/training/${main.outputs['job_id']}?project=my-project`);
  });

  has('hands on the trial that is best by what the containers measured', () => {
    expect(told.map(({ trial }) => trial)).toEqual(['1', '2', '3', '4', '5', '6']);
    const best = bestOf(told, goal);
    if (best === undefined) throw new Error('no trial ended well');
    expect(told.find(({ exitCode }) => exitCode !== 0)).toMatchObject({ trial: FAILING });
    const failed = told.map((each) => ({ ...each, exitCode: 0 }));
    expect(bestOf(failed, goal)?.trial).toBe(FAILING);
    if (shape === 'ties') expect(told.filter((each) => finalOf(each) === finalOf(best)).length).toBe(TRIALS - 2);
    expect(main.outputs['best_trial_id']).toBe(best.trial);
    expect(output('best_parameters')).toEqual(best.parameters);
    expect(output('best_metrics')).toEqual({ score: finalOf(best) });
    expect(output('best_trial')).toEqual({
      id: best.trial,
      parameters: best.parameters,
      metrics: { score: finalOf(best) },
      job: expect.stringMatching(/^projects\/\d+\/locations\/us-central1\/customJobs\/\d+$/),
    });
  });

  has('draws parameters from the space that was asked for', () => {
    for (const { parameters } of told) {
      expect(parameters['learning-rate']).toBeGreaterThanOrEqual(0.0001);
      expect(parameters['learning-rate']).toBeLessThanOrEqual(0.1);
      expect([1, 2, 3, 4, 5, 6, 7, 8]).toContain(parameters['layers']);
      expect(['sgd', 'adam']).toContain(parameters['optimizer']);
    }
    expect(new Set(told.map(({ parameters }) => parameters['learning-rate'])).size).toBe(TRIALS);
  });

  has('writes every trial to trials_file', async () => {
    const file = main.outputs['trials_file'] ?? '';
    // It has to be read before the job's temporary folder goes: post has run, and it is still there.
    const trials = JSON.parse(readFileSync(file, 'utf8')) as { id: string; measurements: object[] }[];
    expect(file.startsWith(`${main.runnerTemp}/`)).toBe(true);
    expect(trials).toEqual(
      told.map((each) =>
        expect.objectContaining({
          id: each.trial,
          state: each.exitCode === 0 ? 'SUCCEEDED' : 'INFEASIBLE',
          parameters: each.parameters,
          ...(each.exitCode === 0
            ? {
                metrics: { score: finalOf(each) },
                finalMeasurement: expect.objectContaining({ step: 3, metrics: { score: finalOf(each) } }),
              }
            : { infeasibleReason: expect.stringContaining('non-zero status of 3') }),
        }),
      ),
    );
    for (const [index, { measurements }] of trials.entries()) {
      const steps = told[index]?.measured.map(({ step, value }) =>
        expect.objectContaining({ step, metrics: { score: value } }),
      );
      expect(measurements).toEqual(steps);
    }
    expect(trials.find(({ id }) => id === FAILING)).not.toHaveProperty('finalMeasurement');
  });

  has('runs the image that it pushed, by digest', async () => {
    const tag =
      pushedImages(await cloud.registry.requests())
        .find((name) => !name.includes('@'))
        ?.split(':')[1] ?? '';
    const image = `${repository}@${await manifestDigest(cloud, repository, tag)}`;
    expect(main.outputs['image']).toBe(image);
    const job = (await cloud.service.get(main.outputs['job'] ?? '')) as unknown as ApiJob;
    expect(job.state).toBe('JOB_STATE_SUCCEEDED');
    expect(job.trialJobSpec.workerPoolSpecs.map(({ containerSpec }) => containerSpec.imageUri)).toEqual([image]);
    expect(job.trials).toHaveLength(TRIALS);
    expect(new Set(told.map((each) => each.built))).toEqual(new Set([built]));
    expect(await containersOf(scene.client, image)).toEqual([]);
  });

  has('tells the programs’ lines by trial, and the trials in the summary', () => {
    for (const { trial, measured } of told) {
      expect(main.log).toEqual(
        expect.arrayContaining(measured.map(({ step, value }) => `[trial ${trial}] step ${step}: score ${value}`)),
      );
    }
    const rows = main.summary.split('\n').filter((line) => /^\| \d+ \| (?:SUCCEEDED|INFEASIBLE) \|/.test(line));
    expect(rows).toHaveLength(TRIALS);
    expect(main.summary).toContain(`Best trial: **${main.outputs['best_trial_id']}**`);
  });

  has('signs in once, and as Google’s services want it', () => {
    expect(cloud.signIn.problems()).toEqual([]);
    expect(cloud.signIn.requests().map(({ service, status }) => [service, status])).toEqual([
      ['oidc', 200],
      ['sts', 200],
      ['iam', 200],
    ]);
    const all = [...cloud.vertex.requests(), ...cloud.logging.requests()];
    expect(all.filter(({ accepted }) => !accepted)).toEqual([]);
    const created = cloud.vertex.requests().filter(({ method }) => method === 'POST');
    expect(created.map(({ path }) => path.split('?')[0])).toEqual([
      '/v1/projects/my-project/locations/us-central1/hyperparameterTuningJobs',
    ]);
    expect(new Set(cloud.logging.requests().map(({ path }) => path))).toEqual(new Set(['/v2/entries:list']));
  });

  has('signs in to the registry before it asks for anything', async () => {
    const requests = await cloud.registry.requests();
    expect(requests.filter(({ credentials }) => credentials === 'refused')).toEqual([]);
    expect(requests.some(({ method, credentials }) => method === 'PUT' && credentials === 'accepted')).toBe(true);
  });

  has('shows no secret', () => {
    expect([...main.leaks, ...post.leaks]).toEqual([]);
    const secrets = cloud.signIn.secrets().flatMap(formsOf);
    const shown = [...main.rawLog, ...post.rawLog].filter((line) => !line.startsWith('::add-mask::'));
    const handed = [main.outputs, main.state, main.exportedEnv, main.addedPath, main.summary, post.summary];
    const text = [...shown, JSON.stringify(handed), readFileSync(main.outputs['trials_file'] ?? '', 'utf8')].join('\n');
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
    // The runner itself hides its request token; the others are this step's to hide.
    const hidden = new Set(main.masks);
    expect(cloud.signIn.secrets().filter((secret) => !secret.startsWith('request-') && !hidden.has(secret))).toEqual(
      [],
    );
  });

  has('leaves nothing behind, and the user’s Docker configuration as it was', () => {
    expect(main.state['folder']).toContain('.train-on-vertex-');
    expect(left).toEqual([basename(main.outputs['trials_file'] ?? '')]);
    expect(snapshot(scene.dockerConfig)).toEqual(configBefore);
    expect({ outcome: post.outcome, log: post.log, asked: cloud.vertex.requests().length }).toEqual({
      outcome: 'success',
      log: [],
      asked,
    });
  });
});
