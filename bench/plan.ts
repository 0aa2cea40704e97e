import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStep } from '../src/inputs/step.ts';
import { judgePlan } from '../src/plan/plan.ts';

/** CPU time of a whole plan in a repository of 20,000 files, against reading those files once, in the same process. */

const FILES = 20_000;
const PACKAGES = 200;
const RUNS = 5;

const DOCKERFILE = `ARG BASE_IMAGE=python:3.12-slim
FROM \${BASE_IMAGE}
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt
ENTRYPOINT ["python", "train.py"]
`;

function makeRepository(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bench-plan-'));
  writeFileSync(join(folder, 'Dockerfile'), DOCKERFILE);
  writeFileSync(join(folder, 'requirements.txt'), 'cloudml-hypertune\n');
  const imports = Array.from({ length: 50 }, (_, index) => `from package_${index} import module_${index + PACKAGES}`);
  const program = [
    'import argparse, hypertune',
    ...imports,
    'parser = argparse.ArgumentParser()',
    "parser.add_argument('--lr', type=float)",
    'args = parser.parse_args()',
    "hypertune.HyperTune().report_hyperparameter_tuning_metric(hyperparameter_metric_tag='accuracy', metric_value=args.lr)",
  ];
  writeFileSync(join(folder, 'train.py'), `${program.join('\n')}\n`);
  for (let index = 0; index < FILES; index += 1) {
    const place = join(folder, `package_${index % PACKAGES}`);
    if (index < PACKAGES) mkdirSync(place);
    const functions = Array.from({ length: 20 }, (_, line) => `def function_${line}(x):\n    return x + ${index}\n`);
    writeFileSync(join(place, index < PACKAGES ? '__init__.py' : `module_${index}.py`), functions.join('\n'));
  }
  return folder;
}

function plan(workspace: string): void {
  const given: Readonly<Record<string, string>> = {
    project_id: 'my-project',
    region: 'us-central1',
    image: 'us-central1-docker.pkg.dev/my-project/training/large',
    metrics: 'accuracy: maximize',
    parameters: 'lr: { min: 0.001, max: 0.1, scale: log }',
  };
  const { errors } = judgePlan(readStep({ GITHUB_WORKSPACE: workspace }, (name) => given[name] ?? ''));
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
}

function readAll(workspace: string): void {
  for (const entry of readdirSync(workspace, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) readFileSync(join(entry.parentPath, entry.name), 'utf8');
  }
}

/** CPU milliseconds of one call. */
function cpuOf(action: () => void): number {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const workspace = makeRepository();
try {
  const plans = Array.from({ length: RUNS }, () => cpuOf(() => plan(workspace)));
  const reads = Array.from({ length: RUNS }, () => cpuOf(() => readAll(workspace)));
  const [first = Number.NaN] = plans;
  process.stdout.write(
    `plan of ${FILES} files: first ${first.toFixed(0)} ms CPU, median ${median(plans).toFixed(0)} ms\n`,
  );
  process.stdout.write(`reading all files once: median ${median(reads).toFixed(0)} ms CPU\n`);
  process.stdout.write(`ratio of the first plan to reading: ${(first / median(reads)).toFixed(3)}\n`);
} finally {
  rmSync(workspace, { recursive: true, force: true });
}
