import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { StepResult } from './parts/runner.ts';
import { Scene } from './parts/scene.ts';

jest.setTimeout(180_000);

/** No Dockerfile, and no mention of cloudml-hypertune in the requirements. */
const FILES = {
  'requirements.txt': 'PyYAML==6.0.2\n',
  'train.py': `
import argparse

import hypertune
import yaml

parser = argparse.ArgumentParser()
parser.add_argument("--rate", type=float, required=True)
rate = parser.parse_args().rate
print(yaml.safe_dump({"rate": rate}).strip(), flush=True)
hypertune.HyperTune().report_hyperparameter_tuning_metric("loss", rate * 2, global_step=1)
`,
};

describe('a repository without a Dockerfile', () => {
  let scene: Scene;
  let main: StepResult;

  beforeAll(async () => {
    scene = await Scene.open();
    const step = await scene.run({
      workspace: await scene.workspace(FILES),
      inputs: {
        project_id: 'my-project',
        region: 'local',
        image: scene.imageName(),
        metrics: 'loss: minimize',
        parameters: 'rate: { min: 0.1, max: 0.9 }',
        max_trials: '2',
        parallel_trials: '2',
      },
    });
    main = step;
    await step.post();
  });
  afterAll(() => scene?.close());

  test('trains by one that is written for it', () => {
    expect({ outcome: main.outcome, errors: main.annotations.filter(({ level }) => level === 'error') }).toEqual({
      outcome: 'success',
      errors: [],
    });
    const { rate } = JSON.parse(main.outputs['best_parameters'] ?? '') as { rate: number };
    const { loss } = JSON.parse(main.outputs['best_metrics'] ?? '') as { loss: number };
    expect(loss).toBeCloseTo(rate * 2);
    expect(main.log).toContainEqual(expect.stringMatching(/^\[trial \d\] rate: 0\.\d+$/));
  });

  test('finds it in the log and as a file', () => {
    const text = readFileSync(main.outputs['dockerfile'] ?? '', 'utf8');
    expect(text).toMatch(/^ARG BASE_IMAGE=python:3\.12-slim$/m);
    expect(text).toContain('cloudml-hypertune');
    expect(text).toMatch(/^ENTRYPOINT \[.*"train\.py"\]$/m);
    const shown = main.log.flatMap((line) => /^\[dockerfile\] (.*)$/.exec(line)?.[1] ?? []);
    expect(shown).toEqual(expect.arrayContaining(text.split('\n').filter((line) => line.startsWith('COPY'))));
  });
});
