import type { MadeImage } from '../../src/image/image.ts';
import { leftNote } from '../../src/job/watch/detach.ts';
import type { SummaryParts } from '../../src/report/summary/parts.ts';
import { bestOf, bestTrial } from '../../src/results/best.ts';
import { judgeGate } from '../../src/results/gate.ts';
import { importanceOf } from '../../src/results/importance.ts';
import type {
  Baseline,
  Best,
  GateOperator,
  GateRule,
  GateVerdict,
  Metrics,
  Results,
  TrialResult,
} from '../../src/results/types.ts';
import type { Job } from '../../src/vertex/jobs.ts';
import type { MetricSpec, ParameterValue, Trial } from '../../src/vertex/types.ts';
import { job as jobOf, TUNING, trial } from '../job/jobs.ts';

const START = Date.parse('2026-11-01T08:00:00Z');
const MINUTE = 60_000;
const iso = (ms: number) => new Date(ms).toISOString();

export const ACCURACY: MetricSpec = { metricId: 'accuracy', goal: 'MAXIMIZE' };
export const LATENCY: MetricSpec = { metricId: 'latency-ms', goal: 'MINIMIZE' };

/** Chances that are the same in every run, from 0 to 1. */
export function chances(seed = 7): () => number {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const PARALLEL = 4;

/** Trials that tune a classifier of digits: a rate on a log scale, units, an optimizer, and a momentum that only sgd has. */
export function digitsTrials(count: number, seed?: number): Trial[] {
  const chance = chances(seed);
  const free = Array.from({ length: PARALLEL }, () => START + 3 * MINUTE);
  return Array.from({ length: count }, (_, index) => {
    const lane = free.indexOf(Math.min(...free));
    const start = free[lane] ?? START;
    const end = start + (4 + 8 * chance()) * MINUTE;
    free[lane] = end + MINUTE / 2;
    return digitsTrial(`${index + 1}`, chance, index / count, { startTime: iso(start), endTime: iso(end) });
  });
}

function digitsTrial(
  id: string,
  chance: () => number,
  learnt: number,
  times: Pick<Trial, 'startTime' | 'endTime'>,
): Trial {
  const rate = 10 ** (-4 + (learnt > 0.5 ? 1 + 1.5 * chance() : 3 * chance()));
  const units = [32, 64, 128, 256][Math.floor(4 * chance())] ?? 32;
  const optimizer = ['adam', 'sgd', 'rmsprop'][Math.floor(3 * chance())] ?? 'adam';
  const momentum = optimizer === 'sgd' ? 0.5 + 0.49 * chance() : undefined;
  const parameters: [string, ParameterValue | undefined][] = [
    ['learning-rate', rate],
    ['hidden-units', units],
    ['optimizer', optimizer],
    ['momentum', momentum],
  ];
  const distance = Math.abs(Math.log10(rate) + 2.4);
  const accuracy = 0.982 - 0.035 * distance ** 2 - 0.12 / units - (optimizer === 'sgd' ? 0.008 : 0) - 0.01 * chance();
  const latency = 4 + units / 20 + 3 * chance();
  const failed = chance() < 0.06;
  return trial(id, failed ? 'INFEASIBLE' : 'SUCCEEDED', failed ? undefined : { accuracy, 'latency-ms': latency }, {
    parameters: parameters.flatMap(([parameterId, value]) => (value === undefined ? [] : [{ parameterId, value }])),
    ...(failed ? { infeasibleReason: 'The replica workerpool0-0 exited with a non-zero status of 1.' } : {}),
    ...times,
  });
}

export const MADE: MadeImage = {
  reference: `us-central1-docker.pkg.dev/my-project/training/digits@sha256:${'0123456789abcdef'.repeat(4)}`,
  base: { image: 'nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04', why: 'torch 2.9.1 is built for CUDA 12.6' },
  fingerprint: 'f'.repeat(64),
  reused: false,
};
const MACHINES = ['Machine: g2-standard-4: the smallest with one NVIDIA_L4 and at least 4 vCPUs for it'];
const CONSOLE = 'https://console.cloud.google.com/ai/platform/locations/us-central1/training/88?project=my-project';
const CAVEATS = [
  'Where Vertex AI restarted or repeated the program, the wait for new machines counts as running.',
  'Boot disks, Cloud Storage, the registry, log volume and network traffic are not counted.',
];

export const BASELINE: Baseline = {
  job: 'projects/1/locations/us-central1/hyperparameterTuningJobs/80',
  runId: '4711',
  runUrl: 'https://github.com/octo/digits/actions/runs/4711',
  commit: '1f3a9c0d5e7b2468ace013579bdf02468ace1357',
  metrics: { accuracy: 0.9712, 'latency-ms': 9.5 },
};

export const NOTHING: Best = { trial: undefined, metrics: {}, pareto: undefined, folders: undefined };

export function results(more: Partial<Results> = {}): Results {
  return {
    best: NOTHING,
    baseline: undefined,
    gate: [],
    usage: {
      elapsedMs: 72 * MINUTE,
      queuedMs: 3 * MINUTE,
      machineHours: 4.46,
      acceleratorHours: 4.46,
      cost: 3.1515,
      caveats: CAVEATS,
    },
    model: undefined,
    downloaded: undefined,
    ...more,
  };
}

export function rule(metric: string, operator: GateOperator, bound: number, value: number | undefined): GateVerdict {
  const text = `${metric} ${operator} ${bound}`;
  const metrics = value === undefined ? {} : { [metric]: value };
  return judged({ metric, operator, bound: { kind: 'number', value: bound }, text }, metrics);
}

function judged(rule: GateRule, metrics: Metrics, baseline?: Baseline): GateVerdict {
  const [verdict] = judgeGate([rule], metrics, baseline);
  if (verdict === undefined) throw new Error('a rule without a verdict');
  return verdict;
}

/** Parts of a summary of a job that succeeded, unless told otherwise. */
export function parts(more: Partial<SummaryParts> = {}): SummaryParts {
  return {
    job: job(),
    results: results(),
    metrics: [],
    importance: undefined,
    machines: MACHINES,
    image: MADE,
    links: { console: CONSOLE, logs: `${CONSOLE}&logs=1`, tensorboard: undefined, output: `${CONSOLE}&output=1` },
    cause: undefined,
    failures: [],
    notes: [],
    now: START + 72 * MINUTE,
    ...more,
  };
}

export function job(state = 'SUCCEEDED', more: Partial<Job> = {}): Job {
  return jobOf(state, {
    displayName: 'octo/digits Train #7',
    createTime: iso(START),
    startTime: iso(START + 3 * MINUTE),
    endTime: iso(START + 72 * MINUTE),
    ...more,
  });
}

export const tuningJob = (trials: readonly Trial[], state = 'SUCCEEDED', more: Partial<Job> = {}): Job =>
  job(state, { name: TUNING, trials, ...more });

const gateOf = ({ metrics }: TrialResult): GateVerdict[] => [
  rule('accuracy', '>=', 0.95, metrics['accuracy']),
  rule('latency-ms', '<=', 20, metrics['latency-ms']),
];

/** A tuning job of digits with its best trial. */
export function tuning(count: number, more: Partial<SummaryParts> = {}): SummaryParts {
  const trials = digitsTrials(count);
  const best = bestTrial(trials, [ACCURACY]);
  return parts({
    job: tuningJob(trials),
    metrics: [ACCURACY],
    results: results({
      best: { ...NOTHING, trial: best, metrics: best?.metrics ?? {} },
      baseline: BASELINE,
      gate: best === undefined ? [] : gateOf(best),
    }),
    importance: importanceOf(trials, ACCURACY),
    ...more,
  });
}

/** The same with two metrics: the trials that no other is better than in both. */
export function twoMetrics(count: number): SummaryParts {
  const told = tuning(count);
  const metrics = [ACCURACY, LATENCY];
  const best = bestOf({ job: told.job, metrics, pick: 'nearest_to_ideal', metricsFile: undefined });
  const gate = best.trial === undefined ? [] : gateOf(best.trial);
  return { ...told, metrics, results: { ...told.results, best, gate } };
}

const PIPELINE = 'projects/1/locations/us-central1/trainingPipelines/99';
const NO_LINKS = { console: undefined, logs: undefined, tensorboard: undefined, output: undefined };
const USAGE = results().usage;

function allInfeasible(): SummaryParts {
  const trials = digitsTrials(4).map(
    ({ finalMeasurement: _, ...each }): Trial => ({
      ...each,
      state: 'INFEASIBLE',
      infeasibleReason: 'The replica workerpool0-0 exited with a non-zero status of 1.',
    }),
  );
  return parts({
    job: tuningJob(trials, 'FAILED'),
    metrics: [ACCURACY],
    cause: {
      message:
        'Too many trials failed. The last of them: the replica workerpool0-0 exited with a non-zero status of 1.',
      source: 'trial 4',
      lines: ['Traceback (most recent call last):', '  File "train.py", line 12, in <module>', "KeyError: 'lr'"],
      exitCode: 1,
      meaning: undefined,
    },
  });
}

const WITHIN_BASELINE: GateRule = {
  metric: 'accuracy',
  operator: '>=',
  bound: { kind: 'baseline', offset: -0.01, percent: false },
  text: 'accuracy >= baseline - 0.01',
};

function customJob(): SummaryParts {
  const metrics = { accuracy: 0.9741, loss: 0.0832, 'steps-per-s': 118.2 };
  const baseline = { ...BASELINE, metrics: { accuracy: 0.9712, loss: 0.0901 } };
  return parts({
    results: results({
      best: { ...NOTHING, metrics },
      baseline,
      gate: [judged(WITHIN_BASELINE, metrics, baseline)],
      usage: { ...USAGE, acceleratorHours: 0, cost: undefined },
      downloaded: { path: 'model', files: 3, bytes: 12_345_678 },
    }),
    links: { ...parts().links, tensorboard: 'https://us-central1.tensorboard.googleusercontent.com/experiment/1' },
  });
}

/** The job ended well, and its model could not be brought here. */
function undelivered(): SummaryParts {
  const told = customJob();
  return {
    ...told,
    results: { ...told.results, downloaded: undefined },
    failures: [
      'download: nothing lies in gs://my-bucket/digits/7/model/: does the program write its model to the folder that AIP_MODEL_DIR names? Without a model, leave download out.',
    ],
  };
}

const pipeline = (): SummaryParts =>
  parts({
    job: job('SUCCEEDED', { name: PIPELINE }),
    results: results({
      model: {
        name: 'projects/1/locations/us-central1/models/digits',
        version: '7',
        uri: 'gs://my-bucket/digits/7/model',
        aliases: ['default', 'main'],
      },
    }),
  });

const failure = (): SummaryParts =>
  parts({
    job: job('FAILED'),
    results: results({ usage: { ...USAGE, cost: undefined } }),
    cause: {
      message: 'The replica workerpool0-0 exited with a non-zero status of 137.',
      source: 'workerpool0-0',
      lines: ['step 1200: loss 0.31', '```', '::error::Killed <b>', '| not | a table |'],
      exitCode: 137,
      meaning: { rule: 'out-of-memory', text: 'The machine had no memory left: take a machine_type with more of it.' },
    },
  });

/** Named by what they show. */
export const SCENES: Readonly<Record<string, () => SummaryParts>> = {
  'one-trial': () => tuning(1),
  'twenty-trials': () => tuning(20),
  'thousand-trials': () => tuning(1_000),
  'all-infeasible': allInfeasible,
  'two-metrics': () => twoMetrics(30),
  'custom-job': customJob,
  undelivered,
  pipeline,
  failure,
  cancelled: () => ({
    ...tuning(6),
    job: tuningJob(digitsTrials(6), 'CANCELLED'),
    cause: { message: 'The job was cancelled.', source: undefined, lines: [], exitCode: undefined, meaning: undefined },
    results: results({ usage: { ...USAGE, cost: undefined, machineHours: undefined, acceleratorHours: undefined } }),
  }),
  detached: () =>
    parts({
      job: job('PENDING', { startTime: undefined, endTime: undefined }),
      links: NO_LINKS,
      results: results({
        usage: {
          ...USAGE,
          elapsedMs: 90_000,
          queuedMs: 90_000,
          machineHours: undefined,
          acceleratorHours: undefined,
          cost: undefined,
          caveats: ['The job still runs: what it has used so far is counted.'],
        },
      }),
      notes: [leftNote(job().name)],
      now: START + 90_000,
    }),
};

/** One of them by its name. */
export function scene(name: string): SummaryParts {
  const made = SCENES[name];
  if (made === undefined) throw new Error(`there is no scene ${name}`);
  return made();
}
