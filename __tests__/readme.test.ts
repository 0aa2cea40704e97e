import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { isMap, isSeq, parse, parseDocument } from 'yaml';
import { faultText } from '../src/faults.ts';
import { workspaceView } from '../src/inputs/files.ts';
import { INPUT_NAMES, type InputName } from '../src/inputs/raw.ts';
import { readStep } from '../src/inputs/step.ts';
import { judgePlan } from '../src/plan/plan.ts';

const root = new URL('..', import.meta.url).pathname;
const readme = readFileSync(`${root}README.md`, 'utf8');
const example = `${root}examples/digits`;

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** Every step in a YAML block that uses this action, whether the block is a workflow, or steps. */
function steps(block: string): readonly Step[] {
  const { contents } = parseDocument(block);
  const value: unknown = parse(block);
  if (isSeq(contents)) return value as readonly Step[];
  if (!isMap(contents) || !contents.has('jobs')) return [];
  const jobs = Object.values(
    (value as { readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>> }).jobs,
  );
  return jobs.flatMap((job) => job.steps);
}

const blocks = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = '']) => block);
const ours = blocks.flatMap(steps).filter(({ uses }) => uses?.includes('train-on-vertex@'));
/** Inputs that are shown without their step. */
const fragments = blocks.filter((block) => steps(block).length === 0);

function errorsOf(inputs: Readonly<Record<string, unknown>>): string[] {
  const env = { GITHUB_WORKSPACE: example, ACTIONS_ID_TOKEN_REQUEST_URL: 'set', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'set' };
  const raw = (name: InputName) => String(inputs[name] ?? '');
  return judgePlan(readStep(env, raw)).errors.map(faultText);
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

  test('the parameters that it shows are accepted', () => {
    const { parameters } = parse(fragments[0] ?? '') as { readonly parameters: string };
    const inputs = { project_id: 'my-project', region: 'local', metrics: 'accuracy: maximize', parameters };
    const grammar = errorsOf(inputs).filter((text) => text.startsWith('parameters'));
    expect(grammar).toEqual([]);
  });
});
