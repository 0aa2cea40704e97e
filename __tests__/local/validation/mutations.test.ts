import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import machines from '../../../catalog/machines.json' with { type: 'json' };
import { readCustomJob, readTuningJob } from '../../../src/local/validation/job.ts';
import { enumSchema, messageSchema } from '../../../src/vertex/schema.ts';
import { changedAt, fullJob, fullTuning, inSnakeCase, pathOf, spotsOf } from './everything.ts';
import { refusal, violations } from './requests.ts';

const KINDS = [
  { kind: 'custom job', type: 'CustomJob', root: 'custom_job', full: fullJob, read: readCustomJob },
  {
    kind: 'tuning job',
    type: 'HyperparameterTuningJob',
    root: 'hyperparameter_tuning_job',
    full: fullTuning,
    read: readTuningJob,
  },
] as const;

/** The type of the field at a place; undefined for the root, for an item's own list and for what is in a map. */
function typeAt(root: string, keys: readonly (string | number)[]): string | undefined {
  return keys.reduce<string | undefined>((type, key) => {
    if (type === undefined || typeof key === 'number') return type;
    const field = messageSchema(type)?.[key];
    return field?.key === undefined ? field?.type : undefined;
  }, root);
}

/** The field at a place with its message: `MachineSpec.machineType`; undefined in a map. */
function fieldAt(root: string, keys: readonly (string | number)[]): string | undefined {
  const last = keys.findLastIndex((key) => typeof key === 'string');
  const message = last === -1 ? undefined : typeAt(root, keys.slice(0, last));
  return message === undefined ? undefined : `${message}.${keys[last]}`;
}

/** They exclude others, or their messages, that are set. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'CustomJobSpec.persistentResourceId',
  'MachineSpec.tpuTopology',
  'StudySpec.decayCurveStoppingSpec',
  'StudySpec.medianAutomatedStoppingSpec',
]);

describe.each(KINDS)('a $kind that sets everything', ({ type, root, full, read }) => {
  const where = (keys: readonly (string | number)[]) => [root, pathOf(keys)].filter((part) => part !== '').join('.');
  const spots = spotsOf(full);
  const leaves = spots.filter(({ value }) => typeof value !== 'object');

  it('is taken, and answered as it came', () => {
    expect(violations(() => read(full))).toEqual([]);
    // An empty variable is one without a value.
    expect(read(full)).toEqual(full);
  });

  it('leaves no field of its messages out but those that exclude others', () => {
    const set = new Set(spots.flatMap(({ keys }) => fieldAt(type, keys) ?? []));
    const messages = new Set([type, ...spots.flatMap(({ keys }) => typeAt(type, keys) ?? [])]);
    const fields = [...messages].flatMap((message) =>
      Object.entries(messageSchema(message) ?? {}).flatMap(([name, { behavior }]) =>
        behavior === 'OUTPUT_ONLY' ? [] : [`${message}.${name}`],
      ),
    );
    expect(fields.filter((field) => !set.has(field) && !LEFT_OUT.has(field))).toEqual([]);
  });

  it('is the same in snake_case, with enums by number and int64 as numbers', () => {
    const numbered = leaves.reduce<unknown>((changed, { keys, value }) => {
      const field = typeAt(type, keys) ?? '';
      const number = enumSchema(field)?.[String(value)] ?? (field === 'int64' ? Number(value) : undefined);
      return number === undefined ? changed : changedAt(changed, keys, () => number);
    }, full);
    expect(numbered).not.toEqual(full);
    expect(read(numbered)).toEqual(full);
    expect(read(inSnakeCase(full))).toEqual(full);
  });

  const messages = spots.filter(({ keys, value }) => {
    const isMap = keys.includes('labels');
    return typeof value === 'object' && !Array.isArray(value) && !isMap;
  });
  it.each(messages.map(({ keys }) => [where(keys), keys] as const))(
    'is refused with an unknown field in %s',
    (path, keys) => {
      const body = changedAt(full, keys, (found) => ({ ...(found as object), nope: 1 }));
      const description = `Invalid JSON payload received. Unknown name "nope" at '${path}': Cannot find field.`;
      expect(violations(() => read(body))).toEqual([`${path}: ${description}`]);
    },
  );

  it.each(leaves.map(({ keys }) => [where(keys), keys] as const))('is refused with an object for %s', (path, keys) => {
    const body = changedAt(full, keys, () => ({ a: [] }));
    expect(violations(() => read(body))).toEqual([expect.stringContaining(`${path}: Invalid value at '${path}' (`)]);
  });

  const required = spots.filter(({ keys }) => {
    const [message = '', name = ''] = fieldAt(type, keys)?.split(/\.(?=\w+$)/) ?? [];
    const field = messageSchema(message)?.[name];
    const isValue = /^(?:int|double|EnvVar\.value|StudySpec\.MetricSpec\.goal)/.test(`${message}.${name}`);
    const isNumber = /^(?:int32|int64|double)$/.test(field?.type ?? '') && field?.repeated !== true;
    return field?.behavior === 'REQUIRED' && !isValue && !isNumber && typeof keys.at(-1) !== 'number';
  });
  it.each(required.map(({ keys }) => [pathOf(keys), keys] as const))('is refused without %s', (path, keys) => {
    const found = violations(() => read(changedAt(full, keys, () => null)));
    expect(found).toContain(`${path}: Required field is not set.`);
  });

  const HOSTILE: readonly unknown[] = [
    null,
    {},
    [],
    [[]],
    [null],
    '',
    'x',
    '\u0000',
    '\ud800',
    0,
    -1,
    1.5,
    2 ** 53,
    Number.POSITIVE_INFINITY,
    'NaN',
    '-9223372036854775809',
    true,
    JSON.parse('{"__proto__":{"x":1},"constructor":null,"toString":[]}'),
    'x'.repeat(10_000),
  ];
  it('is taken or refused with anything anywhere, and never breaks', () => {
    for (const { keys } of spots) {
      for (const value of HOSTILE) {
        const found = refusal(() => read(changedAt(full, keys, () => value)));
        expect(found).toMatch(/^(?:INVALID_ARGUMENT: [\s\S]|accepted$)/);
      }
    }
  });
});

/** Every machine of the catalog with every accelerator and topology that it can have. */
const MACHINES = Object.entries(
  machines as Readonly<
    Record<
      string,
      {
        readonly accelerators: Readonly<Record<string, readonly number[]>>;
        readonly acceleratorRequired: boolean;
        readonly tpuTopologies?: object;
      }
    >
  >,
).flatMap(([machineType, { accelerators, acceleratorRequired, tpuTopologies }]) => [
  ...(acceleratorRequired ? [] : [{ machineType }]),
  ...Object.keys(tpuTopologies ?? {}).map((tpuTopology) => ({ machineType, tpuTopology })),
  ...Object.entries(accelerators).flatMap(([acceleratorType, counts]) =>
    counts.map((acceleratorCount) => ({ machineType, acceleratorType, acceleratorCount })),
  ),
]);

describe('machines of the catalog', () => {
  it('are all taken, on their own', () => {
    for (const machineSpec of MACHINES) {
      const body = {
        displayName: 'j',
        jobSpec: { workerPoolSpecs: [{ machineSpec, containerSpec: { imageUri: 'i' } }] },
      };
      expect([machineSpec, violations(() => readCustomJob(body))]).toEqual([machineSpec, []]);
    }
  });

  const noTpu = MACHINES.filter((machine) => !('tpuTopology' in machine) && machine.machineType !== 'cloud-tpu');
  it('are taken in any pools, and what was taken is taken again', () => {
    const pool = fc.record(
      {
        machineSpec: fc.constantFrom(...noTpu),
        containerSpec: fc.record(
          { imageUri: fc.constant('i'), args: fc.array(fc.string()) },
          { requiredKeys: ['imageUri'] },
        ),
        replicaCount: fc.constantFrom(1, '1'),
        diskSpec: fc.record({ bootDiskSizeGb: fc.integer({ min: 100, max: 64_000 }) }),
      },
      { requiredKeys: ['containerSpec'] },
    );
    fc.assert(
      fc.property(pool, fc.array(fc.oneof(pool, fc.constant({})), { maxLength: 3 }), (first, others) => {
        const body = { displayName: 'j', jobSpec: { workerPoolSpecs: [first, ...others] } };
        const once = readCustomJob(body);
        expect(readCustomJob(once)).toEqual(once);
      }),
    );
  });

  it('are refused with any other accelerator or count', () => {
    const types = Object.keys(enumSchema('AcceleratorType') ?? {}).slice(1);
    const pairs = new Set(MACHINES.map((machine) => JSON.stringify(machine)));
    fc.assert(
      fc.property(
        fc.constantFrom(...noTpu),
        fc.constantFrom(...types),
        fc.integer({ min: 1, max: 17 }),
        ({ machineType }, acceleratorType, acceleratorCount) => {
          const machineSpec = { machineType, acceleratorType, acceleratorCount };
          const body = {
            displayName: 'j',
            jobSpec: { workerPoolSpecs: [{ machineSpec, containerSpec: { imageUri: 'i' } }] },
          };
          const expected = pairs.has(JSON.stringify(machineSpec)) ? 0 : 1;
          expect(violations(() => readCustomJob(body))).toHaveLength(expected);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
