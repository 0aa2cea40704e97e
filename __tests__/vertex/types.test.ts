import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import {
  ACCELERATOR_TYPES,
  ALGORITHMS,
  GOALS,
  JOB_STATES,
  MEASUREMENT_SELECTIONS,
  SCALE_TYPES,
  TRIAL_STATES,
} from '../../src/vertex/types.ts';

interface Node {
  readonly nested?: Readonly<Record<string, Node>>;
  readonly values?: Readonly<Record<string, number>>;
}

/** What Google's own client says of the API. */
const protos = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('@google-cloud/aiplatform/build/protos/protos.json'), 'utf8'),
) as Node;

/** The names of an enum at their wire numbers. */
function enumOf(path: string): (string | undefined)[] {
  let node: Node | undefined = protos;
  for (const part of `google.cloud.aiplatform.v1.${path}`.split('.')) node = node?.nested?.[part];
  const names: (string | undefined)[] = [];
  for (const [name, number] of Object.entries(node?.values ?? {})) names[number] = name;
  return names;
}

describe("enums are those of Google's client, number by number", () => {
  test.each([
    { path: 'JobState', names: JOB_STATES.map((state) => `JOB_STATE_${state}`) },
    { path: 'AcceleratorType', names: [...ACCELERATOR_TYPES] },
    { path: 'Trial.State', names: [...TRIAL_STATES] },
    { path: 'StudySpec.MetricSpec.GoalType', names: [...GOALS] },
    { path: 'StudySpec.ParameterSpec.ScaleType', names: [...SCALE_TYPES] },
    { path: 'StudySpec.MeasurementSelectionType', names: [...MEASUREMENT_SELECTIONS] },
  ])('$path', ({ path, names }) => {
    expect(names).toEqual(enumOf(path));
  });

  test('StudySpec.Algorithm', () => {
    const names = enumOf('StudySpec.Algorithm');
    for (const [name, number] of Object.entries(ALGORITHMS)) expect(names[number]).toBe(name);
    expect(Object.keys(ALGORITHMS)).toHaveLength(names.filter((name) => name !== undefined).length);
  });
});
