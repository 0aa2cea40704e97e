import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { containersOf } from './parts/containers.ts';
import { exampleOf } from './parts/example.ts';
import type { StepResult } from './parts/runner.ts';
import { Scene } from './parts/scene.ts';

jest.setTimeout(120_000);

interface Trial {
  readonly id: string;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly metrics: { readonly error: number };
}

/** The parameters that a model has, by train.py. */
function parametersOf({ model, weights }: Trial['parameters']): readonly string[] {
  if (model === 'polynomial') return ['degree', 'model', 'ridge'];
  return ['model', 'neighbours', 'weights', ...(weights === 'gaussian' ? ['width'] : [])];
}

describe('examples/conditional', () => {
  let scene: Scene;
  let main: StepResult;
  beforeAll(async () => {
    scene = await Scene.open();
    const { files, inputs } = exampleOf('conditional');
    const workspace = await scene.workspace(files);
    const step = await scene.run({ workspace, inputs: { ...inputs, region: 'local', image: scene.imageName() } });
    main = step;
    await step.post();
  });
  afterAll(() => scene?.close());

  const trials = () => JSON.parse(readFileSync(main.outputs['trials_file'] ?? '', 'utf8')) as readonly Trial[];

  test('runs the trials that its workflow asks for, to success', () => {
    const errors = main.annotations.filter(({ level }) => level === 'error').map(({ message }) => message);
    expect([main.outcome, errors]).toEqual(['success', []]);
    expect(main.outputs).toMatchObject({ state: 'SUCCEEDED', finished: 'true' });
    expect(trials().map(({ id }) => Number(id))).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  });

  test('gives each trial the parameters of its model, and no others', () => {
    const given = trials().map(({ parameters }) => parameters);
    expect(given.map((each) => Object.keys(each).sort())).toEqual(given.map(parametersOf));
    expect(new Set(given.map(({ model }) => model))).toEqual(new Set(['polynomial', 'neighbours']));
  });

  test('hands on the trial with the least error', () => {
    const errors = trials().map(({ metrics }) => metrics.error);
    expect(JSON.parse(main.outputs['best_metrics'] ?? '')).toEqual({ error: Math.min(...errors) });
    const best = trials().find(({ id }) => id === main.outputs['best_trial_id']);
    expect(JSON.parse(main.outputs['best_parameters'] ?? '')).toEqual(best?.parameters);
  });

  test('leaves no container behind', async () => {
    expect(await containersOf(scene.client, main.outputs['image'] ?? '')).toEqual([]);
  });
});
