import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the training program of the tests wrote of itself, by its own hand and past the service. */
export interface Told {
  readonly trial: string;
  /** Set when the image was built. */
  readonly built: string;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly measured: readonly { readonly step: number; readonly value: number }[];
  readonly exitCode: number;
}

/** Reports like cloudml-hypertune, whose file it writes: the metric's name as a key, numbers as texts. */
const TRAIN = `
import argparse, json, math, os, sys, time

parser = argparse.ArgumentParser()
parser.add_argument("--out", required=True)
parser.add_argument("--shape", required=True)
parser.add_argument("--failing", required=True)
parser.add_argument("--failing-score", type=float, required=True)
parser.add_argument("--learning-rate", type=float, required=True)
parser.add_argument("--layers", type=int, required=True)
parser.add_argument("--optimizer", required=True)
given = parser.parse_args()
trial = os.environ["CLOUD_ML_TRIAL_ID"]
failing = trial == given.failing
# With the shape "ties" all trials but the first come to the same value.
peak = (
    (0.25 if trial == "1" else 0.75)
    if given.shape == "ties"
    else 1 / (1 + abs(math.log10(given.learning_rate) + 2)) + given.layers / 100 + (0.05 if given.optimizer == "adam" else 0)
)
if failing:
    peak = given.failing_score
measured, lines = [], []
# The last value counts, and it is not the best: the program overfits at the end.
for step, part in enumerate([0.5, 1.25, 1.0], start=1):
    value = peak * part
    measured.append({"step": step, "value": value})
    lines.append(json.dumps({"timestamp": time.time(), "trial": trial, "score": str(value),
                             "global_step": str(step), "checkpoint_path": ""}))
    with open(os.environ["CLOUD_ML_HP_METRIC_FILE"], "w") as file:
        file.write("\\n".join(lines) + "\\n")
    print(f"step {step}: score {value}", flush=True)
told = {"trial": trial, "built": open("/app/built").read().strip(), "measured": measured, "exitCode": 3 if failing else 0,
        "parameters": {"learning-rate": given.learning_rate, "layers": given.layers, "optimizer": given.optimizer}}
with open(f"{given.out}/trial-{trial}.json", "w") as file:
    json.dump(told, file)
if failing:
    sys.exit(3)
`;

/** The repository of that program. */
export const TRAINING_REPOSITORY: Readonly<Record<string, string>> = {
  'train.py': TRAIN,
  Dockerfile: `ARG BASE_IMAGE=python:3.12-slim
FROM \${BASE_IMAGE}
ARG BUILT
RUN mkdir /app && echo "\${BUILT}" > /app/built
COPY train.py /app/
ENTRYPOINT ["python3", "/app/train.py"]
`,
};

/** What all trials wrote into a bucket, in the order of their ids. */
export async function readTold(bucket: string): Promise<Told[]> {
  const names = (await readdir(bucket)).filter((name) => /^trial-\d+\.json$/.test(name));
  const told = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(bucket, name), 'utf8')) as Told),
  );
  return told.sort((left, right) => Number(left.trial) - Number(right.trial));
}

/** The value that a trial ended with. */
export function finalOf({ measured }: Told): number {
  return measured.at(-1)?.value ?? Number.NaN;
}

/** The best of the trials that ended well, worked out from what they wrote: of equals, the lower id. */
export function bestOf(told: readonly Told[], goal: 'maximize' | 'minimize'): Told | undefined {
  const sound = told.filter(({ exitCode }) => exitCode === 0);
  const values = sound.map(finalOf);
  const best = goal === 'maximize' ? Math.max(...values) : Math.min(...values);
  return sound.find((trial) => finalOf(trial) === best);
}
