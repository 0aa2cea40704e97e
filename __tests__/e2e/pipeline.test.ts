import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { StepResult } from './parts/runner.ts';
import { Scene } from './parts/scene.ts';

jest.setTimeout(90_000);

/** Writes cloudml-hypertune's file by its own hand, and a model where Vertex AI wants it. */
const TRAIN = `
import argparse, json, os, time
parser = argparse.ArgumentParser()
parser.add_argument("--width", type=int, default=1)
width = parser.parse_args().width
folder = os.environ["AIP_MODEL_DIR"].replace("gs://", "/gcs/")
os.makedirs(folder, exist_ok=True)
open(folder + "/model.txt", "w").write(str(width))
if "CLOUD_ML_HP_METRIC_FILE" in os.environ:
    line = {"timestamp": time.time(), "trial": os.environ["CLOUD_ML_TRIAL_ID"], "score": str(width), "global_step": "1", "checkpoint_path": ""}
    open(os.environ["CLOUD_ML_HP_METRIC_FILE"], "w").write(json.dumps(line) + "\\n")
print("width", width, flush=True)
`;

const FILES = {
  'train.py': TRAIN,
  Dockerfile: `ARG BASE_IMAGE=python:3.12-slim
FROM \${BASE_IMAGE}
COPY train.py /app/
ENTRYPOINT ["python3", "/app/train.py"]
`,
};

const MODEL = {
  project_id: 'my-project',
  region: 'local',
  output_uri: 'gs://models/run',
  model: 'widths',
  serving_image: 'registry.example/serving',
  serving_predict_route: '/predict',
  serving_ports: '8080',
};

describe.each([
  { around: 'a custom job', inputs: { args: '--width=7' }, source: 'workerpool0-0', best: undefined },
  {
    around: 'a tuning job',
    inputs: { metrics: 'score: maximize', parameters: 'width: [2, 5]', max_trials: '2', algorithm: 'GRID_SEARCH' },
    source: 'trial 1',
    best: { width: 5 },
  },
])('a training pipeline around $around', ({ inputs, source, best }) => {
  let scene: Scene;
  let main: StepResult;
  beforeAll(async () => {
    scene = await Scene.open();
    const image = scene.imageName();
    const step = await scene.run({ workspace: await scene.workspace(FILES), inputs: { ...MODEL, ...inputs, image } });
    main = step;
    await step.post();
  });
  afterAll(() => scene.close());

  test('is followed to its end', () => {
    expect({ outcome: main.outcome, log: main.outcome === 'success' ? [] : main.log }).toEqual({
      outcome: 'success',
      log: [],
    });
    expect(main.outputs).toMatchObject({ state: 'SUCCEEDED', finished: 'true' });
    expect(main.outputs['job']).toMatch(/\/trainingPipelines\/\d+$/);
  });

  test('shows the lines of the job behind it', () => {
    expect(main.log.filter((line) => line.startsWith(`[${source}] width `))).toHaveLength(1);
  });

  test('hands on the best trial of a tuning job', () => {
    const given = main.outputs['best_parameters'];
    expect(given === undefined ? undefined : JSON.parse(given)).toEqual(best);
  });
});
