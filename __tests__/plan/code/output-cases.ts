import { type Asked, type Case, lines } from './repository.ts';

const project = (program: readonly string[], more: Readonly<Record<string, string>> = {}) => ({
  Dockerfile: lines('# Nobody may write to /gcs.', 'FROM python:3.12', 'COPY . .', 'ENTRYPOINT ["python", "train.py"]'),
  'train.py': lines(...program),
  ...more,
});
const TRAINS = ['import torch', 'model = torch.nn.Linear(1, 1)'];
const SAVES = [...TRAINS, 'torch.save(model, "model.pt")'];
const asked = (outputs: Partial<Asked['outputs'] & object>, more: Asked = {}): Asked => ({
  outputs: { model: false, metricsFile: undefined, texts: [], ...outputs },
  ...more,
});
const MODEL = asked({ model: true });
const FILE = asked({ metricsFile: 'eval/metrics.json' });
const NO_MODEL =
  'warning: train.py:1:1: no code names the folder that the model is taken from, AIP_MODEL_DIR: there would be none to upload or download once the job is paid for. Write the model to os.environ["AIP_MODEL_DIR"].replace("gs://", "/gcs/"). [model-not-written]';
const NO_FILE =
  'warning: train.py:1:1: no code names "metrics.json", which metrics_file is to be read from: the step would fail once the job is paid for. Write a JSON object of numbers to "eval/metrics.json" below the output folder, the one above AIP_MODEL_DIR. [metrics-file-not-written]';

/** Programs whose model or metrics file is read once they have ended. */
export const OUTPUT_CASES: readonly Case[] = [
  { name: 'a model written elsewhere', files: project(SAVES), asked: MODEL, told: [NO_MODEL] },
  { name: 'a metrics file that nobody writes', files: project(SAVES), asked: FILE, told: [NO_FILE] },
  {
    name: 'neither of both',
    files: project(SAVES),
    asked: asked({ model: true, metricsFile: 'eval/metrics.json' }),
    told: [NO_MODEL, NO_FILE],
  },
  { name: 'nothing that is read', files: project(SAVES), asked: asked({}), told: [] },
  {
    name: 'AIP_MODEL_DIR in a module that the program imports',
    files: project(['import keep'], { 'keep.py': lines('import os', 'FOLDER = os.environ["AIP_MODEL_DIR"]') }),
    asked: MODEL,
    told: [],
  },
  {
    name: 'AIP_MODEL_DIR in a file that it does not import',
    files: project(SAVES, { 'other.py': lines('import os', 'FOLDER = os.environ["AIP_MODEL_DIR"]') }),
    asked: MODEL,
    told: [NO_MODEL],
  },
  {
    name: 'AIP_MODEL_DIR in a comment alone',
    files: project([...SAVES, '# not yet to AIP_MODEL_DIR']),
    asked: MODEL,
    told: [NO_MODEL],
  },
  {
    name: 'the bucket as a folder, in an f-string',
    files: project([...TRAINS, 'import sys', 'torch.save(model, f"/gcs/{sys.platform}/model")']),
    asked: MODEL,
    told: [],
  },
  {
    name: 'the folder in an argument',
    files: project(SAVES),
    asked: asked({ model: true }, { args: ['--out', 'gs://my-bucket/runs/model'] }),
    told: [],
  },
  {
    name: 'the folder in a variable of the job',
    files: project(SAVES),
    asked: asked({ model: true, texts: ['/gcs/my-bucket/runs'] }),
    told: [],
  },
  {
    name: 'the folder in a variable of the image',
    files: project(SAVES, {
      Dockerfile: lines('FROM python:3.12', 'ENV OUT=/gcs/b/m', 'COPY . .', 'ENTRYPOINT ["python", "train.py"]'),
    }),
    asked: MODEL,
    told: [],
  },
  {
    name: 'the metrics file by its name',
    files: project([...TRAINS, 'import os', 'path = os.path.join("out", "metrics.json")']),
    asked: FILE,
    told: [],
  },
  {
    name: 'a configuration file that may tell the folder',
    files: project([...SAVES, 'import yaml', 'out = yaml.safe_load(open("config.yaml"))["out"]']),
    asked: asked({ model: true, metricsFile: 'metrics.json' }),
    told: [],
  },
  {
    name: 'Cloud Storage by the name of its bucket',
    files: project([...SAVES, 'from google.cloud import storage', 'storage.Client().bucket("my-bucket")']),
    asked: MODEL,
    told: [],
  },
  {
    name: 'a library that nobody knows',
    files: project([...SAVES, 'import our_company']),
    asked: MODEL,
    told: [],
  },
  {
    name: 'another program that it starts',
    files: project([...SAVES, 'import subprocess', 'subprocess.run(["bash", "publish.sh"])']),
    asked: MODEL,
    told: [],
  },
];
