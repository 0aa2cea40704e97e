import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { isMap, isSeq, parse, parseDocument } from 'yaml';
import { faultText } from '../src/faults.ts';
import { workspaceView } from '../src/inputs/files.ts';
import { INPUT_NAMES, type InputName } from '../src/inputs/raw.ts';
import { readStep, type Step } from '../src/inputs/step.ts';
import { measurementsOf, parseReports } from '../src/local/study/metrics-file.ts';
import { judgePlan } from '../src/plan/plan.ts';
import { SWEEP_INPUTS } from '../src/sweep/inputs.ts';
import { readSweepStep } from '../src/sweep/step.ts';

const root = new URL('..', import.meta.url).pathname;
const readme = readFileSync(`${root}README.md`, 'utf8');
const example = `${root}examples/digits`;

interface ShownStep {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** Every step in a YAML block that uses this action, whether the block is a workflow, or steps. */
function steps(block: string): readonly ShownStep[] {
  const { contents } = parseDocument(block);
  const value: unknown = parse(block);
  if (isSeq(contents)) return value as readonly ShownStep[];
  if (!isMap(contents) || !contents.has('jobs')) return [];
  const jobs = Object.values(
    (value as { readonly jobs: Readonly<Record<string, { readonly steps: readonly ShownStep[] }>> }).jobs,
  );
  return jobs.flatMap((job) => job.steps);
}

const blocks = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = '']) => block);
const ours = blocks.flatMap(steps).filter(({ uses }) => uses?.includes('train-on-vertex@'));
const SWEEP = 'train-on-vertex/sweep@';
const sweeps = blocks.flatMap(steps).filter(({ uses }) => uses?.includes(SWEEP));
/** Inputs that are shown without their step. */
const fragments = blocks.filter((block) => steps(block).length === 0);

const JOB = 'projects/123456789/locations/us-central1/hyperparameterTuningJobs/7';

/** What a run puts in place of what only it knows. */
const evaluated = (text: string) => text.replace(/\$\{\{ github\.run_id \}\}/, '9000000001');

function stepOf(inputs: Readonly<Record<string, unknown>>): Step {
  const env = { GITHUB_WORKSPACE: example, ACTIONS_ID_TOKEN_REQUEST_URL: 'set', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'set' };
  return readStep(
    env,
    (name: InputName) => evaluated(String(inputs[name] ?? (name === 'github_token' ? 'a-token' : ''))),
    () => {},
  );
}

function errorsOf(inputs: Readonly<Record<string, unknown>>): string[] {
  // What an earlier step hands on is a job's name.
  const faults =
    inputs['job'] === undefined ? judgePlan(stepOf(inputs)).errors : stepOf({ ...inputs, job: JOB }).faults;
  return faults.map(faultText);
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly permissions?: Readonly<Record<string, string>>;
        readonly outputs?: Readonly<Record<string, string>>;
        readonly strategy?: { readonly matrix?: Readonly<Record<string, string>> };
      }
    >
  >;
}

describe('README.md', () => {
  test('shows steps, and fragments of inputs', () => {
    expect(ours.length).toBeGreaterThanOrEqual(3);
    expect(fragments).toHaveLength(1);
    expect(workspaceView(example).exists('Dockerfile')).toBe(true);
  });

  test.each(ours.map((step, index) => [index + 1, step] as const))(
    'step %i has known inputs, and a plan without errors',
    (_, step) => {
      const names = Object.keys(step.with ?? {});
      expect(names.filter((name) => !(INPUT_NAMES as readonly string[]).includes(name))).toEqual([]);
      expect(errorsOf(step.with ?? {})).toEqual([]);
    },
  );

  test('says what it fails over to', () => {
    const step = ours.find((each) => each.with?.['fallback_hardware'] !== undefined);
    const { plan, warnings } = judgePlan(stepOf(step?.with ?? {}));
    const hardware = [
      '1 x NVIDIA_L4 on g2-standard-4, SPOT',
      '1 x NVIDIA_L4 on g2-standard-4',
      '2 x NVIDIA_TESLA_T4 on n1-standard-8, SPOT',
    ];
    expect(plan?.choices.map((choice) => [choice.region, choice.hardware])).toEqual(
      ['us-central1', 'europe-west4'].flatMap((region) => hardware.map((each) => [region, each])),
    );
    expect(warnings.map(faultText).filter((text) => /region|fallback|failover/.test(text))).toEqual([]);
  });

  test('shows a sweep on a schedule, and another whose finds are followed', () => {
    expect(sweeps.map((step) => readSweep(step).inputs)).toMatchObject([
      { regions: ['us-central1', 'europe-west4'], cancel: true },
      { regions: ['us-central1'], cancel: false },
    ]);
    const follow = blocks.find((block) => block.includes(SWEEP) && block.includes('matrix.left.job'));
    const { jobs } = parse(follow ?? '') as Workflow;
    const expression = (text: string) => `\${{ ${text} }}`;
    expect(jobs['find']?.outputs).toEqual({ leftovers: expression('steps.sweep.outputs.leftovers') });
    expect(jobs['follow']?.strategy?.matrix).toEqual({ left: expression('fromJSON(needs.find.outputs.leftovers)') });
  });

  /** As the runner hands it the inputs; they are known, and without a fault. */
  function readSweep(sweep: ShownStep | undefined) {
    const inputs = sweep?.with ?? {};
    expect(Object.keys(inputs).filter((name) => !(SWEEP_INPUTS as readonly string[]).includes(name))).toEqual([]);
    const env = {
      GITHUB_REPOSITORY: 'octo-org/digits',
      GITHUB_REPOSITORY_ID: '1',
      GITHUB_RUN_ID: '2',
      ACTIONS_ID_TOKEN_REQUEST_URL: 'set',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'set',
    };
    const step = readSweepStep(env, (name) => String(inputs[name] ?? (name === 'token' ? 'a-token' : '')));
    expect(step.faults.map(faultText)).toEqual([]);
    return step;
  }

  test('gives a sweep all the rights that it takes', () => {
    const { on, jobs } = parse(blocks.find((block) => block.includes(SWEEP)) ?? '') as Workflow;
    expect(on).toMatchObject({ schedule: [{ cron: expect.any(String) }] });
    expect(Object.values(jobs).map(({ permissions }) => permissions)).toEqual([
      { actions: 'read', 'id-token': 'write' },
    ]);
  });

  test('gives a step with a gate on the baseline and a comment all the rights that they take', () => {
    const block = blocks.find((each) => each.includes('comment: ') && each.includes('baseline')) ?? '';
    const { on, jobs } = parse(block) as Workflow;
    expect(Object.keys(on)).toEqual(['push', 'pull_request']);
    expect(Object.values(jobs).map(({ permissions }) => permissions)).toEqual([
      { actions: 'read', contents: 'read', 'id-token': 'write', 'pull-requests': 'write' },
    ]);
  });

  test('asks the step that follows a job for what comes of it, which one that leaves at once is refused', () => {
    const follow = ours.find((step) => step.with?.['job'] !== undefined && step.with['gate'] !== undefined);
    const results = ['metrics_file', 'gate', 'download'];
    expect(Object.keys(follow?.with ?? {})).toEqual(expect.arrayContaining(results));
    const train = ours.find((step) => step.with?.['detach_after'] !== undefined);
    const asked = results.map((name) => [name, follow?.with?.[name]] as const);
    const left = { ...train?.with, ...Object.fromEntries(asked), detach_after: '', wait: 'false' };
    expect(errorsOf(left).filter((text) => text.includes('wait is false'))).toHaveLength(2);
  });

  test('the lines of the metric file that it shows are read as one measurement', () => {
    const [, lines = ''] = /<!-- hypertune -->\n```json\n([\s\S]*?)```/.exec(readme) ?? [];
    const metrics = ['accuracy', 'loss'].map((metricId) => ({ metricId, goal: 'MAXIMIZE' as const }));
    expect(measurementsOf({ metrics, parameters: [] }, parseReports(lines), 1_763_999_990)).toEqual([
      {
        elapsedDuration: '10.250s',
        stepCount: '3',
        metrics: [
          { metricId: 'accuracy', value: 0.93 },
          { metricId: 'loss', value: 0.21 },
        ],
      },
    ]);
  });

  test('the parameters that it shows are accepted', () => {
    const { parameters } = parse(fragments[0] ?? '') as { readonly parameters: string };
    const inputs = { project_id: 'my-project', region: 'local', metrics: 'accuracy: maximize', parameters };
    const grammar = errorsOf(inputs).filter((text) => text.startsWith('parameters'));
    expect(grammar).toEqual([]);
  });
});
