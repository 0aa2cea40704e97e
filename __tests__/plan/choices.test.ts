import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PlannedChoice } from '../../src/plan/choices.ts';
import { KEY_LABEL, REQUEST_LABEL, SERIES_LABEL } from '../../src/plan/labels.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Given } from '../inputs/given.ts';
import { planned, TUNING, yaml } from './request/judge.ts';

const REGIONS = 'us-central1\neurope-west4';

/** The choices as the log tells them. */
const listed = (given: Given, config?: string) =>
  planned(given, config).choices.map(({ hardware, region }) => `${hardware} in ${region}`);

/** The hardware of the first region. */
const hardwareOf = (given: Given, config?: string) => planned(given, config).choices.map(({ hardware }) => hardware);

const poolsOf = ({ draft }: PlannedChoice) => draft.spec.workerPoolSpecs;

const at = (plan: Pick<Plan, 'choices'>, index: number): PlannedChoice => {
  const choice = plan.choices[index];
  if (choice === undefined) throw new Error(`there are ${plan.choices.length} choices`);
  return choice;
};

describe('the order', () => {
  test.each<{ name: string; given: Given; choices: string[] }>([
    {
      name: 'one of both',
      given: { accelerator_type: 'l4' },
      choices: ['1 x NVIDIA_L4 on g2-standard-4 in us-central1'],
    },
    {
      name: 'several regions',
      given: { region: REGIONS, accelerator_type: 'l4', accelerator_count: '2' },
      choices: ['2 x NVIDIA_L4 on g2-standard-24 in us-central1', '2 x NVIDIA_L4 on g2-standard-24 in europe-west4'],
    },
    {
      name: 'several hardware',
      given: {
        accelerator_type: 'l4',
        fallback_hardware: '- { accelerator_type: t4 }\n- { machine_type: n1-standard-8 }',
      },
      choices: [
        '1 x NVIDIA_L4 on g2-standard-4 in us-central1',
        '1 x NVIDIA_TESLA_T4 on n1-standard-4 in us-central1',
        'n1-standard-8 in us-central1',
      ],
    },
    {
      name: 'both: all hardware in one region before the next',
      given: { region: REGIONS, accelerator_type: 'l4', fallback_hardware: '- { accelerator_type: t4 }' },
      choices: [
        '1 x NVIDIA_L4 on g2-standard-4 in us-central1',
        '1 x NVIDIA_TESLA_T4 on n1-standard-4 in us-central1',
        '1 x NVIDIA_L4 on g2-standard-4 in europe-west4',
        '1 x NVIDIA_TESLA_T4 on n1-standard-4 in europe-west4',
      ],
    },
    {
      name: 'on this machine',
      given: { region: 'local', fallback_hardware: '- { machine_type: n1-standard-8 }' },
      choices: ['n1-standard-4 in local', 'n1-standard-8 in local'],
    },
  ])('$name', ({ given, choices }) => {
    expect(listed(given)).toEqual(choices);
  });

  test('the plan itself tells of the first', () => {
    const plan = planned({ region: REGIONS, accelerator_type: 'l4', fallback_hardware: '- { accelerator_type: t4 }' });
    const { draft, job, origins, machineWhy } = plan.choices[0];
    expect([plan.draft, plan.job, plan.origins, plan.machineWhy]).toEqual([draft, job, origins, machineWhy]);
    expect(plan.choices.map(({ machineWhy: [why] }) => why)).toEqual([
      expect.stringContaining('g2-standard-4: the smallest with 1 NVIDIA_L4'),
      expect.stringContaining('n1-standard-4: the smallest with 1 NVIDIA_TESLA_T4'),
      expect.stringContaining('g2-standard-4'),
      expect.stringContaining('n1-standard-4'),
    ]);
  });
});

describe('an item', () => {
  const ALL: Given = {
    machine_type: 'g2-standard-24',
    accelerator_type: 'l4',
    accelerator_count: '2',
    strategy: 'spot',
  };

  test.each<{ name: string; given?: Given; item: string; hardware: string }>([
    {
      name: 'that names an accelerator keeps neither machine nor count',
      item: 'accelerator_type: t4',
      hardware: '1 x NVIDIA_TESLA_T4 on n1-standard-4, SPOT',
    },
    {
      name: 'that names a machine keeps no accelerator',
      item: 'machine_type: n1-standard-8',
      hardware: 'n1-standard-8, SPOT',
    },
    {
      name: 'that names a topology keeps no GPU',
      item: 'machine_type: ct5lp-hightpu-4t, tpu_topology: 2x2',
      hardware: 'ct5lp-hightpu-4t as 2x2, SPOT',
    },
    {
      name: 'with a count alone keeps the rest',
      item: 'accelerator_count: 4',
      given: { machine_type: '' },
      hardware: '4 x NVIDIA_L4 on g2-standard-48, SPOT',
    },
    {
      name: 'with a strategy alone keeps the machine',
      item: 'strategy: standard',
      hardware: '2 x NVIDIA_L4 on g2-standard-24',
    },
    {
      name: 'with a strategy for which a wait is set',
      item: 'strategy: flex-start, max_wait_duration: 2h',
      hardware: '2 x NVIDIA_L4 on g2-standard-24, FLEX_START for 7200s',
    },
    {
      name: 'of another strategy than flex-start has no wait',
      given: { strategy: 'flex-start', max_wait_duration: '1h' },
      item: 'strategy: spot',
      hardware: '2 x NVIDIA_L4 on g2-standard-24, SPOT',
    },
    {
      name: 'keeps strategy and wait where it names none',
      given: { strategy: 'flex-start', max_wait_duration: '1h' },
      item: 'accelerator_type: a100',
      hardware: '1 x NVIDIA_TESLA_A100 on a2-highgpu-1g, FLEX_START for 3600s',
    },
  ])('$name', ({ given = {}, item, hardware }) => {
    expect(hardwareOf({ ...ALL, ...given, fallback_hardware: `- { ${item} }` })[1]).toBe(hardware);
  });

  test('keeps scheduling that it cannot give, and the program', () => {
    const given = { timeout: '2h', disable_retries: 'true', args: '--epochs=3', boot_disk_size_gb: '200' };
    const [first, second] = planned({
      ...ALL,
      ...given,
      fallback_hardware: '- { accelerator_type: t4, strategy: standard }',
    }).choices;
    expect(second?.draft.spec.scheduling).toEqual({ timeout: '7200s', disableRetries: true, strategy: 'STANDARD' });
    expect(second && poolsOf(second)[0]?.containerSpec).toEqual(poolsOf(first)[0]?.containerSpec);
    expect(second && poolsOf(second)[0]?.diskSpec).toEqual({ bootDiskSizeGb: 200 });
  });

  test('is for every machine that trains', () => {
    const plan = planned({
      ...ALL,
      replica_count: '3',
      reduction_servers: '2',
      fallback_hardware: '- { accelerator_type: t4 }',
    });
    expect(
      poolsOf(at(plan, 1)).map(({ machineSpec, replicaCount }) => [replicaCount, machineSpec?.machineType]),
    ).toEqual([
      ['1', 'n1-standard-4'],
      ['2', 'n1-standard-4'],
      ['2', 'n1-highcpu-16'],
    ]);
  });

  test('leaves reduction servers their machine, though the chief has the same', () => {
    const given = { machine_type: 'n1-highcpu-16', replica_count: '2', reduction_servers: '1' };
    const plan = planned({ ...given, fallback_hardware: '- { accelerator_type: t4 }' });
    expect(poolsOf(at(plan, 1)).map(({ machineSpec }) => machineSpec?.machineType)).toEqual([
      'n1-standard-4',
      'n1-standard-4',
      'n1-highcpu-16',
    ]);
  });

  test('that asks for what stands before it is passed over', () => {
    const given = {
      accelerator_type: 'l4',
      fallback_hardware:
        '- { machine_type: g2-standard-4 }\n- { accelerator_type: t4 }\n- { accelerator_type: nvidia-tesla-t4 }',
    };
    const { choices, warnings } = planned(given);
    expect(choices.map(({ hardware }) => hardware)).toEqual([
      '1 x NVIDIA_L4 on g2-standard-4',
      '1 x NVIDIA_TESLA_T4 on n1-standard-4',
    ]);
    expect(warnings.map(({ message }) => message)).toEqual([
      'item 1 asks for hardware that stands before it, and is passed over. Change it, or remove it.',
      'item 3 asks for hardware that stands before it, and is passed over. Change it, or remove it.',
    ]);
  });
});

describe('with a config', () => {
  const CONFIG = yaml`
    workerPoolSpecs:
    - machineSpec: { machineType: a2-highgpu-1g, acceleratorType: NVIDIA_TESLA_A100, acceleratorCount: 1, reservationAffinity: { reservationAffinityType: ANY_RESERVATION } }
      replicaCount: 1
    - machineSpec: { machineType: a2-highgpu-1g, acceleratorType: NVIDIA_TESLA_A100, acceleratorCount: 1 }
      replicaCount: 3
    - {}
    - machineSpec: { machineType: e2-standard-4 }
      replicaCount: 1
    scheduling: { strategy: FLEX_START, maxWaitDuration: 60s }
  `;

  test('an item takes the place of the machine of the first pool, and of those like it', () => {
    const plan = planned(
      {
        fallback_hardware: '- { accelerator_type: l4, strategy: standard }',
        ignore: 'flex-start-machines\nflex-start-reservation\nflex-start-accelerator',
      },
      CONFIG,
    );
    expect(poolsOf(at(plan, 1)).map(({ machineSpec }) => machineSpec)).toEqual([
      { machineType: 'g2-standard-4', acceleratorType: 'NVIDIA_L4', acceleratorCount: 1 },
      { machineType: 'g2-standard-4', acceleratorType: 'NVIDIA_L4', acceleratorCount: 1 },
      undefined,
      { machineType: 'e2-standard-4' },
    ]);
    expect(at(plan, 1).draft.spec.scheduling).toEqual({ strategy: 'STANDARD', timeout: '86400s' });
    expect(plan.choices.map(({ hardware }) => hardware)).toEqual([
      '1 x NVIDIA_TESLA_A100 on a2-highgpu-1g, reserved, FLEX_START for 60s',
      '1 x NVIDIA_L4 on g2-standard-4',
    ]);
  });

  test('the reservation goes with the machine that it is of', () => {
    const config = CONFIG.replace(/scheduling:.*/, '');
    expect(hardwareOf({ fallback_hardware: '- { machine_type: a2-highgpu-1g }' }, config)).toEqual([
      '1 x NVIDIA_TESLA_A100 on a2-highgpu-1g, reserved',
      '1 x NVIDIA_TESLA_A100 on a2-highgpu-1g',
    ]);
  });

  test('machines of a persistent resource', () => {
    const given = { persistent_resource_id: 'pool', machine_type: 'n1-standard-4' };
    expect(hardwareOf({ ...given, fallback_hardware: '- { machine_type: n1-standard-8 }' })).toEqual([
      'n1-standard-4, of pool',
      'n1-standard-8, of pool',
    ]);
  });
});

test.each<{ name: string; given: Given; group: string }>([
  {
    name: 'an accelerator with its number',
    given: { accelerator_type: 'l4', accelerator_count: '2' },
    group: '2 NVIDIA_L4',
  },
  { name: 'Spot', given: { accelerator_type: 'l4', strategy: 'spot' }, group: 'preemptible 1 NVIDIA_L4' },
  { name: 'flex-start', given: { accelerator_type: 'l4', strategy: 'flex-start' }, group: 'preemptible 1 NVIDIA_L4' },
  { name: 'no accelerator', given: { machine_type: 'n2-standard-8' }, group: 'n2' },
])('quotas count by $name', ({ given, group }) => {
  expect(planned(given).choices[0].quotaGroup).toBe(group);
});

describe('one request', () => {
  const FIRST: Given = { region: REGIONS, accelerator_type: 'l4' };
  const SECOND: Given = { ...FIRST, fallback_hardware: '- { accelerator_type: t4 }' };
  const labelsOf = (given: Given) => planned(given).choices.map(({ job }) => job.resource.labels ?? {});
  const hashOf = (given: Given) => labelsOf(given)[0]?.[REQUEST_LABEL];

  test('whichever choice is sent: name and labels are the same', () => {
    const { choices } = planned(SECOND);
    expect(
      new Set(choices.map(({ job }) => JSON.stringify([job.resource.displayName, job.resource.labels]))).size,
    ).toBe(1);
    expect(choices.map(({ job }) => job.parent)).toEqual([
      'projects/my-project/locations/us-central1',
      'projects/my-project/locations/us-central1',
      'projects/my-project/locations/europe-west4',
      'projects/my-project/locations/europe-west4',
    ]);
  });

  test('is what it always was where there is one hardware, wherever that is', () => {
    expect(hashOf(FIRST)).toBe(hashOf({ accelerator_type: 'l4' }));
    expect(hashOf(FIRST)).toBe(hashOf({ accelerator_type: 'l4', region: 'europe-west4' }));
    expect(hashOf(FIRST)).toBe(hashOf({ accelerator_type: 'l4', fallback_hardware: '- { accelerator_type: l4 }' }));
  });

  test('is another where other hardware will do, or comes first', () => {
    const T4 = { ...FIRST, accelerator_type: 't4' };
    const swapped = { ...T4, fallback_hardware: '- { accelerator_type: l4 }' };
    expect(new Set([hashOf(FIRST), hashOf(SECOND), hashOf(T4), hashOf(swapped)]).size).toBe(4);
  });

  test('of any kind of job', () => {
    const { choices } = planned({ ...SECOND, ...TUNING });
    expect(choices.map(({ job }) => job.collection)).toEqual(Array(4).fill('hyperparameterTuningJobs'));
    expect(choices.map(({ draft }) => draft.study)).toEqual(Array(4).fill(choices[0].draft.study));
  });
});

describe('whatever regions and hardware are given', () => {
  const machines = [
    'machine_type: n1-standard-8',
    'accelerator_type: t4',
    'accelerator_type: l4',
    'accelerator_type: a100',
  ];
  const schedules = ['strategy: spot', 'strategy: standard', 'strategy: flex-start'];
  const item = fc
    .tuple(fc.option(fc.constantFrom(...machines)), fc.option(fc.constantFrom(...schedules)))
    .map((parts) => parts.filter((part) => part !== null))
    .filter((parts) => parts.length > 0)
    .map((parts) => `- { ${parts.join(', ')} }`);
  const given = fc.record({
    region: fc
      .shuffledSubarray(['us-central1', 'europe-west4', 'us-east1', 'asia-northeast1'], { minLength: 1 })
      .map((names) => names.join('\n')),
    accelerator_type: fc.constantFrom('', 'l4', 'a100'),
    fallback_hardware: fc.array(item, { maxLength: 5 }).map((items) => items.join('\n')),
  });

  test('each is tried once, in order, as one request, and its job is that of a step with it alone', () => {
    fc.assert(
      fc.property(given, (each) => {
        const { choices } = planned(each);
        const regions = each.region.split('\n');
        const [own] = regions.map((region) => choices.filter((choice) => choice.region === region));
        const hardware = (own ?? []).map((choice) => choice.hardware);
        expect(choices.map((choice) => [choice.region, choice.hardware])).toEqual(
          regions.flatMap((region) => hardware.map((name) => [region, name])),
        );
        expect(new Set(hardware).size).toBe(hardware.length);
        for (const label of [REQUEST_LABEL, KEY_LABEL, SERIES_LABEL]) {
          expect(new Set(choices.map(({ job }) => job.resource.labels?.[label])).size).toBe(1);
        }
        const alone = regions.map((region) => planned({ ...each, region, fallback_hardware: '' }));
        expect(choices.filter((choice) => choice.hardware === hardware[0]).map(({ draft }) => draft)).toEqual(
          alone.map(({ draft }) => draft),
        );
        for (const { draft, region, job } of choices) {
          expect([draft.region, job.parent]).toEqual([region, `projects/my-project/locations/${region}`]);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('an item that names a machine is what a step would get whose inputs name it', () => {
    const own = fc.record({
      machine: fc.constantFrom('g2-standard-4', ''),
      accelerator_type: fc.constantFrom('l4', ''),
      strategy: fc.constantFrom('spot', 'flex-start', ''),
      replica_count: fc.constantFrom('', '1', '3'),
      reduction_servers: fc.constantFrom('', '2'),
      evaluators: fc.constantFrom('', '1'),
    });
    const machine = fc.constantFrom<Given>(
      { machine_type: 'n1-standard-16' },
      { accelerator_type: 'a100', accelerator_count: '2' },
      { machine_type: 'n1-standard-8', accelerator_type: 'v100' },
    );
    fc.assert(
      fc.property(
        own,
        machine,
        fc.constantFrom('', 'spot', 'standard'),
        ({ machine: named, ...asked }, other, strategy) => {
          const given: Given = { ...asked, machine_type: named, ignore: 'flex-start-machines' };
          const item = { ...other, ...(strategy === '' ? {} : { strategy }) };
          const { choices } = planned({ ...given, fallback_hardware: JSON.stringify([item]) });
          const alone = planned({ ...given, machine_type: '', accelerator_type: '', ...item });
          expect(at({ choices }, choices.length - 1).draft).toEqual(alone.draft);
        },
      ),
      { numRuns: 60 },
    );
  });
});
